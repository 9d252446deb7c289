"""The layers of a corpus on disk: read, locked, saved. One file for each document and annotator.

    <store>/layers, history, locks    see `layer_path`
    <store>/suggestions/              layers that wait for a decision, a store of their own
    <store>/places/                   where each annotator left off (`bookmarks`)
    <store>/scheme.toml               the scheme, if it is not the default

No two annotators ever write one file. A layer is written only under its lock, and each write is
atomic (`disk.files`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from annotations.disk.files import is_taken, read_file, remove_file
from annotations.disk.folders import make_folder, resolved
from annotations.disk.names import file_name, shard
from annotations.disk.replacing import sweep_temporary_files, write_atomically
from annotations.disk.transaction import Transaction
from annotations.errors import NotSavedError, StoreError, reason_of
from annotations.model.layer import Layer
from annotations.model.scheme import DEFAULT_SCHEME, Scheme, parse_scheme
from annotations.store import layer_file
from annotations.store.journal import (
    LONGEST,
    Journal,
    Step,
    add_to_journal,
    end_last_line,
    lines_of,
    read_journal,
    shorten,
    take_back,
)
from annotations.store.layer_file import Stored
from annotations.store.layer_path import LayerPath, layer_paths
from annotations.store.locks import LayerLock, LockedError, read_live_holder
from annotations.store.tables import Tables
from annotations.store.together import Together

_GIT: Final = {
    ".gitignore": "locks/\nplaces/\n*.tmp\n",
    ".gitattributes": "history/** merge=union\n",
}
"""What tells git that locks are of one machine, and that histories are added up."""
_MOST_SCHEME: Final = 1 << 20
"""Bytes of the largest scheme that is read."""


class MisplacedLayerError(StoreError):
    """A layer file does not belong where it is."""


class Store:
    """Layers of one corpus, read and written.

    Args:
        root: The store's folder; it is made at the first write.
        now: Returns the present time.
        longest_history: Bytes from which the older half of a history is dropped.
    """

    def __init__(
        self,
        root: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        longest_history: int = LONGEST,
    ) -> None:
        self.root = _rooted(root)
        self.now = now
        self._longest_history = longest_history
        self.together = Together(self.root, self._take)
        """Changes of many layers at once."""

    @property
    def scheme_path(self) -> Path:
        """Where the scheme of the corpus is, if it has one of its own."""
        return self.root / "scheme.toml"

    def scheme(self) -> Scheme:
        """Read the scheme of the corpus, or the default one.

        Raises:
            SchemeError: The file says something that makes no scheme.
            StoreError: It can't be read.
        """
        path = self.scheme_path
        try:
            return parse_scheme(read_file(path, _MOST_SCHEME).decode(), str(path))
        except (FileNotFoundError, NotADirectoryError):
            return DEFAULT_SCHEME
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{path} can't be read: {reason_of(error)}.") from error

    @property
    def has_layers(self) -> bool:
        """Whether anything was ever saved here."""
        return (self.root / "layers").is_dir()

    @property
    def suggestions(self) -> "Store":
        """Where suggestions wait for a person's decision, apart from what was decided."""
        return Store(self.root / "suggestions", now=self.now)

    def path(self, document_id: str, annotator: str) -> LayerPath:
        """Return where a layer is kept."""
        return LayerPath.of(self.root, document_id, annotator)

    # Reading

    def read(self, document_id: str, annotator: str) -> Layer | None:
        """Read a layer, or None if there is none.

        Raises:
            UnreadableLayerError: Its file is torn.
            ConflictedLayerError: Its file waits to be merged.
            NewerLayerError: Its file is from a later version.
            StoreError: Its file can't be opened.
        """
        stored = self.stored(self.path(document_id, annotator))
        return stored.layer if stored else None

    def layer_at(self, path: LayerPath) -> Layer:
        """Read the layer of a place.

        Raises:
            StoreError: As for `read`; also if the file has gone.
        """
        stored = self.stored(path)
        if stored is None:
            raise StoreError(f"{path} is gone.")
        return stored.layer

    def stored(self, path: LayerPath) -> Stored | None:
        """Read a layer with what its file notes of the text; None if there is none.

        Raises:
            MisplacedLayerError: It is another's, such as in a copied folder.
            StoreError: As for `read`.
        """
        stored = layer_file.read(path.layer)
        if stored is not None:
            _check_owner(stored.layer, path)
        return stored

    def layers(
        self, *, unseen: list[str] | None = None
    ) -> Iterator[tuple[LayerPath, Layer | StoreError]]:
        """Read every layer there is; one that can't be read comes as the error it raised.

        Args:
            unseen: Takes a sentence for each folder that can't be looked into.
        """
        for path in layer_paths(self.root, unseen=unseen):
            try:
                yield path, self.layer_at(path)
            except StoreError as error:
                yield path, error

    def journal(self, path: LayerPath) -> Journal:
        """Read the history of a layer.

        Raises:
            StoreError: It can't be read.
        """
        try:
            return read_journal(path.history)
        except OSError as error:
            raise StoreError(f"{path.history} can't be read: {reason_of(error)}.") from error

    # Writing

    def save(
        self,
        layer: Layer,
        steps: Sequence[Step] = (),
        text: str | None = None,
        *,
        lock: LayerLock | None = None,
        within: Transaction | None = None,
        aside: Path | None = None,
    ) -> Layer:
        """Write a layer, and before it the steps that led to it.

        Args:
            layer: The layer; its revision and time are those of the file that it replaces.
            steps: What was done since; none if it was nothing that could be undone.
            text: The text that it annotates, by which its spans can be found again in another.
            lock: The right to write it, which the caller holds; it is checked first. Only who
                can't meet anybody else there may do without.
            within: What else is to change together with it; None writes it at once.
            aside: Where the file that is there is kept for good, whatever it holds; only together
                with others.

        Returns:
            The layer with its revision counted up, and the time.

        Raises:
            StoreError: It could not be written; the file stands as it was.
        """
        if lock is not None:
            lock.check()
        revision = layer.revision + max(1, len(steps))
        saved_at = f"{self.now():%Y-%m-%dT%H:%M:%SZ}"
        saved = replace(layer, revision=revision, saved_at=saved_at)
        path = self.path(layer.document_id, layer.annotator)
        size: int | None = None
        before = {} if aside else _checked_base(path, layer)
        try:
            self.make_root()
            make_folder(path.layer.parent)
            lines = lines_of(layer, steps)
            if within is not None:
                write = partial(within.replace, aside=aside)
                layer_file.write(path.layer, saved, text, before, write)
                if lines:
                    end_last_line(path.history)
                    within.add(path.history, lines)
                return saved
            if lines:
                size = add_to_journal(path.history, lines)
            layer_file.write(path.layer, saved, text, before)
        except (OSError, ValueError) as error:
            if size is not None:
                take_back(path.history, size)
            raise NotSavedError(f"{reason_of(error)} ({path}).") from error
        return saved

    def make_root(self) -> None:
        """Make the store's folder, if it isn't there, with what git is to know of it.

        Raises:
            OSError: It can't be made.
        """
        make_folder(self.root)
        for name, content in _GIT.items():
            if not is_taken(self.root / name):
                write_atomically(self.root / name, content.encode())

    def remove(self, layer: Layer, lock: LayerLock) -> None:
        """Remove the file of a layer.

        Raises:
            StoreError: The lock was taken by somebody else.
        """
        lock.check()
        remove_file(self.path(layer.document_id, layer.annotator).layer, missing_ok=True)

    # Locks

    def lock(self, document_id: str, annotator: str) -> LayerLock:
        """Lock a layer for writing, and sweep what a killed writer of it left.

        Raises:
            LockedError: Another session holds it, or annotations are being imported.
            StoreError: The store can't be written.
        """
        path = self.path(document_id, annotator)
        lock = self.lock_at(path, annotator)
        with suppress(OSError):
            sweep_temporary_files(path.layer)
            sweep_temporary_files(path.history)
            shorten(path.history, self._longest_history)
        return lock

    def lock_at(self, path: LayerPath, who: str) -> LayerLock:
        """Lock the layer of a place for writing or moving, whatever is in it.

        Raises:
            StoreError: Somebody has it open, or the store can't be written.
        """
        self.together.before_a_lock()
        lock = self._take(path.lock, who)
        importer = self.together.holder
        if importer is not None and not importer.is_here:
            lock.release()
            raise LockedError(
                f"Read only: annotations are being imported ({importer.sentence}).",
                "Open it again when that is done.",
            )
        return lock

    def lock_file(self, name: str, who: str) -> LayerLock:
        """Lock one of the files beside the layers for writing, such as the assignment.

        Raises:
            StoreError: Somebody else writes it, or the store can't be written.
        """
        return self._take(self.root / "locks" / f"{name}.lock", who)

    def holder(self, path: LayerPath) -> str:
        """Return who has a layer open just now; empty if nobody has."""
        found = read_live_holder(path.lock)
        return found.sentence if found else ""

    def _take(self, path: Path, who: str) -> LayerLock:
        try:
            self.make_root()
            return LayerLock(path, self.root, who, self.now)
        except OSError as error:
            raise StoreError(
                f"Read only: {self.root} can't be written ({reason_of(error)})."
            ) from error


