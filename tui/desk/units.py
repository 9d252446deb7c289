"""The words as a label offers them: proclitics left out, glued words apart.

Offsets are code points of the article.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from annotations.language.clitics import Vocabulary, default_cut, glued_parts, possible_cuts
from annotations.language.graphemes import is_boundary, snap
from annotations.language.segmentation import Segments, words


class Unit(Struct, frozen=True):
    """A word, or a part of one that is written together with another."""

    start: int
    """Where it begins with its proclitics."""
    end: int
    cut: int
    """Where it begins without those that are left out by default."""

    def begin(self, *, exclude_clitics: bool) -> int:
        """Return where a span of the word begins."""
        return self.cut if exclude_clitics else self.start


_BLOCK = 4096
"""Code points of a block, about; a longer paragraph is cut at a space."""


def _blocks(segments: Segments) -> Iterator[tuple[int, int]]:
    """Cut a text into paragraphs, and long ones at spaces, where no word can be cut."""
    for paragraph, end in segments.paragraphs:
        start = paragraph
        while end - start > _BLOCK:
            space = segments.text.rfind(" ", start + 1, start + _BLOCK)
            if space < 0:
                break
            yield start, space
            start = space
        yield start, end


class Units:
    """The units of an article, found block by block when first asked for.

    Args:
        segments: The words of the article.
        vocabulary: What is attested.
    """

    def __init__(self, segments: Segments, vocabulary: Vocabulary) -> None:
        self._segments = segments
        self._vocabulary = vocabulary
        self._blocks = list(_blocks(segments))
        self._starts = [start for start, _ in self._blocks]
        self._block = lru_cache(maxsize=64)(self._find)

    def _find(self, index: int) -> list[Unit]:
        text = self._segments.text
        found: list[Unit] = []
        for word in words(text, *self._blocks[index]):
            first, last = snap(text, *word)
            if found and first < found[-1].end:
                first = found[-1].end  # both touch one letter, which the word before has
            if first >= last:
                continue
            parts = (first + part for part in glued_parts(text[first:last], self._vocabulary))
            edges = [first, *(edge for edge in parts if is_boundary(text, edge)), last]
            for start, end in pairwise(edges):
                cut = start + default_cut(text[start:end], self._vocabulary)
                found.append(Unit(start, end, cut if is_boundary(text, cut) else start))
        return found

    def _index(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def between(self, start: int, end: int) -> list[Unit]:
        """List the units that begin between two offsets."""
        first = self._index(start)
        last = self._index(max(start, end - 1))
        found: list[Unit] = []
        for index in range(first, last + 1):
            units = self._block(index)
            if index in (first, last):
                left = bisect_left(units, start, key=lambda unit: unit.start)
                right = bisect_left(units, end, key=lambda unit: unit.start)
                found += units[left:right]
            else:
                found += units
        return found

    def at(self, offset: int) -> Unit | None:
        """Find the unit that covers an offset, or the first after it in its paragraph."""
        units = self._block(self._index(offset))
        index = bisect_right(units, offset, key=lambda unit: unit.start) - 1
        if index >= 0 and offset < units[index].end:
            return units[index]
        following = self.neighbour(offset, 1)
        paragraph = self._segments.paragraph_index
        same = following and paragraph(following.start) == paragraph(offset)
        return following if same else None

    def neighbour(self, offset: int, step: int) -> Unit | None:
        """Find the first unit from an offset on (1), or the last one up to it (-1)."""
        index = self._index(max(0, offset - (step < 0)))
        while 0 <= index < len(self._blocks):
            units = self._block(index)
            if step > 0:
                found = bisect_left(units, offset, key=lambda unit: unit.start)
                if found < len(units):
                    return units[found]
            else:
                found = bisect_right(units, offset, key=lambda unit: unit.end) - 1
                if found >= 0:
                    return units[found]
            index += step
        return None

    def next_cut(self, start: int) -> int | None:
        """Find the beginning that comes after `start` among the possible cuts of its word.

        Returns:
            An offset, going round; None if the word can't be cut.
        """
        unit = self.at(start)
        if unit is None or not unit.start <= start < unit.end:
            return None
        text = self._segments.text
        possible = (unit.start + cut for cut in possible_cuts(text[unit.start : unit.end]))
        cuts = [cut for cut in possible if is_boundary(text, cut)]
        if len(cuts) < 2:
            return None
        return next((cut for cut in cuts if cut > start), cuts[0])
