"""Spans that are suggested for an article and wait for a person to take or to reject them.

They are a layer of kind "suggestion" in a store of their own beside the annotator's layers, so
nothing in an annotation ever comes from here unseen. One that was rejected stays, marked in its
note, so that it is not suggested again.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from annotations.errors import StoreError
from annotations.language.folding import fold, fold_with_origins
from annotations.language.segmentation import Segments
from annotations.model.layer import Document, Layer, Span
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


def propose_layer(store: Store, document: Document, layer: Layer) -> None:
    """Suggest the spans and relations of a layer, with whatever is suggested already.

    Raises:
        StoreError: Another session is deciding on them, or they can't be written.
    """
    lock = store.suggestions.lock(document.id, layer.annotator)
    try:
        known = _to_add_to(store, document, layer.annotator)
        names: dict[str, str] = {}
        for span in layer.spans:
            names[span.id] = known.free_id("s")
            known = known.with_spans([*known.spans, replace(span, id=names[span.id])])
        for item in layer.relations:
            join = replace(
                item, id=known.free_id("r"), head=names[item.head], child=names[item.child]
            )
            known = known.with_relations([*known.relations, join])
        store.suggestions.save(known, text=document.text)
    finally:
        lock.release()


def _empty(document: Document, annotator: str) -> Layer:
    return Layer(document.id, document.sha256, annotator, "suggestion")


def count_pending(store: Store, document_id: str, annotator: str) -> int:
    """Count what is suggested to an annotator for an article, whose text is not looked at."""
    try:
        layer = store.suggestions.read(document_id, annotator)
    except StoreError:
        return 0
    return sum(span.note != REJECTED for span in layer.spans) if layer else 0


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
        same = (*layer.spans, *(tagged.spans if tagged else ()))
        added = layer
        for hit in hits:
            if not any(
                span.label == label and span.start <= hit.start and hit.end <= span.end
                for span in same
            ):
                span = Span(added.free_id("s"), hit.start, hit.end, label, "repeat")
                added = added.with_spans([*added.spans, span])
        if added is not layer:
            store.suggestions.save(added)
        return len(added.spans) - len(layer.spans)
    finally:
        lock.release()


def settle(
    store: Store, document: Document, annotator: str, taken: Iterable[str], rejected: Iterable[str]
) -> None:
    """Take suggestions away that were decided on; remember those that were rejected.

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
            store.suggestions.save(rest.with_relations(joins))
    finally:
        lock.release()


def _to_add_to(store: Store, document: Document, annotator: str) -> Layer:
    """Read what is suggested; what is for another text is moved aside, never written over.

    Raises:
        StoreError: It can't be read or moved.
    """
    layer = store.suggestions.read(document.id, annotator)
    if layer is not None and layer.text_sha256 != document.sha256:
        path = store.suggestions.layer_path(document.id, annotator)
        store.suggestions.move_aside(path, f"text-{layer.text_sha256[:12]}")
        layer = None
    return layer or _empty(document, annotator)


def _read(store: Store, document: Document, annotator: str) -> Layer | None:
    try:
        layer = store.suggestions.read(document.id, annotator)
    except StoreError:
        return None
    return layer if layer and layer.text_sha256 == document.sha256 else None
