"""The layers of a corpus on disk: one TinyDB file for each document and annotator.

    <store>/layers/<annotator>/<shard>/<document>.json    a layer
    <store>/locks/<annotator>/<document>.lock             held by the session that may write it
    <store>/suggestions/                                  layers that wait for a decision
    <store>/places/<annotator>.json                       where the annotator left off
    <store>/scheme.toml                                   the scheme, if it is not the default

No two annotators ever write one file. A layer is written only under its lock, and each write is
atomic (`annotations.storage`).
"""

import fcntl
import hashlib
import json
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tinydb import TinyDB
from tinydb.table import Document as Row

from annotations.errors import StoreError
from annotations.model import KINDS, STATUSES, Layer, Relation, Span
from annotations.scheme import DEFAULT_SCHEME, Scheme, parse_scheme
from annotations.storage import AtomicJSONStorage, sweep_temporary_files, write_atomically

SCHEMA: Final = 1
"""Version of the layer files written here."""


class UnreadableLayerError(StoreError):
    """A layer file is torn, or not a layer file."""


class MisplacedLayerError(StoreError):
    """A layer file does not belong where it is."""


class NewerLayerError(StoreError):
    """A layer file was written by a later version of Hashiya."""


class LayerLock:
    """The right to write one layer, held until `release` or the end of the process.

    Args:
        path: The lock file.
        annotator: Who takes it.
        now: Returns the present time.

    Raises:
        BlockingIOError: Another process holds it.
        OSError: The lock file can't be opened.
    """

    def __init__(self, path: Path, annotator: str, now: Callable[[], datetime]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            holder = f"{annotator} on {socket.gethostname()} since {now():%Y-%m-%d %H:%M}"
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{holder} (process {os.getpid()})".encode(), 0)
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Give the layer free."""
        os.close(self._descriptor)


class Store:
    """Layers of one corpus, read and written.

    Args:
        root: The store's folder; it is made at the first write.
        now: Returns the present time.
    """

    def __init__(
        self, root: Path, *, now: Callable[[], datetime] = lambda: datetime.now(tz=UTC)
    ) -> None:
        self.root = root
        self._now = now

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
        """Return where a layer is kept."""
        shard = hashlib.sha256(document_id.encode()).hexdigest()[:2]
        folder = self.root / "layers" / file_name(annotator) / shard
        return folder / f"{file_name(document_id)}.json"

    def read(self, document_id: str, annotator: str) -> Layer | None:
        """Read a layer, or None if there is none.

        Raises:
            UnreadableLayerError: Its file is torn.
            NewerLayerError: Its file is from a later version.
            StoreError: Its file can't be opened.
        """
        path = self.layer_path(document_id, annotator)
        try:
            tables = AtomicJSONStorage(path).read()
        except OSError as error:
            raise StoreError(f"{path} can't be read: {error.strerror or error}.") from error
        except ValueError as error:
            raise UnreadableLayerError(f"{path} is damaged ({error}).") from error
        if tables is None:
            return None
        layer = layer_from_tables(tables, path)
        self._check_owner(layer, path)
        return layer

    def _check_owner(self, layer: Layer, path: Path) -> None:
        """Refuse a layer that lies where another's belongs, such as a copied folder.

        Raises:
            MisplacedLayerError: It does.
        """
        if self.layer_path(layer.document_id, layer.annotator) != path:
            raise MisplacedLayerError(
                f"{path} holds the layer of {layer.annotator} for {layer.document_id}; "
                "it was copied or renamed by hand."
            )

    def layers(self) -> Iterator[tuple[Path, Layer | StoreError]]:
        """Read every layer there is; one that can't be read comes as the error it raised."""
        for path in sorted((self.root / "layers").glob("*/*/*.json")):
            try:
                tables = AtomicJSONStorage(path).read()
                if tables is not None:
                    layer = layer_from_tables(tables, path)
                    self._check_owner(layer, path)
                    yield path, layer
            except StoreError as error:
                yield path, error
            except (OSError, ValueError) as error:
                yield path, UnreadableLayerError(f"{path} is damaged ({error}).")

    def save(self, layer: Layer) -> Layer:
        """Write a layer; call it while holding its lock.

        Returns:
            The layer with its revision counted up.

        Raises:
            StoreError: It could not be written; the file stands as it was.
        """
        layer = replace(layer, revision=layer.revision + 1)
        path = self.layer_path(layer.document_id, layer.annotator)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with TinyDB(path, storage=AtomicJSONStorage) as database:
                storage = database.storage
                assert isinstance(storage, AtomicJSONStorage)
                with storage.transaction():
                    _fill(database, layer)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            raise StoreError(f"Not saved: {reason or error} ({path}).") from error
        return layer

    def remove(self, document_id: str, annotator: str) -> None:
        """Take a layer away; call it while holding its lock."""
        self.layer_path(document_id, annotator).unlink(missing_ok=True)

    def lock(self, document_id: str, annotator: str) -> LayerLock:
        """Take the right to write a layer, and sweep what a killed writer of it left.

        Raises:
            StoreError: Another session holds it, or the store can't be written.
        """
        path = self.root / "locks" / file_name(annotator) / f"{file_name(document_id)}.lock"
        try:
            lock = LayerLock(path, annotator, self._now)
        except BlockingIOError as error:
            holder = ""
            with suppress(OSError):
                holder = path.read_text("utf-8")
            raise StoreError(
                f"Read only: another session has this article open, {holder or annotator}."
            ) from error
        except OSError as error:
            raise StoreError(
                f"Read only: {self.root} can't be written ({error.strerror or error})."
            ) from error
        sweep_temporary_files(self.layer_path(document_id, annotator))
        return lock

    def set_aside(self, document_id: str, annotator: str) -> Path:
        """Move a damaged layer file out of the way, under a name that is free.

        Raises:
            StoreError: It can't be moved.
        """
        path = self.layer_path(document_id, annotator)
        stamp = f"{self._now():%Y%m%dT%H%M%S}"
        aside = path.with_name(f"{path.name}.damaged-{stamp}")
        number = 1
        while aside.exists():
            number += 1
            aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
        try:
            path.rename(aside)
        except OSError as error:
            raise StoreError(
                f"{path} is damaged and can't be set aside: {error.strerror or error}."
            ) from error
        return aside

    def place(self, annotator: str) -> dict[str, Any]:
        """Return where the annotator left off: the last document, and a cursor for each."""
        try:
            found = json.loads(self._place_path(annotator).read_bytes())
        except (OSError, ValueError):
            return {}  # a convenience, never worth a message
        sound = isinstance(found, dict) and isinstance(found.get("cursors"), dict)
        return found if sound else {}

    def save_place(self, annotator: str, place: dict[str, Any]) -> None:
        """Remember where the annotator left off, where the store can be written."""
        path = self._place_path(annotator)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(place, ensure_ascii=False).encode())

    def _place_path(self, annotator: str) -> Path:
        return self.root / "places" / f"{file_name(annotator)}.json"


