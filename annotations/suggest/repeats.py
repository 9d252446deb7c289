"""Other mentions of a tagged stretch in the same text.

A mention is whole words that fold alike (hamza, alef maqsura, ta marbuta, marks, tatweel), the
first of which may carry a proclitic; the proclitic is left out. A hit inside a longer word is
none. Offsets are code points of the raw text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from annotations.clitics import possible_cuts
from annotations.folding import FoldedText, fold
from annotations.segmentation import Range, Segments

Likeness: TypeAlias = Literal["exact", "clitic", "variant"]
LIKENESSES: Final[tuple[Likeness, ...]] = ("exact", "clitic", "variant")
"""From the narrowest to the widest; each takes in the ones before it."""

_ALEF: Final = "\u0627"
_LAM: Final = "\u0644"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the stretch is mentioned again."""

    start: int
    end: int
    likeness: Likeness


def find_repeats(segments: Segments, folded: FoldedText, start: int, end: int) -> list[Hit]:
    """Find the other mentions of a stretch, in reading order.

    Args:
        segments: The words of the text.
        folded: The text, folded.
        start: Where the stretch begins.
        end: Where it ends.
    """
    text = segments.text
    needle = text[start:end]
    hits = {
        (hit.start, hit.end): hit
        for hit in _hits(segments, folded, needle, fold(needle))
        if hit.end <= start or hit.start >= end
    }
    return [hits[key] for key in sorted(hits)]


def _hits(segments: Segments, folded: FoldedText, raw: str, needle: str) -> Iterator[Hit]:
    for first, last in _occurrences(folded, needle):
        if not ends_a_word(segments, last):
            continue
        same = segments.text[first:last] == raw
        cut = cut_before(segments, first)
        if cut == 0:
            yield Hit(first, last, "exact" if same else "variant")
        elif cut is not None:
            yield Hit(first, last, "clitic" if same else "variant")
    if needle.startswith(_ALEF + _LAM):
        # after the preposition lam the article loses its alef
        for first, last in _occurrences(folded, _LAM + needle[1:]):
            first += 1  # noqa: PLW2901 - past the preposition
            if ends_a_word(segments, last) and cut_before(segments, first):
                yield Hit(first, last, "clitic")


def _occurrences(folded: FoldedText, needle: str) -> Iterator[Range]:
    at = folded.folded.find(needle) if needle.strip() else -1
    while at >= 0:
        yield folded.raw_range(at, at + len(needle))
        at = folded.folded.find(needle, at + 1)


def ends_a_word(segments: Segments, end: int) -> bool:
    """Tell whether no word goes on at an offset."""
    word = segments.at("word", end - 1)
    return word is None or not word[0] < end < word[1]


def cut_before(segments: Segments, start: int) -> int | None:
    """Count the code points of the proclitics before an offset in its word.

    Returns:
        0 at the start of a word, None if what stands before it is no proclitic.
    """
    word = segments.at("word", start)
    if word is None or not word[0] < start < word[1]:
        return 0
    cut = start - word[0]
    return cut if cut in possible_cuts(segments.text[word[0] : word[1]]) else None
