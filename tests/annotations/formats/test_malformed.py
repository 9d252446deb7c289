"""What can't be read is refused by place and reason; nothing of a bad record gets in."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpus.corpus import Corpus
from annotations.errors import HashiyaError
from annotations.exchange.admission import Terms, admit
from annotations.formats.reading.records import Record as ReadRecord
from annotations.formats.reading.records import Refused
from annotations.formats.registry import format_named, names
from annotations.model.layer import faults_of
from tests.annotations.formats.exporting import SCHEME, export, path_of, read
from tests.annotations.formats.sample import make_corpus, sample_layer
from tests.libraries import WRITES, with_libraries

READ = [name for name in names() if format_named(name).reader]
Record: TypeAlias = dict[str, Any]


@cache
def exported(name: str) -> dict[str, bytes]:
    """Return the files of a sound export, by their path."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = make_corpus(Path(folder, "corpus"))
        path = path_of(Path(folder, "export"), name)
        path.parent.mkdir()
        export([(doc, sample_layer(doc)) for doc in corpus.documents()], name, path)
        files = (file for file in path.parent.rglob("*") if file.is_file())
        return {str(file.relative_to(path.parent)): file.read_bytes() for file in files}


def written(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    for place, content in files.items():
        file = folder / "export" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path_of(folder / "export", name)


def main_file(name: str) -> str:
    """Name the file of an export that says what is annotated."""
    names = {
        "brat": "out/layla/a.ann", "huggingface": "out/data/train.jsonl",
        "conll": "out.entities.conll", "uima": "out/layla/a.json", "webanno": "out/layla/a.tsv",
        "parquet": "out/spans/part-00000.parquet",
    }  # fmt: skip
    return names.get(name, f"out{format_named(name).suffix}")


@pytest.mark.parametrize("name", with_libraries(READ))
@settings(max_examples=80)
@given(data=st.data())
def test_whatever_happened_to_a_file_it_is_refused_or_sound(name: str, data: st.DataObject) -> None:
    files = dict(exported(name))
    place = data.draw(st.sampled_from(sorted(files)), label="file")
    content = files[place]
    start = data.draw(st.integers(0, len(content)), label="from")
    end = data.draw(st.integers(start, min(len(content), start + 40)), label="to")
    middle = data.draw(
        st.one_of(
            st.sampled_from(
                [b"", b"\xff", b"\x00", b"null", b"-1", b'"', b"[", b"\n", b"\t", b"9" * 30]
            ),
            st.just(content[start:end] * 2),
            st.binary(max_size=6),
        ),
        label="instead",
    )
    cut = data.draw(st.booleans(), label="cut off")
    files[place] = content[:start] + middle + (b"" if cut else content[end:])
    with tempfile.TemporaryDirectory() as folder:
        corpus = make_corpus(Path(folder, "corpus"))
        path = written(Path(folder), name, files)
        try:
            reading = read(path, name, corpus)
        except HashiyaError:
            return
        for item in reading.accepted:
            assert faults_of(item.layer, item.document.text, SCHEME) == []


@pytest.mark.parametrize("name", with_libraries(READ))
def test_half_a_file_never_gives_half_a_layer(name: str, tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path / "corpus")
    files = dict(exported(name))
    whole = {
        item.document.id: item.layer
        for item in read(written(tmp_path / "whole", name, files), name, corpus).accepted
    }
    place = main_file(name)
    files[place] = files[place][: len(files[place]) // 2]
    try:
        reading = read(written(tmp_path / "half", name, files), name, corpus)
    except HashiyaError:
        return
    said_so = bool(reading.refused)
    for item in reading.accepted:
        # columns and standoff that end early are sound by themselves, as is a sheet
        if name in {"jsonl", "doccano", "prodigy", "labelstudio", "gliner", "huggingface"}:
            assert item.layer == whole[item.document.id]
    assert said_so


# one thing that is wrong, in each format that is made of objects


def _jsonl(record: Record) -> Record:
    return record["spans"][0]  # type: ignore[no-any-return]


def _doccano(record: Record) -> Record:
    return record["entities"][0]  # type: ignore[no-any-return]


def _labelstudio(record: Record) -> Record:
    return record["annotations"][0]["result"][0]["value"]  # type: ignore[no-any-return]


SPANS: dict[str, tuple[Callable[[Record], Record], str, str, str]] = {
    "jsonl": (_jsonl, "start", "end", "label"),
    "doccano": (_doccano, "start_offset", "end_offset", "label"),
    "prodigy": (_jsonl, "start", "end", "label"),
    "huggingface": (_jsonl, "start", "end", "label"),
    "labelstudio": (_labelstudio, "start", "end", "labels"),
}


@pytest.mark.parametrize("name", SPANS)
@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("end", 10**6, "outside"),
        ("end", 10**30, "JSON"),
        ("start", -1, "outside"),
        ("start", 90, "outside"),
        ("start", "7", "start"),
        ("start", 7.0, "start"),
        ("start", True, "start"),
        ("start", None, "start"),
        ("label", "person", "not in the scheme"),
        ("label", 3, "label"),
        ("text", "غير هذا", ""),
    ],
)
def test_a_span_that_does_not_fit_is_refused(
    name: str, field: str, value: object, reason: str, tmp_path: Path
) -> None:
    span_of, *names = SPANS[name]
    files = dict(exported(name))
    place = main_file(name)
    if name == "labelstudio":
        records = json.loads(files[place])
    else:
        records = [json.loads(line) for line in files[place].splitlines()]
    if field == "text":
        (records[0]["data"] if name == "labelstudio" else records[0])["text"] = value
    else:
        key = names[["start", "end", "label"].index(field)]
        span_of(records[0])[key] = [value] if key == "labels" else value
        if name == "prodigy":
            for key in ("token_start", "token_end"):
                del span_of(records[0])[key]
    whole = json.dumps(records) if name == "labelstudio" else "\n".join(map(json.dumps, records))
    files[place] = whole.encode()
    corpus = make_corpus(tmp_path / "corpus")
    reading = read(written(tmp_path, name, files), name, corpus)
    assert {item.document.id for item in reading.accepted} <= {"b"}
    assert reading.refused
    if not (name == "labelstudio" and field == "label") and value != 10**30:
        assert reason in reading.refused[0].reason


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("brat", "T99\tactor 5 99999\tx", "outside the text"),
        ("brat", "T99\tactor 7 16\tx", "but the text has"),
        ("brat", "T99\tactor x 16\tx", "no start and end"),
        ("brat", "T99\tperson 7 16\tالرَّئيسُ", "not in the scheme"),
        ("brat", "R9\tclaimant Arg1:T1 Arg2:T98", "not there"),
        ("brat", "X9\tnothing", "nothing that brat knows"),
        ("webanno", "1-99\tx-3\tword\t_\t_\t_\t_\t", "no row"),
        ("webanno", "1-99\t0-1\tword", "too few"),
        ("webanno", "1-1.9\t1-2\tx\tactor\t*\t_\t_\t", "cuts a character in two"),
        ("webanno", "1-99\t9999-10001\tword\tactor\t*\t_\t_\t", "another text"),
        ("webanno", "1-99\t3-7\tقالَ\tactor\t*\tclaimant\t1-3[77_78]\t", "not there"),
        ("conll", "قال -X- _ I-claim", "did not begin"),
        ("conll", "قال -X- _ claim", "no tag"),
        ("conll", "قال", "no tag"),
    ],
)
def test_a_line_that_makes_no_sense_is_told(
    name: str, line: str, reason: str, tmp_path: Path
) -> None:
    files = dict(exported(name))
    place = main_file(name)
    content = files[place].decode()
    if name == "conll":
        content = content.replace("إن -X- _ O\n", f"{line}\n")
    else:
        content += f"{line}\n"
    files[place] = content.encode()
    corpus = make_corpus(tmp_path / "corpus")
    reading = read(written(tmp_path, name, files), name, corpus)
    refusals = [item.reason for item in reading.refused]
    if reason == "another text":
        assert refusals
    else:
        assert any(reason in refusal for refusal in refusals), refusals


