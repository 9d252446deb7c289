"""Layers on disk: whole, locked, set aside, never shifted."""

import json
import os
import shutil
from pathlib import Path

import pytest

from annotations.disk.names import file_name
from annotations.errors import StoreError
from annotations.model.changes import AddSpan
from annotations.model.layer import Document, Layer, Relation, Span
from annotations.store.checkout import check_out, new_layer
from annotations.store.store import Store
from annotations.store.tables import AtomicJSONStorage

DOCUMENT = Document(
    "news/\u062d\u0644\u0628", "\u062d\u0644\u0628 and more", "news/\u062d\u0644\u0628.txt"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def tagged(annotator: str = "layla") -> Layer:
    layer = new_layer(DOCUMENT, annotator)
    layer = layer.with_spans([Span("s1", 0, 3, "actor"), Span("s2", 4, 7, "claim", note="\u0646")])
    return layer.with_relations([Relation("r1", "claimant", "s1", "s2")])


def test_a_layer_comes_back_as_it_was_saved(store: Store) -> None:
    saved = store.save(tagged())
    assert saved.revision == 1
    assert store.read(DOCUMENT.id, "layla") == saved
    assert store.read(DOCUMENT.id, "omar") is None


def test_two_annotators_never_touch_one_file(store: Store) -> None:
    store.save(tagged("layla"))
    before = {path: path.read_bytes() for path in store.root.rglob("*.json")}
    store.save(tagged("omar"))
    assert {path: path.read_bytes() for path in before} == before
    assert len(list(store.root.rglob("*.json"))) == 2


def test_one_more_span_changes_two_lines_of_the_file(store: Store) -> None:
    layer = store.save(tagged())
    path = store.path(DOCUMENT.id, "layla").layer
    before = path.read_text("utf-8").splitlines()
    store.save(layer.with_spans([*layer.spans, Span("s3", 1, 2, "actor")]))
    after = path.read_text("utf-8").splitlines()
    assert len(set(after) - set(before)) == 3  # header, new row, and the comma before it
    assert json.loads(path.read_text("utf-8"))["spans"]["3"]["id"] == "s3"


def test_the_file_is_one_that_tinydb_reads(store: Store) -> None:
    from tinydb import TinyDB, where

    store.save(tagged())
    with TinyDB(store.path(DOCUMENT.id, "layla").layer) as database:
        rows = database.table("spans").search(where("label") == "claim")
    assert [row["start"] for row in rows] == [4]


def test_a_second_session_of_the_annotator_reads_only_and_is_told_who_writes(store: Store) -> None:
    first = check_out(store, DOCUMENT, "layla")
    second = check_out(store, DOCUMENT, "layla")
    assert first.lock is not None
    assert second.lock is None
    assert "Read only" in second.message
    assert "layla on" in second.message
    first.release()
    assert check_out(store, DOCUMENT, "layla").lock is not None


def test_a_layer_of_another_text_is_read_only_and_shows_no_span(store: Store) -> None:
    stored = store.save(tagged())
    changed = Document(DOCUMENT.id, "x" + DOCUMENT.text, DOCUMENT.file)
    desk = check_out(store, changed, "layla")
    assert desk.lock is None
    assert DOCUMENT.sha256[:12] in desk.message
    assert changed.sha256[:12] in desk.message
    assert desk.layer.spans == ()
    assert store.read(DOCUMENT.id, "layla") == stored


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"layer": {}}', b'{"layer": {"1": {"schema": 1}}}', b"\xff\xfe", b'{"layer": 3}', b"[" * 200_000],
)  # fmt: skip
def test_a_damaged_layer_is_set_aside_and_never_overwritten(store: Store, content: bytes) -> None:
    store.save(tagged())
    path = store.path(DOCUMENT.id, "layla").layer
    path.write_bytes(content)
    desk = check_out(store, DOCUMENT, "layla")
    assert desk.lock is not None
    assert "set aside" in desk.message
    store.save(desk.layer)
    aside = [other for other in path.parent.iterdir() if "damaged" in other.name]
    assert [other.read_bytes() for other in aside] == [content]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"id":"r1"', '"id":1'),
        ('"label":"actor"', '"label":null'),
        ('"head":"s1"', '"head":"s9"'),
        ('"end":3', '"end":-3'),
        ('"end":7', '"end":9999'),
        ('"id":"s2"', '"id":"s1"'),
    ],
)
def test_a_layer_of_impossible_values_is_set_aside(store: Store, old: str, new: str) -> None:
    store.save(tagged())
    path = store.path(DOCUMENT.id, "layla").layer
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert "set aside" in check_out(store, DOCUMENT, "layla").message


