"""Lines as they were drawn, each kept until what lies over that very line is something else.

What lies over a line is its own share of the marks: its stretch of the selection, the active span
if it touches, the hits and the hints on it. The text and the rows under it are kept apart, since
hints change only these. Offsets are code points of the article.
"""

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from textual.strip import Strip

from tui.desk.hints import Hinting
from tui.desk.marks import Marks
from tui.desk.window import ShownLine, Window
from tui.widgets.paint import hint_strip, lane_strip, text_strip
from tui.widgets.palette import Palette

_MOST_KEPT: Final = 600
"""Texts and rows under them that are kept as they were drawn."""


class Frame(Struct, frozen=True):
    """What all lines are drawn in."""

    width: int
    """Cells of a row."""
    palette: Palette


class Painter:
    """Draws the lines of a window, and keeps them."""

    def __init__(self) -> None:
        self._drawn_for: object = None
        self._texts: dict[object, Strip] = {}
        self._rows: dict[object, tuple[Strip, ...]] = {}
        self._kept: dict[int, ShownLine] = {}
        """The lines of those, so that no other line gets the identity of one."""

    def draw(
        self, window: Window, frame: Frame, marks: Marks, hinting: Hinting | None
    ) -> list[Strip]:
        """Return the rows of all lines of a window, as they were drawn if nothing changed."""
        drawn_for = (window.layout, frame, marks.hides_vowels)
        if drawn_for != self._drawn_for or len(self._texts) + len(self._rows) > _MOST_KEPT:
            self._drawn_for = drawn_for
            self._texts.clear()
            self._rows.clear()
            self._kept.clear()
        strips: list[Strip] = []
        for shown in window.lines:
            over = _over(shown, marks)
            left = window.left_of(shown.line)
            strips.append(self._text(shown, left, frame, over))
            strips += self._under(shown, left, frame, over, hinting)
        return strips

    def _text(self, shown: ShownLine, left: int, frame: Frame, over: Marks) -> Strip:
        key = (id(shown), over.cursor, over.selection, over.active, over.hits)
        found = self._texts.get(key)
        if found is None:
            self._kept[id(shown)] = shown
            found = self._texts[key] = text_strip(shown, left, frame.width, over, frame.palette)
        return found

    def _under(
        self, shown: ShownLine, left: int, frame: Frame, over: Marks, hinting: Hinting | None
    ) -> tuple[Strip, ...]:
        """Return the lanes under a line, or the hints in place of the first of them."""
        line = shown.line
        hints = _hints_on(hinting, line.start, line.end) if hinting else None
        key = (id(shown), over.active, tuple(over.heads.items()), hints)
        found = self._rows.get(key)
        if found is not None:
            return found
        self._kept[id(shown)] = shown
        colours, width = frame.palette, frame.width
        rows = [
            lane_strip(lanes, line, left, width, marks=over, palette=colours)
            for lanes in shown.lanes[1 if hints else 0 :]
        ]
        if hints and shown.lanes:
            rows.insert(0, hint_strip(hints, line, left, width, palette=colours))
        found = self._rows[key] = tuple(rows)
        return found


def _over(shown: ShownLine, marks: Marks) -> Marks:
    """Return what of the marks lies over a line."""
    start, end, spans = shown.line.start, shown.line.end, shown.spans
    selection = marks.selection
    if selection:
        clipped = (max(start, selection[0]), min(end, selection[1]))
        selection = clipped if clipped[0] < clipped[1] else None
    hits = marks.hits
    if hits:
        first = max(0, bisect_right(hits, start, key=itemgetter(0)) - 1)
        hits = tuple(hits[first : bisect_left(hits, end, key=itemgetter(0))])
    return Marks(
        spans=spans,
        labels=marks.labels,
        cursor=marks.cursor if start <= marks.cursor < end else -1,
        selection=selection,
        active=marks.active if any(span.id == marks.active for span in spans) else None,
        hits=hits,
        heads={span.id: marks.heads[span.id] for span in spans if span.id in marks.heads},
        hides_vowels=marks.hides_vowels,
    )


def _hints_on(hinting: Hinting, start: int, end: int) -> Hinting:
    """Return what a line shows of the hints."""
    hints = tuple(
        hint
        for hint in hinting.hints
        if start <= hint.target.start < end and hint.keys.startswith(hinting.typed)
    )
    offered = next((hint.target for hint in hints if hint.target == hinting.offered), None)
    return replace(hinting, hints=hints, first=None, offered=offered)