def _rooted(root: Path) -> Path:
    """Follow links to a store once, when it is named; inside, no link is followed."""
    try:
        return resolved(root)
    except OSError:
        return root.absolute()  # which can't be opened then, and whoever tries says why


def _check_owner(layer: Layer, path: LayerPath) -> None:
    if (path.folder, path.shard, path.name) != (
        file_name(layer.annotator),
        shard(layer.document_id),
        file_name(layer.document_id),
    ):
        raise MisplacedLayerError(
            f"{path} holds the layer of {layer.annotator} for {layer.document_id}; "
            "it was copied or renamed by hand."
        )


def _checked_base(path: LayerPath, layer: Layer) -> Tables | None:
    """Check that the file to be replaced is the one that a layer came from.

    Returns:
        Its tables; None if there is no file.

    Raises:
        StoreError: It was changed by somebody else since, such as git.
    """
    try:
        tables = layer_file.tables_of(path.layer)
    except StoreError as error:
        raise NotSavedError(f"{error}") from error
    if tables is None:
        return None
    try:
        header = tables["layer"]["1"]
        there = (header["revision"], header.get("saved_at", ""))
    except (KeyError, TypeError, AttributeError) as error:
        raise NotSavedError(f"{path} was damaged since it was opened.") from error
    if there != (layer.revision, layer.saved_at):
        raise NotSavedError(
            f"{path} was changed by another program since it was opened "
            f"(revision {there[0]}, here {layer.revision}).",
            "Leave and write your layer elsewhere; then import it.",
        )
    return tables
