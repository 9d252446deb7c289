"""Grapheme clusters: where a letter ends, with all that stands on it.

They follow UAX #29, in code-point offsets into the whole text, but that none is longer than
`LONGEST`: of a hundred thousand marks on one letter, or emoji joined without end, each `LONGEST`
are a cluster, so that no question costs more the more of them there are.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import regex

Range: TypeAlias = tuple[int, int]

LONGEST: Final = 64
"""Code points of the longest cluster; Unicode's stream-safe format has 30 marks on a letter."""
_WINDOW: Final = 16 * LONGEST
"""Code points that are cut into clusters at once; longer ones would cost more than their share."""
_GRAPHEME = regex.compile(r"\X")
_PLAIN = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    r" -~\u00a0-\u00ac\u00ae-\u00ff\u05d0-\u05ea\u060c\u061b\u061d-\u064a\u0660-\u066f"
    r"\u0671-\u06d5\u06ee-\u06ff\u2010-\u2027\u2030-\u205e"
)
"""Code points that begin a cluster, whatever is before them but a Prepend; a newline does so unless
a return is before it."""
_EDGE = regex.compile(
    rf"[^\r\p{{Grapheme_Cluster_Break=Prepend}}][{_PLAIN}\p{{Grapheme_Cluster_Break=Prepend}}]"
    r"|\n(?s:.)|\r[^\n]"
)
"""Two code points between which a cluster surely ends."""
_CROWD = re.compile(f"[^{_PLAIN}]{{{LONGEST},}}")
"""A stretch in which that may not be so anywhere."""


class _Crowd(NamedTuple):
    """A stretch whose clusters can't be found from its middle."""

    start: int
    end: int
    cuts: "array[int]"
    """Where clusters start, and `end`."""


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """List where clusters end, from a place where one starts to one where one ends."""
    while start < end:
        is_last = end - start <= _WINDOW
        found = _GRAPHEME.findall(text[start : min(end, start + _WINDOW)])
        if not is_last and len(found) > 1:
            found.pop()  # it may go on
        for cluster in found:
            stop = start + len(cluster)
            yield from range(start + LONGEST, stop, LONGEST)
            yield stop
            start = stop


@lru_cache(maxsize=4)
def _crowds(text: str) -> tuple[list[int], list[_Crowd]]:
    """List the crowded stretches of a text, and where they start; most texts have none."""
    found: list[_Crowd] = []
    for match in _CROWD.finditer(text):
        first = found[-1].end if found else 0
        start, end = max(first, match.start()), match.end()
        if start >= end:
            continue
        while start > first and not _EDGE.match(text, start - 1):
            start -= 1
        while end < len(text) and not _EDGE.match(text, end - 1):
            end += 1
        found.append(_Crowd(start, end, array("I", [start, *_cuts(text, start, end)])))
    return [crowd.start for crowd in found], found


def _crowd_at(text: str, offset: int) -> _Crowd | None:
    starts, crowds = _crowds(text)
    index = bisect_right(starts, offset) - 1
    return crowds[index] if index >= 0 and offset < crowds[index].end else None


def graphemes(text: str) -> list[str]:
    """Cut a text into grapheme clusters; joined they give it back."""
    if len(text) <= LONGEST:
        found: list[str] = _GRAPHEME.findall(text)
        return found
    return [text[start:end] for start, end in pairwise([0, *_cuts(text, 0, len(text))])]


def grapheme_at(text: str, offset: int) -> Range:
    """Find the grapheme cluster that covers the code point at `offset`.

    Args:
        text: The whole text, not empty.
        offset: A code-point offset; past the end it means the last cluster.

    Returns:
        The range of the cluster.
    """
    offset = max(0, min(offset, len(text) - 1))
    crowd = _crowd_at(text, offset)
    if crowd is not None:
        index = bisect_right(crowd.cuts, offset)
        return crowd.cuts[index - 1], crowd.cuts[index]
    start = offset
    while start > 0 and not _EDGE.match(text, start - 1):
        start -= 1
    while True:
        match = _GRAPHEME.match(text, start, start + 2 * _WINDOW)
        assert match is not None
        if match.end() > offset:
            found: Range = match.span()
            return found
        start = match.end()


def is_boundary(text: str, offset: int) -> bool:
    """Return whether `offset` stands between two grapheme clusters or at an end of the text."""
    if offset in (0, len(text)):
        return True
    return 0 < offset < len(text) and grapheme_at(text, offset)[0] == offset


def snap(text: str, start: int, end: int) -> Range:
    """Widen a range that is not empty to the grapheme clusters it touches."""
    if start > 0 and not _EDGE.match(text, start - 1):
        start = grapheme_at(text, start)[0]
    if end < len(text) and not _EDGE.match(text, end - 1):
        end = grapheme_at(text, end - 1)[1]
    return (start, end)


def next_boundary(text: str, offset: int) -> int:
    """Step one grapheme cluster forward, at most to the end of the text."""
    return grapheme_at(text, offset)[1] if offset < len(text) else len(text)


def previous_boundary(text: str, offset: int) -> int:
    """Step one grapheme cluster back, at least to 0."""
    return grapheme_at(text, offset - 1)[0] if offset > 0 else 0
