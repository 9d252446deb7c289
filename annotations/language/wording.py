"""Numbers and nouns in messages, and the words of articles in them."""

from typing import Final

ISOLATES: Final = ("\u2068", "\u2069")
"""What stands around words of another direction in a sentence; a screen orders by it only."""
_FIRST_OF_HEBREW: Final = "\u0590"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun in the right form: 1 span, 2 days, 2 histories."""
    if count == 1:
        return f"{count:,} {noun}"
    if noun.endswith("y") and noun[-2:-1] not in "aeou":
        return f"{count:,} {noun[:-1]}ies"
    return f"{count:,} {noun}s"


def isolated(words: str) -> str:
    """Keep words that may read from right to left together in a sentence of ours, marks and all."""
    opening, closing = ISOLATES
    return f"{opening}{words}{closing}" if max(words, default="") >= _FIRST_OF_HEBREW else words


def clipped(text: str, longest: int) -> str:
    """Cut a text that is too long to be told; an ellipsis stands for the rest."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
