"""`hashiya verify` finds what was tampered with, whatever the format, and where its reader looks."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from annotations.formats.registry import format_named
from tests.annotations.formats.sample import fill, make_corpus
from tests.command import hashiya, lines
from tests.libraries import VERIFIES, cases_with_libraries, needs_libraries

pytestmark = pytest.mark.slow


def swapped(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    """Make a change that puts something else in the place of a text that is there."""

    def change(content: str) -> str:
        assert old in content, old
        return content.replace(old, new, count)

    return change


TAMPERED = [
    ("jsonl", "", swapped('"id":"s6"', '"id":"s77"'), "other ids"),
    ("jsonl", "", swapped('"note":"هل', '"note":"من'), "notes of spans differ"),
    ("jsonl", "", swapped('"text_sha256":"37', '"text_sha256":"38'), "its text_sha256 is"),
    ("jsonl", "", swapped('"status":"in_progress"', '"status":"done"'), "its status is 'done'"),
    ("doccano", "", swapped('"end_offset":16', '"end_offset":15'), "a span too many"),
    ("doccano", "", swapped('"from_id":0', '"from_id":8'), "a relation"),
    ("prodigy", "", swapped('"answer":"accept"', '"answer":"reject"'), "its answer is reject"),
    ("prodigy", "", swapped('"token_end":2', '"token_end":3'), "does not stand on its tokens"),
    ("labelstudio", "", swapped('"direction":"right"', '"direction":"left"'), "a relation"),
    ("labelstudio", "", swapped('["actor"]', '["actor","claim"]'), "several labels"),
    ("labelstudio", "", swapped('["actor"]', '["person"]'), "would refuse"),
    ("labelstudio", "", swapped('"text":"الجيش"', '"text":"العدو"'), "is not 'العدو'"),
    ("brat", "layla/a.ann", swapped("AnnotatorNotes T10", "AnnotatorNotes T11"), "notes"),
    ("brat", "layla/a.ann", swapped("actor 7 16", "actor 7 15"), "does not cover"),
    ("brat", "layla/a.txt", swapped("أمس", "اليوم"), "no such"),
    ("conll", "", swapped("العدو -X- _ B-actor", "العدو -X- _ O"), "a span is not there"),
    ("conll", "", swapped("العدو -X- _ B-actor", "العدو -X- _ I-actor"), "illegal"),
    ("conll", "", swapped("العدو", "الصديق"), "no such layer"),
    ("gliner", "", swapped('"100","%","."]', '"100","%"]'), "tokens are not those"),
    ("gliner", "", swapped("[2,2,", "[2,3,"), "a span too many"),
    ("huggingface", "data/train.jsonl", swapped('"العدو","كل"', '"الغدو","كل"'), "tokens"),
    ("huggingface", "data/train.jsonl", swapped('"ner_tags":[0,0,1', '"ner_tags":[0,0,3'), "ner_tags"),
    ("uima", "layla/a.json", swapped('"begin": 8, "end": 17, "label"', '"begin": 3, "end": 17, "label"'), "a span"),
    ("uima", "layla/a.json", swapped("هل قالها", "من قالها"), "notes of spans differ"),
    ("webanno", "layla/a.tsv", swapped("#FORMAT", "#FORMAL"), "its head"),
    ("webanno", "layla/a.tsv", swapped("\tالعدو\t", "\tالغدو\t"), "is not"),
    ("webanno", "layla/a.tsv", swapped("#Text=وأضاف", "#Text=واضاف"), "is not"),
    ("webanno", "layla/a.tsv", swapped("1-8.1\t", "1-8.2\t"), "a row is numbered"),
    ("csv", "", swapped('"الجيش"', '"العدو"'), "is not 'العدو'"),
    ("csv", "", swapped('"a","layla"', '"b","layla"'), ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Exports nothing is wrong with: by format, the articles and a folder with their export."""
    folder = tmp_path_factory.mktemp("sound")
    corpus = make_corpus(folder / "articles")
    fill(corpus)

    @cache
    def of(name: str) -> tuple[Path, Path]:
        out = out_path(folder / name, name)
        out.parent.mkdir()
        options = ["--format", name, "-o", str(out), "--allow", "all"]
        assert hashiya("export", corpus.path, *options).returncode == 0
        done = hashiya("verify", out, "--format", name, "--against", corpus.path)
        assert done.returncode == 0, done.stderr
        return corpus.path, out.parent

    return of


