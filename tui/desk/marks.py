"""What lies over the text of an article, and in which lanes under each line.

Units are code-point offsets of the article and cells of a line. Nothing here knows a colour.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import attrgetter

from msgspec import Struct, field

from annotations.model.layer import Span
from annotations.model.scheme import Label
from tui.text.lines import Line


class Marks(Struct, frozen=True):
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

    def label(self, span: Span) -> Label:
        """Return the label of a span; one that the scheme lacks has no key but a question mark."""
        return self.labels.get(span.label) or Label(span.label, "?")

    def is_hit(self, start: int, end: int) -> bool:
        """Return whether a cluster lies in a place that matches."""
        index = bisect_left(self.hits, end, key=lambda hit: hit[0]) - 1
        return index >= 0 and self.hits[index][1] > start


class SpanIndex:
    """The spans of a layer, of which those that touch a line are found without looking at all.

    Args:
        spans: The spans.
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._ordered = sorted(spans, key=attrgetter("start"))
        self._starts = [span.start for span in self._ordered]
        self._reach = list(accumulate((span.end for span in self._ordered), max))
        self.edges = sorted({offset for span in spans for offset in (span.start, span.end)})
        """The offsets at which a span begins or ends, ascending."""

    def touching(self, start: int, end: int) -> tuple[Span, ...]:
        """List the spans that touch a range, the shortest first."""
        first = bisect_right(self._reach, start)
        last = bisect_left(self._starts, end)
        found = [span for span in self._ordered[first:last] if span.end > start]
        return tuple(sorted(found, key=lambda span: (span.end - span.start, span.reading_order)))


class Lane(Struct, frozen=True):
    """A span's mark under one line: the cells that it covers there, and its open ends."""

    span: Span
    cells: tuple[int, ...]
    """Cells of the line, ascending."""
    starts_here: bool
    ends_here: bool


def lanes_of(line: Line, spans: Sequence[Span]) -> list[list[Lane]]:
    """Share the spans of a line out to rows in which none meets another, short ones on top.

    Args:
        line: The line.
        spans: The spans that touch it, the shortest first.
    """
    rows: list[list[Lane]] = []
    taken: list[set[int]] = []
    for span in spans:
        covered = sorted(
            cell + step
            for index in line.covered(span.start, span.end)
            for cell in (line.cell_of(line.starts[index]),)
            for step in range(line.edges[index + 1] - line.edges[index])
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
