"""Small files that unpack to much, long ones, deep ones: refused in a line, in little memory."""

import gzip
import json
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

ARTICLE = json.dumps({"id": "a", "text": "the army left Aleppo"}).encode() + b"\n"
MOST = 1 << 30
"""Bytes of memory that a command may have."""


def hashiya(*args: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """Run a command that may have a gigabyte of memory and thirty seconds of time."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        resource.setrlimit(resource.RLIMIT_DATA, (MOST, MOST))

    command = [sys.executable, "-m", "tui.cli", *map(str, args)]
    return subprocess.run(command, capture_output=True, check=False, preexec_fn=bound)


def unpacks_to_one_line(path: Path) -> None:
    with gzip.open(path, "wb", 1) as stream:
        stream.write(ARTICLE)
        for _ in range(1200):
            stream.write(b" " * (1 << 20))


def unpacks_to_empty_lines(path: Path) -> None:
    with gzip.open(path, "wb", 1) as stream:
        stream.write(ARTICLE)
        for _ in range(300):
            stream.write(b"\n" * (1 << 20))


def holds_a_line_without_end(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(ARTICLE)
        stream.write(b'{"id": "b", "text": "')
        stream.truncate(900 << 20)


def holds_a_field_without_end(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"id,text\na,the army\nb,")
        stream.write(b"x" * (200 << 20))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("c.jsonl.gz", unpacks_to_one_line, "it unpacks to more than 100 times its size"),
        ("c.jsonl.gz", unpacks_to_empty_lines, "more than 1,000,000 lines are empty"),
        ("c.jsonl", holds_a_line_without_end, "line 2 is longer than 64 MB"),
        ("c.csv", holds_a_field_without_end, "line 3 is longer than 64 MB"),
    ],
)
def test_a_corpus_that_has_no_end_is_read_up_to_there(
    tmp_path: Path, name: str, make: Callable[[Path], None], reason: str
) -> None:
    make(tmp_path / name)
    done = hashiya("stats", tmp_path / name)
    assert b"Traceback" not in done.stderr
    assert reason in done.stderr.decode()
    assert done.stdout.startswith(b"1 article")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("the army left Aleppo", "utf-8")
    return folder


def docbin(path: Path, value: bytes) -> None:
    path.write_bytes(zlib.compress(value, 1))


def parquet(path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    writer = pytest.importorskip("pyarrow.parquet")
    count = 3_000_000
    for table, columns in {
        "spans": ("document", "annotator", "id", "label", "text", "source", "note"),
        "layers": ("document", "text_sha256", "offset_unit", "annotator", "status", "kind", "note"),
    }.items():
        rows = count if table == "spans" else 1
        numbers = {"start": [0] * rows, "end": [3] * rows} if table == "spans" else {"spans": [1]}
        (path / table).mkdir(parents=True)
        made = arrow.table({name: ["a"] * rows for name in columns} | numbers)
        writer.write_table(made, path / table / "part.parquet")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format_name", "name", "make"),
    [
        ("spacy", "m.spacy", lambda path: docbin(path, b"\xdd\6\0\0\0" + b"\x90" * 100_663_296)),
        ("spacy", "m.spacy", lambda path: docbin(
            path, b"\x81\xa6tokens\xdd\6\0\0\0" + b"\x90" * 100_663_296)),
        ("spacy", "m.spacy", lambda path: docbin(
            path, b"\x81\xa6tokens\x91\xdd\6\0\0\0" + b"\x90" * 100_663_296)),
        ("spacy", "m.spacy", lambda path: docbin(path, b"\xc6\x3f\0\0\0" + b"\0" * (300 << 20))),
        ("jsonl", "m.jsonl", lambda path: path.write_bytes(
            b'{"id": "a", "spans": [' + b"[]," * 20_000_000 + b"[]]}")),
        ("jsonl", "m.jsonl", lambda path: path.write_bytes(b"[" * 10_000_000)),
        ("labelstudio", "m.json", lambda path: path.write_bytes(b"[" * 10_000_000)),
        ("conll", "m.conll", lambda path: path.write_bytes(b"x O " * 20_000_000)),
        ("brat", "a.ann", lambda path: (
            path.write_bytes(b"T1\tactor 0 3\tthe\n" * 2_000_000),
            path.with_suffix(".txt").write_bytes(b"the army left Aleppo"))),
        ("csv", "m.csv", lambda path: path.write_bytes(b'document,"' + b"x" * (100 << 20))),
        ("parquet", "m", parquet),
    ],
)  # fmt: skip
def test_an_import_that_would_take_all_memory_is_refused(
    corpus: Path, tmp_path: Path, format_name: str, name: str, make: Callable[[Path], object]
) -> None:
    if format_name == "spacy":
        pytest.importorskip("spacy")
    make(tmp_path / name)
    done = hashiya("import", corpus, "--format", format_name, "--from", tmp_path / name)
    assert b"Traceback" not in done.stderr, done.stderr
    assert done.returncode in (1, 2), done.stderr
    assert len(done.stderr) < 5000


def test_of_many_faults_the_first_are_told_and_how_many_more(corpus: Path, tmp_path: Path) -> None:
    span = {"id": "s", "start": 4, "end": 8, "label": "actor"}
    record = {"id": "a", "text": "the army left Aleppo", "annotator": "x", "spans": [span] * 20_000}
    (tmp_path / "in.jsonl").write_text(json.dumps(record), "utf-8")
    told = hashiya("import", corpus, "--from", tmp_path / "in.jsonl").stderr.decode()
    assert "and 19,996 more faults" in told
    assert len(told) < 500


def test_a_text_of_the_file_is_never_the_message(corpus: Path, tmp_path: Path) -> None:
    lie = "All 500 layers were imported. " * 500_000
    (tmp_path / "in.json").write_text(json.dumps([lie]), "utf-8")
    done = hashiya("import", corpus, "--format", "labelstudio", "--from", tmp_path / "in.json")
    assert done.returncode == 1
    assert b"were imported" not in done.stderr
    assert len(done.stderr) < 500
