"""The bars above and below the text: title, labels with their keys, status.

Each is drawn as one row; its pieces are (text, cells, style) in visual order, since article text
in a bar is shaped by the engine and Rich must not measure it.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from annotations.language.wording import counted
from tui.desk.desk import Desk
from tui.desk.modes.base import TypingMode
from tui.desk.reading import Reading
from tui.desk.typed import Typed
from tui.desk.wording import STATUS_NAMES
from tui.text.excerpt import excerpt
from tui.text.layout import LineName
from tui.widgets.palette import Palette, palette
from tui.widgets.row_list import Pieces


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


def spoken(message: str, width: int) -> tuple[str, int, Style]:
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


def label_bar(bar: Bar, desk: Desk, width: int) -> None:
    """Show the labels with keys and counts, then what can be done now; or what a mode asks."""
    mode = desk.mode
    if isinstance(mode, TypingMode):
        typing_bar(bar, mode.typed, mode.sign, mode.prompt, mode.keys, width)
        return
    colours = palette(dark=bar.app.current_theme.dark)
    if mode is not None:
        bar.show([plain(f" {mode.prompt}   ", Style(bold=True)), *key_pieces(mode.keys, colours)])
        return
    reading = desk.reading
    counts = reading.layer.counts()
    pieces: Pieces = [plain(" ")]
    narrow = width < 60
    for label in reading.scheme.labels:
        name = "" if narrow else f" {label.name}"
        style = colours.lane(label.colour)
        pieces.append(plain(label.key, style + Style(bold=True, reverse=True)))
        pieces.append(plain(f"{name} {counts.get(label.name, 0)}  ", style))
    help_key = key_pieces(desk.keymap.hints(["help"]), colours, gap=1)
    used = sum(cells for _, cells, _ in [*pieces, *help_key])
    hints: list[tuple[str, str]] = []
    for cap, text in _acts(reading):
        used += len(f"{cap} {text}  ")
        if used > width:
            break
        hints.append((cap, text))
    bar.show([*pieces, *key_pieces(hints, colours)], help_key)


def key_pieces(
    keys: Iterable[tuple[str, str]], colours: Palette | None = None, *, gap: int = 2
) -> Pieces:
    """Draw keys and what they do, the keys bold."""
    pieces: Pieces = []
    for cap, text in keys:
        pieces += [
            plain(f"{cap} ", Style(bold=True)),
            plain(text + " " * gap, colours.muted if colours else Style()),
        ]
    return pieces


def typing_bar(  # noqa: PLR0917 - one row
    bar: Bar, typed: Typed, sign: str, prompt: str, keys: list[tuple[str, str]], width: int
) -> None:
    """Show what is typed, shaped and ordered, with its cursor; beside it what it does."""
    colours = palette(dark=bar.app.current_theme.dark)
    right = [plain(f"{prompt}   " if prompt else "", colours.muted), *key_pieces(keys, colours)]
    taken = sum(cells for _, cells, _ in right)
    room = max(8, min(width - taken - 6, width // 2))
    line = typed.layout().line(LineName(0, 0))
    pieces: Pieces = []
    for cluster in line.clusters():
        style = colours.cursor if cluster.start <= typed.cursor < cluster.end else Style()
        pieces.append((cluster.glyph, cluster.cells, style))
    shown = sum(cells for _, cells, _ in pieces)
    ends = reversed(pieces) if line.base else pieces  # the newest letters stay in sight
    spare = next(
        (count for count, left in enumerate(_left(ends, shown)) if left <= room), len(pieces)
    )
    pieces = pieces[: len(pieces) - spare] if line.base else pieces[spare:]
    bar.show([plain(f" {sign} ", Style(bold=True)), *pieces], right)


def _left(pieces: Iterable[tuple[str, int, Style]], cells: int) -> Iterator[int]:
    """Count the cells that are left of a row when none, one, two of its pieces are gone."""
    yield cells
    for _, taken, _ in pieces:
        cells -= taken
        yield cells


def _acts(reading: Reading) -> list[tuple[str, str]]:
    """Return the keys of what can be done now, what helps most first."""
    keymap = reading.keymap
    labels = "/".join(label.key for label in reading.scheme.labels)
    if reading.read_only:
        return keymap.hints(["span.next", "reader.leave"])
    undo = ["edit.undo"] if reading.history.done else []
    if reading.active:
        edges = ("edge.start_back", "edge.start_forward", "edge.end_back", "edge.end_forward")
        caps = " ".join(keymap.cap(name) for name in edges if keymap.keys_of(name))
        first = [(labels, "next span" if reading.armed else "relabel")]
        first += [(caps, "edges")] if caps else []
        return first + keymap.hints(["span.repeats", *undo, "span.relate", "span.delete"])
    if reading.selection:
        words = {"select.word": "grow"}
        return [(labels, "tag"), *keymap.hints(["select.word", "select.drop"], words=words)]
    names = ["article.done", *undo, "reader.leave", "select.word", "span.next"]
    return [(labels, "tag a word"), *keymap.hints(names)]


def status_bar(bar: Bar, desk: Desk, width: int) -> None:
    """Show whether all is saved, who annotates, how far; or what there is to say."""
    reading, annotator = desk.reading, desk.session.annotator
    to_learn = [] if desk.session.tutor else _to_learn(desk)
    colours = palette(dark=bar.app.current_theme.dark)
    if reading.save_error:
        bar.show(
            [
                plain(" NOT SAVED  "),
                spoken(reading.save_error, width - 13),
            ],
            style=Style(bold=True, reverse=True),
        )
        return
    saved = "read only" if reading.read_only else "saved" if reading.is_saved else "saving"
    if reading.message:
        bar.show([plain(f" {saved}  "), spoken(reading.message, width - len(saved) - 4)])
        return
    layer = reading.layer
    percent = 100 * (reading.cursor + 1) // max(1, len(reading.text))
    spans = counted(len(layer.spans), "span")
    if layer.relations:
        spans += f", {counted(len(layer.relations), 'relation')}"
    who = excerpt(annotator, 24)
    bar.show(
        [
            plain(f" {saved}  ", Style(bold=True)),
            (who.visual, who.cells, colours.muted),
            plain(f"  {spans}" if to_learn else f"  {percent} %  {spans}", colours.muted),
        ],
        _keys(to_learn, colours) or [plain(_selected(reading), colours.muted), plain(" ")],
    )


def _to_learn(desk: Desk) -> list[tuple[str, str]]:
    """Return the keys that a newcomer has not used yet, and what they do."""
    labels = desk.session.scheme.labels
    label = f"label.{labels[0].name}"
    names = [label if name == "label" else name for name in desk.session.to_learn]
    return desk.keymap.hints(names, words={label: "tag a word"})


def _keys(listed: list[tuple[str, str]], colours: Palette) -> Pieces:
    return [plain("try  ", colours.muted), *key_pieces(listed, colours)] if listed else []


def _selected(reading: Reading) -> str:
    active = reading.active
    if active:
        return f"{active.label} {active.start}-{active.end}"
    if reading.selection:
        count = reading.selection.end - reading.selection.start
        unit = reading.selection.unit
        return f"{unit + ', ' if unit else ''}{count} letters selected"
    return f"letter {reading.cursor}"
