"""Where a word may be cut for tagging: after its proclitics, and where words are glued together.

A proclitic (conjunction, preposition, future particle) is written as part of the word after it. It
is cut off only where the rest is attested as a word of the corpus, or begins with the article,
also with what is left of it after a lam.
Offsets are code points relative to the word, and stand on grapheme boundaries of it.
"""

import re
from collections.abc import Iterable

from annotations.language.folding import fold
from annotations.language.graphemes import graphemes
from annotations.language.segmentation import words

_CONJUNCTIONS = "\u0648\u0641"
_PREPOSITIONS = "\u0628\u0643\u0644\u0633"
_LAM = "\u0644"
_ARTICLE = "\u0627\u0644"
_SHORTEST = 2
"""Letters that must be left of a word when a proclitic is cut off."""
_SHORTEST_BY_ITSELF = 3
"""Letters that must be left when it is cut off unasked."""
_SHORTEST_GLUED = 3
_NUMBER_EDGE = re.compile("(?<=\\d)(?=[\u0621-\u064a])|(?<=[\u0621-\u064a])(?=\\d)")


class Vocabulary:
    """The words of a corpus, folded: what is attested.

    Args:
        texts: The texts to take words from.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.words: set[str] = set()
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Count the words of a text."""
        folded = fold(text)
        self.words.update(folded[start:end] for start, end in words(folded, 0, len(folded)))

    def __contains__(self, word: str) -> bool:
        """Return whether a word is attested, however it is spelled."""
        return fold(word) in self.words


def possible_cuts(word: str) -> list[int]:
    """List where a word may begin once proclitics are left out, 0 for the whole word.

    Args:
        word: A word with its marks.

    Returns:
        Offsets into the word, ascending.
    """
    letters = graphemes(word)
    offsets = [0]
    for letter in letters:
        offsets.append(offsets[-1] + len(letter))
    bases = "".join(letter[0] for letter in letters)
    cuts = [0]
    count = 0
    if bases[:1] and bases[0] in _CONJUNCTIONS:
        count = 1
        cuts.append(1)
    if bases[count : count + 1] and bases[count] in _PREPOSITIONS:
        cuts.append(count + 1)
    return [offsets[cut] for cut in cuts if len(letters) - cut >= _SHORTEST]


def default_cut(word: str, vocabulary: Vocabulary) -> int:
    """Choose the cut that leaves the most proclitics out and an attested word behind.

    Args:
        word: A word with its marks.
        vocabulary: What is attested.

    Returns:
        An offset into the word; 0 if nothing is cut off.
    """
    best = 0
    for cut in possible_cuts(word)[1:]:
        rest = fold(word[cut:])
        if len(rest) < _SHORTEST_BY_ITSELF:
            continue
        if (
            rest in vocabulary
            or rest.startswith((_ARTICLE, _LAM + _LAM))
            # after the preposition lam the article loses its alef; no word begins so by itself
            or (rest.startswith(_LAM) and fold(word[:cut]).endswith(_LAM))
        ):
            best = cut
    return best


def glued_parts(word: str, vocabulary: Vocabulary) -> list[int]:
    """List the offsets at which a word falls apart into words that are written as one.

    Digits and letters part, and so do two attested words with an "and" between them.

    Returns:
        Offsets into the word, ascending; none for a single word.
    """
    found = [match.start() for match in _NUMBER_EDGE.finditer(word)]
    if found or (word in vocabulary and len(word) < 2 * _SHORTEST_GLUED):
        return found
    for offset in range(_SHORTEST_GLUED, len(word) - _SHORTEST_GLUED):
        if word[offset] not in _CONJUNCTIONS[0]:
            continue
        if word[:offset] in vocabulary and word[offset + 1 :] in vocabulary:
            found.append(offset)
    return found
