"""Imports by command: what other tools and exports say, over layers that are there or not."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.formats.registry import format_named
from annotations.store.layer_path import layer_paths
from tests.command import LOSSY, exported, hashiya, lines
from tests.libraries import needs_libraries
from tests.paths import ROOT


def test_labels_of_another_tool_are_renamed_and_edges_snapped(
    articles: Path, tmp_path: Path
) -> None:
    text = (articles / "a.txt").read_bytes().decode()
    source = tmp_path / "doccano.jsonl"
    # ends before the vowel marks of its last letter
    record = {"id": 7, "text": text, "label": [[7, 15, "PER"]], "Comments": []}
    source.write_text(json.dumps(record))
    arguments: list[str | Path] = [
        "import",
        articles,
        "--from",
        source,
        "--format",
        "doccano",
        "--annotator",
        "omar",
    ]
    refused = hashiya(*arguments)
    assert refused.returncode == 1
    assert "'PER' is not in the scheme" in refused.stderr.decode()
    cut = hashiya(*arguments, "--rename", "PER=actor")
    assert cut.returncode == 1
    assert "--snap" in cut.stderr.decode()
    report = tmp_path / "report.jsonl"
    strict = hashiya(*arguments, "--rename", "PER=actor", "--snap", "--strict", "--report", report)
    assert strict.returncode == LOSSY
    done = hashiya(*arguments, "--rename", "PER=actor", "--snap", "--report", report)
    assert done.returncode == 0
    assert "PER is read as actor" in done.stderr.decode()
    (item,) = [line for line in lines(report) if line.get("item") == "span"]
    assert (item["start"], item["end"], item["result"]) == (7, 16, "changed")
    assert [reason["loss"] for reason in item["reasons"]] == ["letters", "renamed"]


def test_an_import_that_is_interrupted_puts_everything_back(
    articles: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from annotations.exchange.admission import Imported
    from annotations.exchange.importing import Plan, Planned, apply_import
    from annotations.store.store import Store
    from tests.annotations.formats.sample import sample_layer

    store = Store(tmp_path / "store")
    documents = list(open_corpus(articles).documents())
    plan = Plan([Planned(Imported(item.id, item, sample_layer(item)), None) for item in documents])
    save = Store.save

    def interrupted(self: Store, layer: Any, *rest: Any, **others: Any) -> Any:
        if layer.document_id == "b":
            raise KeyboardInterrupt
        return save(self, layer, *rest, **others)

    monkeypatch.setattr(Store, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply_import(plan, store, "layla")
    assert list(layer_paths(store.root)) == []


def test_an_unrelated_file_is_no_part_of_an_export(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "spans.old.jsonl").write_text("")
    done = hashiya("import", articles, "--from", tmp_path / "spans.jsonl")
    assert done.returncode == 1
    assert "spans.jsonl is not there" in done.stderr.decode()


@needs_libraries("cassis")
def test_what_a_format_can_not_say_stays_when_it_is_read_over_a_layer(
    articles: Path, tmp_path: Path
) -> None:
    before = exported(articles)
    for name in ("brat", "doccano", "webanno", "uima"):
        format_ = format_named(name)
        out = tmp_path / f"{name}{format_.suffix if format_.target == 'file' else ''}"
        options = ["--format", name, "--allow", "all"]
        assert hashiya("export", articles, "-o", out, *options).returncode == 0
        done = hashiya("import", articles, "--from", out, "--format", name)
        assert done.returncode == 0, done.stderr
        assert b"0 layers imported, 2 were there already" in done.stderr
        assert exported(articles) == before
    columns = tmp_path / "out.conll"
    hashiya("export", articles, "-o", columns, "--format", "conll")
    done = hashiya(
        "import",
        articles,
        "--from",
        columns,
        "--format",
        "conll",
        "--annotator",
        "layla",
        "--replace",
    )
    assert done.returncode == 0
    (first, _) = exported(articles)
    assert len(first["spans"]) == 10
    assert {item["id"] for item in first["spans"]} <= {item["id"] for item in before[0]["spans"]}
    assert first["relations"] == before[0]["relations"]
    assert first["meta"] == before[0]["meta"]


def test_a_file_inside_a_folder_knows_whose_it_is(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    hashiya("export", articles, "-o", out, "--format", "brat", "--allow", "all")
    monkeypatch.chdir(out / "layla")
    for source in ("a.ann", "."):
        store = tmp_path / f"store{source}"
        done = hashiya(
            "import", articles, "--from", source, "--format", "brat", "--store", store,
            PYTHONPATH=str(ROOT), HASHIYA_ANNOTATOR="lead",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert {row["annotator"] for row in exported(articles, "--store", store)} == {"layla"}


def test_a_report_of_an_import_that_can_not_be_written_is_told(
    articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    hashiya("export", articles, "-o", out)
    done = hashiya("import", articles, "--from", out, "--report", tmp_path / "no" / "r.jsonl")
    assert done.returncode == 1
    assert "can't be written" in done.stderr.decode()
