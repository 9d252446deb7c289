"""How a corpus is shown to all who read it: the base direction of its paragraphs."""

from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from annotations.disk.codec import encode
from annotations.store.side_files import read_side_file, write_side_file

FILE: Final = "view.json"
_SCHEMA: Final = 1

Direction: TypeAlias = Literal["auto", "majority", "rtl", "ltr"]
DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)


class _File(Struct, frozen=True):
    schema: int
    base: Direction = "auto"


def read_base(root: Path) -> Direction:
    """Return the base direction that was set for a corpus; "auto" if none was.

    Raises:
        StoreError: The file is damaged, or can't be read.
    """
    found = read_side_file(root / FILE, _File, _SCHEMA)
    return found.base if found else "auto"


def save_base(root: Path, base: Direction) -> None:
    """Set the base direction for all who read a corpus.

    Raises:
        StoreError: It can't be written.
    """
    write_side_file(root / FILE, [encode({"schema": _SCHEMA, "base": base}), b"\n"])
