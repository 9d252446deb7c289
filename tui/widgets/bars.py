"""The bars above and below the text: title, labels with their keys, status.

Each is drawn as one row; its pieces are (text, cells, style) in visual order, since article text
in a bar is shaped by the engine and Rich must not measure it.
"""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from annotations.model.layer import Status
from tui.desk.commands import Command, key_cap
from tui.desk.reading import Reading
from tui.desk.typed import Typed
from tui.text.excerpt import excerpt
from tui.text.layout import LineName
from tui.widgets.palette import Palette, palette
from tui.widgets.row_list import Pieces

STATUS_NAMES: dict[Status, str] = {
    "new": "new",
    "in_progress": "in progress",
    "done": "done",
    "skipped": "skipped",
    "flagged": "flagged",
}


_NOT_SAVED = "Not saved: "
"""How the message of a failed save begins, which the bar says already."""


class Bar(Widget):
    """A row with something at its left and something at its right."""

    DEFAULT_CSS: ClassVar[str] = "Bar { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._left: Pieces = []
        self._right: Pieces = []
        self._style = Style()

    def show(self, left: Pieces, right: Pieces = (), *, style: Style | None = None) -> None:  # type: ignore[assignment]  # an empty right side
        """Draw these pieces; where both don't fit, the right ones give way."""
        shown = (list(left), list(right), style or Style())
        if shown != (self._left, self._right, self._style):
            self._left, self._right, self._style = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        colours = palette(dark=self.app.current_theme.dark)
        base = colours.text + self._style
        width = self.size.width
        if y:
            return Strip.blank(width, base)
        left = _fitting(self._left, width)
        used = sum(cells for _, cells, _ in left)
        right = _fitting(self._right, width - used - 1)
        gap = width - used - sum(cells for _, cells, _ in right)
        pieces = [*left, (" " * gap, gap, Style()), *right]
        return Strip([Segment(text, base + style) for text, _, style in pieces if text], width)


def _fitting(pieces: Pieces, width: int) -> Pieces:
    """Keep the pieces that fit; the first that doesn't is cut if it is plain ASCII."""
    kept: Pieces = []
    for text, cells, style in pieces:
        if cells > width:
            if text.isascii() and width > 0:
                kept.append((text[:width], width, style))
            break
        kept.append((text, cells, style))
        width -= cells
    return kept


def plain(text: str, style: Style | None = None) -> tuple[str, int, Style]:
    """Make a piece of our own text, in which each character is one cell."""
    return (text, len(text), style or Style())


def told(message: str, width: int) -> tuple[str, int, Style]:
    """Make a piece of a message, which may hold names in any script."""
    shown = excerpt(message, width)
    return (shown.visual, shown.cells, Style(bold=True))


def title_bar(bar: Bar, reading: Reading, number: int, count: int, width: int) -> None:
    """Show which article is open."""
    left = f" Hashiya  article {number} of {count}  {STATUS_NAMES[reading.layer.status]}"
    if reading.read_only:
        left += "  READ ONLY"
    room = width - len(left) - 3
    shown = excerpt(reading.document.id, room if room > 3 else 0)
    bar.show(
        [plain(left, Style(bold=True))],
        [(shown.visual, shown.cells, Style()), plain(" ")],
    )


def label_bar(
    bar: Bar, reading: Reading, width: int, commands: list[Command], prompt: str = ""
) -> None:
    """Show the labels with keys and counts, then what can be done now; or what a mode asks."""
    if prompt:
        bar.show([plain(f" {prompt}", Style(bold=True))])
        return
    colours = palette(dark=bar.app.current_theme.dark)
    counts = reading.layer.counts()
    pieces: Pieces = [plain(" ")]
    narrow = width < 60
    for label in reading.scheme.labels:
        name = "" if narrow else f" {label.name}"
        style = colours.lane(label.colour)
        pieces.append(plain(label.key, style + Style(bold=True, reverse=True)))
        pieces.append(plain(f"{name} {counts.get(label.name, 0)}  ", style))
    help_key = [plain("? ", Style(bold=True)), plain("keys ", colours.muted)]
    used = sum(cells for _, cells, _ in [*pieces, *help_key])
    hints: Pieces = []
    for keys, text in _acts(reading, commands):
        piece = f"{keys} {text}  "
        if used + len(piece) > width:
            break
        hints += [plain(f"{keys} ", Style(bold=True)), plain(f"{text}  ", colours.muted)]
        used += len(piece)
    bar.show([*pieces, *hints], help_key)


