"""The library: the articles, how far each is, and how far the whole."""

from rich.style import Style
from textual.app import ComposeResult

from annotations.model import FINISHED, Document
from tui.commands import key_cap
from tui.screens.base import CommandScreen
from tui.screens.help import HelpScreen, MessageScreen
from tui.screens.reader import ReaderScreen
from tui.session import Session, Summary
from tui.text.excerpt import excerpt
from tui.widgets.bars import STATUS_NAMES, Bar, plain, told
from tui.widgets.palette import Palette, palette
from tui.widgets.row_list import Pieces, RowList

_FIRST_WORDS = 400
"""Code points of an article that can matter to its title."""


class ArticleList(RowList):
    """Draws a row an article."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="article-list")
        self.session = session
        self.summaries: list[Summary] = []

    @property
    def row_count(self) -> int:
        """How many articles there are."""
        return len(self.summaries)

    def header(self, width: int) -> str:
        """Write the heads of the columns."""
        labels = "".join(f"{label.key:>5}" for label in self.session.scheme.labels)
        named = f"   #  {'id':<{_id_width(width)}} status     "
        return f"{named}{labels}  {'length':>7}"

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Draw an article: number, id, status, counts, length, first words."""
        summary = self.summaries[index]
        layer, document = summary.layer, summary.document
        room = _id_width(width)
        name = excerpt(document.id, room)
        status = "can't open" if summary.fault else STATUS_NAMES[layer.status]
        pieces: Pieces = [
            plain(f"{'>' if index == self.chosen else ' '}{index + 1:>3}  "),
            (name.visual, name.cells, colours.muted if index != self.chosen else Style()),
            plain(" " * (room - name.cells + 1)),
            plain(f"{status:<11}", Style(bold=layer.status == "in_progress")),
        ]
        counts = layer.counts()
        for label in self.session.scheme.labels:
            count = counts.get(label.name, 0)
            style = colours.lane(label.colour) if index != self.chosen and count else Style()
            pieces.append(plain(f"{count or '.':>5}", style))
        pieces.append(plain(f"  {len(document.text):>7,} "))
        suggested = len(self.session.suggested(document))
        if suggested:
            pieces.append(plain(f"+{suggested} ", colours.hint))
        left = width - sum(cells for _, cells, _ in pieces) - 2
        if left > 3:
            title = excerpt(document.text.lstrip()[:_FIRST_WORDS], left)
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

    def on_mount(self) -> None:
        """Draw the list, the article chosen that was open last."""
        last = self.session.resume_at()
        self.update_all()
        if last is not None:
            self.articles.chosen = self.session.number_of(last)
        bad = len(self.session.corpus.bad_files)
        if bad:
            self._message = f"{bad} file{'s' * (bad != 1)} can't be opened; f lists."
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
        articles.summaries = session.summaries()
        articles.keep_in_window()
        articles.refresh()
        states = [summary.layer.status for summary in articles.summaries]
        finished = sum(status in FINISHED for status in states)
        going = states.count("in_progress")
        path = excerpt(session.corpus.path.resolve().name, 30)
        self.query_one("#title-bar", Bar).show(
            [
                plain(" Hashiya  ", Style(bold=True)),
                (path.visual, path.cells, Style()),
                plain(f"  {len(states)} article{'s' * (len(states) != 1)}"),
            ],
            [
                plain(f"{finished} finished, {going} in progress "),
                plain(_meter(finished, len(states))),
            ],
        )
        self.query_one("#head-bar", Bar).show([plain(articles.header(width), colours.muted)])
        keys: Pieces = [plain(" ")]
        for command in self.commands:
            if command.hint:
                cap = key_cap(command.keys[0])
                keys += [
                    plain(f"{cap} ", Style(bold=True)),
                    plain(f"{command.hint}  ", colours.muted),
                ]
        self.query_one("#key-bar", Bar).show(keys)
        self._update_status()

    def _update_status(self) -> None:
        articles = self.articles
        chosen = articles.summaries[articles.chosen] if articles.summaries else None
        message = self._message or (chosen.fault if chosen else "")
        who = excerpt(self.session.annotator, 24)
        self.query_one("#status-bar", Bar).show(
            [
                (f" {who.visual}  ", who.cells + 3, Style(bold=True)),
                told(message, self.size.width - who.cells - 4),
            ]
        )

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
        """Go to the next article that is neither done nor skipped."""
        chosen = self.articles.summaries[self.articles.chosen].document
        following = self.session.next_unfinished(chosen)
        if following is None:
            self._message = "Every article is done or skipped."
            self._update_status()
        else:
            self._choose(self.session.number_of(following))

    def _choose(self, index: int) -> None:
        self._message = ""
        self.articles.chosen = max(0, min(index, self.articles.row_count - 1))
        self._update_status()

    def action_faults(self) -> None:
        """List the files and layers that can't be opened."""
        lines = [bad.reason for bad in self.session.corpus.bad_files]
        lines += [
            f"{summary.document.id}: {summary.fault}"
            for summary in self.articles.summaries
            if summary.fault
        ]
        self.app.push_screen(
            MessageScreen("What can't be opened", lines or ["Nothing."], self.keymap)
        )

    async def action_open(self) -> None:
        """Open the chosen article."""
        await self.open(self.articles.summaries[self.articles.chosen].document)

    async def open(self, document: Document) -> None:
        """Open an article in the reader."""
        self._message = ""
        reading = self.session.open(document)
        await self.app.push_screen(ReaderScreen(self.session, reading), self._back)

    def _back(self, _: str | None) -> None:
        reading = self.session.reading
        if reading is not None:
            self.articles.chosen = self.session.number_of(reading.document)
        self.session.to_library()
        self.update_all()

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
