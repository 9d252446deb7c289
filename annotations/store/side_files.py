"""Files beside the layers that say something about all of them: who has what, which split is whose.

Each is one JSON object with its schema, written an entry a line so that git can merge it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

from msgspec import Struct

from annotations.disk.codec import decode_as
from annotations.disk.files import read_file
from annotations.disk.folders import make_folder
from annotations.disk.replacing import write_atomically
from annotations.errors import StoreError, reason_of
from annotations.store.tables import Write

Value = TypeVar("Value", bound=Struct)


_MOST_BYTES: Final = 512 << 20
"""Bytes of the largest of them, which has a line for each article."""


class _Schema(Struct):
    schema: int


def read_side_file(path: Path, kind: type[Value], schema: int) -> Value | None:
    """Read a file; None if there is none.

    Args:
        path: The file.
        kind: What it holds.
        schema: The newest schema that is known here.

    Raises:
        StoreError: It is damaged, of a newer schema, or can't be read.
    """
    try:
        content = read_file(path, _MOST_BYTES)
        if decode_as(_Schema, content).schema > schema:
            raise StoreError(f"{path} was written by a newer Hashiya.")
        return decode_as(kind, content)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(f"{path} can't be read: {reason_of(error)}.") from error
    except ValueError as error:
        raise StoreError(f"{path} is damaged ({error}).") from error


def write_side_file(path: Path, parts: Iterable[bytes], write: Write = write_atomically) -> None:
    """Write a file, whole or not at all.

    Args:
        path: The file.
        parts: What it is to hold.
        write: Writes it, at once or together with others.

    Raises:
        StoreError: It can't be written.
    """
    try:
        make_folder(path.parent)
        write(path, b"".join(parts))
    except OSError as error:
        raise StoreError(f"{path} can't be written: {reason_of(error)}.") from error
