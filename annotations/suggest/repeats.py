"""Mentions of a tagged stretch, in its own text or in another.

A mention is whole words that fold alike (hamza, alef maqsura, ta marbuta, marks, tatweel), the
first of which may carry a proclitic; the proclitic is left out. A hit inside a longer word is
none. Offsets are code points of the raw text.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from annotations.language.clitics import possible_cuts
from annotations.language.folding import FoldedText, fold
from annotations.language.segmentation import Segments

Likeness: TypeAlias = Literal["exact", "clitic", "variant"]
LIKENESSES: Final[tuple[Likeness, ...]] = ("exact", "clitic", "variant")
"""From the narrowest to the widest; each takes in the ones before it."""

_ALEF: Final = "\u0627"
_LAM: Final = "\u0644"


class Hit(Struct, frozen=True):
    """A place where the stretch is mentioned again."""

    start: int
    end: int
    likeness: Likeness


MOST: Final = 1000
"""Mentions that are looked for in one text; who needs more looks again."""
_MOST_TRIED: Final = 4 * MOST
"""Places that are looked at for them."""


def find_repeats(segments: Segments, folded: FoldedText, start: int, end: int) -> list[Hit]:
    """Find the other mentions of a stretch, in reading order; of very many those that follow it.

    Args:
        segments: The words of the text.
        folded: The text, folded.
        start: Where the stretch begins.
        end: Where it ends.
    """
    mention = segments.text[start:end]
    return [
        hit
        for hit in find_mentions(segments, folded, mention, around=start)
        if hit.end <= start or hit.start >= end
    ]


def find_mentions(
    segments: Segments, folded: FoldedText, mention: str, *, around: int = 0
) -> list[Hit]:
    """Find every mention of something in a text, in reading order, but no more than `MOST`.

    Args:
        segments: The words of the text.
        folded: The text, folded.
        mention: What is mentioned, as it is written anywhere.
        around: An offset from which it is looked for, going round at the end.
    """
    found = islice(_hits(segments, folded, mention, fold(mention), around), MOST)
    hits = {(hit.start, hit.end): hit for hit in found}
    return [hits[key] for key in sorted(hits)]


def _hits(
    segments: Segments, folded: FoldedText, raw: str, needle: str, around: int
) -> Iterator[Hit]:
    for first, last in islice(folded.occurrences(needle, around), _MOST_TRIED):
        if not ends_a_word(segments, last):
            continue
        same = segments.text[first:last] == raw
        cut = cut_before(segments, first)
        if cut == 0:
            yield Hit(first, last, "exact" if same else "variant")
        elif cut is not None:
            yield Hit(first, last, "clitic" if same else "variant")
    for form in folded_forms(needle)[1:]:
        for first, last in islice(folded.occurrences(form, around), _MOST_TRIED):
            first += 1  # noqa: PLW2901 - past the preposition
            if ends_a_word(segments, last) and cut_before(segments, first):
                yield Hit(first, last, "clitic")


def folded_forms(needle: str) -> list[str]:
    """List how a folded mention may be written: as it is, or after the preposition lam.

    There the article loses its alef.
    """
    after_lam = [_LAM + needle[1:]] if needle.startswith(_ALEF + _LAM) else []
    return [needle, *after_lam]


def ends_a_word(segments: Segments, end: int) -> bool:
    """Return whether no word goes on at an offset."""
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
