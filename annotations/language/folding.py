"""Folding Arabic text for matching: hamza, alef maqsura, ta marbuta, marks, digits, quotes.

The fold is for comparing alone; positions are always code-point offsets into the raw text. It
changes length both ways (a mark folds to nothing, a ligature to many letters), so each folded
character keeps the raw offset that it came from.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

_PAIRS: Final = (
    ("\u0623\u0625\u0622\u0671", "\u0627"),
    ("\u0649\u06cc\u0626", "\u064a"),
    ("\u0629", "\u0647"),
    ("\u0624", "\u0648"),
    ("\u06a9\u06af", "\u0643"),
    ("\u060c", ","),
    ("\u061b", ";"),
    ("\u061f", "?"),
    ("\u066a", "%"),
    ("\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033", '"'),
    ("\u2018\u2019\u201a\u201b\u2032\u2039\u203a`", "'"),
)
_DROPPED: Final = (
    "\u0640\u0670\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
    + "".join(map(chr, range(0x064B, 0x0660)))
    + "".join(filter(unicodedata.combining, map(chr, range(0x06D6, 0x06EE))))
)  # fmt: skip

_TABLE: Final[dict[int, str]] = {
    **{ord(char): base for chars, base in _PAIRS for char in chars},
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
    **{ord(char): "" for char in _DROPPED},
}
_UNEVEN = re.compile(f"[{re.escape(_DROPPED)}\u0130\ufb50-\ufdff\ufe70-\ufefc]")
"""Characters that fold to none or to many."""
_AT_ONCE: Final = 1 << 14
"""Code points that are folded between two pauses."""
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")


@lru_cache(maxsize=1 << 12)
def _fold_presentation(char: str) -> str:
    return unicodedata.normalize("NFKC", char).translate(_TABLE).lower()


def fold(text: str) -> str:
    """Fold a text; see `FoldedText` for the way back."""
    folded = text.translate(_TABLE).lower()
    if _PRESENTATION.search(folded):
        folded = _PRESENTATION.sub(lambda match: _fold_presentation(match[0]), folded)
    return folded


class FoldedText(Struct, frozen=True):
    """A folded text, and where each of its characters came from."""

    folded: str
    origins: "array[int]"
    """Raw offset of each folded character, and the length of the raw text at the end."""

    def raw_range(self, start: int, end: int) -> tuple[int, int]:
        """Turn a range of folded characters into the raw range that they came from.

        What folds to nothing after the last character (its marks) belongs to the range.
        """
        if start >= end:
            raw = self.origins[start]
            return (raw, raw)
        after = end
        while after < len(self.origins) - 1 and self.origins[after] == self.origins[end - 1]:
            after += 1
        return (self.origins[start], self.origins[after])

    def occurrences(self, needle: str, around: int = 0) -> Iterator[tuple[int, int]]:
        """Find where a folded text occurs, from a raw offset on and then from the start.

        Yields:
            Raw ranges; they may overlap.
        """
        if not needle.strip():
            return
        first = bisect_left(self.origins, around)
        half = min(first + len(needle) - 1, len(self.folded))
        for begin, stop in ((first, len(self.folded)), (0, half)):
            at = self.folded.find(needle, begin, stop)
            while at >= 0:
                yield self.raw_range(at, at + len(needle))
                at = self.folded.find(needle, at + 1, stop)


def fold_with_origins(text: str, pause: Callable[[], None] = lambda: None) -> FoldedText:
    """Fold a text, keeping the raw offset of each folded character.

    Args:
        text: The text.
        pause: Called again and again, so that a long text can be folded beside other work.
    """
    pieces: list[str] = []
    origins = array("I")
    for start in range(0, len(text), _AT_ONCE):
        last, end = start, min(start + _AT_ONCE, len(text))
        for match in _UNEVEN.finditer(text, start, end):
            offset = match.start()
            pieces.append(fold(text[last:offset]))
            origins.extend(range(last, offset))
            folded = fold(match[0])
            pieces.append(folded)
            origins.extend([offset] * len(folded))
            last = offset + 1
        pieces.append(fold(text[last:end]))
        origins.extend(range(last, end))
        pause()
    origins.append(len(text))
    return FoldedText("".join(pieces), origins)
