"""A piece of article text on one line of a list, a title or a message: shaped, ordered, cut."""

from typing import NamedTuple

from tui.text.layout import Layout, LineName

_ELLIPSIS = "\u2026"
_CELLS_A_CODE_POINT = 8
"""No cluster of news text is longer; what is further on can't fit."""


class Excerpt(NamedTuple):
    """Text ready to be drawn."""

    visual: str
    cells: int


def excerpt(text: str, width: int) -> Excerpt:
    """Draw the beginning of a text on one line.

    Args:
        text: Any text; line breaks in it become spaces.
        width: Cells at most; a longer text is cut at its logical end, with an ellipsis.

    Returns:
        Its glyphs in visual order, and their cells.
    """
    if width < 1:
        return Excerpt("", 0)
    flat = " ".join(text[: (width + 2) * _CELLS_A_CODE_POINT].split())
    if not flat:
        return Excerpt("", 0)
    whole = Layout(flat, len(flat) * 4 + 8).line(LineName(0, 0))
    if whole.width <= width:
        return Excerpt(whole.visual(), whole.width)
    if width == 1:
        return Excerpt(_ELLIPSIS, 1)
    low, high = 0, len(whole.starts) - 1
    best = Excerpt(_ELLIPSIS, 1)
    while low < high:
        middle = (low + high + 1) // 2
        piece = flat[: whole.starts[middle]].rstrip() + _ELLIPSIS
        line = Layout(piece, len(piece) * 4 + 8, "rtl" if whole.base else "ltr").line(
            LineName(0, 0)
        )
        if line.width <= width:
            best, low = Excerpt(line.visual(), line.width), middle
        else:
            high = middle - 1
    return best
