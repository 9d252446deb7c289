"""The cursor stands on whole letters, and a selection grows, extends and goes away as it should."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import texts
from tui.desk.pointing import Pointing

TEXT = "one two, three e\u0301nd.\n\nlast (word)"
"""one 0-3, two 4-7, three 9-14, end 15-19, last 22-26, word 28-32."""


def at(cursor: int, text: str = TEXT) -> Pointing:
    return Pointing(text, cursor)


def selected(pointing: Pointing) -> str | None:
    selection = pointing.selection
    return pointing.text[selection.start : selection.end] if selection else None


@pytest.mark.parametrize(("offset", "cursor"), [(0, 0), (16, 15), (17, 17), (99, 32), (-5, 0)])
def test_the_cursor_stands_on_the_letter_that_an_offset_is_of(offset: int, cursor: int) -> None:
    assert at(offset).cursor == cursor
    pointing = at(3)
    pointing.move_to(offset)
    assert pointing.cursor == cursor


@pytest.mark.parametrize(
    ("cursor", "unit", "direction", "wanted"),
    [
        (0, "word", 1, 4),
        (5, "word", 1, 9),
        (5, "word", -1, 4),
        (4, "word", -1, 0),
        (0, "word", -1, 0),
        (15, "word", 1, 22),
        (28, "word", 1, 32),  # there is none: the last letter
        (0, "clause", 1, 9),
        (12, "clause", -1, 9),
        (9, "clause", -1, 0),
        (0, "paragraph", 1, 22),
        (30, "paragraph", -1, 22),
        (22, "paragraph", -1, 0),
    ],
)
def test_where_a_motion_in_reading_order_leads(
    cursor: int, unit: str, direction: int, wanted: int
) -> None:
    assert at(cursor).reading_motion(unit, direction) == wanted


@pytest.mark.parametrize(
    ("cursor", "unit", "wanted"),
    [
        (0, "word", 2),
        (2, "word", 6),  # there already: the next one's
        (3, "word", 6),
        (15, "word", 18),
        (0, "clause", 6),
        (0, "paragraph", 19),
        (31, "word", 32),
    ],
)
def test_where_a_unit_ends(cursor: int, unit: str, wanted: int) -> None:
    assert at(cursor).unit_end(unit) == wanted


@pytest.mark.parametrize(
    ("cursor", "grown"),
    [
        (10, ["three", "three e\u0301nd", "one two, three e\u0301nd", "one two, three e\u0301nd."]),
        (5, ["two", "one two", "one two, three e\u0301nd", "one two, three e\u0301nd."]),
        (29, ["word", "last (word)"]),
    ],
)
def test_a_selection_grows_by_units_that_are_larger(cursor: int, grown: list[str]) -> None:
    pointing = at(cursor)
    found = []
    for _ in range(6):
        pointing.select_or_grow()
        found.append(selected(pointing))
    assert list(dict.fromkeys(found)) == grown
    assert pointing.cursor == cursor


def test_where_there_is_no_word_nothing_is_selected() -> None:
    pointing = at(1, "a\n\nb")
    pointing.move_to(2)
    assert not pointing.select_or_grow()
    assert pointing.selection is None


def test_a_motion_drops_a_selection_and_one_with_shift_extends_it() -> None:
    pointing = at(10)
    pointing.move_to(12, extend=True)
    assert selected(pointing) == "hre"
    pointing.move_to(4, extend=True)
    assert selected(pointing) == "two, th"  # the letter where it began stays in
    pointing.move_to(5)
    assert pointing.selection is None


def test_an_extending_selection_follows_plain_motions_until_it_is_ended() -> None:
    pointing = at(4)
    pointing.start_extending()
    pointing.move_to(6)
    assert selected(pointing) == "two"
    pointing.move_to(1)
    assert selected(pointing) == "ne t"
    pointing.start_extending()
    assert pointing.selection is None


def test_a_selected_word_stays_whole_while_it_is_extended() -> None:
    pointing = at(10)
    pointing.select_or_grow()
    pointing.start_extending()
    assert pointing.cursor == 13  # its last letter
    pointing.move_to(pointing.reading_motion("word", 1))
    assert selected(pointing) == "three e\u0301nd"
    pointing.move_to(4)
    assert selected(pointing) == "two, three"


@pytest.mark.parametrize(("forward", "cursor"), [(True, 13), (False, 9)])
def test_a_selection_is_stretched_from_the_edge_that_moves(*, forward: bool, cursor: int) -> None:
    pointing = at(11)
    pointing.select_or_grow()
    pointing.stretch_from(forward=forward)
    assert pointing.cursor == cursor


@pytest.mark.parametrize(
    ("start", "end", "words"), [(0, 2, "one"), (6, 4, "two"), (17, 16, "e\u0301n")]
)
def test_a_mouse_selects_whole_letters_in_both_directions(start: int, end: int, words: str) -> None:
    pointing = at(0)
    pointing.select(start, end)
    assert selected(pointing) == words
    pointing.hits = ((0, 3),)
    pointing.drop()
    assert pointing.selection is None
    assert not pointing.hits


acts = st.one_of(
    st.tuples(st.sampled_from(["move", "extend", "unit_end"]), st.integers(0, 80)),
    st.tuples(
        st.sampled_from(["grow", "v", "select", "on", "back", "stretch"]), st.integers(0, 80)
    ),
)


@given(texts.filter(bool), st.lists(acts, max_size=12))
def test_whatever_is_done_cursor_and_selection_hold_whole_letters(
    text: str, done: list[tuple[str, int]]
) -> None:
    starts = {match.start() for match in regex.finditer(r"\X", text)}
    pointing = at(0, text)
    for act, number in done:
        match act:
            case "move" | "extend":
                pointing.move_to(number % len(text), extend=act == "extend")
            case "unit_end":
                pointing.move_to(pointing.unit_end("word"))
            case "grow":
                pointing.select_or_grow()
            case "v":
                pointing.start_extending()
            case "select":
                pointing.select(number % len(text), len(text) // 2)
            case "stretch":
                pointing.stretch_from(forward=number % 2 == 0)
            case _:
                pointing.move_to(pointing.reading_motion("clause", 1 if act == "on" else -1))
        assert pointing.cursor in starts
        if pointing.selection:
            assert pointing.selection.start < pointing.selection.end
            assert {pointing.selection.start, pointing.selection.end} <= {*starts, len(text)}
