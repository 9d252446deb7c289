"""The article on the screen: a window on the laid-out text that follows the cursor.

Only the lines in the window are laid out and painted, and of its rows only those that changed are
sent. Rows count from the top of the widget; the window starts at a line (`LineName`), since
numbering all lines would cost more the longer the article is.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotations.language.segmentation import next_boundary
from tui.desk.hints import Hinting
from tui.desk.reading import Reading
from tui.text import motion
from tui.text.layout import Layout, LineName
from tui.text.lines import Line
from tui.widgets.paint import Marks, hint_strip, lane_strip, lanes_of, text_strip
from tui.widgets.palette import Palette, palette

WIDEST = 76
"""Cells of text a line at most: longer lines are hard to read back."""
MARGIN = 2
"""Free cells at either side, at least."""
Drawn: TypeAlias = tuple[Line, tuple[Strip, ...]]
_MOST_DRAWN = 2000
"""Lines that are kept as they were drawn."""


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A line in the window."""

    name: LineName
    line: Line
    row: int
    """Row of its text; its lanes follow."""
    strips: tuple[Strip, ...]
    """The rows that it takes."""

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return len(self.strips)


class ArticleView(Widget):
    """Draws a reading; turns clicks and drags into offsets."""

    DEFAULT_CSS: ClassVar[str] = "ArticleView { width: 1fr; height: 1fr; }"

    @dataclass
    class Pressed(Message):
        """The mouse was pressed on a grapheme."""

        offset: int
        double: bool

    @dataclass
    class Dragged(Message):
        """The mouse was dragged from one grapheme to another."""

        start: int
        end: int

    @dataclass
    class Scrolled(Message):
        """The wheel was turned; lines down, negative for up."""

        lines: int

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        self.shows_lanes = True
        self.hides_vowels = False
        self.hinting: Hinting | None = None
        """Hints to draw under the words."""
        self.paints_cursor = True
        """Whether the cursor is painted; else the terminal's own stands at `cursor_cell`."""
        self.laid_out = Layout(reading.text, WIDEST, in_context=True)
        self.top = LineName(0, 0)
        self._strips: list[Strip] = []
        self._lines: list[ScreenLine] = []
        self._drawn: dict[
            tuple[LineName, tuple[int, ...], int], tuple[Line, tuple[Strip, ...]]
        ] = {}
        self._drawn_for: object = None
        self._pressed: int | None = None

    # Geometry

    @property
    def text_width(self) -> int:
        """Cells of the text area."""
        return max(1, min(WIDEST, self.size.width - 2 * MARGIN))

    @property
    def text_left(self) -> int:
        """Cells before the text area."""
        return max(0, (self.size.width - self.text_width) // 2)

    def show_reading(self, reading: Reading) -> None:
        """Draw another article."""
        self.reading = reading
        self.laid_out = Layout(reading.text, self.text_width, in_context=True)
        self.top = LineName(0, 0)
        self.update_view()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the article out anew."""
        if self.laid_out.width != self.text_width:
            anchor = self.laid_out.bounds(self.top)[0]
            self.laid_out = self.laid_out.at_width(self.text_width)
            self.top = self.laid_out.line_of(anchor)
        self._strips = []
        self.update_view()
        event.stop()

    # The window

    def update_view(self, *, follow: bool = True) -> bool:
        """Bring the window up to date and repaint the rows that changed.

        Args:
            follow: Move the window so that the cursor is in it.

        Returns:
            Whether any did.
        """
        if not self.size.height or not self.size.width:
            return False
        marks = self._marks()
        self._forget_drawn(marks)
        if follow:
            self._follow_cursor(marks)
        self._lines = self._fill(marks)
        height = self.size.height
        strips = [strip for item in self._lines for strip in item.strips][:height]
        strips += [Strip.blank(self.size.width, self._palette().text)] * (height - len(strips))
        before = self._strips
        self._strips = strips
        if len(before) != len(strips):
            self.refresh()
            return True
        width = self.size.width
        changed = [
            Region(0, row, width, 1)
            for row, (old, new) in enumerate(zip(before, strips, strict=True))
            if old != new
        ]
        if changed:
            self.refresh(*changed)
        return bool(changed)

    def _marks(self) -> Marks:
        reading = self.reading
        selection = reading.selection
        return Marks(
            spans=reading.layer.spans,
            labels={label.name: label for label in reading.scheme.labels},
            cursor=reading.cursor if self.paints_cursor else -1,
            selection=(selection.start, selection.end) if selection else None,
            active=reading.active_id,
            hits=reading.hits,
            heads=reading.heads,
            hides_vowels=self.hides_vowels,
        )

    def _edges(self, marks: Marks) -> list[int]:
        """List the offsets at which no lam-alef may stay closed, ascending."""
        edges = {offset for span in marks.spans for offset in (span.start, span.end)}
        cursor = self.reading.cursor
        edges.add(cursor)
        edges.update(marks.selection or ())
        if self.reading.text[cursor : cursor + 1] == "\u0644":
            # the cursor covers one letter, so what comes after it must be parted from it
            edges.add(next_boundary(self.reading.text, cursor))
        return sorted(edges)

    def _screen_line(self, name: LineName, row: int, marks: Marks, edges: list[int]) -> ScreenLine:
        """Draw a line, or take it as it was drawn if nothing that lies over it has changed."""
        start, end = self.laid_out.bounds(name)
        opened = tuple(edges[bisect_right(edges, start) : bisect_left(edges, end)])
        cursor = marks.cursor if start <= marks.cursor < end else -1
        key = (name, opened, cursor)
        drawn = self._drawn.get(key)
        if drawn is None:
            line = self.laid_out.line(name, opened)
            drawn = self._drawn[key] = (line, self._paint(line, marks))
        return ScreenLine(name, drawn[0], row, drawn[1])

    def _forget_drawn(self, marks: Marks) -> None:
        """Draw lines anew once anything but the cursor has changed."""
        dark = self.app.current_theme.dark
        under = (
            self.laid_out,
            self.size.width,
            dark,
            self.shows_lanes,
            self.hides_vowels,
            self.hinting,
        )
        over = (marks.spans, marks.selection, marks.active, marks.hits, tuple(marks.heads.items()))
        if (under, over) != self._drawn_for or len(self._drawn) > _MOST_DRAWN:
            self._drawn_for = (under, over)
            self._drawn.clear()

    def _fill(self, marks: Marks) -> list[ScreenLine]:
        edges = self._edges(marks)
        lines: list[ScreenLine] = []
        row = 0
        name = self.top
        while row < self.size.height:
            lines.append(self._screen_line(name, row, marks, edges))
            row += lines[-1].rows
            following = self.laid_out.moved(name, 1)
            if following == name:
                break
            name = following
        return lines

    def _follow_cursor(self, marks: Marks) -> None:
        here = self.laid_out.line_of(self.reading.cursor)
        above = self.laid_out.moved(here, -1)
        if above < self.top:
            self.top = min(above, here)
            return
        edges = self._edges(marks)
        room = self.size.height
        name = self.laid_out.moved(here, 1)
        highest = here
        # walk up from the line below the cursor's as far as the window reaches
        while True:
            room -= self._screen_line(name, 0, marks, edges).rows
            if room < 0:
                break
            highest = min(highest, name)
            if name <= self.top:
                return
            name = self.laid_out.moved(name, -1)
        self.top = highest

    def look_ahead(self) -> None:
        """Move the window so that what follows the cursor is in it, for the next hints.

        It moves in one step when less than a half of it is left, not line by line.
        """
        here = self.laid_out.line_of(self.reading.cursor)
        row = next((item.row for item in self._lines if item.name == here), self.size.height)
        if row > self.size.height // 2:
            self.top = self.laid_out.moved(here, -1)

    @property
    def window(self) -> tuple[int, int]:
        """The offsets whose lines are wholly on screen."""
        shown = [item for item in self._lines if item.row + 1 < self.size.height]
        if not shown:
            return (self.reading.cursor, self.reading.cursor)
        return (shown[0].line.start, shown[-1].line.end)

    @property
    def cursor_cell(self) -> tuple[int, int] | None:
        """Column and row of the cursor in the widget; None if it is not in the window."""
        cursor = self.reading.cursor
        item = next(
            (item for item in self._lines if item.line.start <= cursor < item.line.end), None
        )
        if item is None or item.row >= self.size.height:
            return None
        line = item.line
        left = self.text_left + motion.margin(self.laid_out, line)
        if any(cluster.start == cursor and cluster.cells for cluster in line.clusters()):
            return (left + line.cell_of(cursor), item.row)
        hung = max(0, left - 1) if line.base else left + line.width
        return (min(hung, self.size.width - 1), item.row)

    def scroll_lines(self, lines: int) -> None:
        """Move the window without the cursor."""
        self.top = self.laid_out.moved(self.top, lines)
        self.update_view(follow=False)

    @property
    def page(self) -> int:
        """Lines in the window, one left out so that the reader keeps the thread."""
        return max(1, len(self._lines) - 1)

    # Painting

    def _palette(self) -> Palette:
        return palette(dark=self.app.current_theme.dark)

    def _paint(self, line: Line, marks: Marks) -> tuple[Strip, ...]:
        """Draw the text of a line, and the lanes or the hints under it."""
        colours = self._palette()
        width = self.size.width
        left = self.text_left + motion.margin(self.laid_out, line)
        strips = [text_strip(line, left, width, marks, colours)]
        lanes = lanes_of(line, marks)
        if not self.shows_lanes:
            del lanes[1:]
        if line.width and not lanes:
            lanes.append([])
        for index, row in enumerate(lanes):
            if self.hinting and index == 0:
                strips.append(hint_strip(self.hinting, line, left, width, palette=colours))
            else:
                strips.append(lane_strip(row, line, left, width, marks=marks, palette=colours))
        return tuple(strips)

    def render_line(self, y: int) -> Strip:
        """Return a row that `update_view` painted."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self._palette().text)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """Take the width that is there."""
        return container.width

    # Mouse

    def offset_under(self, column: int, row: int) -> int | None:
        """Return the offset of the grapheme at a place of the widget, or None if below the text."""
        for item in self._lines:
            if item.row <= row < item.row + item.rows:
                return motion.offset_at(self.laid_out, item.name, column - self.text_left)
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor where the mouse is."""
        offset = self.offset_under(event.x, event.y)
        if offset is None or event.button != 1:
            return
        self._pressed = offset
        self.capture_mouse()
        self.post_message(self.Pressed(offset, double=False))
        event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select while the button is held."""
        if self._pressed is None:
            return
        offset = self.offset_under(event.x, max(0, min(event.y, self.size.height - 1)))
        if offset is not None and offset != self._pressed:
            self.post_message(self.Dragged(self._pressed, offset))

    def on_mouse_up(self) -> None:
        """End a drag."""
        self._pressed = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Select a word by a double click."""
        offset = self.offset_under(event.x, event.y)
        if event.chain == 2 and offset is not None:
            self.post_message(self.Pressed(offset, double=True))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        self.post_message(self.Scrolled(3))
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        self.post_message(self.Scrolled(-3))
        event.stop()
