"""Where text may be cut: words, clauses, sentences and paragraphs.

All positions are code-point offsets into the whole text; a range is a half-open pair of them.
Clauses and sentences follow what Arabic news uses: both commas
and both semicolons end a clause, and a dot inside a number or after an initial ends nothing.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import accumulate, islice
from operator import sub
from typing import Final

from annotations.language.graphemes import Range, grapheme_at, is_boundary, snap

LONG: Final = 16_384
"""Code points of the longest paragraph that is taken whole."""
_PIECE: Final = LONG // 2
_SEPARATORS: Final = "\n\r\x1c\x1d\x1e\x85\u2029"
_PARAGRAPH_END = re.compile(f"\r\n|[{_SEPARATORS}]")
_WORD_CHAR = (
    r"\w\u200c\u200d\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8"
    r"\u06ea-\u06ed\u05b0-\u05c7\u0300-\u036f"
)
_WORD = re.compile(rf"[{_WORD_CHAR}]+(?:[.,\u066b\u066c](?<=\d.)\d+)*")
_QUOTE = r"()\[\]{}\"\u00ab\u00bb\u201c\u201d\u201e\u2039\u203a"
_STOP = r"(?<!\b\w)(?<!\b\w[.])[.](?!\w)|[!?\u061f\u2026\u06d4]|[.](?=[.])"
_SENTENCE_END = re.compile(rf"(?:{_STOP})+[.{_QUOTE}]*|[\n\r\u2029]+")
_CLAUSE_END = re.compile(rf"[,:](?!\d)|[\u060c;\u061b{_QUOTE}]|(?:{_STOP})[.]*|[\n\r\u2029]+")
_SPACE = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200e\u200f"
)
"""All that Python takes for white space, and the marks of direction."""


@lru_cache(maxsize=2)
def paragraphs(text: str) -> list[Range]:
    """Cut the text after each paragraph separator (class B of UAX #9); the ranges cover it.

    A paragraph of more than `LONG` code points comes in pieces, each a range of its own, that end
    after a space if there is one: what a key costs must not grow with the paragraph.
    """
    ends = _ends(text)
    if text and (not ends or ends[-1] < len(text)):
        ends.append(len(text))
    starts = [0, *ends[:-1]]
    found = list(zip(starts, ends, strict=True)) if ends else []
    if len(text) <= LONG or max(map(sub, ends, starts)) <= LONG:
        return found
    return [piece for start, end in found for piece in _pieces(text, start, end)]


def _ends(text: str) -> list[int]:
    """List where paragraphs end, but for the last if nothing ends it."""
    if any(separator in text for separator in _SEPARATORS[1:]):
        return [match.end() for match in _PARAGRAPH_END.finditer(text)]
    return [end + 1 for end in accumulate(map(len, text.split("\n")), _past_newline)][:-1]


def _past_newline(end: int, length: int) -> int:
    return end + 1 + length


def _pieces(text: str, start: int, end: int) -> Iterator[Range]:
    while end - start > LONG:
        cut = text.rfind(" ", start + _PIECE // 2, start + _PIECE) + 1
        if not cut or not is_boundary(text, cut):
            cut = grapheme_at(text, start + _PIECE)[0]
        yield start, cut
        start = cut
    yield start, end


def begins_paragraph(text: str, start: int) -> bool:
    """Return whether a range of `paragraphs` begins one, or goes on with the one before."""
    return start == 0 or text[start - 1] in _SEPARATORS


def trim(text: str, start: int, end: int) -> Range:
    """Leave the white space at both ends of a range out; an all-white one becomes empty."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(_SPACE))
    return (start, max(start, end - (len(piece) - len(piece.rstrip(_SPACE)))))


def words(text: str, start: int, end: int) -> list[Range]:
    """List the words between two offsets; a number with its decimals is one word."""
    return [match.span() for match in _WORD.finditer(text, start, end)]


def clauses(text: str, start: int, end: int) -> list[Range]:
    """List the stretches between commas, stops, quotes and brackets, those left out."""
    return _between(_CLAUSE_END, text, start, end)


def sentences(text: str, start: int, end: int) -> list[Range]:
    """List the sentences between two offsets, their closing stops left out."""
    return _between(_SENTENCE_END, text, start, end)


def _between(ending: re.Pattern[str], text: str, start: int, end: int) -> list[Range]:
    found: list[Range] = []
    for match in ending.finditer(text, start, end):
        found.append(trim(text, start, match.start()))
        start = match.end()
    found.append(trim(text, start, end))
    return [(first, last) for first, last in found if first < last]


class Segments:
    """The units of one text, found paragraph by paragraph when first asked for.

    Args:
        text: The whole text of a document.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.paragraphs = paragraphs(text)
        """Ranges that cover the text, separators included."""
        self._starts = [start for start, _ in self.paragraphs]
        self._cached = lru_cache(maxsize=256)(self._find)

    @cached_property
    def _filled(self) -> list[int]:
        """Indexes of the paragraphs that are not blank, so that motions can skip the others."""
        text = self.text
        return [
            index
            for index, (start, end) in enumerate(self.paragraphs)
            if not text[start:end].isspace()
        ]

    def _find(self, unit: str, index: int) -> tuple[list[Range], list[int]]:
        finder = {"word": words, "clause": clauses, "sentence": sentences, "paragraph": _whole}
        ranges = [
            self._snapped(found) for found in finder[unit](self.text, *self.paragraphs[index])
        ]
        return ranges, [start for start, _ in ranges]

    def _snapped(self, found: Range) -> Range:
        """Widen a range to whole grapheme clusters, where a word ends before a stray mark, say."""
        return snap(self.text, *found)

    def paragraph_index(self, offset: int) -> int:
        """Number the paragraph that an offset stands in."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def at(self, unit: str, offset: int) -> Range | None:
        """Find the unit that covers an offset, or else the nearest one in its paragraph.

        Args:
            unit: "word", "clause", "sentence" or "paragraph".
            offset: A code-point offset.

        Returns:
            The range of the unit, or None in a blank paragraph.
        """
        ranges, starts = self._cached(unit, self.paragraph_index(offset))
        if not ranges:
            return None
        index = bisect_right(starts, offset) - 1
        if index < 0 or (offset >= ranges[index][1] and index + 1 < len(ranges)):
            index += 1
        return ranges[index]

    def next_start(self, unit: str, offset: int) -> int | None:
        """Find where the first unit after `offset` starts, or None if there is none."""
        first = bisect_left(self._filled, self.paragraph_index(offset))
        for index in islice(self._filled, first, None):
            starts = self._cached(unit, index)[1]
            found = bisect_right(starts, offset)
            if found < len(starts):
                return starts[found]
        return None

    def previous_start(self, unit: str, offset: int) -> int | None:
        """Find where the last unit that starts before `offset` starts, or None."""
        last = bisect_right(self._filled, self.paragraph_index(offset))
        for index in map(self._filled.__getitem__, range(last - 1, -1, -1)):
            starts = self._cached(unit, index)[1]
            found = bisect_right(starts, offset - 1)
            if found:
                return starts[found - 1]
        return None


def _whole(text: str, start: int, end: int) -> list[Range]:
    first, last = trim(text, start, end)
    return [(first, last)] if first < last else []
