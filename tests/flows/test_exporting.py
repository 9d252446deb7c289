"""Exports by command: what is written, told, refused, and the exit codes."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.formats.registry import format_named, names
from tests.annotations.formats.sample import fill
from tests.command import LOSSY, exported, hashiya, lines
from tests.libraries import VERIFIES, with_libraries


def test_losses_are_summed_and_told_span_by_span_beside_the_export(
    articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    done = hashiya("export", articles, "--format", "gliner", "-o", out)
    message = done.stderr.decode()
    assert done.returncode == LOSSY
    assert "2 layers, 12 spans, 3 relations" in message
    assert "Lost: 1 span, 1 relation." in message
    assert "--allow notes,relations,width" in message
    assert len(json.loads(out.read_bytes())) == 2
    head, *items, foot = lines(tmp_path / "out.json.report.jsonl")
    assert head["format"] == "gliner"
    assert head["offset_unit"] == "codepoint"
    assert {item["result"] for item in items} == {"lost", "changed"}
    (wide,) = [item for item in items if item["reasons"][0]["loss"] == "width"]
    assert (wide["id"], wide["document"], wide["annotator"]) == ("s2", "a", "layla")
    assert foot["summary"]["losses"] == {"notes": 1, "relations": 1, "width": 1}


def test_a_report_that_was_asked_for_tells_what_was_carried_too(
    articles: Path, tmp_path: Path
) -> None:
    report = tmp_path / "r.jsonl"
    done = hashiya("export", articles, "--format", "doccano", "--report", report)
    assert done.returncode == LOSSY
    items = [line for line in lines(report) if line.get("item") == "span"]
    assert len(items) == 12
    assert [item["id"] for item in items if item["result"] == "changed"] == ["s12"]
    assert len(done.stdout.splitlines()) == 2  # the export went to standard output


def test_losses_that_are_allowed_are_none(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = hashiya("export", articles, "--format", "doccano", "-o", out, "--allow", "notes,nested")
    assert done.returncode == 0
    assert "Why: notes 1" in done.stderr.decode()
    assert (
        hashiya("export", articles, "--format", "csv", "-o", out, "--allow", "all").returncode == 0
    )


@pytest.mark.parametrize("name", ["gliner", "brat", "conll"])
def test_strict_writes_nothing_and_leaves_what_was_there(
    articles: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    done = hashiya("export", articles, "--format", name, "-o", out, "--strict")
    assert done.returncode == LOSSY
    assert "Nothing was written." in done.stderr.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles", "out.report.jsonl"]
    assert hashiya("export", articles, "--format", name, "--strict").stdout == b""
    again = hashiya("export", articles, "--format", name, "-o", out, "--strict", "--allow", "all")
    assert again.returncode == 0


def test_strict_without_a_loss_writes_to_standard_output(articles: Path) -> None:
    plain = hashiya("export", articles)
    strict = hashiya("export", articles, "--strict")
    assert (strict.returncode, strict.stdout) == (0, plain.stdout)


def test_a_report_of_an_earlier_export_does_not_stay_beside_a_sound_one(
    articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    hashiya("export", articles, "--format", "gliner", "-o", out)
    hashiya("export", articles, "-o", out)
    head, foot = lines(tmp_path / "out.jsonl.report.jsonl")
    assert head["format"] == "jsonl"
    assert foot["summary"]["losses"] == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "jsonl", "--tokens", "camel"], "--tokens means nothing for jsonl"),
        (["--format", "brat", "--flatten", "priority"], "--flatten means nothing for brat"),
        (["--format", "csv", "--layers", "actor"], "--layers means nothing for csv"),
        (["--format", "conll", "--flatten", "sideways"], "--flatten has no 'sideways'"),
        (["--allow", "everything"], "--allow has no 'everything'"),
        (["--format", "word"], "'word' is not one of"),
    ],
)
def test_options_that_mean_nothing_are_wrong_usage(
    articles: Path, arguments: list[str], words: str
) -> None:
    done = hashiya("export", articles, *arguments)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.decode().split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--labels", "actor,person"], "no label 'person'"),
        (["--since", "yesterday"], "no date"),
        (["--split", "80"], "no split"),
    ],
)
def test_what_is_not_there_is_told(articles: Path, arguments: list[str], words: str) -> None:
    done = hashiya("export", articles, *arguments)
    assert done.returncode == 1
    assert words in done.stderr.decode()
    assert done.stdout == b""


def test_layers_and_spans_are_chosen_by_what_they_are(articles: Path) -> None:
    assert [row["id"] for row in exported(articles, "--gold-only")] == ["a"]
    assert exported(articles, "--since", "2999-01-01") == []
    assert len(exported(articles, "--since", "2020-01-01")) == 2
    assert len(exported(articles, "--since", "2020-01-01T10:00+02:00")) == 2
    (first, _) = exported(articles, "--labels", "actor,location")
    assert {span["label"] for span in first["spans"]} == {"actor", "location"}
    assert first["relations"] == []
    (first, _) = exported(articles, "--no-relations")
    assert (len(first["spans"]), first["relations"]) == (12, [])


def test_both_ways_with_clitics_come_from_one_annotation(articles: Path, tmp_path: Path) -> None:
    (left_out, _) = exported(articles, "--labels", "location")
    out = tmp_path / "out.jsonl"
    done = hashiya("export", articles, "--labels", "location", "--clitics", "include", "-o", out)
    assert done.returncode == LOSSY
    assert "clitics 2" in done.stderr.decode()
    (taken_in, _) = lines(out)
    assert [span["text"] for span in left_out["spans"]] == [
        "القاهرة",
        "إيران",
        "شمال البلاد",
        "مصر",
    ]
    assert [span["text"] for span in taken_in["spans"]] == [
        "وبالقاهرة", "ولإيران", "شمال البلاد", "مصر",
    ]  # fmt: skip
    assert exported(articles, "--labels", "location") == [left_out, {**_}]


def test_an_export_is_split_by_article_and_stays_so(corpus_path: Path, tmp_path: Path) -> None:
    fill_seeds(corpus_path)
    out = tmp_path / "s.jsonl"
    arguments: list[str | Path] = [
        "export",
        corpus_path,
        "-o",
        out,
        "--split",
        "60,20,20",
        "--seed",
        "4",
    ]
    assert hashiya(*arguments).returncode == 0
    names = ["s.test.jsonl", "s.train.jsonl", "s.validation.jsonl"]
    assert sorted(path.name for path in tmp_path.glob("s.*")) == names
    before = {name: [row["id"] for row in lines(tmp_path / name)] for name in names}
    assert sum(map(len, before.values())) == 5
    assert all(before.values())
    (corpus_path / "new.txt").write_text("خبر جديد", "utf-8")
    fill_seeds(corpus_path)
    assert hashiya(*arguments).returncode == 0
    for name in names:
        assert set(before[name]) <= {row["id"] for row in lines(tmp_path / name)}
    assert hashiya("check", corpus_path).returncode == 0


def fill_seeds(path: Path) -> None:
    """Save a layer for each article of a folder, with its first word as an actor."""
    for article in path.glob("*.txt"):
        text = article.read_text("utf-8")
        span = {"id": "s1", "start": 0, "end": len(text.split()[0]), "label": "actor"}
        record = {"id": article.stem, "text": text, "annotator": "layla", "spans": [span]}
        source = path.parent / "one.jsonl"
        source.write_text(json.dumps(record))
        assert hashiya("import", path, "--from", source, "--replace").returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", with_libraries((name for name in names() if name != "huggingface"), VERIFIES)
)
def test_every_format_is_split_and_read_back(articles: Path, tmp_path: Path, name: str) -> None:
    suffix = format_named(name).suffix if format_named(name).target == "file" else ""
    out = tmp_path / f"out{suffix}"
    options = ["--format", name, "--allow", "all"]
    assert hashiya("export", articles, "-o", out, "--split", "50,50", *options).returncode == 0
    done = hashiya("verify", out, "--format", name, "--against", articles)
    assert done.returncode == 0, done.stderr
    if name != "csv":
        read = hashiya(
            "import", articles, "--from", out, "--format", name, "--store", tmp_path / "store"
        )
        assert read.returncode == 0, read.stderr
        assert b"2 layers by layla imported" in read.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", with_libraries(names(), VERIFIES))
def test_two_annotators_of_one_article_are_told_apart(
    articles: Path, tmp_path: Path, name: str
) -> None:
    fill(open_corpus(articles), "omar")
    suffix = format_named(name).suffix if format_named(name).target == "file" else ""
    out = tmp_path / f"two{suffix}"
    done = hashiya("export", articles, "-o", out, "--format", name, "--allow", "all")
    assert done.returncode == 0, done.stderr
    verified = hashiya("verify", out, "--format", name, "--against", articles)
    assert verified.returncode == 0, verified.stderr
    if "annotator" in format_named(name).carries.keeps and name != "csv":
        store = tmp_path / "store"
        assert hashiya(
            "import", articles, "--from", out, "--format", name, "--store", store
        ).returncode == 0  # fmt: skip
        found = exported(articles, "--store", store)
        assert [(row["id"], row["annotator"]) for row in found] == [
            ("a", "layla"), ("a", "omar"), ("b", "layla"), ("b", "omar"),
        ]  # fmt: skip


def test_a_missing_library_is_named_with_what_installs_it(articles: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    for module in ("spacy", "pyarrow", "cassis"):
        (blocked / f"{module}.py").write_text("raise ImportError('not here')\n")
    for name, extra in (("spacy", "spacy"), ("parquet", "parquet"), ("uima", "uima")):
        out = tmp_path / f"out.{name}"
        done = hashiya("export", articles, "--format", name, "-o", out, PYTHONPATH=str(blocked))
        assert done.returncode == 1
        assert f"pip install 'hashiya[{extra}]'" in done.stderr.decode()
        assert not out.exists()


def test_the_formats_are_listed_and_described() -> None:
    table = hashiya("formats").stdout.decode().splitlines()
    assert [line.split()[0] for line in table[1 : len(names()) + 1]] == list(names())
    assert all(len(line) <= 80 for line in table)
    one = hashiya("formats", "gliner").stdout.decode()
    assert "max_width" in one
    as_json = json.loads(hashiya("formats", "--json").stdout)
    assert [row["name"] for row in as_json] == list(names())


def test_every_line_obeys_the_schema_that_is_printed(articles: Path) -> None:
    import jsonschema

    schema = json.loads(hashiya("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for record in exported(articles):
        validator.validate(record)
        record["spans"].append({"id": "x"})
        assert not validator.is_valid(record)


@pytest.mark.slow
def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.bench.corpus import make_corpus as make_large

    large = tmp_path / "large"
    make_large(large, 1100, 1100, 2)
    piped = hashiya("export", large, "-o", tmp_path / "a.jsonl")
    assert b"%" not in piped.stderr
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "tui.cli",
        "export",
        str(large),
        "-o",
        str(tmp_path / "b.jsonl"),
    ]
    done = subprocess.run(command, stderr=theirs, stdout=subprocess.DEVNULL, check=True)
    os.close(theirs)
    shown = os.read(ours, 1 << 16)
    os.close(ours)
    assert b"100%" in shown
    assert done.returncode == 0
    # the first went through several processes, and gives what one alone gives
    monkeypatch.setattr("annotations.exchange.export.cores", lambda: 1)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_split_that_is_refused_is_not_kept(articles: Path, tmp_path: Path) -> None:
    arguments = ["--format", "csv", "-o", str(tmp_path / "o.csv"), "--split", "50,50"]
    assert hashiya("export", articles, *arguments, "--strict").returncode == LOSSY
    assert not (articles / ".hashiya" / "splits.json").exists()
    assert hashiya("export", articles, *arguments, "--allow", "all").returncode == 0
    assert (articles / ".hashiya" / "splits.json").exists()


def test_an_export_that_a_split_leaves_behind_is_told(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.jsonl"
    hashiya("export", articles, "-o", out)
    done = hashiya("export", articles, "-o", out, "--split", "50,50")
    assert "is there from before" in done.stderr.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--seed", "3"],
        ["--format", "conll", "--flatten", "outermost,innermost"],
        ["--format", "conll", "--flatten", "one-layer", "--layers", "actor"],
    ],
)
def test_options_that_contradict_are_wrong_usage(articles: Path, arguments: list[str]) -> None:
    assert hashiya("export", articles, *arguments).returncode == 2


def test_columns_of_several_annotators_are_a_loss(articles: Path, tmp_path: Path) -> None:
    fill(open_corpus(articles), "omar")
    out = tmp_path / "out.conll"
    done = hashiya("export", articles, "--format", "conll", "-o", out)
    assert "annotators 4" in done.stderr.decode()
    one = hashiya("export", articles, "--format", "conll", "-o", out, "--annotator", "omar")
    assert "annotators" not in one.stderr.decode()