def typing_bar(bar: Bar, typed: Typed, prompt: str, width: int, sign: str = "/") -> None:
    """Show what is typed, shaped and ordered, with its cursor; beside it what it does."""
    colours = palette(dark=bar.app.current_theme.dark)
    room = max(8, min(width - len(prompt) - 6, width // 2))
    line = typed.layout().line(LineName(0, 0))
    pieces: Pieces = []
    for cluster in line.clusters():
        style = colours.cursor if cluster.start <= typed.cursor < cluster.end else Style()
        pieces.append((cluster.glyph, cluster.cells, style))
    while sum(cells for _, cells, _ in pieces) > room:
        pieces.pop(-1 if line.base else 0)  # the newest letters stay in sight
    bar.show([plain(f" {sign} ", Style(bold=True)), *pieces], [plain(f"{prompt} ", colours.muted)])


def _acts(reading: Reading, commands: list[Command]) -> list[tuple[str, str]]:
    """Say what can be done now: what helps most first."""
    by_id = {command.id: command for command in commands}
    keys = "/".join(label.key for label in reading.scheme.labels)
    if reading.read_only:
        return [
            (key_cap(by_id[name].keys[0]), by_id[name].hint)
            for name in ("span.next", "reader.leave")
        ]
    if reading.active:
        names = ["span.repeats", "edit.undo", "span.relate", "span.delete"]
        edges = ["edge.start_back", "edge.start_forward", "edge.end_back", "edge.end_forward"]
        caps = " ".join(key_cap(by_id[name].keys[0]) for name in edges)
        first = [(keys, "next span" if reading.armed else "relabel"), (caps, "edges")]
    elif reading.selection:
        names = ["select.word", "select.drop"]
        first = [(keys, "tag")]
    else:
        names = ["article.done", "edit.undo", "reader.leave", "select.word", "span.next"]
        first = [(keys, "tag a word")]
    texts = {"select.drop": "let go", "select.word": "grow" if reading.selection else "select"}
    if not reading.history.done:
        names = [name for name in names if name != "edit.undo"]
    return first + [
        (key_cap(by_id[name].keys[0]), texts.get(name) or by_id[name].hint) for name in names
    ]


def status_bar(
    bar: Bar, reading: Reading, annotator: str, width: int, to_learn: list[tuple[str, str]]
) -> None:
    """Show whether all is saved, who annotates, how far; or what there is to tell.

    Args:
        bar: The bar.
        reading: The article.
        annotator: Who annotates.
        width: Cells of the bar.
        to_learn: Keys for a newcomer to try, and what they do.
    """
    colours = palette(dark=bar.app.current_theme.dark)
    if reading.save_error:
        bar.show(
            [plain(" NOT SAVED  "), told(reading.save_error.removeprefix(_NOT_SAVED), width - 13)],
            style=Style(bold=True, reverse=True),
        )
        return
    saved = "read only" if reading.read_only else "saved" if reading.is_saved else "saving"
    if reading.message:
        bar.show([plain(f" {saved}  "), told(reading.message, width - len(saved) - 4)])
        return
    layer = reading.layer
    percent = 100 * (reading.cursor + 1) // max(1, len(reading.text))
    spans = f"{len(layer.spans)} span{'s' * (len(layer.spans) != 1)}"
    if layer.relations:
        spans += f", {len(layer.relations)} relation{'s' * (len(layer.relations) != 1)}"
    who = excerpt(annotator, 24)
    bar.show(
        [
            plain(f" {saved}  ", Style(bold=True)),
            (who.visual, who.cells, colours.muted),
            plain(f"  {spans}" if to_learn else f"  {percent} %  {spans}", colours.muted),
        ],
        _keys(to_learn, colours) or [plain(_selected(reading), colours.muted), plain(" ")],
    )


def _keys(listed: list[tuple[str, str]], colours: Palette) -> Pieces:
    pieces: Pieces = [plain("try  ", colours.muted)] if listed else []
    for cap, text in listed:
        pieces += [plain(f"{cap} ", Style(bold=True)), plain(f"{text}  ", colours.muted)]
    return pieces


def _selected(reading: Reading) -> str:
    active = reading.active
    if active:
        return f"{active.label} {active.start}-{active.end}"
    if reading.selection:
        count = reading.selection.end - reading.selection.start
        unit = reading.selection.unit
        return f"{unit + ', ' if unit else ''}{count} letters selected"
    return f"letter {reading.cursor}"
