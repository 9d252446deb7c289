"""Writing a layer somewhere else when its store takes nothing any more."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from annotations.disk.files import is_taken
from annotations.disk.names import file_name
from annotations.disk.replacing import write_atomically
from annotations.errors import StoreError
from annotations.model.layer import Document, Layer


def rescue_folders() -> list[Path]:
    """List where a layer may be written if not into its store: home, here, the temporary folder."""
    return [Path.home(), Path.cwd(), Path(tempfile.gettempdir())]


def write_elsewhere(document: Document, layer: Layer, folders: Iterable[Path]) -> Path:
    """Write a layer as a line of JSON, which `hashiya import` reads back.

    Args:
        document: Its article.
        layer: The layer.
        folders: Where to try, in this order.

    Returns:
        The file, under a name that was free.

    Raises:
        StoreError: None of the folders takes it.
    """
    # seldom needed, and the formats are a tenth of what the start imports
    from annotations.formats.jsonl import to_line  # noqa: PLC0415

    name = f"hashiya-{file_name(layer.annotator)}-{file_name(document.id)}"
    content = to_line(document, layer)
    reason = "there is no folder"
    for named in folders:
        folder = Path(os.path.realpath(named))
        path = folder / f"{name}.jsonl"
        number = 1
        while is_taken(path):
            number += 1
            path = folder / f"{name}-{number}.jsonl"
        if not os.access(folder, os.W_OK):
            reason = f"{folder} can't be written"
            continue
        try:
            write_atomically(path, content)
        except OSError as error:
            reason = f"{folder}: {error.strerror or error}"
            continue
        return path
    raise StoreError(f"It can't be written elsewhere either ({reason}).")
