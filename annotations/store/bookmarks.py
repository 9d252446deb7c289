"""Where each annotator left off: the last article, and a cursor for each. A convenience."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from annotations.disk.files import make_folder, write_atomically
from annotations.store.store import Store, present


def read_place(store: Store, annotator: str) -> dict[str, Any]:
    """Return where an annotator left off; nothing where that can't be read."""
    try:
        found = orjson.loads(_path(store, annotator).read_bytes())
    except (OSError, ValueError):
        return {}  # never worth a message
    sound = isinstance(found, dict) and isinstance(found.get("cursors"), dict)
    return found if sound else {}


def save_place(store: Store, annotator: str, place: dict[str, Any]) -> None:
    """Remember where an annotator left off, where the store can be written."""
    path = _path(store, annotator)
    with suppress(OSError):
        store.make_root()
        make_folder(path.parent)
        write_atomically(path, orjson.dumps(place))


def _path(store: Store, annotator: str) -> Path:
    folder = store.root / "places"
    return folder / present(folder, annotator, ".json")
