"""Rows as a terminal with bidi of its own must get them, so that they come out as they were laid.

A row is a list of cells in visual order. Cells move whole, with their pens, so that what is
coloured stays coloured. Columns count from 0.
"""

from collections.abc import Sequence

from msgspec import Struct

from tui.terminal.display import Cell
from tui.terminal.families import Mode
from tui.text import bidi


class RowOrder(Struct, frozen=True):
    """How rows are sent in a mode."""

    mode: Mode

    def row(self, row: Sequence[Cell]) -> list[Cell]:
        """Return the row to send."""
        return moved(row, places_for(row, self.mode))

    def column(self, row: Sequence[Cell], column: int) -> int:
        """Return where the cell that is seen in a column stands in what is sent."""
        return column_sent(row, column, self.mode)


def order_for(mode: Mode) -> RowOrder | None:
    """Return how rows are sent in a mode; None is as they are seen."""
    return None if mode in ("visual", "off") else RowOrder(mode)


def places_for(row: Sequence[Cell], mode: Mode) -> list[int]:
    """Find the column of a row whose cell goes to each place of what is sent.

    Args:
        row: The row as it is to be seen.
        mode: How rows are sent.

    Returns:
        Columns; one that is negative, less one, is of a cell that the terminal will mirror.
    """
    if mode == "kitty":
        return _words_turned(row)
    if mode in ("inverse", "inverse_first"):
        return _inverse(row, 0 if mode == "inverse" else None)
    return list(range(len(row)))


def has_rtl(row: Sequence[Cell]) -> bool:
    """Return whether anything in a row is written from right to left."""
    return any("\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc" for char, _ in row)


def _words_turned(row: Sequence[Cell]) -> list[int]:
    """Turn round each run of cells between blanks that holds a right-to-left letter.

    This is what kitty does to it once more.
    """
    places = list(range(len(row)))
    start = 0
    while start < len(row):
        end = start
        while end < len(row) and row[end][0] != " ":
            end += 1
        if end > start and has_rtl(row[start:end]):
            places[start:end] = [
                -1 - place if _is_mirrored(row[place]) else place
                for place in _wide_kept(row, places[start:end][::-1])
            ]
        start = end + 1
    return places


def _inverse(row: Sequence[Cell], base: int | None) -> list[int]:
    """Find the order of cells that a bidi paragraph turns into the order of a row.

    A paragraph's base is that of every row, or None where the terminal takes it from the first
    strong letter of what it is sent. The row stays as it is where no order is found.
    """
    plain = list(range(len(row)))
    if not has_rtl(row):
        return plain
    for direction in (1, 0) if base is None else (base,):
        places = _reordered(row, direction)
        sent = moved(row, places)
        text = "".join(glyph[:1] or "\u200b" for glyph, _ in sent)
        seen_by = bidi.resolve(text, base)[1] if base is None else base
        if seen_by == direction and moved(sent, _reordered(sent, direction)) == list(row):
            return places
    return plain


def _reordered(row: Sequence[Cell], base: int) -> list[int]:
    """Return the columns of a row in the order in which bidi would show them."""
    # the second cell of a wide glyph is written as a mark, which stays with it
    text = "".join(glyph[:1] or "\u0300" for glyph, _ in row)
    runs, _ = bidi.resolve(text, base)
    line = bidi.line_runs(text, runs, base, 0, len(text))
    places: list[int] = []
    for start, end, level in bidi.visual_order(line):
        if level & 1:
            turned = _wide_kept(row, list(range(end - 1, start - 1, -1)))
            places += [-1 - place if _is_mirrored(row[place]) else place for place in turned]
        else:
            places += range(start, end)
    return places


def moved(row: Sequence[Cell], places: Sequence[int]) -> list[Cell]:
    """Reorder the cells of a row as `inverse` found."""
    return [row[place] if place >= 0 else _mirror(row[-1 - place]) for place in places]


def column_seen(row: Sequence[Cell], column: int, mode: Mode) -> int:
    """Find the column of a row as seen for the column that a terminal reports of a click.

    A terminal that turns rows round reports the place in what it was sent, but kitty, which only
    draws words so, the place on the screen.
    """
    if mode == "kitty" or not 0 <= column < len(row):
        return column
    place = places_for(row, mode)[column]
    return place if place >= 0 else -1 - place


def column_sent(row: Sequence[Cell], column: int, mode: Mode) -> int:
    """Find where the cursor must be put to be drawn on the cell that is seen in a column."""
    if mode == "kitty" or not 0 <= column < len(row):
        return column
    return next(
        sent for sent, place in enumerate(places_for(row, mode)) if column in (place, -1 - place)
    )


def _wide_kept(row: Sequence[Cell], places: list[int]) -> list[int]:
    """Move the second cell of a wide glyph behind its first again."""
    kept: list[int] = []
    waiting: list[int] = []
    for place in places:
        if row[place][0]:
            kept += [place, *waiting]
            waiting = []
        else:
            waiting.insert(0, place)
    return kept + waiting


def _is_mirrored(cell: Cell) -> bool:
    return bidi.mirrored(cell[0]) != cell[0]


def _mirror(cell: Cell) -> Cell:
    return (bidi.mirrored(cell[0]), cell[1])
