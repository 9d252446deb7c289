"""The elements of a JSON array, one after the other, whatever the array's length."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from annotations.disk.codec import check_count, encode
from annotations.formats.reading.records import MOST_BYTES, opened

_CHUNK: Final = 1 << 20
_BLANK: Final = " \t\n\r"


class Torn(NamedTuple):
    """What is wrong with the rest of a file."""

    reason: str


def elements(path: Path) -> Iterator[Any | Torn]:
    """Read the elements of an array, or a single object.

    Each element is read whole; what comes after a fault is not looked at.

    Yields:
        Elements; a `Torn` says what is wrong, and is the last.
    """
    with opened(path) as stream:
        buffer = _Buffer(stream)
        try:
            yield from _elements(buffer)
        except UnicodeDecodeError:
            yield Torn("the file is not UTF-8")
        except (ValueError, TypeError, RecursionError) as error:
            yield Torn(f"it is not JSON ({error})")


def _elements(buffer: "_Buffer") -> Iterator[Any | Torn]:
    first = buffer.peek()
    if first == "{":
        yield buffer.value()
        return
    if first != "[":
        yield Torn("the file is no JSON array")
        return
    buffer.skip()
    if buffer.peek() == "]":
        return
    while True:
        yield buffer.value()
        mark = buffer.peek()
        if mark == "]":
            return
        if mark != ",":
            yield Torn("a comma or the end of the array is missing: the file is cut off")
            return
        buffer.skip()


class _Buffer:
    """The text of a stream, as much of it as is needed."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - a binary stream
        self.stream = stream
        self.decoder = json.JSONDecoder()
        self.rest = b""
        self.text = ""
        self.offset = 0
        self.ended = False

    def peek(self) -> str:
        """Return the next character that is no white space; nothing at the end."""
        while True:
            while self.offset < len(self.text) and self.text[self.offset] in _BLANK:
                self.offset += 1
            if self.offset < len(self.text) or self.ended:
                return self.text[self.offset : self.offset + 1]
            self._more(_CHUNK)

    def skip(self) -> None:
        """Leave that character behind."""
        self.offset += 1

    def value(self) -> Any:  # noqa: ANN401 - from a file
        """Read the next value.

        Raises:
            ValueError: There is none, or it is too long.
        """
        self.peek()
        size = _CHUNK
        while True:
            check_count(self.text)
            try:
                found, end = self.decoder.raw_decode(self.text, self.offset)
            except ValueError:
                if self.ended:
                    raise
            else:
                if end < len(self.text) or self.ended:
                    self.offset = end
                    encode(found)  # which refuses half of a surrogate pair
                    return found
            if len(self.text) - self.offset > MOST_BYTES:
                raise ValueError(f"an element is longer than {MOST_BYTES >> 20} MB")
            self._more(size)
            size *= 2  # so that a long element is not tried over and over

    def _more(self, size: int) -> None:
        read = self.stream.read(size)
        self.ended = len(read) < size
        content = self.rest + read
        if self.offset == 0 and not self.text:
            content = content.removeprefix(b"\xef\xbb\xbf")
        cut = len(content) if self.ended else _whole_letters(content)
        self.rest = content[cut:]
        self.text = self.text[self.offset :] + content[:cut].decode()
        self.offset = 0


def _whole_letters(content: bytes) -> int:
    """Return how many bytes surely end with a whole character."""
    cut = len(content)
    for back in range(1, min(4, cut) + 1):
        byte = content[cut - back]
        if byte & 0xC0 != 0x80:
            return cut - back if byte >= 0xC0 else cut
    return cut