@pytest.mark.parametrize(
    "name", with_libraries(name for name in READ if name not in {"parquet", "spacy"})
)
def test_what_is_not_utf_8_is_refused(name: str, tmp_path: Path) -> None:
    files = dict(exported(name))
    place = main_file(name)
    content = files[place]
    letter = "ا".encode()
    files[place] = content.replace(letter, b"\xc7", 1)
    corpus = make_corpus(tmp_path / "corpus")
    reading = read(written(tmp_path, name, files), name, corpus)
    assert reading.refused
    assert "a" not in {item.document.id for item in reading.accepted} or name == "conll"


def test_half_of_a_surrogate_pair_is_no_text(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path / "corpus")
    for name in ("jsonl", "labelstudio"):
        files = dict(exported(name))
        place = main_file(name)
        files[place] = files[place].replace("لا شيء".encode(), b"\\ud83d", 1)
        reading = read(written(tmp_path / name, name, files), name, corpus)
        assert len(reading.refused) == 1
        assert len(reading.accepted) == 1


_MEASURED = """
import resource, sys
from pathlib import Path
from annotations.corpus.corpus import Corpus
from annotations.errors import HashiyaError
from annotations.exchange.admission import Terms, admit
from annotations.formats.registry import format_named
from annotations.model.scheme import DEFAULT_TOML, parse_scheme
name, path, corpus = sys.argv[1:]
for module in ("pyarrow.parquet", "spacy.tokens", "spacy.vocab", "cassis"):
    if {"parquet": "pyarrow", "huggingface": "pyarrow", "spacy": "spacy", "uima": "cassis"}.get(name, "-") in module:
        __import__(module)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    reading = admit(
        format_named(name).reader([Path(path)]), Corpus(Path(corpus)), parse_scheme(DEFAULT_TOML), Terms()
    )
    print(len(reading.accepted), [item.reason[:200] for item in reading.refused])
except HashiyaError as error:
    print(0, [error.message[:200]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", with_libraries(READ, {**WRITES, "huggingface": ("pyarrow",)}))
def test_a_hundred_megabytes_of_one_line_are_refused_in_bounded_memory(
    name: str, tmp_path: Path
) -> None:
    make_corpus(tmp_path / "corpus")
    files = dict.fromkeys(exported(name), b"")
    line = b'[{"data": {"text": "' if name == "labelstudio" else b'{"text": "'
    files[main_file(name)] = line + b"a" * (100 << 20)
    if name == "brat":
        files["out/layla/a.txt"] = b"a"
    path = written(tmp_path, name, files)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, name, str(path), str(tmp_path / "corpus")],
        capture_output=True,
        check=True,
        text=True,
    )
    said, kilobytes = done.stdout.splitlines()
    assert said.startswith("0 ["), said
    assert "reason" not in said
    assert len(said) > 10
    assert int(kilobytes) < 450_000, f"{said}: {kilobytes} kB"


def test_a_corpus_is_needed(tmp_path: Path) -> None:
    with pytest.raises(HashiyaError, match="not there"):
        read(tmp_path / "nothing.jsonl", "jsonl", Corpus(make_corpus(tmp_path / "c").path))


@pytest.mark.parametrize("name", ["gliner", "labelstudio"])
def test_an_element_of_an_array_that_is_a_text_is_no_message(name: str, tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text('["army", 1', "utf-8")
    reader = format_named(name).reader
    assert reader
    found = [item.reason for item in reader([path]) if isinstance(item, Refused)]
    assert found[0] == "it is not an object"
    assert "army" not in "".join(found)


def test_what_no_reader_foresaw_is_refused_in_a_sentence_and_nothing_is_imported(
    tmp_path: Path,
) -> None:
    def fail(_: object) -> Iterator[ReadRecord | Refused]:
        yield Refused("line 1", "it has no text")
        raise IndexError("E035")

    corpus = make_corpus(tmp_path / "corpus")
    admitted = admit(fail(None), corpus, SCHEME, Terms())
    assert [item.reason for item in admitted.refused] == [
        "it has no text", "it can't be read on from here (IndexError)",
    ]  # fmt: skip
    assert admitted.accepted == []
