"""JSON, the one way from values to bytes and back.

Typed values (msgspec structs) are checked while they are read, so a file that was
damaged or written by hand is refused with the place of what is wrong, and nothing half read
reaches the rest.
"""

from typing import Any, TypeVar

import msgspec

Value = TypeVar("Value")


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


def decode(content: bytes | str) -> Any:  # noqa: ANN401 - whatever the content holds
    """Read any JSON.

    Raises:
        ValueError: It is not JSON, or nested too deep.
    """
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
