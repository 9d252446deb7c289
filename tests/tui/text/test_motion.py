"""Arrows that move as the eye sees it."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import bases, texts
from tui.text import motion
from tui.text.layout import Layout

MIXED = "\u062d\u0644\u0628 Aleppo \u0644\u0627\u060c \u0645\u0635\u0631"


def walk(layout: Layout, offset: int, direction: int) -> list[int]:
    found = [offset]
    while True:
        offset = motion.sideways(layout, found[-1], direction)
        if offset in found:
            return found
        found.append(offset)


def test_left_steps_through_every_letter_as_it_stands_on_screen() -> None:
    layout = Layout(MIXED, 40)
    # Arabic from right to left, the Latin word from its last letter to its first, lam and alef apart
    wanted = [0, 1, 2, 3, *range(9, 3, -1), *range(10, len(MIXED))]
    assert walk(layout, 0, motion.LEFT) == wanted
    assert walk(layout, len(MIXED) - 1, motion.RIGHT) == wanted[::-1]


def test_left_goes_on_to_the_next_line_in_arabic_and_to_the_one_before_in_latin() -> None:
    arabic = Layout("\u062d\u0644\u0628\n\u0645\u0635\u0631", 40)
    assert motion.sideways(arabic, 2, motion.LEFT) == 4
    assert motion.sideways(arabic, 4, motion.RIGHT) == 2
    latin = Layout("abc\ndef", 40)
    assert motion.sideways(latin, 4, motion.LEFT) == 2
    assert motion.sideways(latin, 2, motion.RIGHT) == 4


@given(texts.filter(bool), st.integers(2, 40), bases, st.data())
def test_arrows_always_land_on_a_grapheme_and_left_undoes_right(
    text: str, width: int, base: str, data: st.DataObject
) -> None:
    layout = Layout(text, width, base)  # type: ignore[arg-type]  # drawn from the right ones
    stops = [match.start() for match in regex.finditer(r"\X", text)]
    offset = data.draw(st.sampled_from(stops))
    for direction in (motion.LEFT, motion.RIGHT):
        there = motion.sideways(layout, offset, direction)
        assert there in stops
        line = motion.opened_line(layout, layout.line_of(offset))
        inside = 0 <= line.cell_of(offset) < line.width
        if inside and layout.line_of(there) == layout.line_of(offset) and there != offset:
            assert motion.sideways(layout, there, -direction) == offset
    for lines in (-1, 1, 7):
        column = motion.column_of(layout, offset)
        assert motion.vertical(layout, offset, lines, column) in stops


def test_up_and_down_keep_the_column_across_paragraphs_of_both_directions() -> None:
    text = "\u062d\u0644\u0628\u062d\u0644\u0628\nabcdef\n\u0645\u0635\u0631\u0645\u0635\u0631"
    layout = Layout(text, 6)
    column = motion.column_of(layout, 1)
    assert column == 4
    assert text[motion.vertical(layout, 1, 1, column)] == "e"
    assert motion.vertical(layout, 1, 2, column) == 15


def test_the_edges_of_a_line_are_those_of_reading() -> None:
    layout = Layout("one two\n\u062d\u0644\u0628 \u0645", 40)
    assert motion.line_edge(layout, 9, end=False) == 8
    assert motion.line_edge(layout, 9, end=True) == 12
    assert motion.line_edge(layout, 2, end=True) == 6
