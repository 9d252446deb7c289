"""The library: the articles, how far each is, and how far the whole.

Routes keys and the mouse to the desk's library and draws what it holds.
"""

import asyncio
import time
from contextlib import suppress
from typing import Final

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from annotations.language.wording import counted
from annotations.library.filters import Sort
from annotations.model.layer import FINISHED
from tui.desk.asks import Ask, Effect, Wish
from tui.desk.library import Library
from tui.desk.session import Session
from tui.keys.command import Place
from tui.keys.keyboard import Press
from tui.screens.base import CommandScreen
from tui.screens.reader import ReaderScreen
from tui.text.excerpt import excerpt
from tui.widgets.article_list import ArticleList
from tui.widgets.bars import Bar, fitting_keys, plain, spoken, typing_bar
from tui.widgets.overview import Overview
from tui.widgets.palette import Palette, palette_of
from tui.widgets.row_list import Pieces, RowList

_BARS: Final = 3
"""Rows that the bars take."""
_LIST_EVERY: Final = 1.0
"""Seconds between two looks at a list that is being filled."""


class LibraryScreen(CommandScreen):
    """Chooses the article to read."""

    PLACE = "library"

    def __init__(self, session: Session) -> None:
        super().__init__(session.keymap)
        self.session = session
        self.library = Library(session)
        self._listed_at = 0.0
        self._drawn: object = None
        """The list that is drawn."""

    @property
    def place(self) -> Place:
        """Whose keys work now."""
        return self.library.place

    @property
    def articles(self) -> ArticleList:
        """The list."""
        return self.query_one(ArticleList)

    def compose(self) -> ComposeResult:
        """Lay out the bars and the list."""
        yield Bar(id="title-bar")
        yield Bar(id="head-bar")
        yield ArticleList(self.session)
        yield Overview()
        yield Bar(id="status-bar")

    def on_mount(self) -> None:
        """Draw the list, the article chosen that was open last."""
        last = self.session.resume_at()
        if last:
            self.session.listing.choose_number(last.number)
        loop = asyncio.get_running_loop()

        def progressed() -> None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(self._list_changed)

        self.session.catalogue.on_progress = progressed
        self.library.look_for_faults()
        self.update_all()

    def _list_changed(self) -> None:
        """List anew, now and then while much is found, and once all is."""
        is_due = time.monotonic() - self._listed_at > _LIST_EVERY
        if self.is_current and (is_due or self.session.catalogue.progress is None):
            self.session.listing.refresh()
            self._listed_at = time.monotonic()
            self.update_all()
        elif self.is_mounted:
            self._update_status()

    def on_screen_resume(self) -> None:
        """Draw anew what may have changed."""
        self.update_all()

    def on_resize(self) -> None:
        """Draw the bars for the new width."""
        self.update_soon()

    # Drawing

    def update_all(self) -> None:
        """Draw everything."""
        if not self.is_mounted:
            return
        articles = self.articles
        self._drawn = self.session.listing.numbers
        self.library.page_rows = articles.size.height - 1
        articles.set_reactive(RowList.chosen, self.session.listing.chosen)
        articles.keep_in_window()
        articles.refresh()
        self._update_title()
        head = self.query_one("#head-bar", Bar)
        muted = self._palette.muted
        titles = plain("first words ", muted)
        pieces = articles.header(self.size.width)
        head.show([(text, cells, style + muted) for text, cells, style in pieces], [titles])
        self._update_overview()
        self._update_status()

    def update_after_key(self) -> None:
        """Draw what a key may have changed: of the list two rows, unless others are listed."""
        if self.session.listing.numbers is not self._drawn:
            self.update_all()
            return
        self.articles.chosen = self.session.listing.chosen
        self._update_overview()
        self._update_status()

    @property
    def _palette(self) -> Palette:
        return palette_of(self.app)

    def _update_title(self) -> None:
        session, listing = self.session, self.session.listing
        states = session.catalogue.status_counts()
        count = sum(states.values())
        finished = sum(states.get(status, 0) for status in FINISHED)
        path = excerpt(session.corpus.path.resolve().name, 30)
        shown = f"  {counted(count, 'article')}"
        if listing.filter.typed:
            shown = f"  {len(listing):,} of {count:,}"
        waiting = sum(flag.is_open for flag in session.flags())
        flagged = f", {states['flagged']:,} flagged" if states.get("flagged") else ""
        flagged += f", {counted(waiting, 'flag')} to answer" if waiting else ""
        self.query_one("#title-bar", Bar).show(
            [
                plain(" Hashiya  ", Style(bold=True)),
                (path.visual, path.cells, Style()),
                plain(shown),
                plain("" if listing.sort is Sort.QUEUE else f"  by {listing.sort.value}"),
            ],
            [
                plain(f"{finished:,} finished, {states.get('in_progress', 0):,} in progress"),
                plain(f"{flagged} "),
                plain(_meter(finished, count)),
            ],
        )

    def _update_overview(self) -> None:
        """Show today's work and what waits, where the list leaves room."""
        spare = self.size.height - len(self.session.listing) - _BARS
        lines = self.library.overview() if spare > 1 else []
        self.query_one(Overview).show(lines if spare > len(lines) else [])

    def _update_status(self) -> None:
        """Show what there is to say at the left, and the keys of the moment at the right."""
        if not self.is_mounted:
            return
        bar, width = self.query_one("#status-bar", Bar), self.size.width
        names = [item.id for item in self.keymap.own_commands(self.place) if item.hint]
        keys = self.keymap.hints(names)
        if self.library.is_typing:
            typing_bar(bar, self.library.typed, "/", self.library.message, keys, width)
            return
        who = excerpt(self.session.annotator, 24)
        left: Pieces = [(f" {who.visual}  ", who.cells + 3, Style(bold=True))]
        said = self.library.status
        if said:
            left.append(spoken(said, width - who.cells - 4))
        free = width - sum(cells for _, cells, _ in left) - 2
        last = self.keymap.hints(["library.help"])
        rest = [hint for hint in keys if hint not in last]
        bar.show(left, fitting_keys(rest, free, last=last))

    # Keys and the mouse

    def take(self, press: Press) -> Effect:
        """Pass a key to the library."""
        return self.library.press(press)

    def run(self, command_id: str) -> Effect:
        """Do a command that was chosen by its name."""
        self.session.chose(command_id)
        wish = self.keymap.command(command_id).run(self.library)
        return Effect(used=True, wish=wish, command_id=command_id)

    async def grant(self, wish: Wish) -> None:
        """Do what the library asks for."""
        if wish is Ask.OPEN and self.session.reading is not None:
            reader = ReaderScreen(self.session, self.session.reading)
            await self.app.push_screen(reader, self._back)
        else:
            await super().grant(wish)

    def _back(self, _: str | None) -> None:
        self.library.returned()
        self.update_all()

    @property
    def takes_text(self) -> bool:
        """Whether the filter is typed just now."""
        return self.library.is_typing

    def on_paste(self, event: events.Paste) -> None:
        """Insert a pasted text into the filter line."""
        if self.library.is_typing:
            self.library.paste(event.text)
            self._update_status()

    async def on_row_list_pressed(self, event: RowList.Pressed) -> None:
        """Choose the article that was clicked; a second click opens it."""
        if event.index == self.session.listing.chosen:
            await self.grant(self.library.open())
        else:
            self.library.choose(event.index)
        self.update_all()


def _meter(done: int, count: int, cells: int = 10) -> str:
    full = cells * done // count if count else 0
    return f"{chr(0x25B0) * full}{chr(0x25B1) * (cells - full)} "
