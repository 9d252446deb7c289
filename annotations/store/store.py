"""The layers of a corpus on disk: one TinyDB file for each document and annotator.

    <store>/layers/<annotator>/<shard>/<document>.json    a layer
    <store>/history/<annotator>/<shard>/<document>.jsonl  what was done to it
    <store>/locks/<annotator>/<document>.lock             held by the session that may write it
    <store>/suggestions/                                  layers that wait for a decision
    <store>/places/<annotator>.json                       where the annotator left off
    <store>/scheme.toml                                   the scheme, if it is not the default

No two annotators ever write one file. A layer is written only under its lock, and each write is
atomic (`annotations.disk.files`).
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tinydb import TinyDB

from annotations.disk.files import make_folder, sweep_temporary_files, sync_folder, write_atomically
from annotations.disk.names import file_name, old_file_name, shard
from annotations.errors import StoreError
from annotations.model.layer import Layer
from annotations.model.scheme import DEFAULT_SCHEME, Scheme, parse_scheme
from annotations.store.journal import (
    LONGEST,
    Journal,
    Step,
    add_to_journal,
    read_journal,
    shorten,
    take_back,
)
from annotations.store.layer_file import (
    SCHEMA,
    ConflictedLayerError,
    UnreadableLayerError,
    check_values,
    fill,
    has_conflict,
    layer_from_tables,
    schema_of,
)
from annotations.store.locks import LayerLock, LockedError
from annotations.store.tables import AtomicJSONStorage, Tables, parse_tables

_GIT: Final = {
    ".gitignore": "locks/\nplaces/\n*.tmp\n",
    ".gitattributes": "history/** merge=union\n",
}
"""What tells git that locks are of one machine, and that histories are added up."""


class MisplacedLayerError(StoreError):
    """A layer file does not belong where it is."""


class Store:
    """Layers of one corpus, read and written.

    Args:
        root: The store's folder; it is made at the first write.
        now: Returns the present time.
        longest_history: Bytes from which the older half of a history is let go.
    """

    def __init__(
        self,
        root: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        longest_history: int = LONGEST,
    ) -> None:
        self.root = root
        self._now = now
        self._longest_history = longest_history

    def scheme(self) -> Scheme:
        """Read the scheme of the corpus, or the default one.

        Raises:
            SchemeError: The file says something that makes no scheme.
            StoreError: It can't be read.
        """
        path = self.scheme_path
        try:
            return parse_scheme(path.read_text("utf-8"), str(path))
        except (FileNotFoundError, NotADirectoryError):
            return DEFAULT_SCHEME
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{path} can't be read: {error}.") from error

    @property
    def scheme_path(self) -> Path:
        """Where the scheme of the corpus is, if it has one of its own."""
        return self.root / "scheme.toml"

    @property
    def has_layers(self) -> bool:
        """Whether anything was ever saved here."""
        return (self.root / "layers").is_dir()

    @property
    def suggestions(self) -> "Store":
        """Where suggestions wait for a person's decision, apart from what was decided."""
        return Store(self.root / "suggestions", now=self._now)

    def layer_path(self, document_id: str, annotator: str) -> Path:
        """Return where a layer is kept; a file that has its name from schema 1 keeps it."""
        folder = self.root / "layers"
        folder = folder / present(folder, annotator) / shard(document_id)
        return folder / present(folder, document_id, ".json")

    def history_path(self, document_id: str, annotator: str) -> Path:
        """Return where the history of a layer is kept."""
        folder = self.root / "history" / file_name(annotator) / shard(document_id)
        return folder / f"{file_name(document_id)}.jsonl"

    def lock_path(self, layer_path: Path) -> Path:
        """Return the file that is locked while the layer of a path may be written."""
        *_, annotator, part, name = layer_path.parts
        return self.root / "locks" / annotator / part / f"{name.removesuffix('.json')}.lock"

    def read(self, document_id: str, annotator: str) -> Layer | None:
        """Read a layer, or None if there is none.

        Raises:
            UnreadableLayerError: Its file is torn.
            ConflictedLayerError: Its file waits to be merged.
            NewerLayerError: Its file is from a later version.
            StoreError: Its file can't be opened.
        """
        path = self.layer_path(document_id, annotator)
        tables = self.tables_of(path)
        return None if tables is None else self.layer_at(path, tables)

    def layer_at(self, path: Path, tables: Tables | None = None) -> Layer:
        """Read the layer of a file.

        Raises:
            StoreError: As for `read`; also if the file has gone.
        """
        if tables is None:
            tables = self.tables_at(path)
        layer = layer_from_tables(tables, path)
        self.check_owner(layer, path)
        return layer

    def tables_at(self, path: Path) -> Tables:
        """Read the tables of a file that is there.

        Raises:
            StoreError: It can't be read, or has gone.
        """
        tables = self.tables_of(path)
        if tables is None:
            raise StoreError(f"{path} is gone.")
        return tables

    def tables_of(self, path: Path) -> Tables | None:
        """Read the tables of a file; None if there is none.

        Raises:
            StoreError: It can't be read, or holds no tables.
        """
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreError(f"{path} can't be read: {error.strerror or error}.") from error
        try:
            return parse_tables(content)
        except ValueError as error:
            if has_conflict(content):
                raise ConflictedLayerError(
                    f"{path} holds two versions that git could not merge.",
                    "hashiya merge CORPUS puts them together.",
                ) from error
            raise UnreadableLayerError(f"{path} is damaged ({error}).") from error

    def check_owner(self, layer: Layer, path: Path) -> None:
        """Refuse a layer that lies where another's belongs, such as a copied folder.

        Raises:
            MisplacedLayerError: It does.
        """
        *_, folder, part, name = path.parts
        if (
            folder not in (file_name(layer.annotator), old_file_name(layer.annotator))
            or part != shard(layer.document_id)
            or name.removesuffix(".json")
            not in (file_name(layer.document_id), old_file_name(layer.document_id))
        ):
            raise MisplacedLayerError(
                f"{path} holds the layer of {layer.annotator} for {layer.document_id}; "
                "it was copied or renamed by hand."
            )

    def layer_paths(self) -> Iterator[Path]:
        """List the files of the layers, annotator by annotator."""
        folder = self.root / "layers"
        for annotator in listed(folder):
            for part in listed(folder / annotator):
                for name in listed(Path(f"{folder}/{annotator}/{part}")):
                    if name.endswith(".json") and not name.startswith("."):
                        yield Path(f"{folder}/{annotator}/{part}/{name}")

    def layers(self) -> Iterator[tuple[Path, Layer | StoreError]]:
        """Read every layer there is; one that can't be read comes as the error it raised."""
        for path in self.layer_paths():
            try:
                yield path, self.layer_at(path)
            except StoreError as error:
                yield path, error

    def journal(self, document_id: str, annotator: str) -> Journal:
        """Read the history of a layer.

        Raises:
            StoreError: It can't be read.
        """
        path = self.history_path(document_id, annotator)
        try:
            return read_journal(path)
        except OSError as error:
            raise StoreError(f"{path} can't be read: {error.strerror or error}.") from error

    def save(self, layer: Layer, steps: Sequence[Step] = (), text: str | None = None) -> Layer:
        """Write a layer, and before it the steps that led to it; call it while holding its lock.

        Args:
            layer: The layer; its revision and time are those of the file that it replaces.
            steps: What was done since; none if it was nothing that could be undone.
            text: The text that it annotates, by which its spans can be found again in another.

        Returns:
            The layer with its revision counted up, and the time.

        Raises:
            StoreError: It could not be written; the file stands as it was.
        """
        revision = layer.revision + max(1, len(steps))
        saved_at = f"{self._now():%Y-%m-%dT%H:%M:%SZ}"
        saved = replace(layer, revision=revision, saved_at=saved_at)
        path = self.layer_path(layer.document_id, layer.annotator)
        history = self.history_path(layer.document_id, layer.annotator)
        size: int | None = None
        tables = self._check_base(path, layer)
        try:
            check_values(saved, saved.spans, saved.relations)  # never write what can't be read
            self.make_root()
            if steps:
                size = add_to_journal(history, layer, steps)
            self._write(path, saved, text, tables)
        except (OSError, ValueError) as error:
            if size is not None:
                take_back(history, size)
            reason = error.strerror if isinstance(error, OSError) else None
            raise StoreError(f"Not saved: {reason or error} ({path}).") from error
        return saved

    def _check_base(self, path: Path, layer: Layer) -> Tables | None:
        """Make sure that the file to be replaced is the one that a layer came from.

        Returns:
            Its tables; None if there is no file.

        Raises:
            StoreError: It was changed by somebody else since, such as git.
        """
        try:
            tables = self.tables_of(path)
        except StoreError as error:
            raise StoreError(f"Not saved: {error}") from error
        if tables is None:
            return None
        try:
            header = tables["layer"]["1"]
            there = (header["revision"], header.get("saved_at", ""))
        except (KeyError, TypeError, AttributeError) as error:
            raise StoreError(f"Not saved: {path} was damaged since it was opened.") from error
        if there != (layer.revision, layer.saved_at):
            raise StoreError(
                f"Not saved: {path} was changed by another program since it was opened "
                f"(revision {there[0]}, here {layer.revision}).",
                "Leave and write your layer elsewhere; then import it.",
            )
        return tables

    def make_root(self) -> None:
        """Make the store's folder, if it isn't there, with what git is to know of it.

        Raises:
            OSError: It can't be made.
        """
        make_folder(self.root)
        for name, content in _GIT.items():
            if not (self.root / name).exists():
                write_atomically(self.root / name, content.encode())

    @staticmethod
    def _write(path: Path, layer: Layer, text: str | None, tables: Tables | None) -> None:
        make_folder(path.parent)
        with TinyDB(path, storage=AtomicJSONStorage, tables=tables) as database:
            storage = database.storage
            assert isinstance(storage, AtomicJSONStorage)
            with storage.transaction():
                fill(database, layer, text)

    def migrate(self, layer: Layer, text: str) -> Path | None:
        """Write a layer of an older schema in this one, with a copy of the old file beside it.

        Call it while holding its lock.

        Args:
            layer: The layer.
            text: The text that it annotates.

        Returns:
            The copy; None if the file is of this schema.

        Raises:
            StoreError: It can't be written; the file stands as it was.
        """
        path = self.layer_path(layer.document_id, layer.annotator)
        try:
            content = path.read_bytes()
            tables = parse_tables(content)
            schema = schema_of(tables)
            if schema == SCHEMA:
                return None
            backup = path.with_name(f"{path.name}.schema-{schema}")
            write_atomically(backup, content)
            self._write(path, layer, text, tables)
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{path} is of an older Hashiya and can't be rewritten: {error}."
            ) from error
        return backup

    def lock_at(self, path: Path, annotator: str) -> LayerLock:
        """Take the right to move the layer file of a path, whatever is in it.

        Raises:
            StoreError: Somebody has it open, or the store can't be written.
        """
        try:
            return LayerLock(self.lock_path(path), annotator, self._now)
        except OSError as error:
            raise StoreError(f"{path} can't be locked: {error.strerror or error}.") from error

    def move_aside(self, path: Path, why: str) -> Path:
        """Give a file another name, one that is free; call it while holding its lock.

        Args:
            path: The file.
            why: A word for the new name.

        Raises:
            StoreError: It can't be moved.
        """
        stamp = f"{self._now():%Y%m%dT%H%M%S}"
        aside = path.with_name(f"{path.name}.{why}-{stamp}")
        number = 1
        while aside.exists():
            number += 1
            aside = path.with_name(f"{path.name}.{why}-{stamp}-{number}")
        try:
            path.rename(aside)
            sync_folder(path.parent)
        except OSError as error:
            raise StoreError(f"{path} can't be set aside: {error.strerror or error}.") from error
        return aside

    def remove(self, document_id: str, annotator: str) -> None:
        """Take a layer away; call it while holding its lock."""
        self.layer_path(document_id, annotator).unlink(missing_ok=True)

    def lock(self, document_id: str, annotator: str) -> LayerLock:
        """Take the right to write a layer, and sweep what a killed writer of it left.

        Raises:
            LockedError: Another session holds it.
            StoreError: The store can't be written.
        """
        try:
            self.make_root()
            path = self.layer_path(document_id, annotator)
            lock = LayerLock(self.lock_path(path), annotator, self._now)
        except LockedError:
            raise
        except OSError as error:
            raise StoreError(
                f"Read only: {self.root} can't be written ({error.strerror or error})."
            ) from error
        sweep_temporary_files(self.layer_path(document_id, annotator))
        history = self.history_path(document_id, annotator)
        with suppress(OSError):
            sweep_temporary_files(history)
            shorten(history, self._longest_history)
        return lock


def present(folder: Path, name: str, ending: str = "") -> str:
    """Return the file name of a name, or the one of schema 1 if that is what is there."""
    made, old = file_name(name) + ending, old_file_name(name) + ending
    return old if old != made and old in listed(folder) and made not in listed(folder) else made


def listed(folder: Path) -> list[str]:
    """List the names in a folder, in order; none if it can't be looked into."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - the names alone, many thousands of them
    except OSError:
        return []
