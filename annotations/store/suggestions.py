"""Spans that are suggested for an article and wait for a person to take or to reject them.

They are a layer of kind "suggestion" in a store of their own beside the annotator's layers, so
nothing in an annotation ever comes from here unseen. One that was rejected stays, marked in its
note, so that it is not suggested again.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from annotations.disk.files import rename_file
from annotations.disk.transaction import Transaction
from annotations.errors import StoreError, reason_of
from annotations.language.folding import fold, fold_with_origins
from annotations.language.segmentation import Segments
from annotations.model.layer import Document, Layer, Span
from annotations.store.aside import free_name_beside
from annotations.store.store import Store
from annotations.suggest.repeats import find_mentions, folded_forms

REJECTED: Final = "rejected"


def pending(store: Store, document: Document, annotator: str) -> Layer:
    """Return what is suggested to an annotator and not decided, as a layer.

    What was suggested for another text, or can't be read, is left alone.
    """
    layer = _read(store, document, annotator) or _empty(document, annotator)
    spans = tuple(span for span in layer.spans if span.note != REJECTED)
    ids = {span.id for span in spans}
    joins = tuple(item for item in layer.relations if {item.head, item.child} <= ids)
    return replace(layer, spans=spans, relations=joins)


def count_pending(layer: Layer) -> int:
    """Count what of a layer of suggestions is not decided."""
    return sum(span.note != REJECTED for span in layer.spans)


def propose_layer(store: Store, document: Document, layer: Layer, together: Transaction) -> None:
    """Suggest the spans and relations of a layer, with whatever is suggested already.

    Args:
        store: The store of the corpus.
        document: The document.
        layer: What is suggested.
        together: What else is to change with it.

    Raises:
        StoreError: Another session is deciding on them, or they can't be written.
    """
    lock = store.suggestions.lock(document.id, layer.annotator)
    together.until_end(lock.release)
    before, aside = _kept(store, document, layer.annotator)
    known, added = before.adding(layer.spans)
    names = {span.id: new.id for span, new in zip(layer.spans, added, strict=True)}
    joins = [
        replace(item, id=name, head=names[item.head], child=names[item.child])
        for item, name in zip(layer.relations, known.free_ids("r"), strict=False)
    ]
    known = known.with_relations((*known.relations, *joins))
    kept_in = store.suggestions
    kept_in.save(known, text=document.text, lock=lock, within=together, aside=aside)


def propose(store: Store, document: Document, annotator: str, label: str, mention: str) -> int:
    """Suggest every mention of a text in a document that is not tagged yet.

    Args:
        store: The store of the corpus.
        document: The document.
        annotator: To whom.
        label: What the mentions are to be tagged as.
        mention: The text that is mentioned, as it is written elsewhere.

    Returns:
        How many were added.

    Raises:
        StoreError: Another session is deciding on them, or they can't be written.
    """
    folded = fold(document.text)
    if not any(form in folded for form in folded_forms(fold(mention))):
        return 0
    hits = find_mentions(Segments(document.text), fold_with_origins(document.text), mention)
    if not hits:
        return 0
    lock = store.suggestions.lock(document.id, annotator)
    try:
        layer = _to_add_to(store, document, annotator)
        tagged = store.read(document.id, annotator)
        same = [
            span
            for span in (*layer.spans, *(tagged.spans if tagged else ()))
            if span.label == label
        ]
        new = [
            Span("", hit.start, hit.end, label, "repeat")
            for hit in hits
            if not any(span.start <= hit.start and hit.end <= span.end for span in same)
        ]
        if new:
            store.suggestions.save(layer.adding(new)[0], lock=lock)
        return len(new)
    finally:
        lock.release()


def settle(
    store: Store, document: Document, annotator: str, taken: Iterable[str], rejected: Iterable[str]
) -> None:
    """Remove suggestions that became spans; remember those that were rejected.

    Args:
        store: The store of the corpus.
        document: The document.
        annotator: Who decided.
        taken: Ids of those that became spans.
        rejected: Ids of the others.

    Raises:
        StoreError: It can't be written.
    """
    gone, refused = set(taken), set(rejected)
    lock = store.suggestions.lock(document.id, annotator)
    try:
        layer = _read(store, document, annotator)
        if layer:
            kept = [span for span in layer.spans if span.id not in gone]
            rest = layer.with_spans(
                replace(span, note=REJECTED) if span.id in refused else span for span in kept
            )
            ids = {span.id for span in kept}
            joins = (item for item in layer.relations if {item.head, item.child} <= ids)
            store.suggestions.save(rest.with_relations(joins), lock=lock)
    finally:
        lock.release()


def _empty(document: Document, annotator: str) -> Layer:
    return Layer(document.id, document.sha256, annotator, "suggestion")


def _kept(store: Store, document: Document, annotator: str) -> tuple[Layer, Path | None]:
    """Read what is suggested.

    Returns:
        An empty layer if that is for another text, and where that is to be kept then.

    Raises:
        StoreError: It can't be read.
    """
    layer = store.suggestions.read(document.id, annotator)
    if layer is None or layer.text_sha256 == document.sha256:
        return layer or _empty(document, annotator), None
    path = store.suggestions.path(document.id, annotator).layer
    why = f"text-{layer.text_sha256[:12]}"
    return _empty(document, annotator), free_name_beside(path, why, store.now)


def _to_add_to(store: Store, document: Document, annotator: str) -> Layer:
    """Read what is suggested; what is for another text is set aside, never overwritten.

    Raises:
        StoreError: It can't be read or renamed.
    """
    layer, aside = _kept(store, document, annotator)
    if aside is not None:
        try:
            rename_file(store.suggestions.path(document.id, annotator).layer, aside)
        except OSError as error:
            raise StoreError(f"{aside} can't be set aside: {reason_of(error)}.") from error
    return layer


def _read(store: Store, document: Document, annotator: str) -> Layer | None:
    try:
        layer = store.suggestions.read(document.id, annotator)
    except StoreError:
        return None
    return layer if layer and layer.text_sha256 == document.sha256 else None
