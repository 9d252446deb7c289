"""The window on an article: which of its lines are shown, and how many rows each takes.

The article is laid out at the width of the window, only as far as it is looked at. A line takes a
row for its text and one for each lane under it. Rows and columns count from the top left of the
window; the window starts at a line (`LineName`), since numbering all lines would cost more the
longer the article is.
"""

from bisect import bisect_left, bisect_right
from typing import Final

from msgspec import Struct

from annotations.language.graphemes import next_boundary
from annotations.model.layer import Span
from tui.desk.marks import Lane, Marks, SpanIndex, lanes_of
from tui.text import motion
from tui.text.layout import Base, Layout, LineName
from tui.text.lines import Line

WIDEST: Final = 76
"""Cells of text a line at most: longer lines are hard to read back."""
MARGIN: Final = 2
"""Free cells at either side, at least."""
CONTEXT: Final = 3
"""Lines that stay in sight above and below the cursor, in a window with room for them."""
_LAM: Final = "\u0644"
_MOST_KEPT: Final = 500
"""Lines that are remembered as they were shown."""


class ShownLine(Struct, frozen=True):
    """A line as it is shown, whatever lies over its letters."""

    name: LineName
    line: Line
    spans: tuple[Span, ...]
    """Those that touch it, the shortest first."""
    lanes: tuple[tuple[Lane, ...], ...]
    """What stands in each row under the text; an empty row for a line of text without spans."""

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return 1 + len(self.lanes)


