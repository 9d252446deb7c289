"""The reader: an article, its spans beside it, and the bars.

Routes keys and the mouse to the desk and draws what it holds; decides nothing itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.desk import mouse
from tui.desk.asks import Ask, Effect, Wish
from tui.desk.desk import Desk
from tui.desk.modes.base import Mode
from tui.desk.reading import Reading
from tui.desk.session import Session
from tui.desk.typed import TypedLine
from tui.desk.window import WIDEST
from tui.keys.keyboard import Press
from tui.screens.base import CommandScreen
from tui.terminal.hook import TerminalApp
from tui.widgets.article import ArticleView
from tui.widgets.bars import Bar
from tui.widgets.reader_bars import pane_bar, status_bar, title_bar
from tui.widgets.row_list import RowList
from tui.widgets.span_list import SpanList
from tui.widgets.task_list import TaskList

WIDEST_LIST: Final = 60
"""Columns of the list of spans at most."""
TEXT_MARGIN: Final = 4
WIDE: Final = 100
"""Columns from which the list of spans stands beside the text."""
_STATUS_ROOM: Final = 14
"""Columns of the status bar before a message."""


class ReaderScreen(CommandScreen):
    """Reads and tags one article after another."""

    PLACE = "reader"

    def __init__(
        self,
        session: Session,
        reading: Reading,
        leave: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(session.keymap)
        self._leave = leave
        """Leaves the article, if no library stands under it."""
        self.session = session
        self.desk = Desk(session, reading)
        self.is_ready = False
        self._list_shown: bool | None = None
        self._mode_took_click = False
        """Whether the last press of the mouse was for a mode: what follows of it is nothing."""

    @property
    def reading(self) -> Reading:
        """The article on the desk."""
        return self.desk.reading

    @property
    def mode(self) -> Mode | None:
        """What keys mean for a while."""
        return self.desk.mode

    @property
    def view(self) -> ArticleView:
        """The article as it is drawn."""
        return self.query_one(ArticleView)

    def compose(self) -> ComposeResult:
        """Lay out the bars, the list and the article."""
        yield Bar(id="title-bar")
        with Horizontal():
            with Vertical(id="list-pane"):
                yield Bar(id="list-title")
                yield SpanList(self.reading)
            if self.session.tutor:
                yield TaskList(self.session.tutor)
            with Vertical(id="text-pane"):
                yield Bar(id="text-title")
                yield ArticleView(self.desk)
        yield Bar(id="status-bar")

    def on_mount(self) -> None:
        """Draw what is there."""
        self.desk.paints_cursor = not getattr(self.app, "terminal_display", None)
        self.watch(self.app, "theme", self._theme_changed, init=False)
        self._listen()
        self.update_all()
        self.call_after_refresh(self._tell_at_length)

    def _listen(self) -> None:
        """Draw the status bar when a change is on disk that took longer than a key."""
        loop = asyncio.get_running_loop()

        def attempted() -> None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(self._update_status)

        self.reading.saver.on_attempt = attempted

    def _theme_changed(self) -> None:
        self.update_all()
        self.refresh(layout=True)

    def on_screen_resume(self) -> None:
        """Draw what may have changed while another screen was over this one."""
        self.update_all()

    def on_resize(self, event: events.Resize) -> None:
        """Show the list beside the text, or hide it."""
        self._place_list(event.size.width)
        self.update_soon()

    def _place_list(self, width: int) -> None:
        tutored = self.session.tutor is not None
        shown = width >= WIDE and not tutored if self._list_shown is None else self._list_shown
        pane, text = self.query_one("#list-pane"), self.query_one("#text-pane")
        pane.display = shown
        for tasks in self.query(TaskList):
            tasks.display = not shown
        share = max(30, min(WIDEST_LIST, width // 4))
        pane.styles.width = share if width >= WIDE else max(12, min(34, width // 2))
        beside = shown and width >= WIDE
        # on a wide screen the text stands beside the list, not in the middle of what is left
        text.styles.max_width = WIDEST + 2 * TEXT_MARGIN if beside else None
        for title in ("#list-title", "#text-title"):
            self.query_one(title).display = beside

    # Drawing

    def update_all(self) -> None:
        """Draw everything that may have changed."""
        if not self.is_mounted or not self.view.size:
            return  # all is drawn at once when the size is known
        desk, width = self.desk, self.size.width
        repainted = self.view.update_view()
        self.query_one(SpanList).update_list(desk.reading, desk.window.offsets)
        for tasks in self.query(TaskList):
            tasks.refresh()
        title_bar(self.query_one("#title-bar", Bar), desk, width)
        spans = len(desk.kept_layer.spans)
        pane_bar(self.query_one("#list-title", Bar), "Spans", f"{spans:,}")
        pane_bar(self.query_one("#text-title", Bar), "Text", f"{desk.reading.percent} %")
        self._update_status()
        if not repainted and isinstance(self.app, TerminalApp):
            self.app.show_cursor()

    def _update_status(self) -> None:
        if self.is_mounted:
            bar, width = self.query_one("#status-bar", Bar), self.size.width
            status_bar(bar, self.desk, width)

    # Keys

    def take(self, press: Press) -> Effect:
        """Pass a key to the desk."""
        return self.desk.press(press)

    def run(self, command_id: str) -> Effect:
        """Do a command that was chosen by its name."""
        self.session.chose(command_id)
        return self.desk.run(self.keymap.command(command_id))

    async def grant(self, wish: Wish) -> None:
        """Do what the desk asks for."""
        if wish is Ask.OPEN:
            self.view.show_article()
            self._listen()
            self.update_all()
            await self._tell_at_length()
        elif wish is Ask.TOGGLE_LIST:
            shown = not self.query_one("#list-pane").display
            self._list_shown = None if shown == (self.size.width >= WIDE) else shown
            self._place_list(self.size.width)
            self.update_soon()
        elif wish is Ask.LEAVE and self._leave:
            await self._leave()
        else:
            await super().grant(wish)

    @property
    def takes_text(self) -> bool:
        """Whether a query or a note is typed just now."""
        return isinstance(self.desk.mode, TypedLine)

    def on_paste(self, event: events.Paste) -> None:
        """Insert a pasted text into the line that is typed."""
        if self.desk.paste(event.text):
            self.update_all()

    async def _tell_at_length(self) -> None:
        """Show what must be known about an article on a page if the status bar can't hold it."""
        await self.grant(self.desk.long_message(self.app.size.width - _STATUS_ROOM))

    # Mouse

    def on_article_view_pressed(self, event: ArticleView.Pressed) -> None:
        """Move the cursor to the mouse; a double click selects the word."""
        if not (event.double and self._mode_took_click):
            took = mouse.click(self.desk, event.offset, selects_word=event.double)
            self._mode_took_click = took
        self.update_all()

    def on_article_view_dragged(self, event: ArticleView.Dragged) -> None:
        """Select what the mouse was dragged over."""
        if not self._mode_took_click:
            mouse.drag(self.desk, event.start, event.end, letters=event.letters)
        self.update_all()

    def on_article_view_scrolled(self, event: ArticleView.Scrolled) -> None:
        """Scroll without moving the cursor."""
        self.desk.scroll(event.lines)
        self.update_all()

    def on_row_list_pressed(self, event: RowList.Pressed) -> None:
        """Go to the span that was clicked in the list."""
        entries = self.query_one(SpanList).entries
        if event.index < len(entries):
            mouse.click_span(self.desk, entries[event.index].span)
            self.update_all()
