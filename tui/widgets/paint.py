"""From laid-out lines to rows of the screen: text with its tints, and the lanes under it.

Styles lie over finished clusters, so nothing here can change a glyph or an order. The unit is the
cell; a row is a list of (text, style) pieces and its width.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotations.model.layer import Span
from annotations.model.scheme import Label
from tui.desk.hints import Hinting
from tui.text.cells import is_symbol
from tui.text.excerpt import excerpt_cells
from tui.text.lines import Cluster, Line
from tui.widgets.palette import Palette

_BY = 4
"""Cells that stay free beside what a span is joined to."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What lies over the text of an article."""

    spans: Sequence[Span]
    labels: dict[str, Label]
    cursor: int = -1
    """Offset of the grapheme that the cursor stands on; -1 for none."""
    selection: tuple[int, int] | None = None
    active: str | None = None
    """Id of the active span."""
    hits: Sequence[tuple[int, int]] = ()
    """Places that match a search, in reading order."""
    hides_vowels: bool = False
    """Whether marks over and under letters are left out on screen."""
    heads: Mapping[str, str] = field(default_factory=dict)
    """By the id of a span: the text of what it is joined to, such as who makes a claim."""

    def is_hit(self, start: int, end: int) -> bool:
        """Tell whether a cluster lies in a place that matches."""
        index = bisect_left(self.hits, end, key=lambda hit: hit[0]) - 1
        return index >= 0 and self.hits[index][1] > start

    def in_range(self, start: int, end: int) -> list[Span]:
        """List the spans that touch a range, the shortest first."""
        touching = [span for span in self.spans if span.start < end and span.end > start]
        return sorted(touching, key=lambda span: (span.end - span.start, span.reading_order))


def text_strip(line: Line, left: int, width: int, marks: Marks, palette: Palette) -> Strip:
    """Draw the text of a line.

    Args:
        line: The line, opened at every edge of what lies over it.
        left: Cells before its left end.
        width: Cells of the row.
        marks: What lies over it.
        palette: The colours.
    """
    spans = marks.in_range(line.start, line.end)
    row = _Row()
    visible = [cluster for cluster in line.clusters() if cluster.cells]
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
        row.add(glyph, _style(cluster, spans, marks, palette))
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


def _style(cluster: Cluster, spans: list[Span], marks: Marks, palette: Palette) -> Style:
    style = palette.text
    covering = [span for span in spans if span.start < cluster.end and span.end > cluster.start]
    tinted = next((span for span in covering if _label(marks, span).mark == "tint"), None)
    if tinted:
        style += palette.tint(_label(marks, tinted).colour)
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


def _label(marks: Marks, span: Span) -> Label:
    return marks.labels.get(span.label) or Label(span.label, "?")


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


@dataclass(frozen=True, slots=True)
class Lane:
    """A span's mark under one line: the cells that it covers there, and its open ends."""

    span: Span
    cells: tuple[int, ...]
    """Cells of the line, ascending."""
    starts_here: bool
    ends_here: bool


def lanes_of(line: Line, marks: Marks) -> list[list[Lane]]:
    """Share the spans of a line out to rows in which none meets another, short ones on top."""
    rows: list[list[Lane]] = []
    taken: list[set[int]] = []
    placed = [cluster for cluster in line.clusters() if cluster.cells]
    lefts = {cluster.start: line.cell_of(cluster.start) for cluster in placed}
    for span in marks.in_range(line.start, line.end):
        covered = sorted(
            lefts[cluster.start] + step
            for cluster in placed
            if span.start < cluster.end and span.end > cluster.start
            for step in range(cluster.cells)
        )
        if not covered:
            continue
        lane = Lane(span, tuple(covered), span.start >= line.start, span.end <= line.end)
        # a lane keeps the cells beside it free, so that two neighbours can be told apart
        reach = set(range(covered[0], covered[-1] + 1))
        for row, cells in zip(rows, taken, strict=True):
            if cells.isdisjoint(reach):
                row.append(lane)
                cells.update(reach)
                break
        else:
            rows.append([lane])
            taken.append(set(reach))
    return rows


def lane_strip(
    lanes: Iterable[Lane], line: Line, left: int, width: int, *, marks: Marks, palette: Palette
) -> Strip:
    """Draw one row of lanes: each a bracket under its span with the label's name in it."""
    glyphs = [" "] * width
    styles = [palette.text] * width
    for lane in lanes:
        label = _label(marks, lane.span)
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
