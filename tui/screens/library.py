"""The library: the articles, how far each is, and how far the whole."""

import asyncio
import time
from contextlib import suppress
from typing import Final

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from annotations.errors import CorpusError
from annotations.library.filters import FilterError, Sort
from annotations.library.index import Row
from annotations.model.layer import FINISHED
from tui.desk.commands import key_cap
from tui.desk.session import Session
from tui.desk.typed import Typed
from tui.keys.keyboard import Press
from tui.screens.base import CommandScreen, in_turns
from tui.screens.help import HelpScreen, MessageScreen
from tui.screens.reader import ReaderScreen
from tui.text.excerpt import excerpt
from tui.widgets.bars import STATUS_NAMES, Bar, plain, told, typing_bar
from tui.widgets.palette import Palette, palette
from tui.widgets.row_list import Pieces, RowList

VIEWS: Final = ("", "mine", "status:new", "status:in_progress", "status:flagged", "status:done")
"""The usual filters."""
_LIST_EVERY: Final = 1.0
"""Seconds between two looks at a list that is being filled."""


class ArticleList(RowList):
    """Draws a row an article."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="article-list")
        self.session = session

    @property
    def row_count(self) -> int:
        """How many articles there are."""
        return len(self.session.shelf.listing)

    def header(self, width: int) -> str:
        """Write the heads of the columns."""
        labels = "".join(f"{label.key:>5}" for label in self.session.scheme.labels)
        named = f"{'#':>{self._number_width}}  {'id':<{_id_width(width)}} status     "
        return f" {named}{labels}  {'length':>7}"

    @property
    def _number_width(self) -> int:
        return max(3, len(str(self.row_count)))

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Draw an article: number, id, status, counts, length, first words."""
        row = self.session.shelf.row_at(index)
        if row is None:
            return [plain("  it is gone", colours.muted)]
        is_chosen = index == self.chosen
        room = _id_width(width)
        name = excerpt(row.id, room)
        status = "can't open" if row.fault else STATUS_NAMES[row.status]
        pieces: Pieces = [
            plain(f"{'>' if is_chosen else ' '}{index + 1:>{self._number_width}} "),
            plain("*" if row.is_assigned else " ", colours.hint),
            (name.visual, name.cells, colours.muted if not is_chosen else Style()),
            plain(" " * (room - name.cells + 1)),
            plain(f"{status:<11}", Style(bold=row.status in ("in_progress", "flagged"))),
        ]
        for label in self.session.scheme.labels:
            count = row.counts.get(label.name, 0)
            style = colours.lane(label.colour) if not is_chosen and count else Style()
            pieces.append(plain(f"{count or '.':>5}", style))
        length = "..." if row.length is None else f"{row.length:,}"
        pieces.append(plain(f"  {length:>7} "))
        suggested = self.session.suggested_count(row)
        if suggested:
            pieces.append(plain(f"+{suggested} ", colours.hint))
        left = width - sum(cells for _, cells, _ in pieces) - 2
        if left > 3:
            title = excerpt(row.title, left)
            pieces.append(plain(" " * (left - title.cells + 1)))
            pieces.append((title.visual, title.cells, Style()))
        return pieces


