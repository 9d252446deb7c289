"""A list of rows that are drawn when they are seen, with one chosen: library and span list."""

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.palette import Palette, palette_of

THUMB: Final = "\u2503"
"""What stands at the right of the rows that are seen, of a list that is longer."""
Pieces = list[tuple[str, int, Style]]
"""Text in visual order, its cells, and its style, from left to right."""


def drawn_row(pieces: Pieces, width: int, base: Style) -> Strip:
    """Draw a row of pieces, filled or cut to a width."""
    cells = sum(count for _, count, _ in pieces)
    segments = [Segment(text, base + style) for text, _, style in pieces if text]
    segments.append(Segment(" " * max(0, width - cells), base))
    return Strip(segments, max(width, cells)).crop(0, width)


class RowList(Widget):
    """Draws `row_count` rows; subclasses say what stands in each."""

    DEFAULT_CSS: ClassVar[str] = "RowList { width: 1fr; height: 1fr; }"

    edge: ClassVar[str] = ""
    """What stands at the right of every row."""

    chosen: reactive[int] = reactive(0)
    """Index of the chosen row; -1 for none."""

    @dataclass
    class Pressed(Message):
        """A row was clicked."""

        index: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._top = 0

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Return the pieces of a row, `width` cells at most."""
        raise NotImplementedError

    def watch_chosen(self, before: int, chosen: int) -> None:
        """Keep the chosen row in the window, and draw no more rows than have changed."""
        top = self._top
        self.keep_in_window()
        if self._top != top:
            self.refresh()
            return
        rows = {index - top for index in (before, chosen)}
        width = self.size.width
        self.refresh(*(Region(0, y, width, 1) for y in rows if 0 <= y < self.size.height))

    def keep_in_window(self) -> None:
        """Move the window so that the chosen row is in it."""
        height = max(1, self.size.height)
        if 0 <= self.chosen < self._top:
            self._top = self.chosen
        elif self.chosen >= self._top + height:
            self._top = self.chosen - height + 1
        self._top = max(0, min(self._top, self.row_count - height))

    def bring(self, index: int) -> None:
        """Move the window as little as shows a row, whether or not it is chosen."""
        top, height = self._top, max(1, self.size.height)
        index = min(index, self.row_count - 1)
        if index < top:
            self._top = index
        elif index >= top + height:
            self._top = index - height + 1
        if self._top != top:
            self.refresh()

    def _edge_at(self, y: int) -> str:
        """Return what stands at the right of a row: the thumb where the list is longer."""
        count, height = self.row_count, self.size.height
        if not self.edge or count <= height:
            return self.edge
        is_seen = self._top * height <= y * count < (self._top + height) * height
        return THUMB if is_seen else self.edge

    def on_resize(self) -> None:
        """Keep the chosen row in the window when its size changes."""
        self.keep_in_window()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row of the window."""
        colours = palette_of(self.app)
        edge = Segment(self._edge_at(y), colours.text + colours.muted)
        width = self.size.width - len(self.edge)
        index = self._top + y
        if index >= self.row_count:
            return Strip([Segment(" " * width, colours.text), edge], width + len(self.edge))
        base = colours.text
        if index == self.chosen:
            base += Style(reverse=True)
        strip = drawn_row(self.draw_row(index, width, colours), width, base)
        return Strip([*strip, edge], width + len(self.edge)) if self.edge else strip

    def on_click(self, event: events.Click) -> None:
        """Post which row was clicked."""
        index = self._top + event.y
        if index < self.row_count:
            self.post_message(self.Pressed(index))

    def on_mouse_scroll_down(self) -> None:
        """Scroll down."""
        self.scroll_rows(3)

    def on_mouse_scroll_up(self) -> None:
        """Scroll up."""
        self.scroll_rows(-3)

    def scroll_rows(self, rows: int) -> None:
        """Move the window."""
        self._top = max(0, min(self._top + rows, self.row_count - self.size.height))
        self.refresh()
