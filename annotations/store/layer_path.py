"""Where the files of one layer are in a store: the layer, its history, its lock.

    layers/<annotator>/<shard>/<document>.json
    history/<annotator>/<shard>/<document>.jsonl
    locks/<annotator>/<shard>/<document>.lock

Annotators and documents stand there under their file names (`disk.names`); a shard is one of 256
folders, so that none holds too many files.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from msgspec import Struct

from annotations.disk.folders import names_in
from annotations.disk.names import file_name, shard
from annotations.errors import reason_of

_LAYER, _HISTORY, _LOCK = ".json", ".jsonl", ".lock"


class LayerPath(Struct, frozen=True):
    """The place of one layer."""

    root: Path
    """The store's folder."""
    folder: str
    """File name of the annotator."""
    shard: str
    name: str
    """File name of the document, without an ending."""

    @classmethod
    def of(cls, root: Path, document_id: str, annotator: str) -> Self:
        """Return the place of a layer by the id under which it is kept and by its annotator."""
        return cls(root, file_name(annotator), shard(document_id), file_name(document_id))

    @property
    def layer(self) -> Path:
        """The layer itself, a TinyDB file."""
        return Path(f"{self.root}/layers/{self.folder}/{self.shard}/{self.name}{_LAYER}")

    @property
    def history(self) -> Path:
        """Its changes, a line each."""
        return Path(f"{self.root}/history/{self.folder}/{self.shard}/{self.name}{_HISTORY}")

    @property
    def lock(self) -> Path:
        """What is locked while it may be written."""
        return Path(f"{self.root}/locks/{self.folder}/{self.shard}/{self.name}{_LOCK}")

    @property
    def key(self) -> str:
        """The part that comes from the document, alike for all annotators."""
        return f"{self.shard}/{self.name}"

    def __str__(self) -> str:
        """Name the layer's file, for messages."""
        return str(self.layer)


def layer_paths(
    root: Path, folder: str | None = None, *, unseen: list[str] | None = None
) -> Iterator[LayerPath]:
    """List the layers of a store by their files, annotator by annotator, or those of one.

    Args:
        root: The store's folder.
        folder: File name of the one annotator.
        unseen: Takes a sentence for each folder that can't be looked into.
    """
    return _paths(root, "layers", _LAYER, folder, unseen)


def history_paths(root: Path, *, unseen: list[str] | None = None) -> Iterator[LayerPath]:
    """List the layers of a store that have a history, whether or not they are there themselves.

    Args:
        root: The store's folder.
        unseen: Takes a sentence for each folder that can't be looked into.
    """
    return _paths(root, "history", _HISTORY, None, unseen)


def _paths(
    root: Path, kind: str, ending: str, only: str | None, unseen: list[str] | None
) -> Iterator[LayerPath]:
    top = f"{root}/{kind}"
    for folder in _names(top, unseen) if only is None else (only,):
        for part in _names(f"{top}/{folder}", unseen):
            for name in _names(f"{top}/{folder}/{part}", unseen):
                if name.endswith(ending) and not name.startswith("."):
                    yield LayerPath(root, folder, part, name.removesuffix(ending))


def _names(folder: str, unseen: list[str] | None) -> list[str]:
    """List the names in a folder, in order; none if it can't be looked into."""
    try:
        return names_in(Path(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        if unseen is not None:
            unseen.append(f"{folder} can't be read: {reason_of(error)}.")
        return []