def test_a_layer_copied_to_another_annotator_is_read_only(store: Store) -> None:
    store.save(tagged("layla"))
    copy = store.path(DOCUMENT.id, "omar").layer
    copy.parent.mkdir(parents=True)
    copy.write_bytes(store.path(DOCUMENT.id, "layla").layer.read_bytes())
    desk = check_out(store, DOCUMENT, "omar")
    assert desk.lock is None
    assert "copied" in desk.message


def test_a_layer_from_a_newer_version_is_refused_and_left_alone(store: Store) -> None:
    store.save(tagged())
    path = store.path(DOCUMENT.id, "layla").layer
    newer = path.read_text("utf-8").replace('"schema":2', '"schema":99')
    path.write_text(newer, "utf-8")
    desk = check_out(store, DOCUMENT, "layla")
    assert desk.lock is None
    assert "newer" in desk.message
    assert path.read_text("utf-8") == newer


def test_temporary_files_of_a_killed_writer_are_swept_when_the_lock_is_taken(store: Store) -> None:
    store.save(tagged())
    path = store.path(DOCUMENT.id, "layla").layer
    stale = path.with_name(f".{path.name}.123.tmp")
    other = path.with_name(".other.json.124.tmp")
    stale.write_text("half")
    other.write_text("somebody else's")
    check_out(store, DOCUMENT, "layla").release()
    assert not stale.exists()
    assert other.exists()


def test_a_failed_write_leaves_the_old_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = store.save(tagged())
    path = store.path(DOCUMENT.id, "layla").layer
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        store.save(layer)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_writes_in_a_transaction_reach_the_disk_at_once_or_not_at_all(tmp_path: Path) -> None:
    storage = AtomicJSONStorage(tmp_path / "x.json")
    with storage.transaction():
        storage.write({"a": {"1": {}}})
        storage.write({"b": {"1": {}}})
        assert not storage.path.exists()
    assert storage.read() == {"b": {"1": {}}}

    def fails() -> None:
        with storage.transaction():
            storage.write({"c": {}})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert storage.read() == {"b": {"1": {}}}


@pytest.mark.parametrize(
    "name",
    ["../up", ".hidden", "a/b", "x" * 300, "a~b", "\u0644\u064a\u0644\u0649 \u0639", "CON\n"],
)
def test_any_name_makes_a_safe_file_name_of_its_own(name: str) -> None:
    made = file_name(name)
    assert "/" not in made
    assert not made.startswith(".")
    assert len(made.encode()) <= 200
    assert made != file_name(name + "x")


def test_a_read_only_store_is_told_at_check_out(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the store's folder would be")
    desk = check_out(Store(blocked), DOCUMENT, "layla")
    assert desk.lock is None
    assert "can't be written" in desk.message


def test_a_layer_that_could_not_be_read_again_is_not_written(store: Store) -> None:
    layer = store.save(tagged())
    before = store.path(DOCUMENT.id, "layla").layer.read_bytes()
    with pytest.raises(StoreError, match="a relation joins a span that is not there"):
        store.save(layer.with_spans(layer.spans[1:]))
    assert store.path(DOCUMENT.id, "layla").layer.read_bytes() == before


def test_two_sessions_after_the_locks_were_removed_lose_nothing(store: Store) -> None:
    first = check_out(store, DOCUMENT, "layla")
    assert first.lock
    saved = store.save(AddSpan(Span("s1", 0, 3, "actor")).apply(first.layer))
    shutil.rmtree(store.root / "locks")
    second = check_out(store, DOCUMENT, "layla")
    assert second.lock
    theirs = store.save(AddSpan(Span("s2", 4, 7, "actor")).apply(second.layer))
    second.release()
    with pytest.raises(StoreError, match="another program"):
        store.save(AddSpan(Span("s3", 8, 12, "actor")).apply(saved))
    assert store.read(DOCUMENT.id, "layla") == theirs
