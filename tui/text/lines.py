"""Breaking a paragraph into lines, and one line in visual order with its exact map.

A position on a line is an offset (a code-point offset into the document) or a cell (a terminal
column, counted from the left end of the line). Spaces that don't fit at the end of a line, and
the newline, *hang*: they take no cell of the line's width, and the map gives them places beyond
the line's logical end (negative cells where the base direction is right to left).

Every lam-alef has room for its opened form, so that opening one never moves a line break.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from tui.text import bidi
from tui.text.paragraph import Paragraph
from tui.text.shaping import LAM, OPENED, open_pair


class Cut(NamedTuple):
    """Where a line starts, counted from the start of its paragraph."""

    offset: int
    cluster: int


class Cluster(NamedTuple):
    """What one glyph shows, as placed on a line."""

    start: int
    end: int
    glyph: str
    """Shaped and mirrored; empty if the cluster hangs."""
    cells: int
    level: int


class VisualRun(NamedTuple):
    """Clusters of one level that stand side by side on a line."""

    first: int
    last: int
    """Index after the last cluster of the run; both count from the start of the line."""
    level: int
    cell: int
    """Cell of its left end."""


def break_lines(paragraph: Paragraph, width: int) -> list[Cut]:
    """Find where the lines of a paragraph start.

    Args:
        paragraph: The shaped paragraph.
        width: Cells of a line, at least 1.

    Returns:
        A cut at the start of each line and one at the end of the paragraph.
    """
    cuts = [Cut(0, 0)]
    offsets, counts, edges = paragraph.offsets, paragraph.counts, paragraph.edges
    inked = list(map(sub, edges[1:], paragraph.blanks))
    token, last = 0, len(paragraph.blanks)
    while token < last:
        edge = edges[token]
        fitting = bisect_right(inked, edge + width, token)
        if fitting == token:
            edge = _cut_token(paragraph, token, width, cuts)
            fitting = bisect_right(inked, edge + width, token + 1)
        token = fitting
        cuts.append(Cut(offsets[token], counts[token]))
    return cuts if len(cuts) > 1 else cuts * 2


def _cut_token(paragraph: Paragraph, token: int, width: int, cuts: list[Cut]) -> int:
    """Cut a token that is wider than a line between its clusters.

    Returns:
        The edge, in cells, at which the line that holds the rest of the token would start.
    """
    first = paragraph.counts[token]
    last = paragraph.counts[token + 1] - paragraph.blanks[token]
    offset = paragraph.offsets[token]
    used = 0
    for index in range(first, last):
        length = paragraph.lengths[index]
        room = paragraph.cells[index]
        if paragraph.glyphs[index][0] in OPENED and paragraph.text[offset] == LAM:
            room += 1
        if used and used + room > width:
            cuts.append(Cut(offset, index))
            used = 0
        used += room
        offset += length
    return paragraph.edges[token + 1] - paragraph.blanks[token] - used


class Line(NamedTuple):
    """One line: its clusters in logical order and its runs in visual order."""

    start: int
    end: int
    """Offset after its last code point, a newline included."""
    base: int
    """Base direction of its paragraph: 0 or 1."""
    width: int
    """Cells it takes."""
    starts: Sequence[int]
    """Offset of each cluster, and `end`."""
    glyphs: Sequence[str]
    edges: Sequence[int]
    """Cells before each cluster in logical order, and their sum; hanging ones left out."""
    runs: Sequence[VisualRun]

    @property
    def shown(self) -> int:
        """How many clusters have cells; those after them hang."""
        return len(self.edges) - 1

    def covered(self, start: int, end: int) -> range:
        """Number the clusters with cells that a range of offsets touches."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return range(first, min(self.shown, bisect_left(self.starts, end)))

    def visual(self) -> str:
        """Return the glyphs from left to right."""
        pieces: list[str] = []
        for run in self.runs:
            part = self.glyphs[run.first : run.last]
            if run.level & 1:
                part = part[::-1]
            text = part if isinstance(part, str) else "".join(part)
            pieces.append(bidi.mirrored(text) if run.level & 1 else text)
        return "".join(pieces)

    def cell_of(self, offset: int) -> int:
        """Find the left cell of the cluster that covers an offset of this line."""
        index = bisect_right(self.starts, offset) - 1
        index = max(0, min(index, len(self.starts) - 2))
        hanging = index - self.shown
        if hanging >= 0:
            return -1 - hanging if self.base else self.width + hanging
        return self._left(index)

    def _left(self, index: int) -> int:
        for run in self.runs:
            if run.first <= index < run.last:
                if run.level & 1:
                    return run.cell + self.edges[run.last] - self.edges[index + 1]
                return run.cell + self.edges[index] - self.edges[run.first]
        return 0

    def offset_at(self, cell: int) -> int:
        """Find the offset of the cluster that stands on a cell; beyond an end, the nearest."""
        if not 0 <= cell < self.width:
            beyond = -1 - cell if self.base else cell - self.width
            if beyond >= 0:
                return self.starts[max(0, min(self.shown + beyond, len(self.starts) - 2))]
            cell = max(0, min(cell, self.width - 1))
        for run in self.runs:
            inside = cell - run.cell
            if 0 <= inside < self.edges[run.last] - self.edges[run.first]:
                if run.level & 1:
                    return self.starts[
                        bisect_right(self.edges, self.edges[run.last] - inside - 1) - 1
                    ]
                return self.starts[bisect_right(self.edges, self.edges[run.first] + inside) - 1]
        return self.start

    def clusters(self) -> Iterator[Cluster]:
        """Walk the clusters from left to right, hanging ones at the line's logical end."""
        hanging = [
            Cluster(self.starts[index], self.starts[index + 1], "", 0, self.base)
            for index in range(self.shown, len(self.starts) - 1)
        ]
        if self.base:
            yield from reversed(hanging)
        for run in self.runs:
            odd = run.level & 1
            for index in range(run.last - 1, run.first - 1, -1) if odd else range(*run[:2]):
                glyph = self.glyphs[index]
                yield Cluster(
                    self.starts[index],
                    self.starts[index + 1],
                    bidi.mirrored(glyph) if odd else glyph,
                    self.edges[index + 1] - self.edges[index],
                    run.level,
                )
        if not self.base:
            yield from hanging


