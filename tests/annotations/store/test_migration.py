"""A layer of an older schema opens, is rewritten in this one, and a copy of its file is kept.

No release was ever made, so the older schema here is made up: it does not note when a layer was
saved.
"""

from pathlib import Path

import pytest

from annotations.model.layer import Document, Relation, Span
from annotations.store import layer_file
from annotations.store.checkout import check_out, new_layer
from annotations.store.layer_file import SCHEMA, NewerLayerError
from annotations.store.store import Store
from annotations.store.tables import Tables, dump_tables, parse_tables

DOCUMENT = Document("a", "one two three")
SPANS = (Span("s1", 0, 3, "actor"), Span("s2", 4, 7, "claim", note="\u0646"))


def to_2(tables: Tables) -> None:
    tables["layer"]["1"]["saved_at"] = ""
    tables["layer"]["1"]["schema"] = SCHEMA


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with one layer of the schema before this one."""
    monkeypatch.setitem(layer_file.MIGRATIONS, SCHEMA - 1, to_2)
    made = Store(tmp_path / "store")
    relations = [Relation("r1", "claimant", "s1", "s2")]
    made.save(new_layer(DOCUMENT, "layla").with_spans(SPANS).with_relations(relations))
    path = made.path("a", "layla").layer
    tables = parse_tables(path.read_bytes())
    del tables["layer"]["1"]["saved_at"]
    tables["layer"]["1"]["schema"] = SCHEMA - 1
    path.write_bytes(dump_tables(tables))
    return made


def test_an_older_layer_opens_and_a_copy_of_its_file_is_kept(store: Store) -> None:
    path = store.path("a", "layla").layer
    old = path.read_bytes()
    opened = check_out(store, DOCUMENT, "layla")
    assert opened.lock is not None, opened.message
    assert "older Hashiya" in opened.message
    assert opened.layer.spans == SPANS
    assert opened.layer.relations == (Relation("r1", "claimant", "s1", "s2"),)
    assert path.with_name(f"{path.name}.schema-{SCHEMA - 1}").read_bytes() == old
    assert parse_tables(path.read_bytes())["layer"]["1"]["schema"] == SCHEMA
    opened.release()
    again = check_out(store, DOCUMENT, "layla")
    assert (again.message, again.layer) == ("", opened.layer)
    again.release()


def test_an_older_layer_that_is_only_read_is_not_touched(store: Store) -> None:
    before = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    assert [layer.spans for _, layer in store.layers() if not isinstance(layer, Exception)]
    assert {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()} == before


def test_a_layer_of_a_later_schema_is_refused_and_left_alone(store: Store) -> None:
    path = store.path("a", "layla").layer
    tables = parse_tables(path.read_bytes())
    tables["layer"]["1"]["schema"] = SCHEMA + 1
    path.write_bytes(dump_tables(tables))
    with pytest.raises(NewerLayerError, match="newer Hashiya"):
        store.read("a", "layla")
    assert check_out(store, DOCUMENT, "layla").lock is None
