"""Corpora of every kind: listed in order, read exactly, faults named by line."""

import csv
import gzip
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpus.corpus import open_corpus
from annotations.corpus.sources import BadFile, Entry, FieldNames
from annotations.errors import CorpusError
from annotations.store.location import store_path

ALEPPO = "\u062d\u0644\u0628\n\u0648\u0627\u0644\u0642\u0627\u0647\u0631\u0629\u064e \U0001f600"
TEXTS = {"b": ALEPPO, "a": 'two\r\nlines, "quoted"', "7": "\tthree "}
plain_texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30
)


def write(path: Path, records: dict[str, str]) -> Path:
    """Write records in the format that a file's name asks for, by Python's own writers."""
    if ".jsonl" in path.name:
        rows = [json.dumps({"meta": 1, "id": name, "text": text}) for name, text in records.items()]
        content = "\n".join(rows).encode()
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
        return path
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t" if path.suffix == ".tsv" else ",")
    writer.writerow(["text", "source", "id"])
    writer.writerows([[text, "news", name] for name, text in records.items()])
    path.write_bytes(out.getvalue().encode())
    return path


@pytest.mark.parametrize("name", ["c.jsonl", "c.jsonl.gz", "c.csv", "c.tsv"])
def test_records_come_in_their_order_and_each_is_read_exactly_in_any_order(
    tmp_path: Path, name: str
) -> None:
    corpus = open_corpus(write(tmp_path / name, TEXTS))
    entries = [entry for entry in corpus.entries() if isinstance(entry, Entry)]
    assert [entry.id for entry in entries] == list(TEXTS)
    for entry in [*reversed(entries), *entries]:
        assert corpus.read(entry).text == TEXTS[entry.id]
    assert store_path(corpus) == tmp_path / f"{name}.hashiya"


@given(st.dictionaries(plain_texts, plain_texts, min_size=1, max_size=6))
def test_any_text_and_any_id_survive_a_jsonl_file(
    tmp_path_factory: pytest.TempPathFactory, records: dict[str, str]
) -> None:
    path = write(tmp_path_factory.mktemp("corpus") / "c.jsonl", records)
    corpus = open_corpus(path)
    assert {found.id: found.text for found in corpus.documents()} == records


def test_a_folder_is_searched_at_any_depth_in_the_order_of_the_names(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.md", ".git/x.txt", "b/.y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = list(open_corpus(tmp_path).documents())
    assert [document.id for document in found] == ["a", "b/1", "b/2"]
    assert [document.text for document in found] == ["a.txt", "b/1.txt", "b/2.txt"]


def test_other_fields_and_columns_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("nr;body\n5;one\n6;two\n", "utf-8")
    with pytest.raises(CorpusError, match="no column named text, but: nr, body"):
        open_corpus(path)
    corpus = open_corpus(path, fields=FieldNames("body", "nr"))
    assert [(found.id, found.text) for found in corpus.documents()] == [("5", "one"), ("6", "two")]


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-16", "utf-8-sig"])
def test_files_of_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes("id,text\r\n1,\u062d\u0644\u0628\r\n2,\u062d\u0645\u0635\r\n".encode(encoding))
    corpus = open_corpus(path, encoding)
    found = [(document.id, document.text) for document in corpus.documents()]
    assert found == [("1", "\u062d\u0644\u0628"), ("2", "\u062d\u0645\u0635")]


def test_records_without_an_id_are_known_by_their_text_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"text": "one"}\n{"text": "two"}\n')
    before = {document.text: document.id for document in open_corpus(path).documents()}
    path.write_text('{"text": "zero"}\n{"text": "two"}\n{"text": "one"}\n')
    after = {document.text: document.id for document in open_corpus(path).documents()}
    assert before == {text: after[text] for text in before}


def test_what_can_not_be_an_article_is_named_by_its_line_and_the_rest_opens(
    tmp_path: Path,
) -> None:
    path = tmp_path / "c.jsonl"
    lines = [
        b'{"id": "a", "text": "one"}', b"", b"{", b"[]", b'{"id": "b"}', b'{"id": "c", "text": ""}',
        b'{"id": "a", "text": "again"}', b'{"id": [], "text": "x"}', b'{"id": "d", "text": 3}',
        b'{"id": "e", "text": "\\ud800"}', b'{"id": "f", "text": "a\\u0000"}', b"\xff",
        b'{"id": "z", "text": "last"}',
    ]  # fmt: skip
    path.write_bytes(b"\n".join(lines))
    corpus = open_corpus(path)
    assert [document.id for document in corpus.documents()] == ["a", "z"]
    bad = [found.reason for found in corpus.entries() if isinstance(found, BadFile)]
    assert [int(reason.split("line ")[1].split()[0].rstrip(":,")) for reason in bad] == [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]  # fmt: skip
    assert "the id a occurs twice" in bad[4]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_archive_gives_what_it_holds_and_says_where_it_ends(
    tmp_path: Path, kept: float
) -> None:
    records = {f"n{number}": f"{number} {ALEPPO}" * 40 for number in range(500)}
    path = write(tmp_path / "c.jsonl.gz", records)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    try:
        found = list(open_corpus(path).entries())
    except CorpusError:
        return
    assert isinstance(found[-1], BadFile)
    assert "can't be read to its end" in found[-1].reason or "not JSON" in found[-1].reason


def test_a_record_that_is_not_where_it_was_is_refused_and_never_another_one(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "c.jsonl", {"a": "one", "b": "two"})
    corpus = open_corpus(path)
    entries = [entry for entry in corpus.entries() if isinstance(entry, Entry)]
    write(path, {"b": "two", "a": "one"})
    with pytest.raises(CorpusError, match=r"is not where it was|not JSON"):
        corpus.read(entries[0])


def test_two_threads_may_read_records_of_one_file(tmp_path: Path) -> None:
    texts = {f"n{number}": f"{number} {ALEPPO}" * (number % 7 + 1) for number in range(200)}
    corpus = open_corpus(write(tmp_path / "c.jsonl", texts))
    entries = [entry for entry in corpus.entries() if isinstance(entry, Entry)]

    def read(order: list[Entry]) -> bool:
        return all(corpus.read(entry).text == texts[entry.id] for entry in order * 5)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read, [entries, entries[::-1], entries[::3], entries[100:]]))
