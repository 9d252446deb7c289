"""A piece of article text on one line of a list, a title or a message: shaped, ordered, cut."""

from functools import lru_cache
from typing import NamedTuple

from tui.text.layout import Base, Layout, LineName
from tui.text.lines import Line

_ELLIPSIS = "\u2026"
_CELLS_A_CODE_POINT = 8
"""No cluster of news text is longer; what is further on can't fit."""


class Excerpt(NamedTuple):
    """Text ready to be drawn."""

    visual: str
    cells: int


@lru_cache(maxsize=1024)
def excerpt(text: str, width: int, base: Base = "auto") -> Excerpt:
    """Draw the beginning of a text on one line.

    Args:
        text: Any text; line breaks in it become spaces.
        width: Cells at most; a longer text is cut at its logical end, with an ellipsis.
        base: Its direction; a sentence of ours that begins with words of an article has ours.

    Returns:
        Its glyphs in visual order, and their cells.
    """
    line = _cut(text, width, base)
    return Excerpt(line.visual(), line.width) if line else Excerpt("", 0)


def excerpt_cells(text: str, width: int) -> list[str]:
    """Draw as `excerpt` does, a glyph for each cell; the second cell of a wide one is empty."""
    line = _cut(text, width, "auto")
    found: list[str] = []
    for cluster in line.clusters() if line else ():
        if cluster.cells:
            found += [cluster.glyph, *[""] * (cluster.cells - 1)]
    return found


def _cut(text: str, width: int, base: Base) -> Line | None:
    """Lay out as much of a text as fits on a line; None if that is nothing."""
    flat = " ".join(text[: (width + 2) * _CELLS_A_CODE_POINT].split()) if width > 0 else ""
    if not flat:
        return None
    whole = Layout(flat, len(flat) * 4 + 8, base).line(LineName(0, 0))
    if whole.width <= width:
        return whole
    low, high = 0, len(whole.starts) - 1
    best = Layout(_ELLIPSIS, 8).line(LineName(0, 0))
    while low < high:
        middle = (low + high + 1) // 2
        piece = flat[: whole.starts[middle]].rstrip() + _ELLIPSIS
        line = Layout(piece, len(piece) * 4 + 8, "rtl" if whole.base else "ltr").line(
            LineName(0, 0)
        )
        if line.width <= width:
            best, low = line, middle
        else:
            high = middle - 1
    return best
