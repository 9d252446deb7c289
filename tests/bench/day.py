"""Keys a span of a working day: an expert annotation, made again in a real terminal.

    python -m tests.bench.day GOLD.jsonl ARTICLE.txt [--json] [--size 100x30]

Unlike `tests.bench.keystrokes`, the user that is played knows nothing of the app but its screen.
She knows the article and what is to be tagged; where that stands, which hint is under which word,
what a key did and what a review proposes she reads from the cells of the terminal, scrolls where
that is needed, and mends what came out otherwise than she thought. Every key is counted as it is
sent; a chord (Shift, Alt, Ctrl) counts two. At the end the exported layer must equal the gold,
extents, labels and relations, or the run fails.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.day_screen import Article
from tests.bench.day_user import Edges, Extent, NotMadeError, User
from tests.command import exported
from tests.terminal import Pty

ANNOTATOR = "layla"


def play(gold: set[Extent], relations: set[tuple[Extent, Extent]], copy: Path, size: Edges) -> User:
    """Annotate a copy of an article in a terminal."""
    home = str(copy.parent / "home")
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")
    env = [f"{name}={home}" for name in names] + [f"HASHIYA_ANNOTATOR={ANNOTATOR}"]
    terminal = Pty(["/usr/bin/env", *env, sys.executable, "-m", "tui.cli", str(copy)], *size)
    try:
        terminal.wait_for("saved")
        user = User(terminal, Article(copy.read_bytes().decode()), gold, relations)
        user.annotate()
        user.send("close", "ctrl+q")
    except BaseException:
        terminal.end(9)
        raise
    assert terminal.wait_for_end() == 0
    return user


def run(record: dict[str, Any], article: Path, size: Edges) -> dict[str, Any]:
    """Annotate an article as the gold has it, and report."""
    gold, relations = _of(record)
    text = article.read_bytes().decode()
    if any(text[item["start"] : item["end"]] != item["text"] for item in record["spans"]):
        raise NotMadeError(f"the gold is not of {article.name}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / article.name
        shutil.copyfile(article, copy)
        user = play(gold, relations, copy, size)
        (result,) = exported(copy, "--format", "jsonl", "--annotator", ANNOTATOR)
    made, joined = _of(result)
    keys = sum(user.counts.values())
    return {
        "keys": keys,
        "spans": len(gold),
        "keys_per_span": round(keys / len(gold), 3),
        "keys_by_purpose": dict(user.counts),
        "events": dict(user.events),
        "relations": len(relations),
        "status": result.get("status"),
        "missing": sorted(gold - made),
        "surplus": sorted(made - gold),
        "relations_missing": sorted(relations - joined),
        "relations_surplus": sorted(joined - relations),
    }


def _of(record: dict[str, Any]) -> tuple[set[Extent], set[tuple[Extent, Extent]]]:
    """Return the spans and the relations of a record."""
    by_id = {item["id"]: (item["start"], item["end"], item["label"]) for item in record["spans"]}
    joined = record.get("relations", [])
    return set(by_id.values()), {(by_id[item["head"]], by_id[item["child"]]) for item in joined}


def main() -> int:
    """Run from the command line; exit 1 if the result is not the gold."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else ""
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("article", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", default="100x30")
    given = parser.parse_args()
    columns, _, rows = given.size.partition("x")
    lines = [
        json.loads(line) for line in given.gold.read_text("utf-8").splitlines() if line.strip()
    ]
    record = next((line for line in lines if line.get("file") == given.article.name), lines[0])
    try:
        report = run(record, given.article, (int(columns), int(rows)))
    except (NotMadeError, AssertionError) as failure:
        print(failure, file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for name, value in report.items():
            print(f"{name:20s} {value}")
    wrong = {
        name: report[name]
        for name in ("missing", "surplus", "relations_missing", "relations_surplus")
        if report[name]
    }
    if wrong:
        print(f"the layer made is not the gold: {wrong}", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
