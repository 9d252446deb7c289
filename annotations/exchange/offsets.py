"""Turning what formats count in into code points: numbers of tokens, UTF-16 units."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from annotations.errors import ImportRefusedError
from annotations.formats.reading.records import Record
from annotations.language.graphemes import snap

_FIRST_ASTRAL: Final = "\U00010000"


class Converter:
    """Turns the offsets of a record into code points."""

    def range(self, start: int, end: int, what: str) -> tuple[int, int]:  # noqa: ARG002
        """Return a range in code points; `what` is for messages."""
        return (start, end)


class _FromTokens(Converter):
    """From numbers of tokens, the end exclusive."""

    def __init__(self, tokens: Sequence[str], text: str) -> None:
        self.tokens: list[tuple[int, int]] = []
        offset = 0
        for number, token in enumerate(tokens):
            while text[offset : offset + 1].isspace() and not text.startswith(token, offset):
                offset += 1
            end = _end_of(token, text, offset)
            if end <= offset:
                raise ImportRefusedError(
                    f"token {number} is {token!r}, but the text has "
                    f"{text[offset : offset + len(token)]!r} at {offset}"
                )
            self.tokens.append(with_space(text, offset, end))
            offset = end

    def range(self, start: int, end: int, what: str) -> tuple[int, int]:
        """Return from where its first token begins to where its last ends."""
        if not 0 <= start < end <= len(self.tokens):
            raise ImportRefusedError(
                f"{what} goes from token {start} to {end}, and there are {len(self.tokens)}"
            )
        return (self.tokens[start][0], self.tokens[end - 1][1])


def _end_of(token: str, text: str, offset: int) -> int:
    """Return where a token ends that begins at an offset, 0 if it does not; it may lack spaces."""
    if text.startswith(token, offset):
        return offset + len(token)
    for char in token:
        while text[offset : offset + 1].isspace() and text[offset] != char:
            offset += 1
        if text[offset : offset + 1] != char:
            return 0
        offset += 1
    return offset


def with_space(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a token by white space that makes one letter with its edge, as before a mark."""
    first, last = snap(text, start, end)
    return (
        first if text[first:start].isspace() else start,
        last if text[end:last].isspace() else end,
    )


class _FromUtf16(Converter):
    """From UTF-16 units, of which a character beyond U+FFFF has two."""

    def __init__(self, text: str) -> None:
        self.units = [0, *accumulate(1 + (char >= _FIRST_ASTRAL) for char in text)]

    def range(self, start: int, end: int, what: str) -> tuple[int, int]:
        """Return its range."""
        return (self._offset(start, what), self._offset(end, what))

    def _offset(self, unit: int, what: str) -> int:
        offset = bisect_left(self.units, unit)
        if offset == len(self.units):
            raise ImportRefusedError(f"{what} ends outside the text, at UTF-16 unit {unit}")
        if self.units[offset] != unit:
            raise ImportRefusedError(f"{what} cuts a character in two at UTF-16 unit {unit}")
        return offset


def converter_of(record: Record, text: str) -> Converter:
    """Choose how the offsets of a record become code points of its text."""
    if record.unit == "token":
        return _FromTokens(record.tokens, text)
    if record.unit == "utf16":
        return _FromUtf16(text)
    return Converter()
