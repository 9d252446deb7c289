"""A page over the screen: it wraps and scrolls what the page says, and draws its keys."""

from itertools import zip_longest
from textwrap import wrap
from typing import ClassVar, Final

from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Vertical

from tui.desk.asks import Ask, Effect, Wish
from tui.desk.pages import KeysPage, Listed, Page, PageAct
from tui.desk.unsaved import UnsavedPage
from tui.keys.command import Place
from tui.keys.keyboard import Press
from tui.screens.base import CommandScreen
from tui.text.excerpt import excerpt
from tui.widgets.bars import Bar, key_pieces, plain
from tui.widgets.palette import Palette
from tui.widgets.row_list import Pieces, RowList

_CAPS: Final = 22
"""Cells of the column of keys."""
_WIDE: Final = 100
"""Cells from which the keys stand in two columns."""
_NARROW: Final = 48
"""Cells below which what a key does stands under it."""
_SCROLLS: Final = {
    PageAct.UP: -1, PageAct.DOWN: 1, PageAct.PAGE_UP: -10, PageAct.PAGE_DOWN: 10,
}  # fmt: skip
_CLOSING: Final = "With the Arabic or Persian layout on, the same keys do the same."


class _Rows(RowList):
    """Rows that are only read."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Pieces] = []
        self.set_reactive(RowList.chosen, -1)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:  # noqa: ARG002
        """Draw a row as it is."""
        return self.rows[index]


class PageScreen(CommandScreen):
    """Draws a page; any of its closing keys leaves it."""

    PLACE: ClassVar[Place] = "page"

    def __init__(self, page: Page, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(page.keymap, id=id)
        self.page = page

    @property
    def place(self) -> Place:
        """Whose keys work now."""
        return self.page.place

    def compose(self) -> ComposeResult:
        """Lay out title, rows and keys."""
        with Vertical(id="page"):
            yield Bar(id="page-title")
            yield _Rows()
            yield Bar(id="page-foot")

    def on_mount(self) -> None:
        """Draw the title; a palette leaves the screen below in sight."""
        self.set_class(self._is_over, "over")
        title = excerpt(self.page.title, self.size.width - 2)
        self.query_one("#page-title", Bar).show(
            [(f" {title.visual}", title.cells + 1, Style(bold=True))]
        )
        self.update_all()

    def on_resize(self) -> None:
        """Wrap the rows anew."""
        self.update_soon()

    @property
    def _is_over(self) -> bool:
        return isinstance(self.page, KeysPage) and self.page.is_over

    def take(self, press: Press) -> Effect:
        """Pass a key to the page."""
        command = self.keymap.command_at(self.place, press)
        if command is not None and command.place in (self.place, "typing", "everywhere"):
            done = command.run(self.page)
            return Effect(used=True, wish=self._granted(done), command_id=command.id)
        if isinstance(self.page, KeysPage) and self.page.finding:
            return Effect(used=self.page.type(press))
        return Effect()

    def _granted(self, done: object) -> Wish:
        """Do what the page asks of this screen; return what it asks of others."""
        if isinstance(done, PageAct):
            if done in _SCROLLS:
                self._rows.scroll_rows(_SCROLLS[done])
            else:
                self._close(done)
            return None
        if done is Ask.QUIT and isinstance(self.page, UnsavedPage):
            self.app.exit()
            return None
        return done if isinstance(done, Ask) else None

    def _close(self, act: PageAct) -> None:
        page = self.page
        chosen = page.choice if isinstance(page, KeysPage) and act is PageAct.DO_CHOICE else None
        self.dismiss(chosen.id if chosen else None)

    def update_all(self) -> None:
        """Draw what may have changed."""
        if self.is_mounted:
            self._draw_rows(self._rows.size.width or self.size.width)
            foot = [plain(" "), *key_pieces(self.page.foot)]
            if isinstance(self.page, KeysPage) and self.page.finding:
                shown = excerpt(self.page.typed.text, 40)
                typed = (f"{shown.visual}_", shown.cells + 1, Style())
                foot = [plain(" find: "), typed, plain("    "), *key_pieces(self.page.foot)]
            self.query_one("#page-foot", Bar).show(foot)

    @property
    def _rows(self) -> _Rows:
        return self.query_one(_Rows)

    def _draw_rows(self, width: int) -> None:
        rows = self._rows
        rows.rows = rows_of(self.page, width)
        finding = isinstance(self.page, KeysPage) and self.page.finding
        rows.chosen = self.page.chosen if isinstance(self.page, KeysPage) and finding else -1
        rows.keep_in_window()
        rows.refresh()


def rows_of(page: Page, width: int) -> list[Pieces]:
    """Wrap what a page says to a width."""
    if isinstance(page, KeysPage):
        return _found_rows(page, width) if page.finding else _key_rows(page, width)
    rows: list[Pieces] = []
    for line in page.lines:
        for piece in wrap(" ".join(line.split()), max(10, width - 4)):
            shown = excerpt(piece, width - 2, "ltr")
            rows.append([(f" {shown.visual}", shown.cells + 1, Style())])
        rows.append([plain(" ")])
    return rows


def _found_rows(page: KeysPage, width: int) -> list[Pieces]:
    """Write the commands that were found, a row each, where they belong at the right."""
    column = _CAPS if width >= _NARROW else 12
    rows = []
    for item in page.found:
        group = item.command.group if width >= _NARROW else ""
        room = max(0, width - column - len(group) - 2)
        text = item.command.help[:room]
        rows.append(
            [
                plain(f"   {item.caps:<{column - 3}}"[:column], Style(bold=True)),
                plain(text),
                plain(" " * (room - len(text) + 1)),
                plain(group, Style(italic=True)),
            ]
        )
    return rows or [[plain("   Nothing is called so.")]]


def _key_rows(page: KeysPage, width: int) -> list[Pieces]:
    """Write all commands group by group; in two columns where there is room."""
    groups = [(heading, items) for heading, items in page.groups if items]
    if width < _WIDE:
        rows = [row for group in groups for row in _group_rows(*group, width)]
    else:
        half = width // 2
        blocks = [_group_rows(*group, half) for group in groups]
        left: list[Pieces] = []
        while blocks and len(left) < sum(map(len, blocks)):
            left += blocks.pop(0)
        right = [row for block in blocks for row in block]
        nothing: Pieces = []
        rows = [
            [*_padded(one, half), *other]
            for one, other in zip_longest(left, right, fillvalue=nothing)
        ]
    rows += [[plain(f" {line}")] for line in wrap(_CLOSING, max(10, width - 2))]
    return rows


def _padded(row: Pieces, width: int) -> Pieces:
    return [*row, plain(" " * (width - sum(cells for _, cells, _ in row)))]


def _group_rows(heading: str, items: list[Listed], width: int) -> list[Pieces]:
    rows: list[Pieces] = [[plain(f" {heading}", Style(bold=True, underline=True))]]
    return rows + [row for item in items for row in _key_row(item, width)]


def _key_row(item: Listed, width: int) -> list[Pieces]:
    column = _CAPS if width >= _NARROW else 4
    lines = wrap(item.command.help, max(10, width - column - 2))
    if width < _NARROW:
        head = [plain(f"  {item.caps}", Style(bold=True))]
        return [head, *([plain(f"    {line}")] for line in lines)]
    heads = [f"   {item.caps:<{_CAPS - 3}}", *[" " * _CAPS] * (len(lines) - 1)]
    return [
        [plain(head, Style(bold=True)), plain(line)]
        for head, line in zip(heads, lines, strict=True)
    ]