def file_name(name: str) -> str:
    """Turn an id or a person's name into a file name that is safe, readable and its own."""
    safe = re.sub(r"[^\w.-]+", "_", name)[:80].lstrip(".")
    if safe == name and len(name.encode()) <= 120:
        return name
    return f"{safe[:30]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _fill(database: TinyDB, layer: Layer) -> None:
    """Put a layer into its tables; rows keep their numbers, so that a diff shows one change."""
    header = asdict(layer)
    spans, relations = header.pop("spans"), header.pop("relations")
    for name, rows in (
        ("layer", [{"schema": SCHEMA, **header}]),
        ("spans", spans),
        ("relations", relations),
    ):
        table = database.table(name)
        numbers = {row.get("id"): row.doc_id for row in table.all()}
        following = max(numbers.values(), default=0) + 1
        numbered: dict[int, dict[str, Any]] = {}
        for row in rows:
            number = 1 if name == "layer" else numbers.get(row["id"])
            if number is None:
                number = following
                following += 1
            numbered[number] = row
        table.truncate()
        table.insert_multiple(Row(numbered[number], doc_id=number) for number in sorted(numbered))


def layer_from_tables(tables: dict[str, dict[str, Any]], path: Path) -> Layer:
    """Build a layer from its tables.

    Raises:
        UnreadableLayerError: They are not those of a layer.
        NewerLayerError: They are of a later schema.
    """
    try:
        header = dict(tables["layer"]["1"])
        schema = header.pop("schema")
        if not isinstance(schema, int):
            raise TypeError("the schema is no number")
        if schema > SCHEMA:
            raise NewerLayerError(
                f"{path} was written by a newer Hashiya (schema {schema}, here {SCHEMA}).",
                "Install the newer version to open it.",
            )
        spans = [Span(**row) for row in tables.get("spans", {}).values()]
        relations = [Relation(**row) for row in tables.get("relations", {}).values()]
        layer = Layer(**{**header, "spans": (), "relations": ()})
        _check_values(layer, spans, relations)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableLayerError(f"{path} is damaged ({error}).") from error
    return layer.with_spans(spans).with_relations(relations)


def _check_values(layer: Layer, spans: list[Span], relations: list[Relation]) -> None:
    """Refuse values that no layer can have, whatever its text.

    Raises:
        ValueError: There is one.
    """
    if layer.status not in STATUSES or layer.kind not in KINDS:
        raise ValueError(f"status {layer.status!r}, kind {layer.kind!r}")
    words = [layer.document_id, layer.text_sha256, layer.annotator, layer.note]
    for span in spans:
        words += [span.id, span.label, span.source, span.note]
        if type(span.start) is not int or type(span.end) is not int:
            raise ValueError(f"an edge of span {span.id} is no number")
        if not 0 <= span.start < span.end:
            raise ValueError(f"span {span.id} goes from {span.start} to {span.end}")
    for relation in relations:
        words += [relation.id, relation.type, relation.head, relation.child]
    if not all(isinstance(word, str) for word in words):
        raise ValueError("a name or text is none")
    ids = [span.id for span in spans] + [relation.id for relation in relations]
    if len(set(ids)) != len(ids):
        raise ValueError("an id occurs twice")
    known = {span.id for span in spans}
    if not all({relation.head, relation.child} <= known for relation in relations):
        raise ValueError("a relation joins a span that is not there")
