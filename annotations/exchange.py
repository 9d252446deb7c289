"""Taking layers out of a store for export, and putting imported ones in."""

import resource
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from annotations.attachment import Attachment
from annotations.changes import difference
from annotations.checkout import changed_text_message
from annotations.corpus import Corpus
from annotations.errors import CorpusError, StoreError
from annotations.formats.jsonl import Imported
from annotations.journal import Step
from annotations.locks import LayerLock
from annotations.model import Document, Layer, Status
from annotations.names import file_name, old_file_name, shard
from annotations.sources import BadFile, Entry
from annotations.store import Store


class Selection:
    """Layers chosen for export, one after the other: in the order of the corpus, then by annotator.

    A layer belongs to the article of its id; if that has another text now, to the article that has
    its text. Those found by their text come last.

    Args:
        store: Where the layers are.
        corpus: The documents; layers of others are left out, and said so.
        annotators: Whose layers; none given means everybody's.
        statuses: Layers of which status; none given means any.

    Raises:
        StoreError: One of the annotators named has no layer.
    """

    def __init__(
        self,
        store: Store,
        corpus: Corpus,
        annotators: Collection[str] = (),
        statuses: Collection[Status] = (),
    ) -> None:
        self.store = store
        self.corpus = corpus
        self.statuses = statuses
        self.left_out: list[str] = []
        """A sentence for each layer that can't be exported, complete after the last was given."""
        self.bad_files: list[BadFile] = []
        self._folders: dict[str, dict[str, Path]] = {}
        for path in store.layer_paths():
            *_, folder, part, name = path.parts
            self._folders.setdefault(folder, {})[f"{part}/{name}"] = path
        if annotators:
            self._keep_only(annotators)
        self._strays: dict[str, list[Path]] = {}

    def _keep_only(self, annotators: Collection[str]) -> None:
        wanted: set[str] = set()
        for name in annotators:
            found = {file_name(name), old_file_name(name)} & self._folders.keys()
            if not found:
                known = ", ".join(sorted(self._names())) or "none"
                raise StoreError(f"There is no layer by {name}; there are those of: {known}.")
            wanted |= found
        self._folders = {name: self._folders[name] for name in sorted(wanted)}

    def _names(self) -> set[str]:
        """Read what the annotators are called."""
        names = set()
        for paths in self._folders.values():
            for path in paths.values():
                try:
                    names.add(self.store.layer_at(path).annotator)
                except StoreError:
                    continue
                break
        return names

    def __iter__(self) -> Iterator[tuple[Document, Layer]]:
        given: set[tuple[str, str]] = set()
        for listed in self.corpus.entries():
            if isinstance(listed, BadFile):
                self.bad_files.append(listed)
                continue
            found = self._take(listed.id)
            document = self._read(listed) if found else None
            if document is None:
                self.left_out += [
                    f"Left out: {path}. Its article can't be read." for _, path in found
                ]
                continue
            for layer, folder in self._of(document, found):
                given.add((listed.id, folder))
                yield from self._chosen(document, layer)
        if not self.corpus.is_single:  # the store of its folder holds those of others too
            self._keep_back([path for paths in self._folders.values() for path in paths.values()])
        if self._strays:
            yield from self._by_text(given)

    def _chosen(self, document: Document, layer: Layer) -> Iterator[tuple[Document, Layer]]:
        if not self.statuses or layer.status in self.statuses:
            yield document, layer

    def _keep_back(self, paths: list[Path]) -> None:
        for path in paths:
            layer = self._layer(path)
            if layer is not None:
                self._strays.setdefault(layer.text_sha256, []).append(path)

    def _take(self, document_id: str) -> list[tuple[str, Path]]:
        """Take the layer files of an article out of those that are left, by annotator."""
        part = shard(document_id)
        names = {f"{part}/{made(document_id)}.json" for made in (file_name, old_file_name)}
        return [
            (folder, paths.pop(name))
            for folder, paths in self._folders.items()
            for name in names
            if name in paths
        ]

    def _of(self, document: Document, paths: list[tuple[str, Path]]) -> Iterator[tuple[Layer, str]]:
        """Read the layers of a document, keeping back those of another text."""
        for folder, path in paths:
            layer = self._layer(path)
            if layer and layer.text_sha256 == document.sha256:
                yield layer, folder
            elif layer:
                self._strays.setdefault(layer.text_sha256, []).append(path)

    def _read(self, entry: Entry) -> Document | None:
        try:
            return self.corpus.read(entry)
        except CorpusError as error:
            self.bad_files.append(BadFile(entry.file, error.message))
            return None

    def _layer(self, path: Path) -> Layer | None:
        try:
            return self.store.layer_at(path)
        except StoreError as error:
            self.left_out.append(f"Left out: {error}")
            return None

    def _by_text(self, given: set[tuple[str, str]]) -> Iterator[tuple[Document, Layer]]:
        """Give the layers whose articles were renamed or moved; name those that have none."""
        for document in self.corpus.documents():
            for path in self._strays.pop(document.sha256, []):
                folder = path.parents[1].name
                layer = self._layer(path)
                if (document.id, folder) in given or layer is None:
                    self._strays.setdefault(document.sha256, []).append(path)
                    continue
                given.add((document.id, folder))
                yield from self._chosen(document, layer)
        for paths in self._strays.values():
            for path in paths:
                layer = self._layer(path)
                if layer is not None:
                    reason = self._reason(layer)
                    self.left_out.append(f"Left out: {path}. {reason}")

    def _reason(self, layer: Layer) -> str:
        document = self.corpus.document(layer.document_id)
        if document is None:
            return f"It annotates {layer.document_id}, which is not in the corpus."
        if document.sha256 == layer.text_sha256:
            return f"Another layer of {layer.annotator} is that of {document.id} already."
        return changed_text_message(document, layer)


