"""Where each motion of the command table leads, in Arabic and in Latin."""

from pathlib import Path

import pytest

from annotations.model.scheme import DEFAULT_SCHEME
from tests.desk import desk_of, press
from tui.desk.commands import table

LATIN = "one two, three\nfour\n\nlast word"
"""Lines at 0, 15, 20 and 21."""
ARABIC = "\u062d\u0644\u0628 \u062f\u0645\u0634\u0642\u060c \u0645\u0635\u0631\n\u0645\u0646"
"""Aleppo 0-3, Damascus 4-8, a comma, Egypt 10-13; a line of two letters at 14."""


def go(folder: Path, text: str, name: str, cursor: int) -> int:
    with desk_of(folder / "articles", text, height=5) as desk:
        desk.reading.move_to(cursor)
        desk.update_window()
        command = desk.keymap.command(f"move.{name}")
        assert command
        desk.run(command)
        return desk.reading.cursor


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
def test_where_a_motion_leads_in_latin(tmp_path: Path, name: str, cursor: int, wanted: int) -> None:
    assert go(tmp_path, LATIN, name, cursor) == wanted


@pytest.mark.parametrize(("name", "cursor", "wanted"), ARABIC_MOVES)
def test_where_a_motion_leads_in_arabic(
    tmp_path: Path, name: str, cursor: int, wanted: int
) -> None:
    assert go(tmp_path, ARABIC, name, cursor) == wanted


def test_every_motion_of_the_command_table_has_a_case() -> None:
    motions = [item.id for item in table(DEFAULT_SCHEME) if item.id.startswith("move.")]
    assert motions
    assert {f"move.{name}" for name, _, _ in LATIN_MOVES} == set(motions)


def test_the_column_is_kept_over_a_line_that_is_too_short(tmp_path: Path) -> None:
    with desk_of(tmp_path / "articles", LATIN) as desk:
        desk.reading.move_to(12)
        press(desk, "down")
        assert desk.reading.cursor == 18
        press(desk, "up")
        assert desk.reading.cursor == 12
        press(desk, "down", "left", "right", "up")
        assert desk.reading.cursor == 3


def test_only_motions_from_line_to_line_keep_a_column() -> None:
    keeping = {item.id for item in table(DEFAULT_SCHEME) if item.keeps_column}
    assert {name for name in keeping if name.startswith("move.")} == {
        "move.up", "move.down", "move.page_up", "move.page_down",
    }  # fmt: skip
