"""The face for scripts and notebooks: what it gives, and that its examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import annotations.project
from annotations.errors import FormatError, HashiyaError
from annotations.exchange.selection import Wanted
from annotations.project import open_project
from tests.annotations.formats.sample import fill, make_corpus
from tests.paths import ROOT


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    corpus = make_corpus(tmp_path / "articles")
    fill(corpus, "layla")
    fill(corpus, "omar")
    return corpus.path


def test_it_iterates_over_documents_and_over_layers_by_annotator(articles: Path) -> None:
    project = open_project(articles)
    assert [document.id for document in project.documents()] == ["a", "b"]
    found = [(document.id, layer.annotator) for document, layer in project.layers()]
    assert found == [("a", "layla"), ("a", "omar"), ("b", "layla"), ("b", "omar")]
    only = project.layers(Wanted(annotators=("omar",)))
    assert {layer.annotator for _, layer in only} == {"omar"}
    assert "claim" in [label.name for label in project.scheme.labels]


def test_what_it_exports_it_imports_into_another_store(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    project = open_project(articles)
    done = project.export("jsonl", out)
    assert not done.losses
    other = open_project(articles, store=tmp_path / "other")
    plan = other.plan_import("jsonl", [out])
    assert not (tmp_path / "other").exists()
    assert other.apply_import(plan) == 4
    assert [layer.digest for _, layer in other.layers()] == [
        layer.digest for _, layer in project.layers()
    ]


def test_a_record_that_does_not_fit_stops_an_import_unless_it_may_be_skipped(
    articles: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in.jsonl"
    open_project(articles).export("jsonl", source)
    source.write_bytes(source.read_bytes() + b'{"id": "zz", "text": "no such article"}\n')
    other = open_project(articles, store=tmp_path / "other")
    plan = other.plan_import("jsonl", [source])
    assert len(plan.refused) == 1
    with pytest.raises(HashiyaError, match="Nothing was imported"):
        other.apply_import(plan)
    assert other.apply_import(plan, skip_refused=True) == 4


def test_what_is_not_there_is_said(articles: Path) -> None:
    project = open_project(articles)
    with pytest.raises(FormatError, match="no format 'tei'"):
        project.export("tei", "out.xml")
    with pytest.raises(FormatError, match="not there"):
        project.plan_import("jsonl", ["nowhere.jsonl"])


def examples() -> list[str]:
    """The example of the module, and those of the README that use it."""
    docstring = annotations.project.__doc__ or ""
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    return [docstring.split("\n\n", 1)[1], *(block for block in blocks if "open_project" in block)]


@pytest.mark.parametrize("number", [0, 1])
def test_the_examples_of_the_docs_run(tmp_path: Path, number: int) -> None:
    corpus = make_corpus(tmp_path / "seeds")
    fill(corpus, "layla")
    done = subprocess.run(
        [sys.executable, "-c", examples()[number]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().splitlines()[0] == "a layla 12"
    assert (tmp_path / "spans.jsonl").stat().st_size > 0
