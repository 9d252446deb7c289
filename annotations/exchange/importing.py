"""Putting imported layers into a store: all of them or none."""

import resource
from collections.abc import Collection, Iterable
from dataclasses import replace

from annotations.corpus.corpus import Corpus
from annotations.errors import StoreError
from annotations.exchange.admission import Imported
from annotations.formats.reading.records import Refused
from annotations.model.changes import difference
from annotations.model.layer import Layer
from annotations.store.belonging import Attachment
from annotations.store.journal import Step
from annotations.store.locks import LayerLock
from annotations.store.store import Store


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


def fitting_store(
    store: Store, imported: Iterable[Imported], *, may_replace: bool
) -> tuple[list[Imported], list[Refused]]:
    """Part the records that can be put into the store from those that can't."""
    fitting: list[Imported] = []
    refused: list[Refused] = []
    for item in imported:
        reason = _fault(store, item.layer, may_replace=may_replace)
        if reason:
            refused.append(Refused(item.where, reason))
        else:
            fitting.append(item)
    return fitting, refused


def _fault(store: Store, layer: Layer, *, may_replace: bool) -> str:
    """Say why a layer can't be put into the store; nothing if it can."""
    try:
        existing = store.read(layer.document_id, layer.annotator)
        store.lock(layer.document_id, layer.annotator).release()
    except StoreError as error:
        return str(error)
    if existing is None or _same(existing, layer):
        return ""
    if existing.text_sha256 != layer.text_sha256:
        return (
            f"{layer.annotator} has a layer of another text under this name; "
            "hashiya check tells more"
        )
    if not may_replace and (existing.spans or existing.relations):
        return (
            f"{layer.annotator} has {len(existing.spans)} spans in {layer.document_id} "
            "already; --replace puts these in their place"
        )
    if not may_replace and (existing.note or existing.status != "new"):
        return (
            f"{layer.annotator} has marked {layer.document_id} as {existing.status} "
            "already; --replace puts this in its place"
        )
    return ""


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
    except BaseException:
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
