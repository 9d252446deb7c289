"""Text as tokens, for the formats that need some: lossless, and the same for each of them.

A token is a word, another grapheme cluster, or white space. A single space after a token belongs
to it; all other white space is tokens of its own. So the tokens, each with its space if it has
one, joined back give the text exactly. Offsets are code points of the whole text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from annotations.formats.libraries import library
from annotations.language.graphemes import Range, graphemes, snap
from annotations.language.segmentation import words

Tokens: TypeAlias = Literal["span-cut", "whitespace", "camel"]
TOKENS: Final[tuple[Tokens, ...]] = ("span-cut", "whitespace", "camel")

_BLACK: Final = re.compile(r"\S+")


class Token(Struct, frozen=True):
    """A stretch of text, and whether the single space after it belongs to it."""

    start: int
    end: int
    space: bool = False
    blank: bool = False
    """Whether it is white space."""

    def text(self, whole: str) -> str:
        """Return its text, without the space after it."""
        return whole[self.start : self.end]


def tokenize(text: str, kind: Tokens, spans: Collection[Range] = ()) -> list[Token]:
    """Cut a text into tokens.

    Args:
        text: All of it.
        kind: "span-cut" for words and single marks, "whitespace" for what stands between white
            space, "camel" for what camel-tools' `simple_word_tokenize` finds.
        spans: Ranges that shall be made of whole tokens; only "span-cut" has them cut its words.

    Raises:
        MissingExtraError: "camel" was asked for and is not installed.
    """
    if kind == "whitespace":
        ranges = _black_ranges(text)
    elif kind == "camel":
        ranges = _found(text, _camel()(text))
    else:
        ranges = _cut(_plain(text), _edges(spans))
    return _with_spaces(text, ranges, spans if kind == "span-cut" else ())


def _black_ranges(text: str) -> list[Range]:
    """List the stretches between white space, widened to whole letters."""
    return apart(snap(text, *match.span()) for match in _BLACK.finditer(text))


def _plain(text: str) -> list[Range]:
    """List words, and what stands between them letter by letter, white space left out."""
    found: list[Range] = []
    for start, end in _black_ranges(text):
        offset = start
        for first, last in words(text, start, end):
            first, last = snap(text, first, last)  # noqa: PLW2901 - the word with its marks
            if first < offset:
                continue
            if offset < first:
                found += _letters(text, offset, first)
            found.append((first, last))
            offset = last
        if offset < end:
            found += _letters(text, offset, end)
    return found


def _letters(text: str, start: int, end: int) -> Iterable[Range]:
    for letter in graphemes(text[start:end]):
        yield (start, start + len(letter))
        start += len(letter)


def apart(ranges: Iterable[Range]) -> list[Range]:
    """Join ranges, in order, that share a letter with its marks."""
    found: list[Range] = []
    for start, end in ranges:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _edges(spans: Iterable[Range]) -> list[int]:
    """List where spans begin or end, in order."""
    return sorted({edge for span in spans for edge in span})


def _cut(ranges: Iterable[Range], edges: Sequence[int]) -> list[Range]:
    """Cut ranges, in order, at each edge inside them."""
    found: list[Range] = []
    for start, end in ranges:
        first, last = bisect_right(edges, start), bisect_left(edges, end)
        if first < last:
            found += pairwise([start, *edges[first:last], end])
        else:
            found.append((start, end))
    return found


def _found(text: str, pieces: Iterable[str]) -> list[Range]:
    """Find the tokens of another tokenizer in the text; what it dropped becomes tokens too."""
    found: list[Range] = []
    offset = 0
    for piece in pieces:
        start = text.find(piece, offset)
        if start < 0:
            continue
        found += [(offset + a, offset + b) for a, b in _spans_of(text[offset:start])]
        found.append((start, start + len(piece)))
        offset = start + len(piece)
    found += [(offset + a, offset + b) for a, b in _spans_of(text[offset:])]
    return apart(snap(text, *item) for item in found)


def _spans_of(piece: str) -> list[Range]:
    return [match.span() for match in _BLACK.finditer(piece)]


def _camel() -> Callable[[str], list[str]]:
    module = library("camel_tools.tokenizers.word", "camel", "--tokens camel")
    tokenizer: Callable[[str], list[str]] = module.simple_word_tokenize
    return tokenizer


def _with_spaces(text: str, ranges: Sequence[Range], spans: Collection[Range]) -> list[Token]:
    """Share the white space between tokens out to them.

    A space stays a token of its own where a span begins before it or ends after it.
    """
    edges = _edges(spans)
    starts, ends = {start for start, _ in spans}, {end for _, end in spans}
    found: list[Token] = []
    offset = 0
    for start, end in (*ranges, (len(text), len(text))):
        is_own = offset in starts or offset + 1 in ends
        if found and offset < start and text[offset] == " " and not is_own:
            found[-1] = Token(found[-1].start, offset, space=True)
            offset += 1
        if offset < start:
            found += [Token(a, b, blank=True) for a, b in _cut([(offset, start)], edges)]
        if start < end:
            found.append(Token(start, end))
        offset = end
    return found


def covering(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """Find the tokens that a range touches.

    Args:
        tokens: In order; together with the spaces after them they cover the text.
        start: An offset.
        end: An offset after it.

    Returns:
        Index of the first and the last token, inclusive; the last is before the first if the range
        touches only the space after a token.
    """
    first = bisect_right(tokens, start, key=lambda token: token.end)
    last = bisect_left(tokens, end, key=lambda token: token.start) - 1
    return first, last
