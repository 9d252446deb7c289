"""Where each motion of the command table leads, in Arabic and in Latin."""

import pytest

from tui.desk.commands import COMMANDS
from tui.desk.motions import KEEPS_COLUMN, column, target
from tui.desk.pointing import Pointing
from tui.text.layout import Layout

LATIN = "one two, three\nfour\n\nlast word"
"""Lines at 0, 15, 20 and 21."""
ARABIC = "\u062d\u0644\u0628 \u062f\u0645\u0634\u0642\u060c \u0645\u0635\u0631\n\u0645\u0646"
"""Aleppo 0-3, Damascus 4-8, a comma, Egypt 10-13; a line of two letters at 14."""
WIDTH = 20


def go(text: str, name: str, cursor: int, page: int = 2) -> int:
    pointing, layout = Pointing(text, cursor), Layout(text, WIDTH)
    return target(name, pointing, layout, page=page, column=column(pointing, layout))


LATIN_MOVES = [
    ("left", 5, 4), ("right", 5, 6), ("right", 13, 15), ("left", 15, 13),
    ("down", 2, 17), ("up", 17, 2), ("up", 2, 2), ("down", 24, 24),
    ("page_down", 2, 20), ("page_up", 24, 18), ("page_up", 17, 2),
    ("word_forward", 0, 4), ("word_back", 6, 4), ("word_end", 4, 6), ("word_end", 6, 13),
    ("word_left", 6, 4), ("word_right", 0, 4),
    ("clause_forward", 0, 9), ("clause_back", 12, 9),
    ("paragraph_forward", 0, 15), ("paragraph_forward", 15, 21), ("paragraph_back", 24, 21),
    ("line_start", 12, 0), ("line_end", 17, 18), ("document_start", 17, 0), ("document_end", 0, 29),
]  # fmt: skip
ARABIC_MOVES = [
    ("left", 5, 6), ("right", 5, 4), ("left", 12, 14), ("right", 14, 12),
    ("down", 1, 15), ("up", 15, 1),
    ("word_forward", 0, 4), ("word_back", 6, 4), ("word_left", 0, 4), ("word_right", 6, 4),
    ("word_end", 4, 7), ("clause_forward", 0, 10), ("clause_back", 10, 0),
    ("line_start", 6, 0), ("line_end", 0, 12), ("document_end", 0, 15),
]  # fmt: skip


@pytest.mark.parametrize(("name", "cursor", "wanted"), LATIN_MOVES)
def test_where_a_motion_leads_in_latin(name: str, cursor: int, wanted: int) -> None:
    assert go(LATIN, name, cursor) == wanted


@pytest.mark.parametrize(("name", "cursor", "wanted"), ARABIC_MOVES)
def test_where_a_motion_leads_in_arabic(name: str, cursor: int, wanted: int) -> None:
    assert go(ARABIC, name, cursor) == wanted


def test_every_motion_of_the_command_table_has_a_case() -> None:
    named = {item.id.removeprefix("move.") for item in COMMANDS if item.id.startswith("move.")}
    assert named
    assert {name for name, _, _ in LATIN_MOVES} == named


def test_the_column_is_kept_over_a_line_that_is_too_short() -> None:
    pointing, layout = Pointing(LATIN, 12), Layout(LATIN, WIDTH)
    kept = column(pointing, layout)
    pointing.move_to(target("down", pointing, layout, page=5, column=kept))
    assert pointing.cursor == 18
    pointing.move_to(target("up", pointing, layout, page=5, column=kept))
    assert pointing.cursor == 12


def test_only_motions_from_line_to_line_keep_a_column() -> None:
    assert set(KEEPS_COLUMN) == {"up", "down", "page_up", "page_down"}
