"""The command line: what it prints, what it refuses, and how."""

import json
import os
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command import hashiya, refused
from tests.paths import SEEDS
from tests.terminal import Pty, hashiya_command

GOLD_SHAPE = {
    "file": "004_85414a694c151f5b.txt",
    "text_sha256": "45f6dcc01283108e4580eeac9a385bea11cca9315a78788f806a25adc82ad194",
    "n_chars": 2135,
    "spans": [
        {"id": "l1", "start": 13, "end": 30, "label": "location", "core": True},
        {"id": "c1", "start": 54, "end": 129, "label": "claim", "core": True},
        {"id": "a3", "start": 59, "end": 70, "label": "actor", "core": True},
    ],
    "relations": [{"type": "claimant_of", "head": "a3", "child": "c1"}],
}


def records(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def write_gold(path: Path, record: Mapping[str, object] | None = None) -> Path:
    file = path / "gold.jsonl"
    file.write_text(json.dumps(record or GOLD_SHAPE) + "\n")
    return file


# show


def test_show_prints_lines_flush_right() -> None:
    done = hashiya("show", SEEDS / "004_85414a694c151f5b.txt", "--width", "60")
    lines = done.stdout.decode().splitlines()
    assert len(lines) > 30
    assert all(len(line) <= 60 + sum(map(unicodedata.combining, line)) for line in lines)
    first = lines[0]
    # "\u0645\u0639 \u0628\u062f\u0621": the line begins with these at its right end
    assert first.endswith("\u0621\ufeaa\ufe91 \ufeca\ufee3")


def test_show_as_json_covers_the_text_and_names_levels() -> None:
    text = "abc \u0623\u0647\u0644\u0627 (x)\n\nline"
    rows = [
        json.loads(line)
        for line in hashiya("show", "-", "--json", stdin=text.encode()).stdout.splitlines()
    ]
    assert [(row["paragraph"], row["line"], row["base"]) for row in rows] == [
        (0, 0, 0),
        (1, 0, 0),
        (2, 0, 0),
    ]
    assert [(row["start"], row["end"]) for row in rows] == [(0, 13), (13, 14), (14, 18)]
    assert rows[0]["clusters"][4] == [6, 8, "\ufefc", 1, 1]
    covered = sorted(tuple(cluster[:2]) for row in rows for cluster in row["clusters"])
    assert "".join(text[start:end] for start, end in covered) == text


def test_show_can_force_the_base_direction() -> None:
    done = hashiya("show", "-", "--base", "rtl", "--width", "10", stdin=b"abc!")
    assert done.stdout.decode() == "      !abc\n"


def test_show_ends_quietly_when_its_pipe_is_closed(tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text((SEEDS / "001_fc0dc6fadc65d883.txt").read_text("utf-8") * 40, "utf-8")
    command = f"set -o pipefail; {sys.executable} -m tui.cli show {long} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


# import, export


def test_the_gold_shape_imports_and_exports_with_the_same_spans(
    corpus_path: Path, tmp_path: Path
) -> None:
    done = hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    assert done.returncode == 0
    assert "spans.core" in done.stderr.decode()
    assert "claimant_of is read as claimant" in done.stderr.decode()
    (record,) = records(hashiya("export", corpus_path))
    text = record["text"]
    assert isinstance(text, str)
    assert list(record) == [
        "id", "text", "text_sha256", "offset_unit", "annotator", "status", "spans", "relations", "meta",
    ]  # fmt: skip
    spans = record["spans"]
    assert isinstance(spans, list)
    assert [(span["id"], span["start"], span["end"], span["label"]) for span in spans] == [
        ("l1", 13, 30, "location"), ("c1", 54, 129, "claim"), ("a3", 59, 70, "actor"),
    ]  # fmt: skip
    assert all(text[span["start"] : span["end"]] == span["text"] for span in spans)
    assert record["relations"] == [{"id": "r1", "type": "claimant", "head": "a3", "child": "c1"}]
    assert (record["annotator"], record["offset_unit"]) == ("layla", "codepoint")


def test_export_import_export_is_the_identity(corpus_path: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    other = tmp_path / "store"
    hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    hashiya("import", corpus_path, "--from", write_gold(tmp_path), "--annotator", "omar")
    assert hashiya("export", corpus_path, "-o", first).returncode == 0
    assert hashiya("import", corpus_path, "--from", first, "--store", other).returncode == 0
    assert hashiya("export", corpus_path, "-o", second, "--store", other).returncode == 0
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_bytes().splitlines()) == 2
    assert hashiya("export", corpus_path).stdout == first.read_bytes()


def test_export_chooses_by_annotator_and_status(corpus_path: Path, tmp_path: Path) -> None:
    hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    hashiya("import", corpus_path, "--from", write_gold(tmp_path), "--annotator", "omar")
    assert [
        row["annotator"] for row in records(hashiya("export", corpus_path, "--annotator", "omar"))
    ] == ["omar"]
    assert records(hashiya("export", corpus_path, "--status", "done")) == []
    refused(hashiya("export", corpus_path, "--annotator", "nobody"), "nobody", "layla, omar")


def with_(**changes: object) -> dict[str, object]:
    return {**GOLD_SHAPE, **changes}


def span(**changes: object) -> list[dict[str, object]]:
    return [{"id": "x1", "start": 0, "end": 2, "label": "actor", **changes}]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (with_(text_sha256="0" * 64, spans=[], relations=[]), "not that of"),
        (with_(file="nowhere.txt", text_sha256="1"), "no article nowhere.txt"),
        (with_(spans=span(end=99999), relations=[]), "outside the text"),
        (with_(spans=span(start=2), relations=[]), "outside the text"),
        (with_(spans=span(text="wrong"), relations=[]), "but the text has"),
        (with_(spans=span(label="person"), relations=[]), "not in the scheme"),
        (with_(spans=span(start="0"), relations=[]), "no start and end"),
        (with_(spans=span(id=None), relations=[]), "no id"),
        (with_(spans=span() * 2, relations=[]), "twice"),
        (with_(spans=3), "not a list"),
        (with_(relations=[{"type": "claimant", "head": "a3", "child": "zz"}]), "not there"),
        (
            with_(relations=[{"type": "claimant", "head": "c1", "child": "a3"}]),
            "from claim to actor",
        ),
        (with_(offset_unit="utf16"), "utf16"),
        (with_(status="finished"), "status"),
    ],
)
def test_a_record_that_does_not_fit_is_refused_with_line_and_reason(
    corpus_path: Path, tmp_path: Path, record: dict[str, object], reason: str
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(f"{json.dumps(GOLD_SHAPE)}\n\n{json.dumps(record)}\n")
    done = hashiya("import", corpus_path, "--from", file, "--annotator", "omar")
    assert done.returncode == 1
    assert "line 3" in done.stderr.decode()
    assert reason in done.stderr.decode()
    assert not (corpus_path / ".hashiya" / "layers").exists()


def test_a_span_that_cuts_a_letter_from_its_mark_is_refused(tmp_path: Path) -> None:
    article = tmp_path / "m.txt"
    article.write_text("\u0628\u064e\u0628", "utf-8")
    record = {"file": "m.txt", "text": "\u0628\u064e\u0628", "spans": span(start=0, end=1)}
    refusal = hashiya("import", article, "--from", write_gold(tmp_path, record))
    assert "cuts a letter from its marks at 1" in refusal.stderr.decode()


def test_what_is_no_json_is_refused_and_the_rest_can_be_let_in(
    corpus_path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b"{]\n[]\n" + json.dumps(GOLD_SHAPE).encode() + b"\n\xff\n")
    assert hashiya("import", corpus_path, "--from", file).returncode == 1
    assert records(hashiya("export", corpus_path)) == []
    done = hashiya("import", corpus_path, "--from", file, "--skip-refused")
    assert done.returncode == 1
    for line in (1, 2, 4):
        assert f"line {line}: refused" in done.stderr.decode()
    assert len(records(hashiya("export", corpus_path))) == 1


def test_an_import_never_overwrites_spans_unless_told_to(corpus_path: Path, tmp_path: Path) -> None:
    hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    before = hashiya("export", corpus_path).stdout
    other = write_gold(tmp_path, with_(spans=span(), relations=[]))
    done = hashiya("import", corpus_path, "--from", other)
    assert done.returncode == 1
    assert "3 spans" in done.stderr.decode()
    assert "--replace" in done.stderr.decode()
    assert hashiya("export", corpus_path).stdout == before
    assert hashiya("import", corpus_path, "--from", other, "--replace").returncode == 0
    assert hashiya("export", corpus_path).stdout != before


def test_a_damaged_layer_is_named_and_the_others_are_exported(
    corpus_path: Path, tmp_path: Path
) -> None:
    hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    hashiya("import", corpus_path, "--from", write_gold(tmp_path), "--annotator", "omar")
    (damaged,) = (corpus_path / ".hashiya" / "layers" / "omar").rglob("*.json")
    damaged.write_bytes(damaged.read_bytes()[:100])
    done = hashiya("export", corpus_path)
    assert done.returncode == 1
    assert damaged.name in done.stderr.decode()
    assert len(done.stdout.splitlines()) == 1
    assert len(damaged.read_bytes()) == 100


def test_an_article_that_changed_is_left_out_of_the_export_with_both_hashes(
    corpus_path: Path, tmp_path: Path
) -> None:
    hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    article = corpus_path / "004_85414a694c151f5b.txt"
    article.write_bytes(b"!" + article.read_bytes())
    done = hashiya("export", corpus_path)
    assert done.returncode == 1
    assert done.stdout == b""
    assert "45f6dcc01283" in done.stderr.decode()


# scheme


def test_the_scheme_is_written_out_for_editing_and_a_fault_in_it_is_told(corpus_path: Path) -> None:
    printed = hashiya("scheme", corpus_path)
    done = hashiya("scheme", corpus_path, "--init")
    file = Path(done.stdout.decode().strip())
    assert file.read_bytes() == printed.stdout
    refused(hashiya("scheme", corpus_path, "--init"), "already")
    file.write_text(file.read_text("utf-8").replace('key = "l"', 'key = "a"'), "utf-8")
    refused(hashiya("scheme", corpus_path), "line 13", "types 'actor' already")


# bad input


def test_a_path_that_is_not_there() -> None:
    for command in ("open", "export", "scheme", "show"):
        refused(hashiya(command, "/nowhere/x"), "/nowhere/x")


def test_a_folder_without_articles(tmp_path: Path) -> None:
    refused(hashiya("export", tmp_path), "no articles", ".txt")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"abc \xd3\xe6\xd1\xed\xc7", "byte 4"),
        (b"\xef\xbb\xbfabc\xff", "byte 6"),
    ],
)
def test_a_file_that_is_no_article(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "bad.txt"
    file.write_bytes(content)
    refused(hashiya(file), "bad.txt", words)
    refused(hashiya("show", file), "bad.txt", words)


def test_another_encoding_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("\u0633\u0648\u0631\u064a\u0627".encode("windows-1256"))
    done = hashiya("show", file, "--encoding", "windows-1256", "--width", "5")
    assert done.stdout.decode() == "\ufe8e\ufef3\ufead\ufeee\ufeb3\n"
    refused(hashiya("show", file, "--encoding", "klingon"), "no text encoding named klingon")
    refused(hashiya("show", file, "--encoding", "base64"), "no text encoding named base64")


def test_a_layer_whose_article_can_not_be_read_any_more_is_left_out_and_named(
    corpus_path: Path, tmp_path: Path
) -> None:
    spans = tmp_path / "spans.jsonl"
    article = corpus_path / "000_e7964ff5d011f848.txt"
    text = article.read_text("utf-8")
    record = {"id": article.stem, "text": text, "annotator": "layla", "spans": []}
    spans.write_text(json.dumps({**record, "status": "done"}), "utf-8")
    assert hashiya("import", corpus_path, "--from", spans).returncode == 0
    assert hashiya("export", corpus_path).returncode == 0
    article.write_bytes(b"\xff")
    done = hashiya("export", corpus_path)
    assert done.returncode == 1
    assert b"byte 0 (0xff) does not fit" in done.stderr
    assert b"Its article can't be read" in done.stderr


def test_output_that_is_no_terminal() -> None:
    refused(hashiya(SEEDS), "terminal", "hashiya show")


@pytest.mark.terminal
@pytest.mark.parametrize(("columns", "rows"), [(19, 24), (80, 4)])
def test_a_terminal_that_is_too_small(columns: int, rows: int) -> None:
    terminal = Pty(hashiya_command(str(SEEDS)), columns, rows)
    assert terminal.wait_for_end() == 1
    assert f"{columns} columns and {rows} rows" in terminal.received.decode()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_files_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("abc")
    file.chmod(0)
    refused(hashiya(file), "secret.txt")
    file.chmod(stat.S_IRUSR)


def test_an_output_that_can_not_be_written(corpus_path: Path) -> None:
    done = hashiya("export", corpus_path, "-o", "/nowhere/out.jsonl")
    refused(done, "/nowhere/out.jsonl")


def test_wrong_usage_exits_with_2() -> None:
    refused(hashiya("show"), "Usage", code=2)
    refused(hashiya("export", "x", "--status", "perfect"), "perfect", code=2)
    refused(hashiya("show", "x", "--width", "0"), "width", code=2)
    refused(hashiya(), code=2)


def test_nobody_without_a_name(corpus_path: Path) -> None:
    refused(
        hashiya("import", corpus_path, "--from", "x", "--annotator", "a\nb"),
        "not an annotator's name",
    )


def test_an_import_that_fails_half_way_puts_everything_back(
    corpus_path: Path, tmp_path: Path
) -> None:
    hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    before = hashiya("export", corpus_path).stdout
    half = json.dumps(with_(spans=span(note="\ud800"), relations=[]))
    file = tmp_path / "half.jsonl"
    file.write_text(f"{json.dumps(with_(annotator='omar'))}\n{half}\n")
    assert b"surrogate" in hashiya("import", corpus_path, "--from", file, "--replace").stderr
    assert hashiya("export", corpus_path).stdout == before


def test_names_and_paths_that_no_file_can_have(corpus_path: Path) -> None:
    refused(hashiya("x" * 300), "too long")
    strange = os.fsencode(corpus_path) + b"/\xc7\xe1.txt"
    Path(os.fsdecode(strange)).write_text("abc")
    done = hashiya("export", corpus_path)
    assert done.returncode == 0
    assert "not UTF-8" in done.stderr.decode()


def test_a_single_article_uses_the_store_of_its_folder(corpus_path: Path, tmp_path: Path) -> None:
    hashiya("import", corpus_path, "--from", write_gold(tmp_path))
    one = records(hashiya("export", corpus_path / "004_85414a694c151f5b.txt"))
    assert len(one) == 1
    assert records(hashiya("export", corpus_path / "000_e7964ff5d011f848.txt")) == []


def test_an_import_goes_to_the_layer_of_an_article_that_was_renamed(
    corpus_path: Path, tmp_path: Path
) -> None:
    spans = tmp_path / "spans.jsonl"
    article = corpus_path / "000_e7964ff5d011f848.txt"
    span = {"id": "s1", "start": 0, "end": 5, "label": "actor"}
    record = {"id": article.stem, "text": article.read_text("utf-8"), "annotator": "layla"}
    spans.write_text(json.dumps({**record, "spans": [span]}), "utf-8")
    assert hashiya("import", corpus_path, "--from", spans).returncode == 0
    article.rename(corpus_path / "new.txt")
    again = hashiya("import", corpus_path, "--from", spans)
    assert again.returncode == 0
    assert b"1 was there already" in again.stderr
    record["id"] = "new"
    spans.write_text(
        json.dumps({**record, "spans": [span, {**span, "id": "s2", "end": 7}]}), "utf-8"
    )
    assert hashiya("import", corpus_path, "--from", spans).returncode == 1
    assert hashiya("import", corpus_path, "--from", spans, "--replace").returncode == 0
    exported = hashiya("export", corpus_path)
    assert exported.returncode == 0
    (line,) = exported.stdout.splitlines()
    assert len(json.loads(line)["spans"]) == 2
