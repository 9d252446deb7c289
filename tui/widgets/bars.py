"""A row with pieces at its left and at its right, such as the bars above and below the text.

A piece is (text, cells, style) in visual order, since article text in a bar is shaped by the engine
and Rich must not measure it. A piece whose style names a key presses it when it is clicked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotations.language.wording import ISOLATES
from tui.desk.typed import Typed
from tui.keys.keymap import KeyHint
from tui.text.cells import symbol
from tui.text.excerpt import Excerpt, excerpt
from tui.text.layout import Base, LineName
from tui.widgets.palette import palette_of
from tui.widgets.row_list import Pieces


class Bar(Widget):
    """A row with something at its left and something at its right."""

    DEFAULT_CSS: ClassVar[str] = "Bar { height: 1; width: 1fr; }"

    @dataclass
    class KeyPressed(Message):
        """A key that the bar names was clicked."""

        key: str

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

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - a bar has one row
        """Draw the row."""
        colours = palette_of(self.app)
        base = colours.text + self._style
        width = self.size.width
        left = _fitting(self._left, width)
        used = sum(cells for _, cells, _ in left)
        right = _fitting(self._right, width - used - 1)
        gap = width - used - sum(cells for _, cells, _ in right)
        pieces = [*left, (" " * gap, gap, Style()), *right]
        return Strip([Segment(text, base + style) for text, _, style in pieces if text], width)

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        key = event.style.meta.get("key")
        if key:
            self.post_message(self.KeyPressed(str(key)))


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
    shown = _told(message, width, "ltr")
    return (shown.visual, shown.cells, Style(bold=True))


def _told(message: str, width: int, base: Base) -> Excerpt:
    """Draw a sentence of ours in which words of an article are isolated, but not the isolates."""
    for hidden in range(sum(map(message.count, ISOLATES)), -1, -1):  # a cut leaves some of them out
        shown = excerpt(message, width + hidden, base)
        visual = shown.visual.translate(_HIDDEN)
        cells = shown.cells - (len(shown.visual) - len(visual))
        if cells <= width:
            break
    return Excerpt(visual, cells)


_HIDDEN: Final = {ord(symbol(mark) or mark): None for mark in ISOLATES}


def key_pieces(keys: Iterable[KeyHint], *, gap: int = 2) -> Pieces:
    """Draw keys and what they do, the keys bold; a click on one presses it.

    They differ in nothing else: a bar changes with most keys, and each colour would be sent anew.
    """
    pieces: Pieces = []
    for hint in keys:
        meta = Style(meta={"key": hint.key}) if hint.key else Style()
        says = _told(hint.says, len(hint.says), "ltr")
        pieces += [
            plain(f"{hint.cap} ", Style(bold=True) + meta),
            (says.visual, says.cells, meta),
            plain(" " * gap),
        ]
    return pieces


def fitting_keys(keys: Iterable[KeyHint], width: int, *, last: Sequence[KeyHint] = ()) -> Pieces:
    """Draw as many of some keys as fit whole, the first of them before the others.

    Args:
        keys: The keys, those that help most first.
        width: The cells that there are.
        last: Keys that stand at the end if there is room for them.
    """
    closing = key_pieces(last, gap=1)
    room = width - _cells(closing)
    if room < 0:
        closing, room = [], width
    kept: Pieces = []
    for hint in keys:
        pieces = key_pieces([hint])
        room -= _cells(pieces)
        if room < 0:
            break
        kept += pieces
    return [*kept, *closing]


def _cells(pieces: Pieces) -> int:
    return sum(cells for _, cells, _ in pieces)


def typing_bar(  # noqa: PLR0917 - one row
    bar: Bar, typed: Typed, sign: str, prompt: str, keys: list[KeyHint], width: int
) -> None:
    """Show what is typed, shaped and ordered, with its cursor; beside it what it does."""
    colours = palette_of(bar.app)
    line = typed.layout().line(LineName(0, 0))
    pieces: Pieces = []
    for cluster in line.clusters():
        style = colours.cursor if cluster.start <= typed.cursor < cluster.end else Style()
        pieces.append((cluster.glyph, cluster.cells, style))
    shown = _cells(pieces)
    room = max(8, min(shown, width // 2))
    ends = reversed(pieces) if line.base else pieces  # the newest letters stay in sight
    spare = next(
        (count for count, left in enumerate(_left(ends, shown)) if left <= room), len(pieces)
    )
    pieces = pieces[: len(pieces) - spare] if line.base else pieces[spare:]
    left = [plain(f" {sign} ", Style(bold=True)), *pieces]
    free = width - _cells(left) - 2
    says = [plain(f"{prompt}   ", colours.muted)] if prompt and len(prompt) + 3 <= free else []
    bar.show(left, [*says, *fitting_keys(keys, free - _cells(says))])


def _left(pieces: Iterable[tuple[str, int, Style]], cells: int) -> Iterator[int]:
    """Count the cells that are left of a row when none, one, two of its pieces are gone."""
    yield cells
    for _, taken, _ in pieces:
        cells -= taken
        yield cells
