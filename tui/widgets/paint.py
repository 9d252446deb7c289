"""From laid-out lines to rows of the screen: text with its tints, and the lanes under it.

Styles lie over finished clusters, so nothing here can change a glyph or an order. The unit is the
cell; a row is a list of (text, style) pieces and its width.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotations.model.layer import Span
from annotations.model.scheme import Label
from tui.desk.hints import Hinting
from tui.desk.marks import Lane, Marks
from tui.desk.window import ShownLine
from tui.text.cells import is_symbol
from tui.text.excerpt import excerpt_cells
from tui.text.lines import Cluster, Line
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
    line, visible = shown.line, shown.clusters
    row = _Row()
    hung = marks.cursor >= 0 and line.start <= marks.cursor < line.end and not any(
        cluster.start == marks.cursor for cluster in visible
    )  # fmt: skip
    margin = left
    if hung and line.base and left > 0:
        margin -= 1
    row.add(" " * margin, palette.text)
    if hung and line.base and left > 0:
        row.add(" ", palette.text + palette.cursor)
    for cluster in visible:
        glyph = _bare(cluster.glyph) if marks.hides_vowels else cluster.glyph
        row.add(glyph, _style(cluster, shown.spans, marks, palette))
    cells = left + line.width
    if hung and not line.base and cells < width:
        row.add(" ", palette.text + palette.cursor)
        cells += 1
    row.add(" " * max(0, width - cells), palette.text)
    return row.strip(max(width, cells))


def _bare(glyph: str) -> str:
    """Leave the vowel marks of a letter out; a mark that stands alone stays."""
    letters = "".join(char for char in glyph if not unicodedata.combining(char))
    return letters or glyph


def _style(cluster: Cluster, spans: Sequence[Span], marks: Marks, palette: Palette) -> Style:
    style = palette.text
    covering = [span for span in spans if span.start < cluster.end and span.end > cluster.start]
    tinted = next((span for span in covering if marks.label(span).mark == "tint"), None)
    if tinted:
        style += palette.tint(marks.label(tinted).colour)
    if is_symbol(cluster.glyph):
        style += palette.symbol
    if marks.hits and marks.is_hit(cluster.start, cluster.end):
        style += palette.hit
    if any(span.id == marks.active for span in covering):
        style += Style(bold=True, underline=True)
    if marks.selection and marks.selection[0] < cluster.end and marks.selection[1] > cluster.start:
        style += palette.selection
    if cluster.start == marks.cursor:
        style += palette.cursor
    return style


class _Row:
    """Pieces of a row, neighbours of one style joined."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, Style]] = []

    def add(self, text: str, style: Style) -> None:
        if not text:
            return
        if self.pieces and self.pieces[-1][1] == style:
            self.pieces[-1] = (self.pieces[-1][0] + text, style)
        else:
            self.pieces.append((text, style))

    def strip(self, cells: int) -> Strip:
        return Strip([Segment(text, style) for text, style in self.pieces], cells)


def lane_strip(
    lanes: Iterable[Lane], line: Line, left: int, width: int, *, marks: Marks, palette: Palette
) -> Strip:
    """Draw one row of lanes: each a bracket under its span with the label's name in it."""
    glyphs = [" "] * width
    styles = [palette.text] * width
    for lane in lanes:
        label = marks.label(lane.span)
        style = palette.text + palette.lane(label.colour)
        if lane.span.id == marks.active:
            style += Style(bold=True, reverse=True)
        for first, last in _stretches(lane.cells):
            drawn = _bracket(lane, label, (first, last), line, marks)
            for step, glyph in enumerate(drawn):
                cell = left + first + step
                if 0 <= cell < width:
                    glyphs[cell] = glyph
                    styles[cell] = style
    row = _Row()
    for glyph, style in zip(glyphs, styles, strict=True):
        row.add(glyph, style)
    return row.strip(width)


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
    """Draw the hints of a line, each under the first letter of its word."""
    glyphs = [" "] * width
    styles = [palette.text] * width
    possible = [hint for hint in hinting.hints if hint.keys.startswith(hinting.typed)]
    for hint in possible:
        if not line.start <= hint.target.start < line.end:
            continue
        rest = hint.keys[len(hinting.typed) :]
        offered = hinting.offered is not None and hinting.offered == hint.target
        style = palette.text + (palette.offered if offered else palette.hint)
        cell = left + line.cell_of(hint.target.start)
        first = cell - len(rest) + 1 if line.base else cell
        for step, glyph in enumerate(rest):
            if 0 <= first + step < width:
                glyphs[first + step] = glyph
                styles[first + step] = style
    row = _Row()
    for glyph, style in zip(glyphs, styles, strict=True):
        row.add(glyph, style)
    return row.strip(width)
