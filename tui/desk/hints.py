"""Hints: short keys that stand under the words on screen, so that one or two keys name a place.

The nearest targets in reading order from the cursor have one key, the rest two; no hint is the
beginning of another, and none changes while they are shown. A target with no room for two keys
under it has one, too, so that its hint can be told from the next. Knows nothing of screens.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

LETTERS: Final = "jfkdhgsuieornwmvtpyblacxzq4738291560"
"""Letters and digits of hints, those under the resting fingers first."""
TIGHT: Final = 2
"""Code points from one target to the next in which a hint of two keys has no room."""
BEHIND: Final = 3
"""How much further a target behind the cursor counts than one ahead."""


class Target(Struct, frozen=True):
    """What a hint points at."""

    start: int
    """Where a span of it begins; its hint stands under this offset."""
    end: int
    span_id: str = ""
    """The span that it is, for a relation."""


class Hint(Struct, frozen=True):
    """A target and the keys that choose it."""

    keys: str
    target: Target


class Hinting(Struct, frozen=True):
    """Hints on screen, and what was typed of them."""

    hints: tuple[Hint, ...]
    typed: str = ""
    first: Target | None = None
    """The first word, once it is chosen."""
    offered: Target | None = None
    """What Enter takes at once."""

    def type(self, letter: str) -> "Hinting | Target | None":
        """Type a letter of a hint.

        Returns:
            The hinting with the letter typed, or the target it chooses, or None if no hint goes
            on with this letter.
        """
        typed = self.typed + letter
        possible = [hint for hint in self.hints if hint.keys.startswith(typed)]
        if not possible:
            return None
        if possible[0].keys == typed:
            return possible[0].target
        return replace(self, typed=typed)

    def chosen(self, target: Target) -> "Hinting":
        """Remember the first word."""
        return replace(self, first=target, typed="")

    def back(self) -> "Hinting | None":
        """Return the hinting before the last step; None leaves the hints."""
        if self.typed:
            return replace(self, typed=self.typed[:-1])
        if self.first:
            return replace(self, first=None)
        return None


def hint_keys(count: int, letters: str) -> list[str]:
    """Make so many hints, the one-key ones first, none the beginning of another.

    Args:
        count: How many are needed.
        letters: The letters to make them of, the best first.
    """
    size = len(letters)
    single = min(size, count)
    while single and single + (size - single) * size < count:
        single -= 1
    singles = list(letters[:single])
    doubles = [first + second for first in letters[single:] for second in letters]
    if single + len(doubles) >= count:
        return (singles + doubles)[:count]
    triples = [pair + third for pair in doubles for third in letters]
    return triples[:count]


def make_hints(targets: Sequence[Target], cursor: int, taken: str) -> tuple[Hint, ...]:
    """Assign a hint to each target, the shortest to the nearest ahead of the cursor.

    Args:
        targets: In reading order.
        cursor: The offset to count from.
        taken: Letters that mean something else, such as the keys of labels.
    """
    letters = "".join(letter for letter in LETTERS if letter not in taken)
    ahead = next((i for i, target in enumerate(targets) if target.end > cursor), len(targets))

    def distance(index: int) -> int:
        return index - ahead if index >= ahead else BEHIND * (ahead - index)

    tight = [
        index
        for index, (target, following) in enumerate(pairwise(targets))
        if following.start - target.start <= TIGHT
    ]
    first = set(sorted(tight, key=distance)[: len(letters) // 2])
    ranked = sorted(range(len(targets)), key=lambda index: (index not in first, distance(index)))
    keys = hint_keys(len(targets), letters)
    found = [Hint(key, targets[index]) for key, index in zip(keys, ranked, strict=False)]
    return tuple(sorted(found, key=lambda hint: (hint.target.start, -hint.target.end)))
