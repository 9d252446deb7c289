"""What lies over the text of an article, and in which lanes under each line.

Units are code-point offsets of the article and cells of a line. Nothing here knows a colour.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotations.model.layer import Span
from annotations.model.scheme import Label
from tui.text.lines import Cluster, Line


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

    def label(self, span: Span) -> Label:
        """Return the label of a span; one that the scheme lacks has no key but a question mark."""
        return self.labels.get(span.label) or Label(span.label, "?")

    def is_hit(self, start: int, end: int) -> bool:
        """Tell whether a cluster lies in a place that matches."""
        index = bisect_left(self.hits, end, key=lambda hit: hit[0]) - 1
        return index >= 0 and self.hits[index][1] > start

    def in_range(self, start: int, end: int) -> list[Span]:
        """List the spans that touch a range, the shortest first."""
        touching = [span for span in self.spans if span.start < end and span.end > start]
        return sorted(touching, key=lambda span: (span.end - span.start, span.reading_order))


@dataclass(frozen=True, slots=True)
class Lane:
    """A span's mark under one line: the cells that it covers there, and its open ends."""

    span: Span
    cells: tuple[int, ...]
    """Cells of the line, ascending."""
    starts_here: bool
    ends_here: bool


def lanes_of(line: Line, spans: Sequence[Span], clusters: Sequence[Cluster]) -> list[list[Lane]]:
    """Share the spans of a line out to rows in which none meets another, short ones on top.

    Args:
        line: The line.
        spans: The spans that touch it, the shortest first.
        clusters: Its clusters that have cells.
    """
    rows: list[list[Lane]] = []
    taken: list[set[int]] = []
    lefts = {cluster.start: line.cell_of(cluster.start) for cluster in clusters} if spans else {}
    for span in spans:
        covered = sorted(
            lefts[cluster.start] + step
            for cluster in clusters
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
