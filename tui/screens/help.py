"""Pages over the screen that one key closes: the keys, and lists of messages."""

from rich.style import Style
from textual.app import ComposeResult

from annotations.scheme import Scheme
from tui.commands import Place, commands_of, key_cap
from tui.screens.base import CommandScreen
from tui.text.excerpt import excerpt
from tui.widgets.bars import Bar, plain
from tui.widgets.palette import Palette
from tui.widgets.row_list import Pieces, RowList


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

    def __init__(self, title: str, rows: list[Pieces]) -> None:
        super().__init__()
        self.title_text = title
        self.rows = rows

    def compose(self) -> ComposeResult:
        """Lay out title, rows and the way out."""
        yield Bar(id="page-title")
        yield _Page(self.rows)
        yield Bar(id="page-foot")

    def on_mount(self) -> None:
        """Draw the bars."""
        self.query_one("#page-title", Bar).show([plain(f" {self.title_text}", Style(bold=True))])
        self.query_one("#page-foot", Bar).show([plain(" Esc close   \u2193 \u2191 scroll")])

    def action_close(self) -> None:
        """Leave the page."""
        self.dismiss()

    def action_scroll(self, rows: int) -> None:
        """Scroll."""
        self.query_one(_Page).scroll_rows(rows)


class MessageScreen(PageScreen):
    """A list of messages."""

    def __init__(self, title: str, lines: list[str]) -> None:
        rows: list[Pieces] = []
        for line in lines:
            shown = excerpt(line, 200)
            rows.append([(f" {shown.visual}", shown.cells + 1, Style())])
        super().__init__(title, rows)


def help_rows(place: Place, scheme: Scheme) -> list[Pieces]:
    """Write the keys of a place, group by group."""
    rows: list[Pieces] = []
    if place == "reader":
        rows.append([plain(" Tagging", Style(bold=True, underline=True))])
        rows += [
            [
                plain(f"   {label.key:<18}", Style(bold=True)),
                plain(f"tag or relabel as {label.name}  {label.description}"),
            ]
            for label in scheme.labels
        ]
        upper = " ".join(label.key.upper() for label in scheme.labels)
        rows.append([
            plain(f"   {upper:<18}", Style(bold=True)),
            plain("tag beside a span of the same extent"),
        ])  # fmt: skip
    groups: dict[str, list[Pieces]] = {}
    for command in commands_of(place):
        caps = "  ".join(key_cap(key) for key in command.keys)
        row = [plain(f"   {caps:<18}", Style(bold=True)), plain(command.help)]
        groups.setdefault(command.group, []).append(row)
    for group, members in groups.items():
        rows.append([plain(f" {group}", Style(bold=True, underline=True))])
        rows += members
    rows.append([plain(" With the Arabic layout on, the same keys do the same.")])
    return rows


class HelpScreen(PageScreen):
    """The keys of a place."""

    def __init__(self, place: Place, scheme: Scheme) -> None:
        super().__init__("Hashiya: the keys", help_rows(place, scheme))
