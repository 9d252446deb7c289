"""Where each motion of the command table leads, in reading order or as the eye sees it."""

from typing import Final

from tui.desk.pointing import Pointing
from tui.text import motion
from tui.text.layout import Layout

KEEPS_COLUMN: Final = ("up", "down", "page_up", "page_down")
"""Motions that keep to a column of the text area however short the lines between."""


def column(pointing: Pointing, layout: Layout) -> int:
    """Return the column of the cursor."""
    return motion.column_of(layout, pointing.cursor)


def target(name: str, pointing: Pointing, layout: Layout, *, page: int, column: int | None) -> int:
    """Find the offset that a motion leads to.

    Args:
        name: The motion, as the command table names it.
        pointing: Where the cursor is.
        layout: The article as it is laid out.
        page: Lines of a screen.
        column: The column to keep to, for the motions that do.
    """
    here = pointing.cursor
    match name:
        case "left" | "right":
            step = motion.LEFT if name == "left" else motion.RIGHT
            found = motion.sideways(layout, here, step)
        case "up" | "down" | "page_up" | "page_down":
            lines = page if name.startswith("page") else 1
            lines = -lines if name.endswith("up") else lines
            found = motion.vertical(layout, here, lines, column or 0)
        case "word_left" | "word_right":
            rtl = layout.line(layout.line_of(here)).base == 1
            forward = rtl == (name == "word_left")
            found = pointing.reading_motion("word", 1 if forward else -1)
        case "line_start" | "line_end":
            found = motion.line_edge(layout, here, end=name == "line_end")
        case "document_start":
            found = 0
        case "document_end":
            found = pointing.last_grapheme
        case "word_end":
            found = pointing.unit_end("word")
        case _:
            unit, _, way = name.partition("_")
            found = pointing.reading_motion(unit, 1 if way == "forward" else -1)
    return found