def lay_line(
    paragraph: Paragraph,
    cut: Cut,
    end: Cut,
    *,
    width: int,
    origin: int = 0,
    newline: int = 0,
    opened: Collection[int] = (),
) -> Line:
    """Reorder one line of a paragraph visually.

    Args:
        paragraph: The shaped paragraph.
        cut: Where the line starts.
        end: Where it ends.
        width: Cells of a line; spaces at its end that don't fit hang.
        origin: The document's offset of the paragraph.
        newline: Code points of the newline that this line carries at its end.
        opened: Document offsets at which no lam-alef may stay closed.

    Returns:
        The line, with offsets into the document.
    """
    starts = list(
        accumulate(paragraph.lengths[cut.cluster : end.cluster], initial=origin + cut.offset)
    )
    glyphs: Sequence[str] = paragraph.glyphs[cut.cluster : end.cluster]
    cells: Sequence[int] = paragraph.cells[cut.cluster : end.cluster]
    if opened and not OPENED.keys().isdisjoint(glyph[0] for glyph in glyphs):
        starts, glyphs, cells = _opened(
            lambda start, stop: paragraph.text[start - origin : stop - origin],
            starts,
            glyphs,
            cells,
            opened,
        )
    shown = len(cells)
    edges: Sequence[int] = (
        range(shown + 1)
        if paragraph.is_even or sum(cells) == shown
        else list(accumulate(cells, initial=0))
    )
    while edges[shown] > width and shown > 1 and glyphs[shown - 1] == " ":
        shown -= 1
    edges = edges[: shown + 1]
    if len(paragraph.runs) == 1 and paragraph.runs[0].level == paragraph.base:
        runs = [VisualRun(0, shown, paragraph.base, 0)] if shown else []
    else:
        runs = _visual_runs(paragraph, cut, end, [start - origin for start in starts], edges)
    if newline:
        starts.append(starts[-1] + newline)
    return Line(starts[0], starts[-1], paragraph.base, edges[shown], starts, glyphs, edges, runs)


def _visual_runs(
    paragraph: Paragraph, cut: Cut, end: Cut, starts: Sequence[int], edges: Sequence[int]
) -> list[VisualRun]:
    """Order the runs of a line from left to right; `starts` count from the paragraph."""
    runs: list[VisualRun] = []
    cell, shown = 0, len(edges) - 1
    for run in bidi.visual_order(
        bidi.line_runs(paragraph.text, paragraph.runs, paragraph.base, cut.offset, end.offset)
    ):
        # a cluster on two levels (a digit and a joiner, say) goes with its first code point
        first = min(shown, bisect_left(starts, run.start))
        last = min(shown, bisect_left(starts, run.end))
        if first < last:
            runs.append(VisualRun(first, last, run.level, cell))
            cell += edges[last] - edges[first]
    return runs


def _opened(
    letters: Callable[[int, int], str],
    starts: list[int],
    glyphs: Sequence[str],
    cells: Sequence[int],
    opened: Collection[int],
) -> tuple[list[int], list[str], list[int]]:
    """Split each lam-alef that an offset of `opened` stands inside of."""
    starts, glyphs, cells = list(starts), list(glyphs), list(cells)
    for offset in opened:
        index = bisect_right(starts, offset) - 1
        if not 0 <= index < len(glyphs) or starts[index] == offset:
            continue
        if glyphs[index][0] not in OPENED:
            continue
        start = starts[index]
        shown = letters(start, starts[index + 1])
        if shown[0] != LAM:  # the article itself holds the ligature as one code point
            continue
        first, second, length = open_pair(glyphs[index], shown)
        glyphs[index : index + 1] = [first, second]
        cells[index : index + 1] = [1, 1]
        starts.insert(index + 1, start + length)
    return starts, glyphs, cells