def attached(store: Store, corpus: Corpus, imported: Iterable[Imported]) -> list[Imported]:
    """Have records go to the layers of their articles, under whatever id those are kept."""
    hashes: set[str] = set()

    def has_text(sha256: str) -> bool:
        if not hashes:
            hashes.update(document.sha256 for document in corpus.documents())
        return sha256 in hashes

    attachment = Attachment(store, corpus.document, has_text)
    found = []
    for item in imported:
        name = attachment.kept_as(item.document, item.layer.annotator)
        found.append(replace(item, layer=replace(item.layer, document_id=name)))
    return found


class Fault(NamedTuple):
    """Why a record can't be put into the store."""

    line: int
    reason: str


def import_faults(store: Store, imported: list[Imported], *, may_replace: bool) -> list[Fault]:
    """Find the records that can't be put into the store."""
    faults: list[Fault] = []
    for item in imported:
        layer = item.layer
        try:
            existing = store.read(layer.document_id, layer.annotator)
            store.lock(layer.document_id, layer.annotator).release()
        except StoreError as error:
            faults.append(Fault(item.line, str(error)))
            continue
        if existing is None or _same(existing, layer):
            continue
        if existing.text_sha256 != layer.text_sha256:
            reason = (
                f"{layer.annotator} has a layer of another text under this name; "
                "hashiya check tells more"
            )
            faults.append(Fault(item.line, reason))
        elif not may_replace and (existing.spans or existing.relations):
            reason = (
                f"{layer.annotator} has {len(existing.spans)} spans in {layer.document_id} "
                "already; --replace puts these in their place"
            )
            faults.append(Fault(item.line, reason))
        elif not may_replace and (existing.note or existing.status != "new"):
            reason = (
                f"{layer.annotator} has marked {layer.document_id} as {existing.status} "
                "already; --replace puts this in its place"
            )
            faults.append(Fault(item.line, reason))
    return faults


def import_layers(store: Store, imported: Collection[Imported]) -> int:
    """Save imported layers, all of them or none.

    Every lock is held until the end; if one layer can't be written, those written before it are
    put back as they were.

    Returns:
        How many layers changed.

    Raises:
        StoreError: One is locked or can't be written.
    """
    _allow_files(len(imported))
    locks: list[LayerLock] = []
    written: list[tuple[Imported, Layer | None]] = []
    try:
        layers = [item.layer for item in imported]
        locks.extend(store.lock(layer.document_id, layer.annotator) for layer in layers)
        for item in imported:
            layer = item.layer
            existing = store.read(layer.document_id, layer.annotator)
            if existing is None or not _same(existing, layer):
                before = existing or Layer(layer.document_id, layer.text_sha256, layer.annotator)
                _save(store, before, layer, item.document.text)
                written.append((item, existing))
    except StoreError:
        for item, existing in written:
            layer = item.layer
            if existing is None:
                store.remove(layer.document_id, layer.annotator)
            else:
                now = store.read(layer.document_id, layer.annotator) or layer
                _save(store, now, existing, item.document.text)
        raise
    finally:
        for lock in locks:
            lock.release()
    return len(written)


def _allow_files(count: int) -> None:
    """Have the system allow as many open files as there are locks to hold."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 100
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _save(store: Store, before: Layer, after: Layer, text: str) -> None:
    """Save a layer in place of another, as a step that can be undone."""
    change = difference(before, after)
    steps = [Step.now("import", change, after)] if change else []
    after = replace(after, revision=before.revision, saved_at=before.saved_at)
    store.save(after, steps, text)


def _same(existing: Layer, layer: Layer) -> bool:
    return replace(existing, revision=layer.revision, saved_at=layer.saved_at) == layer
