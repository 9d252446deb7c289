"""Taking layers out of a store for export, and putting imported ones in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from annotations.changes import difference
from annotations.checkout import changed_text_message
from annotations.corpus import Corpus
from annotations.errors import StoreError
from annotations.formats.jsonl import Imported
from annotations.journal import Step
from annotations.locks import LayerLock
from annotations.model import Document, Layer, Status
from annotations.names import file_name, old_file_name
from annotations.store import Store


@dataclass(slots=True)
class Selection:
    """Layers chosen for export, in the order of the corpus and then by annotator."""

    chosen: list[tuple[Document, Layer]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """A sentence for each layer that can't be exported."""


def select_layers(
    store: Store, corpus: Corpus, annotators: Collection[str], statuses: Collection[Status]
) -> Selection:
    """Choose the layers to export.

    Args:
        store: Where the layers are.
        corpus: The documents; layers of others are left out, and said so.
        annotators: Whose layers; none given means everybody's.
        statuses: Layers of which status; none given means any.

    Raises:
        StoreError: One of the annotators named has no layer.
    """
    selection = Selection()
    found: dict[str, list[Layer]] = {}
    names: set[str] = set()
    wanted = {made for name in annotators for made in (file_name(name), old_file_name(name))}
    for path, layer in _layers_of(store, corpus):
        names.add("" if isinstance(layer, StoreError) else layer.annotator)
        if wanted and path.parents[1].name not in wanted:
            continue
        if isinstance(layer, StoreError):
            selection.left_out.append(f"Left out: {layer}")
            continue
        reason = _reason_to_leave_out(layer, corpus)
        if reason:
            selection.left_out.append(f"Left out: {path}. {reason}")
        elif not statuses or layer.status in statuses:
            found.setdefault(layer.document_id, []).append(layer)
    for name in annotators:
        if name not in names:
            known = ", ".join(sorted(names - {""})) or "none"
            raise StoreError(f"There is no layer by {name}; there are those of: {known}.")
    selection.chosen += [
        (document, layer)
        for document in corpus.documents
        for layer in sorted(found.get(document.id, []), key=lambda layer: layer.annotator)
    ]
    return selection


def _layers_of(store: Store, corpus: Corpus) -> Iterator[tuple[Path, Layer | StoreError]]:
    """Read the layers of a folder; of a single article, those of it alone."""
    for path, layer in store.layers():
        single = not corpus.path.is_dir()
        if single and isinstance(layer, Layer) and corpus.document(layer.document_id) is None:
            continue  # the store of its folder holds others too
        yield path, layer


def _reason_to_leave_out(layer: Layer, corpus: Corpus) -> str:
    document = corpus.document(layer.document_id)
    if document is None:
        return f"It annotates {layer.document_id}, which is not in the corpus."
    if document.sha256 != layer.text_sha256:
        return changed_text_message(document, layer)
    return ""


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
        if may_replace or existing is None or _same(existing, layer):
            continue
        if existing.spans or existing.relations:
            reason = (
                f"{layer.annotator} has {len(existing.spans)} spans in {layer.document_id} "
                "already; --replace puts these in their place"
            )
            faults.append(Fault(item.line, reason))
    return faults


def import_layers(store: Store, layers: Collection[Layer]) -> int:
    """Save imported layers, all of them or none.

    Every lock is held until the end; if one layer can't be written, those written before it are
    put back as they were.

    Returns:
        How many layers changed.

    Raises:
        StoreError: One is locked or can't be written.
    """
    locks: list[LayerLock] = []
    written: list[tuple[Layer, Layer | None]] = []
    try:
        locks.extend(store.lock(layer.document_id, layer.annotator) for layer in layers)
        for layer in layers:
            existing = store.read(layer.document_id, layer.annotator)
            if existing is None or not _same(existing, layer):
                before = existing or Layer(layer.document_id, layer.text_sha256, layer.annotator)
                change = difference(before, layer)
                steps = [Step.now("import", change, layer)] if change else []
                store.save(replace(layer, revision=before.revision), steps)
                written.append((layer, existing))
    except StoreError:
        for layer, existing in written:
            if existing is None:
                store.remove(layer.document_id, layer.annotator)
            else:
                store.save(existing)
        raise
    finally:
        for lock in locks:
            lock.release()
    return len(written)


def _same(existing: Layer, layer: Layer) -> bool:
    return replace(existing, revision=layer.revision, saved_at=layer.saved_at) == layer
