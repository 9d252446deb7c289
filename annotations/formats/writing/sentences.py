"""Parting tokens into sentences, for formats that write one after the other.

A sentence ends where Arabic news ends one, but never inside a span, so that none is torn.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

from annotations.formats.writing.tokens import Token
from annotations.language.segmentation import sentences
from annotations.model.layer import Span


def parted(text: str, tokens: Sequence[Token], spans: Iterable[Span]) -> list[list[Token]]:
    """Split tokens into sentences; white space is left out.

    Args:
        text: All of it.
        tokens: Its tokens.
        spans: What no sentence may end inside of.
    """
    words = [token for token in tokens if not token.blank]
    starts = {
        bisect_left(words, start, key=lambda token: token.start)
        for start, _ in sentences(text, 0, len(text))
    }
    for span in spans:
        first = bisect_left(words, span.start + 1, key=lambda token: token.end)
        last = bisect_left(words, span.end, key=lambda token: token.start)
        starts.difference_update(range(first + 1, last))
    bounds = sorted(starts | {0, len(words)})
    return [words[first:last] for first, last in pairwise(bounds) if first < last]
