"""Where each key that moves an edge puts it, and that a span always keeps a letter."""

from itertools import pairwise
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotations.model.layer import Document, Span
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.checkout import check_out
from annotations.store.store import Store
from tests.strategies import texts
from tui.desk.commands import keymap_of
from tui.desk.edges import EdgeAct, letter_act, move_edge, moved, target_of
from tui.desk.reading import Reading

LATIN = "one two, three four. five\nsix e\u0301nd"
ARABIC = "\u062d\u0644\u0628 \u0648\u0627\u0644\u0642\u0627\u0647\u0631\u0629 \u0645\u0635\u0631 \u0648\u0644\u0625\u064a\u0631\u0627\u0646"
"""Aleppo 0-3, and-Cairo 4-12, Egypt 13-16, and-to-Iran 17-24."""
ACTS: tuple[EdgeAct, ...] = (
    "start_back", "start_forward", "end_back", "end_forward", "clause", "start_letter_back",
    "start_letter_forward", "end_letter_back", "end_letter_forward", "cut",
)  # fmt: skip


def reading_of(folder: Path, text: str, *spans: Span) -> Reading:
    document = Document("d", text)
    store = Store(folder / "store")
    checked_out = check_out(store, document, "layla")
    reading = Reading(document, checked_out, DEFAULT_SCHEME, keymap_of(), store.save)
    reading.preview(checked_out.layer.with_spans(spans))
    return reading


@pytest.mark.parametrize(
    ("edges", "act", "wanted"),
    [
        ((9, 14), "start_back", (4, 14)),
        ((5, 14), "start_back", (4, 14)),  # from inside a word to its start
        ((0, 3), "start_back", (0, 3)),
        ((4, 14), "start_forward", (9, 14)),
        ((9, 14), "end_forward", (9, 19)),
        ((9, 12), "end_forward", (9, 14)),  # from inside a word to its end
        ((21, 25), "end_forward", (21, 29)),  # into the next paragraph
        ((30, 34), "end_forward", (30, 34)),
        ((4, 14), "end_back", (4, 7)),
        ((4, 12), "end_back", (4, 7)),
        ((9, 14), "clause", (9, 19)),
        ((9, 19), "clause", (9, 25)),
        ((30, 34), "clause", (30, 34)),
        ((9, 14), "start_letter_back", (8, 14)),
        ((9, 14), "start_letter_forward", (10, 14)),
        ((9, 14), "end_letter_back", (9, 13)),
        ((9, 14), "end_letter_forward", (9, 15)),
        ((26, 30), "end_letter_forward", (26, 32)),  # a letter with its mark
        ((26, 32), "end_letter_back", (26, 30)),
        ((9, 14), "cut", (9, 14)),
    ],
)
def test_where_an_edge_goes_in_a_text(
    tmp_path: Path, edges: tuple[int, int], act: EdgeAct, wanted: tuple[int, int]
) -> None:
    span = Span("s1", *edges, "actor")
    assert moved(reading_of(tmp_path, LATIN, span), span, act) == wanted


@pytest.mark.parametrize(
    ("label", "edges", "act", "wanted"),
    [
        # an actor leaves the proclitic out, a claim takes it in
        ("actor", (13, 16), "start_back", (5, 16)),
        ("claim", (13, 16), "start_back", (4, 16)),
        ("actor", (5, 16), "start_back", (4, 16)),  # it is taken in on the way to the word before
        ("actor", (0, 16), "start_forward", (5, 16)),
        ("claim", (0, 16), "start_forward", (4, 16)),
        ("actor", (17, 24), "cut", (18, 24)),
        ("actor", (18, 24), "cut", (19, 24)),
        ("actor", (19, 24), "cut", (17, 24)),
    ],
)
def test_a_start_knows_whether_its_label_takes_proclitics(
    tmp_path: Path, label: str, edges: tuple[int, int], act: EdgeAct, wanted: tuple[int, int]
) -> None:
    span = Span("s1", *edges, label)
    assert moved(reading_of(tmp_path, ARABIC, span), span, act) == wanted


@pytest.mark.parametrize(
    ("edges", "act"),
    [
        ((9, 14), "start_forward"),
        ((9, 14), "end_back"),
        ((9, 10), "end_letter_back"),
        ((9, 10), "start_letter_forward"),
    ],
)
def test_a_span_that_would_be_empty_stays_as_it_is(
    tmp_path: Path, edges: tuple[int, int], act: EdgeAct
) -> None:
    reading = reading_of(tmp_path, LATIN, Span("s1", *edges, "actor"))
    reading.move_to(9)
    move_edge(reading, act)
    assert [(span.start, span.end) for span in reading.layer.spans] == [edges]
    assert "smaller" in reading.message


def test_the_span_that_is_moved_is_the_active_one_or_the_innermost_at_the_cursor(
    tmp_path: Path,
) -> None:
    inner, outer = Span("s1", 9, 14, "actor"), Span("s2", 4, 19, "claim")
    reading = reading_of(tmp_path, LATIN, inner, outer)
    reading.move_to(10)
    assert target_of(reading) == inner
    reading.activate(outer)
    assert target_of(reading) == outer
    reading.move_to(0)
    assert target_of(reading) is None
    move_edge(reading, "end_forward")
    assert "no span here" in reading.message


def test_a_moved_edge_is_one_step_for_undo_and_keeps_the_cursor_in_the_span(
    tmp_path: Path,
) -> None:
    reading = reading_of(tmp_path, LATIN, Span("s1", 4, 14, "actor"))
    reading.move_to(4)
    move_edge(reading, "start_forward")
    assert [(span.start, span.end) for span in reading.layer.spans] == [(9, 14)]
    assert reading.cursor == 9
    reading.undo()
    assert [(span.start, span.end) for span in reading.layer.spans] == [(4, 14)]


@pytest.mark.parametrize(
    ("edge", "forward", "act"),
    [
        ("start", True, "start_letter_forward"),
        ("start", False, "start_letter_back"),
        ("end", True, "end_letter_forward"),
        ("end", False, "end_letter_back"),
    ],
)
def test_the_act_of_a_letter_is_named_by_edge_and_way(
    edge: str, act: str, *, forward: bool
) -> None:
    assert letter_act(edge, forward=forward) == act


def test_an_edge_goes_past_a_letter_that_no_word_holds_whole(tmp_path: Path) -> None:
    # a vector arrow on the x, which is no mark that words know: x and arrow are one letter
    span = Span("s1", 0, 1, "actor")
    assert moved(reading_of(tmp_path, "a x\u20d7 b", span), span, "end_forward") == (0, 4)


@given(texts.filter(bool), st.lists(st.sampled_from(ACTS), max_size=6), st.data())
def test_after_any_moves_a_span_holds_whole_letters_and_at_least_one(
    tmp_path_factory: pytest.TempPathFactory, text: str, acts: list[EdgeAct], data: st.DataObject
) -> None:
    stops = [match.start() for match in regex.finditer(r"\X", text)] + [len(text)]
    start, end = data.draw(st.sampled_from(list(pairwise(stops))))
    span = Span("s1", start, end, data.draw(st.sampled_from(["actor", "claim"])))
    reading = reading_of(tmp_path_factory.mktemp("reading"), text, span)
    reading.move_to(start)
    for act in acts:
        move_edge(reading, act)
        (span,) = reading.layer.spans
        assert span.start < span.end
        assert {span.start, span.end} <= set(stops)
    reading.close()
