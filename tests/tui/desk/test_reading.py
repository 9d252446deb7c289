"""What an annotator does to an article, without a screen."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from annotations.errors import StoreError
from annotations.model.layer import Document, Layer, Relation, Span
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.checkout import check_out
from annotations.store.journal import Step
from annotations.store.store import Store
from tui.desk.commands import keymap_of
from tui.desk.reading import Reading
from tui.desk.walking import go_to_span

TEXT = "one two, three four. five\nsix e\u0301 \u0644\u0625\u064a\u0631\u0627\u0646"


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    document = Document("d", TEXT)
    store = Store(tmp_path / "store")
    return Reading(
        document, check_out(store, document, "layla"), DEFAULT_SCHEME, keymap_of(), store.save
    )


def stored(tmp_path: Path) -> Layer | None:
    return Store(tmp_path / "store").read("d", "layla")


def is_stored(reading: Reading, tmp_path: Path) -> bool:
    """Whether what is on disk says what is on the screen."""
    assert reading.saver.wait(20)
    layer = stored(tmp_path)
    return layer is not None and layer.digest == reading.layer.digest


def status(reading: Reading) -> str:
    return reading.layer.status


def selected(reading: Reading) -> str | None:
    selection = reading.selection
    return reading.text[selection.start : selection.end] if selection else None


def spans(reading: Reading) -> list[tuple[str, str]]:
    return [(span.label, reading.text[span.start : span.end]) for span in reading.layer.spans]


def test_space_selects_the_word_and_grows_to_clause_sentence_and_paragraph(
    reading: Reading,
) -> None:
    reading.move_to(10)
    grown = []
    for _ in range(5):
        reading.select_or_grow()
        grown.append(selected(reading))
    assert grown == [
        "three",
        "three four",
        "one two, three four",
        "one two, three four. five",
        "one two, three four. five",
    ]
    assert reading.cursor == 10


def test_growing_skips_units_of_the_same_extent(reading: Reading) -> None:
    reading.move_to(TEXT.index("five"))
    reading.select_or_grow()
    reading.select_or_grow()
    assert selected(reading) == "one two, three four. five"


def test_a_selection_started_with_v_is_extended_to_ends_of_words_and_clauses(
    reading: Reading,
) -> None:
    reading.start_extending()
    reading.move_to(reading.pointing.reading_motion("word", 1))
    assert selected(reading) == "one"
    reading.move_to(reading.pointing.reading_motion("word", 1))
    assert selected(reading) == "one two"
    reading.move_to(reading.pointing.reading_motion("clause", 1))
    assert selected(reading) == "one two, three four"


def test_a_selection_can_be_extended_backwards(reading: Reading) -> None:
    reading.move_to(TEXT.index("four"))
    reading.start_extending()
    reading.move_to(reading.pointing.reading_motion("word", -1))
    assert selected(reading) == "three f"


def test_shift_extends_by_grapheme_and_a_plain_motion_lets_go(reading: Reading) -> None:
    reading.move_to(TEXT.index("e\u0301"))
    reading.move_to(TEXT.index("e\u0301") + 2, extend=True)
    assert selected(reading) == "e\u0301 "
    reading.move_to(0)
    assert selected(reading) is None


def test_the_cursor_never_stands_inside_a_grapheme(reading: Reading) -> None:
    inside = TEXT.index("e\u0301") + 1
    reading.move_to(inside)
    assert reading.cursor == inside - 1


def test_a_tag_is_saved_before_anything_else_happens(reading: Reading, tmp_path: Path) -> None:
    reading.select_or_grow()
    reading.tag("actor")
    assert is_stored(reading, tmp_path)
    assert spans(reading) == [("actor", "one")]
    assert reading.layer.status == "in_progress"
    assert reading.cursor == 0
    assert reading.selection is None


def test_white_space_at_the_ends_of_a_selection_is_not_tagged(reading: Reading) -> None:
    reading.select(3, 7)
    assert selected(reading) == " two,"
    reading.tag("actor")
    assert spans(reading) == [("actor", "two,")]


def test_a_label_key_on_a_span_that_tab_reached_relabels_it(reading: Reading) -> None:
    reading.select_or_grow()
    reading.tag("actor")
    reading.drop()
    go_to_span(reading, 1)
    reading.tag("location")
    assert spans(reading) == [("location", "one")]


def test_a_label_key_on_a_selected_span_relabels_it_and_its_capital_tags_beside(
    reading: Reading,
) -> None:
    reading.select_or_grow()
    reading.tag("actor")
    reading.drop()
    reading.select_or_grow()
    reading.tag("location")
    assert spans(reading) == [("location", "one")]
    reading.drop()
    reading.select_or_grow()
    reading.tag("claim", beside=True)
    assert spans(reading) == [("claim", "one"), ("location", "one")]
    reading.tag("claim", beside=True)
    assert len(reading.layer.spans) == 2


def test_a_span_may_start_inside_a_lam_alef(reading: Reading) -> None:
    start = TEXT.index("\u0625\u064a\u0631")
    reading.select(start, len(TEXT) - 1)
    reading.tag("location")
    assert spans(reading) == [("location", "\u0625\u064a\u0631\u0627\u0646")]


def test_spans_overlap_freely_and_x_deletes_the_innermost(reading: Reading) -> None:
    for start, end, label in ((0, 6, "claim"), (4, 13, "claim"), (4, 6, "actor")):
        reading.select(start, end)
        reading.tag(label)
    reading.move_to(5)
    reading.delete()
    assert spans(reading) == [("claim", "one two"), ("claim", "two, three")]
    go_to_span(reading, 1)
    go_to_span(reading, 1)
    go_to_span(reading, -1)
    reading.delete()
    assert len(reading.layer.spans) == 1


def test_tab_goes_through_the_spans_at_the_cursor_then_on_in_reading_order_and_round(
    reading: Reading,
) -> None:
    for start, end in ((9, 13), (0, 2), (0, 18)):
        reading.select(start, end)
        reading.tag("actor")
    reading.move_to(0)
    walked = []
    for _ in range(4):
        go_to_span(reading, 1)
        active = reading.active
        assert active
        walked.append((active.start, active.end))
    assert walked == [(0, 3), (0, 19), (9, 14), (0, 19)]


def test_every_change_can_be_undone_and_redone_status_and_relations_too(
    reading: Reading, tmp_path: Path
) -> None:
    layer = replace(reading.layer, status="in_progress").with_spans(
        [Span("s1", 0, 3, "actor"), Span("s2", 4, 7, "claim")]
    )
    layer = layer.with_relations([Relation("r1", "claimant", "s1", "s2")])
    reading.saver.put(layer, [])
    assert reading.saver.wait(20)
    reading.layer = layer
    reading.activate(layer.spans[0])
    reading.tag("location")
    assert reading.layer.relations == ()
    reading.set_status("done")
    reading.undo()
    assert status(reading) == "in_progress"
    reading.undo()
    assert reading.layer.relations == layer.relations
    assert reading.layer.spans == layer.spans
    reading.undo()
    assert reading.message == "Nothing to undo."
    reading.redo()
    reading.redo()
    assert status(reading) == "done"
    assert is_stored(reading, tmp_path)


def test_undoing_the_first_tag_makes_the_article_new_again(reading: Reading) -> None:
    reading.select_or_grow()
    reading.tag("actor")
    reading.undo()
    assert reading.layer.status == "new"
    assert reading.layer.spans == ()


def test_what_can_not_be_saved_is_kept_said_and_saved_later(tmp_path: Path) -> None:
    document = Document("d", TEXT)
    store = Store(tmp_path / "store")
    full = True

    def save(layer: Layer, steps: Sequence[Step]) -> Layer:
        if full:
            raise StoreError("Not saved: No space left on device.")
        return store.save(layer, steps)

    reading = Reading(
        document, check_out(store, document, "layla"), DEFAULT_SCHEME, keymap_of(), save
    )
    reading.select_or_grow()
    reading.tag("actor")
    assert not reading.saver.wait(20)
    assert "No space left" in reading.save_error
    assert spans(reading) == [("actor", "one")]
    full = False
    go_to_span(reading, 1)
    reading.tag("location")
    assert reading.saver.wait(20)
    assert reading.save_error == ""
    assert is_stored(reading, tmp_path)


@pytest.mark.parametrize(
    "act",
    [
        lambda reading: reading.tag("actor"),
        lambda reading: reading.delete(),
        lambda reading: reading.undo(),
        lambda reading: reading.redo(),
        lambda reading: reading.set_status("done"),
    ],
)
def test_nothing_changes_a_layer_that_is_read_only(
    reading: Reading, tmp_path: Path, act: Callable[[Reading], None]
) -> None:
    document = reading.document
    store = Store(tmp_path / "store")
    second = Reading(
        document, check_out(store, document, "layla"), DEFAULT_SCHEME, keymap_of(), store.save
    )
    assert second.read_only
    second.select_or_grow()
    before = second.layer
    act(second)
    assert second.layer == before
    assert "another session" in second.message
