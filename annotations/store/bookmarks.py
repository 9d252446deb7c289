"""Where each annotator left off: the last article, and a cursor for each. A convenience."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from annotations.disk.codec import decode_as, encode
from annotations.disk.files import read_file
from annotations.disk.folders import make_folder
from annotations.disk.names import file_name
from annotations.disk.replacing import write_atomically
from annotations.store.store import Store


class Bookmark(Struct, frozen=True):
    """Where an annotator left off."""

    document: str | None = None
    """Id of the article that was open; None for the library."""
    cursors: Mapping[str, int] = {}
    """Code-point offsets of the cursor by article, the one opened last at the end."""
    to_learn: tuple[str, ...] | None = None
    """Ids of the commands that a newcomer has not used yet; None before the first session."""


def read_bookmark(store: Store, annotator: str) -> Bookmark:
    """Return where an annotator left off; an empty bookmark where that can't be read."""
    try:
        return decode_as(Bookmark, read_file(_path(store, annotator)))
    except (OSError, ValueError):
        return Bookmark()  # never worth a message


def save_bookmark(store: Store, annotator: str, bookmark: Bookmark) -> None:
    """Remember where an annotator left off, where the store can be written."""
    path = _path(store, annotator)
    with suppress(OSError):
        store.make_root()
        make_folder(path.parent)
        write_atomically(path, encode(bookmark))


def _path(store: Store, annotator: str) -> Path:
    return store.root / "places" / f"{file_name(annotator)}.json"
