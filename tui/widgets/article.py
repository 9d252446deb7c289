"""The article on the screen: the lines of the desk's window, drawn.

Only the lines in the window are painted, and of its rows only those that changed are sent. Rows and
columns count from the top left of the widget, which is the window.
"""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.desk.desk import Desk
from tui.widgets.painter import Frame, Painter
from tui.widgets.palette import Palette, palette_of


class ArticleView(Widget):
    """Draws the window of a desk; turns clicks and drags into offsets."""

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
        letters: bool
        """Whether Alt was held: the very letters are meant, not the words."""

    @dataclass
    class Scrolled(Message):
        """The wheel was turned; lines down, negative for up."""

        lines: int

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._strips: list[Strip] = []
        self._painter = Painter()
        self._pressed: int | None = None

    def show_article(self) -> None:
        """Draw another article, which is on the desk now."""
        self.desk.window.resize(self.size.width, self.size.height)
        self._strips = []
        self.update_view()

    def on_resize(self, event: events.Resize) -> None:
        """Resize the window to the widget."""
        self.desk.window.resize(event.size.width, event.size.height)
        self._strips = []
        self.update_view()
        event.stop()

    # Painting

    def update_view(self) -> bool:
        """Update the window and repaint the rows that changed.

        Returns:
            Whether any did.
        """
        height, width = self.size.height, self.size.width
        if not height or not width:
            return False
        window = self.desk.window
        if (window.width, window.height) != (width, height):
            window.resize(width, height)
        marks = self.desk.update_window()
        frame = Frame(width, self._palette())
        hinting = self.desk.mode.hinting if self.desk.mode else None
        strips = self._painter.draw(window, frame, marks, hinting)[:height]
        strips += [Strip.blank(width, self._palette().text)] * (height - len(strips))
        before = self._strips
        self._strips = strips
        if len(before) != len(strips):
            self.refresh()
            return True
        changed = [
            Region(0, row, width, 1)
            for row, (old, new) in enumerate(zip(before, strips, strict=True))
            if old is not new and old != new
        ]
        if changed:
            self.refresh(*changed)
        return bool(changed)

    def _palette(self) -> Palette:
        return palette_of(self.app)

    def render_line(self, y: int) -> Strip:
        """Return a row that `update_view` painted."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self._palette().text)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """Return the width that is there."""
        return container.width

    @property
    def cursor_cell(self) -> tuple[int, int] | None:
        """Column and row of the cursor in the widget; None if it is not in the window."""
        return self.desk.window.cell_of(self.desk.reading.cursor)

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Move the cursor to the mouse."""
        offset = self.desk.window.offset_at(event.x, event.y)
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
        row = max(0, min(event.y, self.size.height - 1))
        offset = self.desk.window.offset_at(event.x, row)
        if offset is not None and offset != self._pressed:
            self.post_message(self.Dragged(self._pressed, offset, letters=event.meta))

    def on_mouse_up(self) -> None:
        """End a drag."""
        self._pressed = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Select a word by a double click."""
        offset = self.desk.window.offset_at(event.x, event.y)
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