def _id_width(width: int) -> int:
    return max(4, min(22, width // 6))


class LibraryScreen(CommandScreen):
    """Chooses the article to read."""

    PLACE = "library"

    def __init__(self, session: Session) -> None:
        super().__init__(session.keymap)
        self.session = session
        self._message = ""
        self._typed: Typed | None = None
        """The filter while it is typed."""
        self._chosen_number: int | None = None
        """The article that stays chosen when the list changes."""

    def compose(self) -> ComposeResult:
        """Lay out the bars and the list."""
        yield Bar(id="title-bar")
        yield Bar(id="head-bar")
        yield ArticleList(self.session)
        yield Bar(id="key-bar")
        yield Bar(id="status-bar")

    @property
    def articles(self) -> ArticleList:
        """The list."""
        return self.query_one(ArticleList)

    @property
    def chosen(self) -> Row | None:
        """The article that is chosen."""
        inside = 0 <= self.articles.chosen < self.articles.row_count
        return self.session.shelf.row_at(self.articles.chosen) if inside else None

    def on_mount(self) -> None:
        """Draw the list, the article chosen that was open last."""
        last = self.session.resume_at()
        self._chosen_number = last.number if last else None
        loop = asyncio.get_running_loop()

        def told() -> None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(self._list_changed)

        self.session.catalogue.told = told
        self.update_all()
        if last:
            self.articles.chosen = self.session.shelf.index_of(last.number)
        self.call_after_refresh(self.session.catalogue.fill)
        bad = self.session.catalogue.count_faults()
        if bad:
            self._message = f"{bad} fault{'s' * (bad != 1)} in the corpus; f lists."
            self._update_status()

    def _list_changed(self) -> None:
        """List anew, now and then while much is found, and once all is."""
        is_due = time.monotonic() - self._listed_at > _LIST_EVERY
        if self.is_current and (is_due or self.session.catalogue.progress is None):
            self.relist()
        elif self.is_mounted:
            self._update_status()

    _listed_at = 0.0

    def relist(self) -> None:
        """List the articles as they are now, the same one chosen."""
        chosen = self.chosen
        number = chosen.number if chosen else self._chosen_number
        self.session.shelf.refresh()
        if number is not None:
            self.articles.set_reactive(RowList.chosen, self.session.shelf.index_of(number))
        self._listed_at = time.monotonic()
        self.update_all()

    def on_screen_resume(self) -> None:
        """Draw anew what may have changed."""
        self.update_all()

    def on_resize(self) -> None:
        """Draw the bars for the new width."""
        self.call_after_refresh(self.update_all)

    def update_all(self) -> None:
        """Draw everything."""
        if not self.is_mounted:
            return
        session, width = self.session, self.size.width
        colours = palette(dark=self.app.current_theme.dark)
        articles = self.articles
        articles.set_reactive(RowList.chosen, max(0, min(articles.chosen, articles.row_count - 1)))
        articles.keep_in_window()
        articles.refresh()
        states = session.catalogue.status_counts()
        count = sum(states.values())
        finished = sum(states.get(status, 0) for status in FINISHED)
        path = excerpt(session.corpus.path.resolve().name, 30)
        shown = f"  {count:,} article{'s' * (count != 1)}"
        if session.shelf.filter.typed:
            shown = f"  {articles.row_count:,} of {count:,}"
        flagged = f", {states['flagged']:,} flagged" if states.get("flagged") else ""
        order = session.shelf.sort
        self.query_one("#title-bar", Bar).show(
            [
                plain(" Hashiya  ", Style(bold=True)),
                (path.visual, path.cells, Style()),
                plain(shown),
                plain("" if order is Sort.QUEUE else f"  by {order.value}"),
            ],
            [
                plain(f"{finished:,} finished, {states.get('in_progress', 0):,} in progress"),
                plain(f"{flagged} "),
                plain(_meter(finished, count)),
            ],
        )
        self.query_one("#head-bar", Bar).show([plain(articles.header(width), colours.muted)])
        self._update_keys()
        self._update_status()

    def _update_keys(self) -> None:
        bar, colours = self.query_one("#key-bar", Bar), palette(dark=self.app.current_theme.dark)
        if self._typed is not None:
            typing_bar(bar, self._typed, "Enter lists   Esc lists all", self.size.width)
            return
        keys: Pieces = [plain(" ")]
        for command in self.commands:
            if command.hint:
                cap = key_cap(command.keys[0])
                keys += [
                    plain(f"{cap} ", Style(bold=True)),
                    plain(f"{command.hint}  ", colours.muted),
                ]
        bar.show(keys)

    def _update_status(self) -> None:
        if not self.is_mounted:
            return
        chosen, progress = self.chosen, self.session.catalogue.progress
        message = self._message or (progress.told if progress else "")
        if not message and self.session.shelf.filter.typed:
            found = "" if self.articles.row_count else "Nothing matches. "
            message = f"{found}Listed: {self.session.shelf.filter.typed}   (Esc lists all)"
        if not message and chosen:
            message = chosen.fault or (f"Note: {chosen.note}" if chosen.note else "")
        who = excerpt(self.session.annotator, 24)
        self.query_one("#status-bar", Bar).show(
            [
                (f" {who.visual}  ", who.cells + 3, Style(bold=True)),
                told(message, self.size.width - who.cells - 4),
            ]
        )

    # The filter line

    async def press(self, press: Press) -> bool:
        """Type the filter, or do what the key stands for."""
        if self._typed is None:
            return await super().press(press)
        if press.key == "escape" or (press.key == "backspace" and not self._typed.text):
            self._typed = None
            self.action_clear()
        elif press.key == "enter":
            typed, self._typed = self._typed.text, None
            self._filter(typed)
        elif self.action_of(press).startswith("app."):
            return await super().press(press)
        else:
            self._typed = self._typed.press(press.text if press.text.strip() else press.key)
        self._update_keys()
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Put a pasted text into the filter line."""
        if self._typed is not None:
            self._typed = self._typed.insert(" ".join(event.text.split()))
            self._update_keys()

    def _filter(self, typed: str) -> None:
        """List what a filter lets through; words are looked for in the articles themselves."""
        chosen = self.chosen
        number = chosen.number if chosen else self._chosen_number
        try:
            self.session.shelf.choose(typed)
        except FilterError as error:
            self._message = str(error)
        else:
            self._message = ""
            if self.session.shelf.filter.text:
                self.run_worker(self._search(), group="search", exclusive=True)
        index = self.session.shelf.index_of(number) if number is not None else 0
        self.articles.set_reactive(RowList.chosen, index)
        self.update_all()

    async def _search(self) -> None:
        """Search the articles and say how far it is."""

        def tell(message: str) -> None:
            self._message = message
            self._update_status()

        await in_turns(self.session.shelf.search_texts(), tell)
        self._message = ""
        self.update_all()

    def action_filter(self) -> None:
        """Type a filter."""
        typed = self.session.shelf.filter.typed
        self._typed = Typed(typed, len(typed))
        self._update_keys()

    def action_clear(self) -> None:
        """List everything again."""
        self._filter("")

    def action_next_view(self) -> None:
        """List by the next of the usual filters."""
        typed = self.session.shelf.filter.typed
        index = VIEWS.index(typed) + 1 if typed in VIEWS else 0
        if not self.session.catalogue.has_assignments() and VIEWS[index % len(VIEWS)] == "mine":
            index += 1
        self._filter(VIEWS[index % len(VIEWS)])

    def action_next_sort(self) -> None:
        """Sort by the next thing."""
        self._message = ""
        self.session.shelf.sort = self.session.shelf.sort.following
        self.relist()

    # Choosing

    def action_choose(self, step: int) -> None:
        """Move up or down the list."""
        self._choose(self.articles.chosen + step)

    def action_page(self, step: int) -> None:
        """Move by a screen."""
        self._choose(self.articles.chosen + step * max(1, self.articles.size.height - 1))

    def action_first(self) -> None:
        """Go to the first article."""
        self._choose(0)

    def action_last(self) -> None:
        """Go to the last article."""
        self._choose(self.articles.row_count - 1)

    def action_unfinished(self) -> None:
        """Go to the next article that is neither done nor put aside."""
        self.session.position = self.articles.chosen
        following = self.session.next_unfinished()
        if following is None:
            self._message = "Every article is done, skipped or flagged."
            self._update_status()
        else:
            self._choose(self.session.shelf.index_of(following.number))

    def _choose(self, index: int) -> None:
        self._message = ""
        self.articles.chosen = max(0, min(index, self.articles.row_count - 1))
        self._update_status()

    def action_faults(self) -> None:
        """List what can't be opened, and texts that occur twice."""
        lines = self.session.catalogue.faults()
        self.app.push_screen(MessageScreen("Faults in the corpus", lines or ["None."], self.keymap))

    async def action_open(self) -> None:
        """Open the chosen article."""
        row = self.chosen
        if row is not None:
            await self.open(row)

    async def open(self, row: Row) -> None:
        """Open an article in the reader."""
        self._message = ""
        try:
            reading = self.session.open(row)
        except CorpusError as error:
            self._message = str(error)
            self._update_status()
            return
        await self.app.push_screen(ReaderScreen(self.session, reading), self._back)

    def _back(self, _: str | None) -> None:
        index = self.session.position
        self.session.to_library()
        number = (
            self.session.shelf.listing[index] if index < len(self.session.shelf.listing) else None
        )
        self._chosen_number = number
        self.articles.set_reactive(RowList.chosen, index)
        self.relist()

    async def on_row_list_pressed(self, event: RowList.Pressed) -> None:
        """Choose the article that was clicked; a second click opens it."""
        if event.index == self.articles.chosen:
            await self.action_open()
        else:
            self._choose(event.index)

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen("library", self.keymap), self.run_chosen)

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.app.push_screen(HelpScreen("library", self.keymap, finding=True), self.run_chosen)


def _meter(done: int, count: int, cells: int = 10) -> str:
    full = cells * done // count if count else 0
    return f"[{'#' * full}{'.' * (cells - full)}] "
