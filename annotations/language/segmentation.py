"""Where text may be cut: grapheme clusters, words, clauses, sentences and paragraphs.

All positions are code-point offsets into the whole text; a range is a half-open pair of them.
Grapheme clusters follow UAX #29. Clauses and sentences follow what Arabic news uses: both commas
and both semicolons end a clause, and a dot inside a number or after an initial ends nothing.
"""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

import regex

Range: TypeAlias = tuple[int, int]

_GRAPHEME = regex.compile(r"\X")
_PARAGRAPH_END = re.compile("\r\n|[\n\r\x1c\x1d\x1e\x85\u2029]")
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
_PLAIN_EDGE = regex.compile(
    r"[^\r\p{Grapheme_Cluster_Break=Prepend}]"
    r"[ -~\n\u00a0-\u00ac\u00ae-\u00ff\u05d0-\u05ea\u060c\u061b\u061d-\u064a\u0660-\u066f"
    r"\u0671-\u06d5\u06ee-\u06ff\u2010-\u2027\u2030-\u205e]"
)
"""Two code points between which a grapheme cluster surely ends."""


def graphemes(text: str) -> list[str]:
    """Cut a text into grapheme clusters; joined they give it back."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


def grapheme_at(text: str, offset: int) -> Range:
    """Find the grapheme cluster that covers the code point at `offset`.

    Args:
        text: The whole text, not empty.
        offset: A code-point offset; past the end it means the last cluster.

    Returns:
        The range of the cluster.
    """
    offset = max(0, min(offset, len(text) - 1))
    start = offset
    while start > 0 and not _PLAIN_EDGE.match(text, start - 1):
        start -= 1
    while True:
        match = _GRAPHEME.match(text, start)
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
    if start > 0 and not _PLAIN_EDGE.match(text, start - 1):
        start = grapheme_at(text, start)[0]
    if end < len(text) and not _PLAIN_EDGE.match(text, end - 1):
        end = grapheme_at(text, end - 1)[1]
    return (start, end)


def next_boundary(text: str, offset: int) -> int:
    """Step one grapheme cluster forward, at most to the end of the text."""
    return grapheme_at(text, offset)[1] if offset < len(text) else len(text)


def previous_boundary(text: str, offset: int) -> int:
    """Step one grapheme cluster back, at least to 0."""
    return grapheme_at(text, offset - 1)[0] if offset > 0 else 0


def paragraphs(text: str) -> list[Range]:
    """Cut the text after each paragraph separator (class B of UAX #9); the ranges cover it."""
    ends = [match.end() for match in _PARAGRAPH_END.finditer(text)]
    if text and (not ends or ends[-1] < len(text)):
        ends.append(len(text))
    return list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []


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
        self._filled = [
            index
            for index, found in enumerate(self.paragraphs)
            if not text[slice(*found)].isspace()
        ]
        """Indexes of the paragraphs that are not blank, so that motions can skip the others."""
        self._cached = lru_cache(maxsize=256)(self._find)

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
