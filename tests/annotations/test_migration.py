"""Stores of every released version open; each is kept in tests/stores as that version wrote it."""

import shutil
from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.model.layer import Relation, Span
from annotations.store.checkout import check_out
from annotations.store.layer_file import SCHEMA, schema_of
from annotations.store.store import Store
from annotations.store.tables import parse_tables

STORES = Path(__file__).parents[1] / "stores"
ANNOTATORS = ("layla", "Omar", "\u0644\u064a\u0644\u0649 \u0639")


@pytest.fixture(params=sorted(path.name for path in STORES.iterdir()))
def corpus_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    shutil.copytree(STORES / request.param, tmp_path / "corpus")
    (tmp_path / "corpus" / "store").rename(tmp_path / "corpus" / ".hashiya")
    return tmp_path / "corpus"


def test_every_layer_of_an_older_store_opens_and_a_copy_of_its_file_is_kept(
    corpus_path: Path,
) -> None:
    corpus = open_corpus(corpus_path)
    store = Store(corpus.store_path)
    before = {
        path.name + path.parent.parent.name: path.read_bytes() for path in store.layer_paths()
    }
    for document in corpus.documents():
        for annotator in ANNOTATORS:
            path = store.layer_path(document.id, annotator)
            old = path.read_bytes()
            schema = schema_of(parse_tables(old))
            desk = check_out(store, document, annotator)
            assert desk.lock is not None, desk.message
            assert desk.layer.spans == (
                Span("s1", 0, 3, "actor"),
                Span("s2", 4, 8, "claim", note="\u0646"),
            )
            if annotator == "layla":
                assert desk.layer.relations == (Relation("r1", "claimant", "s1", "s2"),)
            assert desk.layer.status == ("done" if annotator == "Omar" else "in_progress")
            assert schema_of(parse_tables(path.read_bytes())) == SCHEMA
            if schema < SCHEMA:
                assert "older Hashiya" in desk.message
                assert path.with_name(f"{path.name}.schema-{schema}").read_bytes() == old
            desk.release()
            again = check_out(store, document, annotator)
            assert (again.message, again.layer) == ("", desk.layer)
            again.release()
    assert len(list(store.layer_paths())) == len(before) == 6


def test_an_older_layer_that_is_only_read_is_not_touched(corpus_path: Path) -> None:
    store = Store(corpus_path / ".hashiya")
    before = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    assert len(list(store.layers())) == 6
    assert {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()} == before
