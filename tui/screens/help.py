"""Pages over the screen that one key closes: the keys, the palette, and lists of messages."""

from textwrap import wrap
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from tui.desk.commands import Command, Keymap, Place, key_cap
from tui.keys.keyboard import Press
from tui.screens.base import CommandScreen
from tui.text.excerpt import excerpt
from tui.widgets.bars import Bar, plain
from tui.widgets.palette import Palette
from tui.widgets.row_list import Pieces, RowList

_CAPS = 22
"""Cells of the column of keys."""
_NARROW = 60
"""Cells below which what a key does stands under it."""


class _Page(RowList):
    """Rows that are only read."""

    def __init__(self, rows: list[Pieces]) -> None:
        super().__init__()
        self.rows = rows
        self.set_reactive(RowList.chosen, -1)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:  # noqa: ARG002
        """Draw a row as it is."""
        return self.rows[index]


class PageScreen(CommandScreen):
    """A page of rows; the arrows scroll it, any of its closing keys leaves it."""

    PLACE: ClassVar[Place] = "page"

    def __init__(self, title: str, rows: list[Pieces], keymap: Keymap) -> None:
        super().__init__(keymap)
        self.title_text = title
        self.rows = rows

    def rows_at(self, width: int) -> list[Pieces]:  # noqa: ARG002 - for those that wrap
        """Return the rows for a width."""
        return self.rows

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the rows anew."""
        self.page.rows = self.rows_at(event.size.width)
        self.page.refresh()

    @property
    def page(self) -> _Page:
        """The rows."""
        return self.query_one(_Page)

    def compose(self) -> ComposeResult:
        """Lay out title, rows and the way out."""
        yield Bar(id="page-title")
        yield _Page(self.rows)
        yield Bar(id="page-foot")

    def on_mount(self) -> None:
        """Draw the bars."""
        title = excerpt(self.title_text, self.size.width - 2)
        self.query_one("#page-title", Bar).show(
            [(f" {title.visual}", title.cells + 1, Style(bold=True))]
        )
        self.query_one("#page-foot", Bar).show([plain(" Esc close   \u2193 \u2191 scroll")])

    def action_close(self) -> None:
        """Leave the page."""
        self.dismiss()

    def action_enter(self) -> None:
        """Leave the page."""
        self.dismiss()

    def action_find(self) -> None:
        """Find nothing: a message is short."""

    def action_scroll(self, rows: int) -> None:
        """Scroll."""
        self.page.scroll_rows(rows)


class MessageScreen(PageScreen):
    """A list of messages."""

    def __init__(self, title: str, lines: list[str], keymap: Keymap) -> None:
        super().__init__(title, [], keymap)
        self.lines = lines

    def rows_at(self, width: int) -> list[Pieces]:
        """Wrap the messages."""
        rows: list[Pieces] = []
        for line in self.lines:
            for piece in wrap(" ".join(line.split()), max(10, width - 4)):
                shown = excerpt(piece, width - 2)
                rows.append([(f" {shown.visual}", shown.cells + 1, Style())])
            rows.append([plain(" ")])
        return rows


def help_rows(commands: list[Command], width: int) -> list[Pieces]:
    """Write commands group by group, wrapped to a width."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    rows: list[Pieces] = []
    for group, members in groups.items():
        rows.append([plain(f" {group}", Style(bold=True, underline=True))])
        for command in members:
            rows += _help_row(_caps(command), command.help, width)
    closing = "With the Arabic or Persian layout on, the same keys do the same."
    rows += [[plain(f" {line}")] for line in wrap(closing, max(10, width - 2))]
    return rows


def _caps(command: Command) -> str:
    return "  ".join(key_cap(key) for key in command.keys) or "(Ctrl+P)"


def _help_row(caps: str, text: str, width: int) -> list[Pieces]:
    column = _CAPS if width >= _NARROW else 4
    lines = wrap(text, max(10, width - column - 2))
    if width < _NARROW:
        return [[plain(f"  {caps}", Style(bold=True))], *([plain(f"    {line}")] for line in lines)]
    heads = [f"   {caps:<{_CAPS - 3}}", *[" " * _CAPS] * (len(lines) - 1)]
    return [
        [plain(head, Style(bold=True)), plain(line)]
        for head, line in zip(heads, lines, strict=True)
    ]


class HelpScreen(PageScreen):
    """The commands of a place and their keys; those that match what is typed can be done.

    Args:
        place: Whose commands.
        keymap: The table.
        finding: Whether letters are typed at once, as in a palette.
    """

    def __init__(self, place: Place, keymap: Keymap, *, finding: bool = False) -> None:
        super().__init__("Hashiya: the keys", [], keymap)
        self.listed = [
            command for command in keymap.commands_of(place) if command.action != "palette"
        ]
        self.finding = finding
        self.typed = ""

    @property
    def found(self) -> list[Command]:
        """The commands in which each word that was typed occurs."""
        words = self.typed.lower().split()
        return [
            command
            for command in self.listed
            if all(
                word in f"{command.id} {command.group} {_caps(command)} {command.help}".lower()
                for word in words
            )
        ]

    def rows_at(self, width: int) -> list[Pieces]:
        """Write the commands: all, wrapped, or those found, a row each."""
        if not self.finding:
            return help_rows(self.listed, width)
        column = _CAPS if width >= _NARROW else 12
        return [
            [
                plain(f"   {_caps(command):<{column - 3}}"[:column], Style(bold=True)),
                plain(command.help[: max(0, width - column - 1)]),
            ]
            for command in self.found
        ]

    def on_mount(self) -> None:
        """Draw the bars."""
        super().on_mount()
        self._update()

    def _update(self) -> None:
        page = self.page
        page.rows = self.rows_at(self.size.width)
        page.chosen = min(max(0, page.chosen), len(page.rows) - 1) if self.finding else -1
        page.keep_in_window()
        page.refresh()
        foot = " Esc close   \u2193 \u2191 scroll   / find"
        if self.finding:
            foot = f" find: {self.typed}_    Enter does it   Esc closes"
        self.query_one("#page-foot", Bar).show([plain(foot)])

    def on_resize(self, event: events.Resize) -> None:
        """Write the rows for the new width."""
        super().on_resize(event)
        self._update()

    async def press(self, press: Press) -> bool:
        """Type what is looked for, or do what the key stands for."""
        if not self.finding or press.key in ("escape", "enter", "up", "down"):
            return await super().press(press)
        if press.key == "backspace":
            self.typed = self.typed[:-1]
        elif press.text and press.key != "space":
            self.typed += press.key
        elif press.key == "space":
            self.typed += " "
        else:
            return await super().press(press)
        self.page.chosen = 0
        self._update()
        return True

    def action_find(self) -> None:
        """Take what is typed now as what is looked for."""
        self.finding = True
        self._update()

    def action_scroll(self, rows: int) -> None:
        """Scroll, or choose among what was found."""
        if not self.finding:
            super().action_scroll(rows)
            return
        page = self.page
        page.chosen = max(0, min(page.chosen + rows, len(page.rows) - 1))

    def action_enter(self) -> None:
        """Give the chosen command back to be done."""
        found = self.found
        if self.finding and found:
            self.dismiss(found[max(0, self.page.chosen)].action)
        else:
            self.dismiss()