def out_path(folder: Path, name: str) -> Path:
    format_ = format_named(name)
    return folder / f"out{format_.suffix if format_.target == 'file' else ''}"


@pytest.mark.parametrize(
    ("name", "inside", "change", "words"), cases_with_libraries(TAMPERED, VERIFIES)
)
def test_what_was_tampered_with_is_found(  # noqa: PLR0917 - a case and two fixtures
    sound: Callable[[str], tuple[Path, Path]],
    tmp_path: Path,
    name: str,
    inside: str,
    change: Callable[[str], str],
    words: str,
) -> None:
    articles, export = sound(name)
    out = out_path(shutil.copytree(export, tmp_path / "copy"), name)
    file = out / inside if inside else out
    if name == "conll":
        file = out.with_name("out.entities.conll")
    file.write_bytes(change(file.read_bytes().decode()).encode())
    done = hashiya("verify", out, "--format", name, "--against", articles)
    assert done.returncode == 1
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@needs_libraries("pyarrow", "duckdb")
def test_a_table_that_was_tampered_with_is_found(articles: Path, tmp_path: Path) -> None:
    import pyarrow.parquet

    out = tmp_path / "out"
    assert hashiya("export", articles, "--format", "parquet", "-o", out).returncode == 0
    for table, column, value, words in (
        ("spans", "text", "x", "is not 'x'"),
        ("spans", "end", 8, "a span too many"),
        ("documents", "text", "x", "no such layer"),
        ("layers", "spans", 3, "it says that it has 3 spans"),
        ("layers", "note", "x", "its note is 'x'"),
    ):
        file = out / table / "part-00000.parquet"
        content = file.read_bytes()
        found = pyarrow.parquet.read_table(file)
        rows = found.to_pylist()
        rows[0][column] = value
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, found.schema), file)
        done = hashiya("verify", out, "--format", "parquet", "--against", articles)
        assert done.returncode == 1
        assert words in done.stderr.decode()
        file.write_bytes(content)
    assert hashiya("verify", out, "--format", "parquet", "--against", articles).returncode == 0


@needs_libraries("bioc")
def test_a_file_that_is_no_part_of_an_export_is_found(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    hashiya("export", articles, "--format", "brat", "-o", out)
    (out / "layla" / "more.ann").write_text("")
    done = hashiya("verify", out, "--format", "brat", "--against", articles)
    assert done.returncode == 1
    assert "more.ann: it is no part of the export" in done.stderr.decode()


def test_the_report_tells_verify_which_layers_were_chosen(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    hashiya("export", articles, "-o", out, "--gold-only", "--labels", "actor", "--no-relations")
    assert hashiya("verify", out, "--against", articles).returncode == 0
    (tmp_path / "out.jsonl.report.jsonl").unlink()
    assert hashiya("verify", out, "--against", articles).returncode == 1


def test_verify_finds_whatever_was_changed(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    hashiya("export", articles, "-o", out)
    first, second = lines(out)
    first["spans"][0]["end"] -= 1
    del first["relations"][0]
    out.write_text(f"{json.dumps(first)}\n")
    done = hashiya("verify", out, "--against", articles)
    message = done.stderr.decode()
    assert done.returncode == 1
    assert "a by layla: a span is not there: 7 to 16 actor" in message
    assert "a by layla: a span too many: 7 to 15 actor" in message
    assert "a by layla: 7 to 16 is not" not in message
    assert "a by layla: 7 to 15 is not 'الرَّئيسُ'" in message
    assert "b by layla: it is not in the export" in message
    assert "claimant from (7, 16" in message
    assert second["id"] == "b"


@needs_libraries("seqeval")
def test_verify_takes_options_from_the_report_or_from_the_line(
    articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.conll"
    options = ["--format", "conll", "--flatten", "one-layer,innermost", "--tags", "bilou"]
    hashiya("export", articles, "-o", out, *options)
    assert hashiya("verify", out, "--against", articles, "--format", "conll").returncode == 0
    (tmp_path / "out.conll.report.jsonl").unlink()
    assert hashiya("verify", out, "--against", articles, *options).returncode == 0
    assert hashiya("verify", out, "--against", articles, "--format", "conll").returncode == 1


@needs_libraries("spacy")
def test_an_export_that_is_no_such_format_is_told_in_a_line(articles: Path, tmp_path: Path) -> None:
    junk = tmp_path / "junk.spacy"
    junk.write_bytes(b"junk")
    done = hashiya("verify", junk, "--against", articles, "--format", "spacy")
    assert done.returncode == 1
    assert "can't be read by spaCy" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
