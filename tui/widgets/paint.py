"""From laid-out lines to rows of the screen: text with its tints, and the lanes under it.

Styles lie over finished clusters, so nothing here can change a glyph or an order. The unit is the
cell; a row is a list of (text, style) pieces and its width.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotations.model.scheme import Label
from tui.desk.hints import Hinting
from tui.desk.marks import Lane, Marks
from tui.desk.window import ShownLine
from tui.text.bidi import mirrored
from tui.text.cells import is_symbol
from tui.text.excerpt import excerpt_cells
from tui.text.lines import Line
from tui.widgets.palette import Palette

_BY = 4
"""Cells that stay free beside what a span is joined to."""


def text_strip(shown: ShownLine, left: int, width: int, marks: Marks, palette: Palette) -> Strip:
    """Draw the text of a line.

    Args:
        shown: The line, opened at every edge of what lies over it.
        left: Cells before its left end.
        width: Cells of the row.
        marks: What lies over it.
        palette: The colours.
    """
    line = shown.line
    row = _Row()
    hung = (
        marks.cursor >= 0
        and line.start <= marks.cursor < line.end
        and marks.cursor not in line.starts[: line.shown]
    )
    margin = left
    if hung and line.base and left > 0:
        margin -= 1
    row.add(" " * margin, palette.text)
    if hung and line.base and left > 0:
        row.add(" ", _style(_Over(cursor=True), palette))
    _add_text(row, shown, marks, palette)
    cells = left + line.width
    if hung and not line.base and cells < width:
        row.add(" ", _style(_Over(cursor=True), palette))
        cells += 1
    row.add(" " * max(0, width - cells), palette.text)
    return row.strip(max(width, cells))


class _Over(NamedTuple):
    """What lies over a cluster."""

    tint: str = ""
    """Colour of the label."""
    symbol: bool = False
    hit: bool = False
    active: bool = False
    selected: bool = False
    cursor: bool = False


_NOTHING: Final = _Over()


@lru_cache(maxsize=512)
def _style(over: _Over, palette: Palette) -> Style:
    """Add styles up, which Rich is slow at."""
    style = palette.text
    if over.tint:
        style += palette.tint(over.tint)
    if over.symbol:
        style += palette.symbol
    if over.hit:
        style += palette.hit
    if over.active:
        style += Style(bold=True, underline=True)
    if over.selected:
        style += palette.selection
    if over.cursor:
        style += palette.cursor
    return style


def _add_text(row: "_Row", shown: ShownLine, marks: Marks, palette: Palette) -> None:
    """Add the clusters of a line from left to right, those side by side that look alike at once."""
    line = shown.line
    over = _over(shown, marks)
    for run in line.runs:
        glyphs = list(line.glyphs[run.first : run.last])
        if run.level & 1:
            glyphs = [mirrored(glyph) for glyph in reversed(glyphs)]
        looks = over[run.first : run.last]
        if run.level & 1:
            looks.reverse()
        looks = [
            look._replace(symbol=True) if is_symbol(glyph) else look
            for glyph, look in zip(glyphs, looks, strict=True)
        ]
        if marks.hides_vowels:
            glyphs = list(map(_bare, glyphs))
        first = 0
        for look, alike in groupby(looks):
            last = first + sum(1 for _ in alike)
            row.add("".join(glyphs[first:last]), _style(look, palette))
            first = last


def _over(shown: ShownLine, marks: Marks) -> list[_Over]:
    """List what lies over each cluster of a line that has cells, in logical order."""
    line = shown.line
    over = [_NOTHING] * line.shown
    _lay_spans(over, shown, marks)
    if marks.hits:
        for index in range(line.shown):
            if marks.is_hit(line.starts[index], line.starts[index + 1]):
                over[index] = over[index]._replace(hit=True)
    if marks.selection:
        for index in line.covered(*marks.selection):
            over[index] = over[index]._replace(selected=True)
    if marks.cursor >= 0:
        index = bisect_left(line.starts, marks.cursor, 0, line.shown)
        if index < line.shown and line.starts[index] == marks.cursor:
            over[index] = over[index]._replace(cursor=True)
    return over


def _lay_spans(over: list[_Over], shown: ShownLine, marks: Marks) -> None:
    """Lay spans over clusters, the shortest last, since its tint is seen."""
    for span in reversed(shown.spans):
        label = marks.label(span)
        for index in shown.line.covered(span.start, span.end):
            if label.mark == "tint":
                over[index] = over[index]._replace(tint=label.colour)
            if span.id == marks.active:
                over[index] = over[index]._replace(active=True)


def _bare(glyph: str) -> str:
    """Leave the vowel marks of a letter out; a mark that stands alone stays."""
    letters = "".join(char for char in glyph if not unicodedata.combining(char))
    return letters or glyph


class _Row:
    """Pieces of a row, neighbours of one style joined."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, Style]] = []

    def add(self, text: str, style: Style) -> None:
        if not text:
            return
        if self.pieces and (self.pieces[-1][1] is style or self.pieces[-1][1] == style):
            self.pieces[-1] = (self.pieces[-1][0] + text, style)
        else:
            self.pieces.append((text, style))

    def strip(self, cells: int) -> Strip:
        return Strip([Segment(text, style) for text, style in self.pieces], cells)


