"""What stands under the list of articles where there is room: today's work, and what waits."""

from textual.strip import Strip
from textual.widget import Widget

from tui.text.excerpt import excerpt
from tui.widgets.bars import plain
from tui.widgets.palette import palette_of
from tui.widgets.row_list import drawn_row


class Overview(Widget):
    """Draws a few lines, each with a name at its left."""

    DEFAULT_CSS = "Overview { width: 1fr; height: auto; }"

    def __init__(self) -> None:
        super().__init__(id="overview")
        self.lines: list[tuple[str, str]] = []
        """The lines, as (name, what it says)."""

    def show(self, lines: list[tuple[str, str]]) -> None:
        """Draw these lines."""
        if lines != self.lines:
            self.lines = lines
            self.styles.height = len(lines)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        colours = palette_of(self.app)
        width = self.size.width
        if y >= len(self.lines):
            return Strip.blank(width, colours.text)
        name, said = self.lines[y]
        shown = excerpt(said, max(0, width - _NAME - 1), "ltr")
        style = colours.muted if name or not said else colours.hints
        pieces = [plain(f" {name:<{_NAME}}", style), (shown.visual, shown.cells, colours.text)]
        return drawn_row(pieces, width, colours.text)


_NAME = 12
"""Cells of the names."""
