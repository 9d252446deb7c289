"""Finding spans again in a text that has changed, by what they cover and what stands around them.

A span is found where its covered text stands exactly, with at least half of what was noted around
it; of several such places where most of that stands. A tie is not decided. Offsets are code points.
"""

from collections.abc import Iterable
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from annotations.language import graphemes
from annotations.model.layer import Document, Layer, Span
from annotations.store.layer_file import SpanRow

_MOST_PLACES = 2000
"""Places of a covered text beyond which a span is not looked for: it says too little."""


class FoundAgain(Struct, frozen=True):
    """What of a layer stands in another text."""

    layer: Layer
    """The spans that were found, at their new places, and the relations between them."""
    lost: tuple[Span, ...]
    """The spans that were not, or that stand in several places."""


def find_again(layer: Layer, rows: Iterable[SpanRow], document: Document) -> FoundAgain:
    """Find the spans of a layer in a text.

    Args:
        layer: The layer, of another text.
        rows: Rows of its file, in which each span notes what it covers and what is around.
        document: The article with the new text.

    Returns:
        The spans that were found, in a layer of kind "suggestion", and those that were not.
    """
    noted = {row.id: row for row in rows}
    found: list[Span] = []
    lost: list[Span] = []
    for span in layer.spans:
        row = noted.get(span.id)
        start = _place(document.text, row) if row else None
        if start is None:
            lost.append(span)
        else:
            end = start + span.end - span.start
            found.append(replace(span, start=start, end=end, source="moved"))
    ids = {span.id for span in found}
    moved = Layer(document.id, document.sha256, layer.annotator, "suggestion").with_spans(found)
    joins = (item for item in layer.relations if {item.head, item.child} <= ids)
    return FoundAgain(moved.with_relations(joins), tuple(lost))


def _place(text: str, row: SpanRow) -> int | None:
    """Find the one place at which a span stands best; None if there is none, or no best one."""
    covered, before, after = row.text, row.before, row.after
    if not covered:
        return None
    scored: list[tuple[int, int]] = []
    start = text.find(covered)
    while start >= 0:
        end = start + len(covered)
        if graphemes.is_boundary(text, start) and graphemes.is_boundary(text, end):
            behind = _alike(reversed(before), reversed(text[max(0, start - len(before)) : start]))
            scored.append((behind + _alike(after, text[end : end + len(after)]), start))
        if len(scored) > _MOST_PLACES:
            return None
        start = text.find(covered, start + 1)
    scored.sort(reverse=True)
    if not scored or 2 * scored[0][0] < len(before) + len(after):
        return None
    is_tie = len(scored) > 1 and scored[0][0] == scored[1][0]
    return None if is_tie else scored[0][1]


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """Count how many characters two texts have in common from their start."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