def lane_strip(
    lanes: Iterable[Lane], line: Line, left: int, width: int, *, marks: Marks, palette: Palette
) -> Strip:
    """Draw one row of lanes: each a bracket under its span with the label's name in it."""
    cells = _Cells(width, palette.text)
    for lane in lanes:
        label = marks.label(lane.span)
        style = _lane_style(label.colour, palette, active=lane.span.id == marks.active)
        for first, last in _stretches(lane.cells):
            cells.put(left + first, _bracket(lane, label, (first, last), line, marks), style)
    return cells.strip()


@lru_cache(maxsize=64)
def _lane_style(colour: str, palette: Palette, *, active: bool) -> Style:
    style = palette.text + palette.lane(colour)
    return style + Style(bold=True, reverse=True) if active else style


class _Cells:
    """A row of blank cells, on which glyphs are put one by one."""

    def __init__(self, width: int, style: Style) -> None:
        self._blank = style
        self._glyphs = [" "] * width
        self._styles = [style] * width
        self._is_blank = True

    def put(self, cell: int, glyphs: Iterable[str], style: Style) -> None:
        for place, glyph in enumerate(glyphs, cell):
            if 0 <= place < len(self._glyphs):
                self._glyphs[place] = glyph
                self._styles[place] = style
                self._is_blank = False

    def strip(self) -> Strip:
        row = _Row()
        if self._is_blank:
            row.add(" " * len(self._glyphs), self._blank)
            return row.strip(len(self._glyphs))
        first = 0
        for style, alike in groupby(self._styles):
            last = first + sum(1 for _ in alike)
            row.add("".join(self._glyphs[first:last]), style)
            first = last
        return row.strip(len(self._glyphs))


def _stretches(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Join cells that stand side by side into (first, last) pairs."""
    found: list[tuple[int, int]] = []
    for cell in cells:
        if found and found[-1][1] == cell - 1:
            found[-1] = (found[-1][0], cell)
        else:
            found.append((cell, cell))
    return found


def _bracket(
    lane: Lane, label: Label, stretch: tuple[int, int], line: Line, marks: Marks
) -> list[str]:
    """Draw a lane over one stretch of cells, its name at the end where the span is read first.

    What the span is joined to stands after the name, where there is room.

    Returns:
        A glyph for each cell, from left to right.
    """
    first, last = stretch
    active = lane.span.id == marks.active
    count = last - first + 1
    letter = label.key.upper() if active else label.key
    if count == 1:
        return [letter or "?"]
    fill = "\u2501" if active else "\u2500"
    rtl = bool(line.base)
    opens = "\u2518" if rtl else "\u2514"
    closes = "\u2514" if rtl else "\u2518"
    whole = _stretches(lane.cells)
    is_first = stretch == (whole[-1] if rtl else whole[0])
    is_last = stretch == (whole[0] if rtl else whole[-1])
    head = opens if is_first and lane.starts_here else "\u2508"
    tail = closes if is_last and lane.ends_here else ("\u25c2" if rtl else "\u25b8")
    if not is_last:
        tail = "\u2508"
    name = list(label.name if count >= len(label.name) + 4 else letter) if is_first else []
    inner: list[str] = []
    if count == 2:
        head = (name or [head])[0]
    else:
        joined = marks.heads.get(lane.span.id, "") if is_first else ""
        by = excerpt_cells(joined, count - 2 - len(name) - _BY) if joined else []
        inner = [*by, *" :", *name] if by and rtl else [*name, *": ", *by] if by else name
        filled = [fill] * (count - 2 - len(inner))
        inner = [*filled, *inner] if rtl else [*inner, *filled]
    return [tail, *inner, head] if rtl else [head, *inner, tail]


def hint_strip(hinting: Hinting, line: Line, left: int, width: int, *, palette: Palette) -> Strip:
    """Draw the hints of a line as chips, each under the first letter of its word.

    Hints of two places that are one, such as a span inside another, stand side by side.
    """
    cells = _Cells(width, palette.text + palette.hints)
    taken: dict[int, bool] = {}
    for hint in hinting.hints:
        if not line.start <= hint.target.start < line.end or not hint.keys.startswith(
            hinting.typed
        ):
            continue
        rest = hint.keys[len(hinting.typed) :]
        offered = hinting.offered is not None and hinting.offered == hint.target
        first = left + line.cell_of(hint.target.start) - (len(rest) - 1 if line.base else 0)
        step = -1 if line.base else 1
        while any(cell in taken for cell in range(first, first + len(rest))):
            first += step
        beside = taken.get(first - 1, False) or taken.get(first + len(rest), False)
        chip = not beside or offered
        taken.update(dict.fromkeys(range(first, first + len(rest)), chip))
        cells.put(first, rest, _hint_style(palette, offered=offered, chip=chip))
    return cells.strip()


@lru_cache(maxsize=16)
def _hint_style(palette: Palette, *, offered: bool, chip: bool) -> Style:
    if offered:
        return palette.text + palette.offered
    return palette.text + (palette.hint if chip else palette.hint_beside)
