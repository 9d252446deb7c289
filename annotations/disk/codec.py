"""JSON, the one way from values to bytes and back.

Typed values (msgspec structs) are checked while they are read, so a file that was
damaged or written by hand is refused with the place of what is wrong, and nothing half read
reaches the rest.
"""

from typing import Any, Final, TypeVar

import msgspec

Value = TypeVar("Value")
MOST_VALUES: Final = 5_000_000
"""Values that a JSON text of any kind may hold: each takes memory, however short it is."""


def encode(value: object) -> bytes:
    """Return a value as JSON, without white space, in UTF-8.

    Raises:
        UnicodeEncodeError: A text holds half of a surrogate pair.
    """
    return msgspec.json.encode(value)


def encode_line(value: object) -> bytes:
    """Return a value as a line of JSON with its newline."""
    return msgspec.json.encode(value) + b"\n"


def encode_indented(value: object) -> bytes:
    """Return a value as JSON for people to read, two cells a level."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2)


def check_count(content: bytes | str) -> None:
    """Refuse a JSON text that holds too many values, before they are made.

    Raises:
        ValueError: It does.
    """
    if len(content) <= MOST_VALUES:
        return
    if isinstance(content, bytes):
        found = sum(content.count(mark) for mark in (b",", b"[", b"{", b":"))
    else:
        found = sum(content.count(mark) for mark in ",[{:")
    if found > MOST_VALUES:
        raise ValueError(f"it holds more than {MOST_VALUES:,} values")


def decode(content: bytes | str) -> Any:  # noqa: ANN401 - whatever the content holds
    """Read any JSON.

    Raises:
        ValueError: It is not JSON, nested too deep, or holds more than `MOST_VALUES`.
    """
    check_count(content)
    try:
        return msgspec.json.decode(content)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def decode_as(kind: type[Value], content: bytes | str) -> Value:
    """Read JSON as a value of a type.

    Raises:
        ValueError: It is not JSON, or not such a value; names the place.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def convert(kind: type[Value], value: object) -> Value:
    """Make plain dicts and lists into a value of a type.

    Raises:
        ValueError: They are not such a value; names the place.
    """
    try:
        return msgspec.convert(value, kind, str_keys=True)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
