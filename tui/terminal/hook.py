"""Where the display meets Textual: the one place that knows how Textual sends a screen.

Textual sends whole strips to the driver in `App._display`, which is not public, so Textual is
pinned and a test fails when this no longer fits.
"""

import logging
from collections.abc import Iterable

from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from tui.terminal.display import BLANK, Cell, Display, blank, is_presentation_form
from tui.terminal.families import PLAIN, Family, Mode
from tui.terminal.order import order_for
from tui.terminal.pen import Pen, pen_of
from tui.terminal.probe import Answer
from tui.text.cells import symbol, width

_log = logging.getLogger(__name__)
SYNCHRONIZED_FROM = 600
"""Bytes from which an update is bracketed, where the terminal knows how to show it at once."""


class TerminalApp(App[None]):
    """An app that sends only the cells that change."""

    terminal_display: Display | None = None
    """What the terminal shows; None sends as Textual does."""
    family: Family = PLAIN
    """What kind of terminal it is."""
    bidi_mode: Mode = "visual"
    """How rows are sent to it."""
    answer: Answer | None = None
    """What the terminal answered, and what was typed before the app listened."""

    _held_back = False
    """Whether a screen that is not ready was to be drawn."""
    fault = ""
    """What ended it that nobody foresaw; its trace is in the log."""

    @property
    def takes_text(self) -> bool:
        """Whether a line is typed just now, so that each letter is only a letter."""
        return False

    @property
    def is_leaving(self) -> bool:
        """Whether it was told to end."""
        return self._exit

    def _fatal_error(self) -> None:
        """End with a sentence; a trace, and pieces of articles in it, are not for the terminal."""
        self.fault = type(self._exception).__name__
        _log.error("The app ended", exc_info=self._exception)
        self._close_messages_no_wait()

    def terminal_cursor(self) -> tuple[int, int] | None:
        """Return the column and row of the terminal's own cursor; None hides it."""
        return None

    def show_cursor(self) -> None:
        """Move the terminal's cursor to its place where nothing else changes."""
        if self.terminal_display and self._takes_updates:
            self._send(self.terminal_display.update({}, self.terminal_cursor()))

    def set_bidi_mode(self, mode: Mode) -> None:
        """Send rows in another way from now on."""
        self.bidi_mode = mode
        if self.terminal_display:
            self.terminal_display.order = order_for(mode)
            self.action_redraw()

    def action_redraw(self) -> None:
        """Send the whole screen again, whatever the terminal shows by now."""
        if self.terminal_display:
            self.terminal_display.forget()
        self.screen.refresh(layout=True)

    @property
    def _takes_updates(self) -> bool:
        return bool(
            self._running
            and not self._closed
            and not self.is_headless
            and self._driver is not None
            and not self._driver.is_inline
        )

    def _display(self, screen: Screen[object], renderable: object) -> None:
        display = self.terminal_display
        if display is None or renderable is None or not self._takes_updates or self._batch_count:
            super()._display(screen, renderable)  # type: ignore[arg-type]
            return
        if not getattr(screen, "is_ready", True):
            self._held_back = True
            return
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate):
            display.forget()
            super()._display(screen, renderable)  # type: ignore[arg-type]
            return
        try:
            display.resize(*self.size)
            is_part = isinstance(renderable, ChopsUpdate)
            if is_part and (self._held_back or not display.is_known):
                # a part of a screen of which nothing is known would leave the rest as it is
                renderable = screen._compositor.render_full_update()  # noqa: SLF001 - as above
            self._held_back = False
            rows = self._rows_of(renderable, display)
            self._send(display.update(rows, self.terminal_cursor()))
        finally:
            self.post_display_hook()

    def _rows_of(
        self, update: LayoutUpdate | ChopsUpdate, display: Display
    ) -> dict[int, list[Cell]]:
        """Return the rows that an update touches, as they are to be seen."""
        columns, height = self.size
        if isinstance(update, LayoutUpdate):
            return {
                y: _fitted(self._cells(strips), columns)
                for y, strips in enumerate(update.strips, update.region.y)
                if 0 <= y < height
            }
        rows: dict[int, list[Cell]] = {}
        for y, first, last in update.spans:
            if not 0 <= y < height:
                continue
            row = rows.get(y) or display.row(y)
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                start, stop = max(x, first), min(end, last, columns)
                if strip is not None and start < stop:
                    row[start:stop] = _fitted(self._cells([strip])[start - x :], stop - start)
            rows[y] = row
        return rows

    def _cells(self, strips: Iterable[Strip]) -> list[Cell]:
        system = self.console._color_system  # noqa: SLF001 - as Textual reads it
        pens: dict[Style | None, Pen] = {}
        cells: list[Cell] = []
        for strip in strips:
            for said, style, control in strip:
                if control:
                    continue
                text = said if said.isprintable() else _harmless(said)
                pen = pens.get(style)
                if pen is None:
                    pen = pens[style] = pen_of(style, system)
                space = blank(pen)
                if not text.strip(" "):
                    cells.extend([space] * len(text))
                elif text.isascii():
                    cells.extend([space if char == " " else (char, pen) for char in text])
                else:
                    _add_glyphs(text, pen, cells)
        return cells

    def _send(self, data: str) -> None:
        if not data or self._driver is None:
            return
        if self._sync_available and len(data) > SYNCHRONIZED_FROM:
            data = f"\x1b[?2026h{data}\x1b[?2026l"
        self._driver.write(data)
        self._driver.flush()


def _harmless(text: str) -> str:
    """Replace what a terminal would obey by symbols, wherever a text comes from."""
    return "".join(symbol(char) or char for char in text)


def _add_glyphs(text: str, pen: Pen, cells: list[Cell]) -> None:
    """Share a text out to cells: a character without a width joins the one before it."""
    for character in text:
        if character < "\u0300" or is_presentation_form(character):
            cells.append((character, pen) if character != " " else blank(pen))
            continue
        wide = _width(character)
        if wide:
            cells.append((character, pen))
            cells.extend([("", pen)] * (wide - 1))
        elif cells:
            last = len(cells) - 1
            while last and not cells[last][0]:
                last -= 1
            cells[last] = (cells[last][0] + character, cells[last][1])


def _width(character: str) -> int:
    """Count the cells of a character; none for a mark."""
    return width("\u25cc" + character) - 1


def _fitted(cells: list[Cell], count: int) -> list[Cell]:
    """Make so many cells of those that are there."""
    return cells[:count] + [BLANK] * (count - len(cells))
