"""Moving over laid-out text as the eye sees it: left, right, up, down, to the ends of a line.

Offsets are code points of the document and always stand before a grapheme cluster. A *column* is
a cell counted from the left edge of the text area, in which lines of base direction right to left
stand at the right.
"""

from typing import Final

from tui.text.layout import Layout, LineName
from tui.text.lines import Line
from tui.text.shaping import OPENED

LEFT: Final = -1
RIGHT: Final = 1


def opened_line(layout: Layout, name: LineName) -> Line:
    """Lay a line with every lam-alef open, so that each grapheme has a cell of its own."""
    closed = layout.line(name)
    inner = [
        offset
        for index, glyph in enumerate(closed.glyphs[: closed.shown])
        if glyph[0] in OPENED
        for offset in range(closed.starts[index] + 1, closed.starts[index + 1])
    ]
    return layout.line(name, inner) if inner else closed


def sideways(layout: Layout, offset: int, direction: int) -> int:
    """Step to the grapheme that stands beside an offset's on screen.

    Args:
        layout: The laid-out document.
        offset: Where to step from.
        direction: LEFT or RIGHT.

    Returns:
        The offset of the neighbour; past an end of the line, the nearest end of the line that
        follows (or precedes) in reading order.
    """
    name = layout.line_of(offset)
    line = opened_line(layout, name)
    cell = line.cell_of(offset)
    if 0 <= cell < line.width:
        width = next(
            (cluster.cells for cluster in line.clusters() if cluster.start == offset), 1
        )  # fmt: skip
        target = cell - 1 if direction == LEFT else cell + width
        if 0 <= target < line.width:
            return line.offset_at(target)
    elif line.width and (cell < 0) == (direction == RIGHT):
        return line.offset_at(0 if direction == RIGHT else line.width - 1)
    forward = (direction == LEFT) == bool(line.base)
    neighbour = layout.moved(name, 1 if forward else -1)
    if neighbour == name:
        return offset
    other = opened_line(layout, neighbour)
    if not other.width:
        return other.start
    enters_at_right = bool(other.base) == forward
    return other.offset_at(other.width - 1 if enters_at_right else 0)


def column_of(layout: Layout, offset: int) -> int:
    """Return the column of an offset's grapheme in the text area."""
    line = opened_line(layout, layout.line_of(offset))
    return margin(layout, line) + line.cell_of(offset)


def margin(layout: Layout, line: Line) -> int:
    """Return the free columns to the left of a line."""
    return layout.width - line.width if line.base else 0


def offset_at(layout: Layout, name: LineName, column: int) -> int:
    """Return the offset nearest to a column of a line."""
    line = opened_line(layout, name)
    if not line.width:
        return line.start
    cell = max(0, min(column - margin(layout, line), line.width - 1))
    return line.offset_at(cell)


def vertical(layout: Layout, offset: int, lines: int, column: int) -> int:
    """Step up (negative) or down, keeping to a column."""
    name = layout.line_of(offset)
    target = layout.moved(name, lines)
    return offset if target == name else offset_at(layout, target, column)


def line_edge(layout: Layout, offset: int, *, end: bool) -> int:
    """Return where the line of an offset starts in reading order, or its last grapheme."""
    line = opened_line(layout, layout.line_of(offset))
    return line.starts[max(0, line.shown - 1)] if end else line.start
