"""What the benches of keys share: the gold that is played, and whether it came out."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

Extent: TypeAlias = tuple[int, int, str]
"""Start and end, in code points of the article, and label."""
_DIFFERENCES = ("missing", "surplus", "relations_missing", "relations_surplus")


class NotMadeError(Exception):
    """A span could not be made; says which, and why."""


class Gold(NamedTuple):
    """Spans, and relations as (head, child)."""

    spans: set[Extent]
    relations: set[tuple[Extent, Extent]]

    @classmethod
    def of(cls, record: dict[str, Any]) -> "Gold":
        """Read a record of JSON lines."""
        by_id = {
            item["id"]: (item["start"], item["end"], item["label"]) for item in record["spans"]
        }
        joined = record.get("relations", [])
        relations = {(by_id[item["head"]], by_id[item["child"]]) for item in joined}
        return cls(set(by_id.values()), relations)

    def differences(self, made: "Gold") -> dict[str, list[Any]]:
        """List what is missing of what was made, and what is too much."""
        return {
            "missing": sorted(self.spans - made.spans),
            "surplus": sorted(made.spans - self.spans),
            "relations_missing": sorted(self.relations - made.relations),
            "relations_surplus": sorted(made.relations - self.relations),
        }


def play(
    title: str, size: str, run: Callable[[dict[str, Any], Path, tuple[int, int]], dict[str, Any]]
) -> int:
    """Run a bench from the command line.

    Args:
        title: What it is.
        size: Columns and rows, as 80x24, if none are given.
        run: Annotates an article as a record has it, on a screen of a size, and reports.

    Returns:
        The exit code: 1 if the result is not the gold.
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("gold", type=Path)
    parser.add_argument("article", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", default=size)
    given = parser.parse_args()
    columns, _, rows = given.size.partition("x")
    lines = [
        json.loads(line) for line in given.gold.read_text("utf-8").splitlines() if line.strip()
    ]
    record = next((line for line in lines if line.get("file") == given.article.name), lines[0])
    text = given.article.read_bytes().decode()
    if any(text[item["start"] : item["end"]] != item["text"] for item in record["spans"]):
        print(f"the gold is not of {given.article.name}", file=sys.stderr)
        return 1
    try:
        report = run(record, given.article, (int(columns), int(rows)))
    except (NotMadeError, AssertionError) as failure:
        print(failure, file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for name, value in report.items():
            print(f"{name:26s} {value}")
    wrong = {name: report[name] for name in _DIFFERENCES if report[name]}
    if wrong:
        print(f"the layer made is not the gold: {wrong}", file=sys.stderr)
    return int(bool(wrong))
