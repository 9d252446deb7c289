"""The history of a layer: kept beside it, undone from it, never ahead of what is saved."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from annotations.errors import StoreError
from annotations.model.changes import AddSpan, Batch, Change, History, difference
from annotations.model.layer import STATUSES, Document, Layer, Relation, Span
from annotations.store import layer_file
from annotations.store.checkout import check_out
from annotations.store.journal import Step, add_to_journal, lines_of, read_journal, shorten
from annotations.store.store import Store

DOCUMENT = Document("d", "one two three four five six seven")
NEW = Layer(DOCUMENT.id, DOCUMENT.sha256, "layla")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    edges = st.tuples(st.integers(0, 20), st.integers(1, 12))
    drawn = draw(st.dictionaries(st.sampled_from(["s1", "s2", "s3", "s4"]), edges))
    spans = [Span(name, start, start + length, "actor") for name, (start, length) in drawn.items()]
    layer = replace(
        NEW, status=draw(st.sampled_from(STATUSES)), note=draw(st.text("\u0646x ", max_size=3))
    ).with_spans(spans)
    if len(spans) > 1 and draw(st.booleans()):
        layer = layer.with_relations([Relation("r1", "claimant", spans[0].id, spans[1].id)])
    return layer


def step(store: Store, layer: Layer, change: Change, act: str = "do") -> Layer:
    """Make a change and save it, as a session does."""
    after = change.apply(layer)
    return store.save(after, [Step.now(act, change, after)])  # type: ignore[arg-type]  # one of Act


def add(number: int) -> AddSpan:
    return AddSpan(Span(f"s{number}", number, number + 2, "actor"))


@given(layers(), layers())
def test_the_difference_of_two_layers_leads_from_one_to_the_other_and_back(
    before: Layer, after: Layer
) -> None:
    change = difference(before, after)
    if change is None:
        assert before == after
        return
    assert change.apply(before) == after
    assert change.inverse().apply(after) == before
    made = Step("do", change, after.digest)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "h.jsonl"
        add_to_journal(path, lines_of(before, [made]))
        assert [entry.step for entry in read_journal(path).entries] == [made]


def test_what_was_done_before_is_undone_and_redone_when_the_article_is_opened_again(
    store: Store,
) -> None:
    layer = step(store, NEW, add(1))
    layer = step(store, layer, add(5))
    layer = step(store, layer, add(5).inverse(), "undo")
    desk = check_out(store, DOCUMENT, "layla")
    assert desk.history == History((add(1),), (add(5),))
    assert desk.layer == layer


def test_a_line_whose_layer_never_got_to_the_disk_does_not_count(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = step(store, NEW, add(1))
    with monkeypatch.context() as broken:
        broken.setattr(layer_file, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(StoreError, match="full"):
            step(store, layer, add(3))
    assert store.journal(store.path("d", "layla")).history(layer) == History((add(1),))
    layer = step(store, layer, add(7))
    assert store.journal(store.path("d", "layla")).history(layer) == History((add(1), add(7)))


def test_half_a_line_is_what_a_killed_writer_leaves_and_no_fault(store: Store) -> None:
    layer = step(store, NEW, add(1))
    path = store.path("d", "layla").history
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    assert store.journal(store.path("d", "layla")).damaged == ()
    layer = step(store, layer, add(3))
    assert store.journal(store.path("d", "layla")).history(layer) == History((add(1), add(3)))


@pytest.mark.parametrize(
    "garbage", [b"\xff\xfe garbage", b"[]\n", b'{"revision": 1}\n', b"{}\n" * 9]
)
def test_a_damaged_history_is_told_kept_and_written_behind(store: Store, garbage: bytes) -> None:
    layer = step(store, NEW, add(1))
    path = store.path("d", "layla").history
    before = path.read_bytes() + garbage
    path.write_bytes(before)
    desk = check_out(store, DOCUMENT, "layla")
    assert "history of this article is damaged (line 2" in desk.message
    assert desk.history == History()
    layer = step(store, layer, add(3))
    assert path.read_bytes().startswith(before)
    assert store.journal(store.path("d", "layla")).history(layer) == History((add(3),))


def test_a_layer_that_came_about_otherwise_has_nothing_to_undo(store: Store) -> None:
    layer = step(store, NEW, add(1))
    store.save(add(4).apply(layer))
    found = store.read("d", "layla")
    assert found
    assert store.journal(store.path("d", "layla")).history(found) == History()


def test_several_steps_of_one_save_are_a_line_each_with_a_revision_of_its_own(
    store: Store,
) -> None:
    first = add(1).apply(NEW)
    second = add(4).apply(first)
    saved = store.save(second, [Step.now("do", add(1), first), Step.now("do", add(4), second)])
    entries = store.journal(store.path("d", "layla")).entries
    assert [entry.revision for entry in entries] == [1, 2]
    assert saved.revision == 2
    assert entries[0].step.at <= entries[1].step.at


def test_a_disk_that_fills_up_leaves_the_history_as_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = step(store, NEW, add(1))
    path = store.path("d", "layla").history
    before = path.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:20]))
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(StoreError, match="No space left"):
        step(store, layer, add(3))
    monkeypatch.undo()
    assert path.read_bytes() == before


def test_a_long_history_lets_its_older_half_go_and_can_still_be_undone(store: Store) -> None:
    layer = NEW
    for number in range(60):
        layer = step(store, layer, Batch((add(number),)))
    path = store.path("d", "layla").history
    size = path.stat().st_size
    shorten(path, size - 1)
    journal = read_journal(path)
    assert 25 <= len(journal.entries) <= 31
    assert journal.damaged == ()
    assert len(journal.history(layer).done) == len(journal.entries)


def test_nothing_before_a_merge_is_undone(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    layer = Layer("a", "0" * 64, "layla")
    for number, act in enumerate(("do", "do", "merge", "do"), 1):
        change = AddSpan(Span(f"s{number}", number, number + 2, "actor"))
        layer = change.apply(layer)
        layer = store.save(layer, [Step.now(act, change, layer)])  # type: ignore[arg-type]  # one of Act
    history = store.journal(store.path("a", "layla")).history(layer)
    assert len(history.done) == 2
    assert isinstance(history, History)
