"""Where an export is written: never over anything that is not its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import LOSSY, hashiya
from tests.libraries import needs_libraries
from tests.paths import ROOT


def test_a_folder_that_holds_something_is_not_written_into(articles: Path, tmp_path: Path) -> None:
    mine = tmp_path / "out" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    done = hashiya("export", articles, "--format", "brat", "-o", mine.parent)
    assert done.returncode == 1
    assert "there already" in done.stderr.decode()
    assert [path.name for path in mine.parent.iterdir()] == ["mine.txt"]
    assert not list(tmp_path.glob(".out*"))


def test_a_folder_needs_a_name(articles: Path) -> None:
    done = hashiya("export", articles, "--format", "uima")
    assert done.returncode == 1
    assert "-o FOLDER" in done.stderr.decode()


def test_a_report_never_takes_the_place_of_its_export(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    for report in (out, tmp_path / "out.train.jsonl"):
        done = hashiya("export", articles, "-o", out, "--report", report)
        assert done.returncode == 2
        assert "--report names a file of the export" in done.stderr.decode()
    assert not out.exists()


def test_a_refused_export_leaves_the_report_of_the_one_that_is_there(
    articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    arguments: list[str | Path] = ["export", articles, "--format", "gliner", "-o", out]
    hashiya(*arguments)
    before = (tmp_path / "out.json.report.jsonl").read_bytes()
    assert hashiya(*arguments, "--strict", "--max-width", "3").returncode == LOSSY
    assert (tmp_path / "out.json.report.jsonl").read_bytes() == before
    assert hashiya("verify", out, "--format", "gliner", "--against", articles).returncode == 0
    elsewhere = tmp_path / "elsewhere.jsonl"
    hashiya(*arguments, "--report", elsewhere)
    assert not (tmp_path / "out.json.report.jsonl").exists()


def test_a_report_that_can_not_be_written_stops_the_export(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = hashiya("export", articles, "-o", out, "--report", tmp_path / "no" / "report.jsonl")
    assert done.returncode == 1
    assert "can't be written" in done.stderr.decode()
    assert not out.exists()


def test_the_device_of_standard_output_is_no_file(articles: Path) -> None:
    command = f"{sys.executable} -m tui.cli export {articles} -o /dev/stdout | wc -l"
    done = subprocess.run(command, shell=True, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "2"


@pytest.mark.parametrize(
    "output", ["c/articles/a.txt", "c/articles/new.txt", "c/articles/.hashiya/splits.json"]
)
def test_nothing_is_written_over_the_corpus_or_its_store(
    articles: Path, tmp_path: Path, output: str
) -> None:
    place = articles / Path(output).relative_to("c/articles")
    before = sorted((path, path.read_bytes()) for path in articles.rglob("*") if path.is_file())
    cases: list[list[str | Path]] = [["-o", place], ["-o", tmp_path / "x", "--report", place]]
    for arguments in cases:
        done = hashiya("export", articles, *arguments)
        assert done.returncode == 1
        assert "part of the corpus or its store" in done.stderr.decode()
    folder = hashiya("export", articles, "--format", "brat", "-o", articles / "out")
    assert folder.returncode == 1
    assert before == sorted(
        (path, path.read_bytes()) for path in articles.rglob("*") if path.is_file()
    )


def test_a_corpus_of_one_file_is_never_its_own_export(articles: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"id": "a", "text": "خبر"}))
    before = corpus.read_bytes()
    assert hashiya("export", corpus, "-o", corpus).returncode == 1
    done = hashiya("import", corpus, "--from", corpus, "--report", corpus)
    assert done.returncode == 1
    source = tmp_path / "in.jsonl"
    hashiya("export", articles, "-o", source)
    content = source.read_bytes()
    again = hashiya("import", articles, "--from", source, "--report", source)
    assert again.returncode == 1
    assert "is what is to be read" in again.stderr.decode()
    assert (corpus.read_bytes(), source.read_bytes()) == (before, content)


def test_an_export_beside_the_articles_is_none_of_them(articles: Path) -> None:
    assert hashiya("export", articles, "-o", articles / "spans.jsonl").returncode == 0


def test_files_of_another_export_to_the_same_path_are_told(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.conll"
    options: list[str | Path] = ["--format", "conll", "-o", out, "--allow", "all"]
    hashiya("export", articles, *options, "--split", "50,50")
    done = hashiya("export", articles, *options)
    assert done.stderr.decode().count("is there from before") == 4


@needs_libraries("seqeval")
def test_a_path_without_an_ending_names_its_parts(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options: list[str | Path] = ["--format", "conll", "--allow", "all"]
    assert hashiya("export", articles, "-o", out, *options, "--split", "50,50").returncode == 0
    assert (tmp_path / "out.train.entities.conll").is_file()
    again = hashiya("export", articles, "-o", tmp_path / "x.json", "--format", "labelstudio")
    assert "Written: x.json, x.config.xml." in again.stderr.decode()
    assert hashiya("verify", out, "--against", articles, "--format", "conll").returncode == 0


def test_an_export_into_the_folder_one_stands_in(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = hashiya(
        "export", articles, "--format", "webanno", "-o", ".",
        PYTHONPATH=str(ROOT),
    )  # fmt: skip
    assert done.returncode == LOSSY, done.stderr
    assert (tmp_path / "here" / "layla" / "a.tsv").is_file()
    assert (tmp_path / "here.report.jsonl").is_file()
