"""Annotated articles go out to every format and back by command.

What the report counts is what is found by looking. `HASHIYA_GOLD=FILE` takes an annotation of a
seed in JSON lines instead of the one that is made here.
"""

import json
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from annotations.formats.registry import format_named, names
from tests.annotated import write_annotations
from tests.command import hashiya
from tests.libraries import VERIFIES, cases_with_libraries, needs_libraries
from tests.paths import SEEDS

pytestmark = pytest.mark.slow
Extents = Counter[tuple[str, int, int, str]]
Said: TypeAlias = tuple[Extents, Counter[Any]]


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds with annotations, which nothing here changes."""
    folder = tmp_path_factory.mktemp("annotated")
    corpus = folder / "corpus"
    shutil.copytree(SEEDS, corpus, ignore=shutil.ignore_patterns(".hashiya"))
    source = Path(os.environ.get("HASHIYA_GOLD", folder / "annotations.jsonl"))
    if "HASHIYA_GOLD" not in os.environ:
        write_annotations(SEEDS, source)
    done = hashiya(
        "import", corpus, "--from", source, "--snap", XDG_CACHE_HOME=str(folder / "cache")
    )
    assert done.returncode == 0, done.stderr
    return corpus


@pytest.fixture(scope="module")
def before(annotated: Path) -> Said:
    return said(annotated)


def said(corpus: Path, store: Path | None = None) -> Said:
    """Return the spans and relations of a store, as our own JSON lines tell them."""
    options = ["--store", str(store)] if store else []
    done = hashiya("export", corpus, *options)
    assert done.returncode == 0, done.stderr
    spans: Extents = Counter()
    relations: Counter[Any] = Counter()
    for line in done.stdout.splitlines():
        record = json.loads(line)
        extents = {
            item["id"]: (record["id"], item["start"], item["end"], item["label"])
            for item in record["spans"]
        }
        spans.update(extents.values())
        relations.update(
            (item["type"], extents[item["head"]], extents[item["child"]])
            for item in record["relations"]
        )
    return spans, relations


WAYS: tuple[tuple[str, ...], ...] = (
    (),
    ("--clitics", "include"),
    ("--tokens", "whitespace"),
    ("--flatten", "one-layer,innermost"),
)
CASES = [
    (name, options)
    for name in names()
    for options in WAYS
    if format_named(name).reader
    and {"tokens", "flatten"} & {option.removeprefix("--") for option in options}
    <= set(format_named(name).options)
]


@pytest.mark.parametrize(("name", "options"), cases_with_libraries(CASES, VERIFIES))
def test_the_numbers_of_the_report_are_the_difference_that_is_found(
    annotated: Path, before: Said, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    format_ = format_named(name)
    out, store = (
        tmp_path / f"out{format_.suffix if format_.target == 'file' else ''}",
        tmp_path / "s",
    )
    report = tmp_path / "report.jsonl"
    arguments = ["--format", name, *options, "-o", str(out), "--report", str(report)]
    assert hashiya("export", annotated, *arguments).returncode in {0, 3}
    back = hashiya("import", annotated, "--format", name, "--from", out, "--store", store)
    assert back.returncode == 0, back.stderr
    after = said(annotated, store)
    summary = json.loads(report.read_bytes().splitlines()[-1])["summary"]
    counted = summary["spans"]
    assert sum(counted.values()) == before[0].total()
    assert after[0].total() == before[0].total() - counted.get("lost", 0)
    same = (before[0] & after[0]).total()
    carried = counted.get("carried", 0) + counted.get("partly", 0)
    # a span that is widened may come to where another was
    assert carried <= same <= carried + counted.get("changed", 0)
    if "--tokens" not in options and "--clitics" not in options:
        assert same == carried
    relations = summary.get("relations", {})
    assert after[1].total() == before[1].total() - relations.get("lost", 0)
    verified = hashiya("verify", out, "--format", name, "--against", annotated, *options)
    assert verified.returncode == 0, verified.stderr


@needs_libraries("cassis")
@pytest.mark.parametrize("cas", ["json", "xmi"])
def test_utf_16_offsets_are_exact_after_an_emoji_and_among_marks(tmp_path: Path, cas: str) -> None:
    import re

    from tests.annotations.formats.sample import SPANS, fill, make_corpus

    corpus = make_corpus(tmp_path / "c")
    fill(corpus)
    text = (corpus.path / "a.txt").read_bytes().decode()
    units = text.encode("utf-16-le")
    out = tmp_path / "cas"
    hashiya("export", corpus.path, "--format", "uima", "--cas", cas, "-o", out)
    content = (out / "layla" / f"a.{cas}").read_text("utf-8")
    if cas == "json":
        structures = json.loads(content)["%FEATURE_STRUCTURES"]
        found = [(s["begin"], s["end"]) for s in structures if s["%TYPE"] == "webanno.custom.Span"]
    else:
        tags = re.findall(r"<custom:Span [^>]*>", content)
        found = [
            tuple(int(re.findall(rf' {key}="(\d+)"', tag)[0]) for key in ("begin", "end"))  # type: ignore[misc]
            for tag in tags
        ]
    covered = [units[2 * start : 2 * end].decode("utf-16-le") for start, end in found]
    assert Counter(covered) == Counter(covered_text for covered_text, _ in SPANS)