class Window:
    """A window that follows the cursor.

    Args:
        text: The article.
        width: Columns of the window.
        height: Rows of it.
        base: The direction of its paragraphs.
    """

    def __init__(self, text: str, width: int = 0, height: int = 0, *, base: Base = "auto") -> None:
        self.text = text
        self.width = width
        self.height = height
        self.shows_lanes = True
        """Whether all lanes are shown; else one row alone stands under each line."""
        self.is_away = False
        """Whether it was scrolled away from the cursor, and stays there."""
        self.layout = Layout(text, self.text_width, base, in_context=True)
        self.top = LineName(0, 0)
        self.lines: list[ShownLine] = []
        """What is in the window, from the top."""
        self._spans = SpanIndex(())
        self._opened: list[int] = []
        self._laid_out: dict[tuple[LineName, tuple[int, ...]], Line] = {}
        self._known: dict[tuple[LineName, int, tuple[Span, ...]], ShownLine] = {}

    # Geometry

    @property
    def text_width(self) -> int:
        """Cells of the text area."""
        return max(1, min(WIDEST, self.width - 2 * MARGIN))

    @property
    def text_left(self) -> int:
        """Columns before the text area."""
        return max(0, (self.width - self.text_width) // 2)

    def left_of(self, line: Line) -> int:
        """Return the column of a line's left end."""
        return self.text_left + motion.margin(self.layout, line)

    def resize(self, width: int, height: int) -> None:
        """Set another size; what was at the top stays there."""
        self.width, self.height = width, height
        if self.layout.width != self.text_width:
            anchor = self.layout.bounds(self.top)[0]
            self.layout = self.layout.at_width(self.text_width)
            self.top = self.layout.line_of(anchor)
            self._forget()

    def set_base(self, base: Base) -> None:
        """Lay out in another direction; what was at the top stays there."""
        anchor = self.layout.bounds(self.top)[0]
        self.layout = Layout(self.text, self.text_width, base, in_context=True)
        self.top = self.layout.line_of(anchor)
        self._forget()

    def toggle_lanes(self) -> None:
        """Show all lanes, or one row alone under each line."""
        self.shows_lanes = not self.shows_lanes
        self._forget()

    def _forget(self) -> None:
        """Lay out and share out all lines anew."""
        self._known.clear()
        self._laid_out.clear()

    # What is shown

    def update(self, marks: Marks, cursor: int, *, follow: bool = True) -> None:
        """Update the window.

        Args:
            marks: What lies over the text.
            cursor: The offset of the cursor.
            follow: Whether the cursor is to be in the window, unless that was scrolled away.
        """
        if not self.width or not self.height:
            return
        if len(self._known) > _MOST_KEPT:
            self._forget()
        if marks.spans is not self._spans.spans:
            self._spans = SpanIndex(marks.spans)
        self._opened = self._opened_by(marks, cursor)
        if follow and not self.is_away:
            self._follow(cursor)
        self.lines = self._filled()

    def _opened_by(self, marks: Marks, cursor: int) -> list[int]:
        """List the offsets beside the edges of spans at which no lam-alef may stay closed."""
        opened = {cursor, *(marks.selection or ())}
        if self.text[cursor : cursor + 1] == _LAM:
            # the cursor covers one letter, so what comes after it must be drawn apart
            opened.add(next_boundary(self.text, cursor))
        return sorted(opened)

    def _shown(self, name: LineName) -> ShownLine:
        """Lay a line out, or take it as it was if no span on it has changed."""
        start, end = self.layout.bounds(name)
        edges = self._spans.edges
        inner = edges[bisect_right(edges, start) : bisect_left(edges, end)]
        inner += [offset for offset in self._opened if start < offset < end]
        line = self._line(name, ())
        if inner:
            # only an offset inside of a cluster can open one
            line = self._line(name, tuple(sorted({*inner} - frozenset(line.starts))))
        spans = self._spans.touching(start, end)
        key = (name, id(line), spans)
        known = self._known.get(key)
        if known is None:
            lanes = tuple(map(tuple, lanes_of(line, spans)))
            if not self.shows_lanes:
                lanes = lanes[:1]
            if line.width and not lanes:
                lanes = ((),)
            known = self._known[key] = ShownLine(name, line, spans, lanes)
        return known

    def _line(self, name: LineName, opened: tuple[int, ...]) -> Line:
        line = self._laid_out.get((name, opened))
        if line is None:
            line = self._laid_out[name, opened] = self.layout.line(name, opened)
        return line

    def _filled(self) -> list[ShownLine]:
        """List the lines from the top on; the last text has its first row under it in the window.

        At the end of the article the window is filled from above.
        """
        lines: list[ShownLine] = []
        room = self.height
        name = self.top
        at_end = False
        while room > 0:
            shown = self._shown(name)
            if lines and room < min(2, shown.rows):
                break
            lines.append(shown)
            room -= shown.rows
            following = self.layout.moved(name, 1)
            if following == name:
                at_end = True
                break
            name = following
        while at_end:
            above = self.layout.moved(self.top, -1)
            room -= self._shown(above).rows
            if above == self.top or room < 0:
                break
            self.top = above
            lines.insert(0, self._shown(above))
        return lines

    @property
    def _context(self) -> int:
        """Lines that stay in sight above and below the cursor's, where there is room."""
        return min(CONTEXT, max(0, (self.height - 4) // 6))

    def _follow(self, cursor: int) -> None:
        here = self.layout.line_of(cursor)
        above = self.layout.moved(here, -self._context)
        if above < self.top:
            self.top = above
            return
        room = self.height
        name = self.layout.moved(here, self._context)
        highest = here
        # walk up from there as far as the window reaches
        while True:
            room -= self._shown(name).rows
            if room < 0:
                break
            highest = min(highest, name)
            if name <= self.top:
                return
            name = self.layout.moved(name, -1)
        self.top = highest

    def look_ahead(self, cursor: int) -> None:
        """Move the window so that what follows the cursor is in it, for the next hints.

        It moves in one step when less than a half of it is left, not line by line.
        """
        here = self.layout.line_of(cursor)
        row = next((row for row, item in self.rows() if item.name == here), self.height)
        if row > self.height // 2:
            self.top = self.layout.moved(here, -self._context)

    def scroll(self, lines: int) -> None:
        """Move the window without the cursor, and stay there until the next key that moves it."""
        self.top = self.layout.moved(self.top, lines)
        self.is_away = True

    def show(self, offset: int) -> None:
        """Move the window without the cursor so that an offset is in it."""
        self._follow(offset)
        self.is_away = True

    # What is asked

    def rows(self) -> list[tuple[int, ShownLine]]:
        """List the lines with the row of their text."""
        found = []
        row = 0
        for item in self.lines:
            found.append((row, item))
            row += item.rows
        return found

    @property
    def offsets(self) -> tuple[int, int]:
        """The offsets whose lines are on screen with the row of their hints."""
        shown = [item for row, item in self.rows() if row + min(2, item.rows) <= self.height]
        return (shown[0].line.start, shown[-1].line.end) if shown else (0, 0)

    @property
    def page(self) -> int:
        """Lines in the window, one left out so that the reader keeps the thread."""
        return max(1, len(self.lines) - 1)

    def cell_of(self, cursor: int) -> tuple[int, int] | None:
        """Return column and row of an offset; None if it is not in the window."""
        for row, item in self.rows():
            line = item.line
            if line.start <= cursor < line.end and row < self.height:
                left = self.left_of(line)
                if cursor in line.starts[: line.shown]:
                    return (left + line.cell_of(cursor), row)
                hung = max(0, left - 1) if line.base else left + line.width
                return (min(hung, self.width - 1), row)
        return None

    def offset_at(self, column: int, row: int) -> int | None:
        """Return the offset of the grapheme at a place, or None if below the text."""
        for first, item in self.rows():
            if first <= row < first + item.rows:
                return motion.offset_at(self.layout, item.name, column - self.text_left)
        return None

    def reads_rightward(self, offset: int) -> bool:
        """Return whether the line of an offset reads from left to right."""
        return self.layout.line(self.layout.line_of(offset)).base == 0
