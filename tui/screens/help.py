"""Pages over the screen that one key closes: the keys, and lists of messages."""

from textwrap import wrap

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from annotations.scheme import Scheme
from tui.commands import Keymap, Place, key_cap
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

    PLACE = "page"

    def __init__(self, title: str, rows: list[Pieces], keymap: Keymap) -> None:
        super().__init__(keymap)
        self.title_text = title
        self.rows = rows

    def rows_at(self, width: int) -> list[Pieces]:  # noqa: ARG002 - for those that wrap
        """Return the rows for a width."""
        return self.rows

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the rows anew."""
        page = self.query_one(_Page)
        page.rows = self.rows_at(event.size.width)
        page.refresh()

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

    def action_scroll(self, rows: int) -> None:
        """Scroll."""
        self.query_one(_Page).scroll_rows(rows)


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


def help_rows(place: Place, scheme: Scheme, keymap: Keymap, width: int) -> list[Pieces]:
    """Write the keys of a place, group by group, wrapped to a width."""
    groups: dict[str, list[tuple[str, str]]] = {}
    if place == "reader":
        tagging = groups.setdefault("Tagging", [])
        for label in scheme.labels:
            description = f": {label.description}" if label.description else ""
            tagging.append((label.key, f"tag or relabel as {label.name}{description}"))
        upper = " ".join(label.key.upper() for label in scheme.labels)
        tagging.append((upper, "tag beside a span of the same extent"))
    for command in keymap.commands_of(place):
        caps = "  ".join(key_cap(key) for key in command.keys)
        groups.setdefault(command.group, []).append((caps, command.help))
    rows: list[Pieces] = []
    for group, members in groups.items():
        rows.append([plain(f" {group}", Style(bold=True, underline=True))])
        for caps, text in members:
            rows += _help_row(caps, text, width)
    closing = "With the Arabic layout on, the same keys do the same."
    rows += [[plain(f" {line}")] for line in wrap(closing, max(10, width - 2))]
    return rows


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
    """The keys of a place."""

    def __init__(self, place: Place, scheme: Scheme, keymap: Keymap) -> None:
        super().__init__("Hashiya: the keys", [], keymap)
        self.place: Place = place
        self.scheme = scheme

    def rows_at(self, width: int) -> list[Pieces]:
        """Wrap what the keys do beside them, or beneath where it is narrow."""
        return help_rows(self.place, self.scheme, self.keymap, width)
