"""Putting an imported layer in the place of one that is there, without losing what only that knew.

A format that numbers spans anew, or has no place for notes or relations, says nothing of those; so
what it does not say stays as it was. A span with the same extent and label is the same span.
"""

from collections import defaultdict, deque
from collections.abc import Iterator

from msgspec import structs
from msgspec.structs import replace

from annotations.exchange.admission import Imported
from annotations.formats.carries import Carries
from annotations.model.layer import Layer, Relation, Span


def reconciled(item: Imported, layer: Layer, existing: Layer | None, carries: Carries) -> Imported:
    """Reconcile a record with the layer that is there, if there is one of the same text.

    Args:
        item: The record.
        layer: Its layer, under the id under which it will be kept.
        existing: The layer that is there.
        carries: What the format that it came from can say.
    """
    if existing is None or existing.text_sha256 != layer.text_sha256:
        return replace(item, layer=layer)
    layer, names = reconcile(existing, layer, carries)
    reasons = {names.get(name, name): found for name, found in item.reasons.items()}
    return replace(item, layer=layer, reasons=reasons)


def reconcile(existing: Layer, layer: Layer, carries: Carries) -> tuple[Layer, dict[str, str]]:
    """Replace a layer by another.

    Args:
        existing: The layer that is there.
        layer: What a format says of it.
        carries: What the format can say.

    Returns:
        The layer, and the ids that its spans and relations have by those that they came with.
    """
    names: dict[str, str] = {}
    spans = list(_spans(existing, layer, carries, names))
    relations = list(_relations(existing, layer, carries, names))
    if not carries.relations:
        there = {span.id for span in spans}
        relations = [item for item in existing.relations if {item.head, item.child} <= there]
    made = structs.replace(
        layer,
        note=layer.note if carries.layer_note else existing.note,
        status=layer.status if "status" in carries.keeps else existing.status,
        kind=layer.kind if "kind" in carries.keeps else existing.kind,
    )
    return made.with_spans(spans).with_relations(relations), names


def _spans(
    existing: Layer, layer: Layer, carries: Carries, names: dict[str, str]
) -> Iterator[Span]:
    keeps_ids = "ids" in carries.keeps
    known: defaultdict[tuple[int, int, str, str], deque[Span]] = defaultdict(deque)
    for old in existing.spans:
        known[old.start, old.end, old.label, old.id if keeps_ids else ""].append(old)
    taken = {old.id for old in existing.spans} | {old.id for old in existing.relations}
    free = (f"s{number}" for number in range(1, len(taken) + len(layer.spans) + 1))
    for span in layer.spans:
        same = known[span.start, span.end, span.label, span.id if keeps_ids else ""]
        if not same:
            name = span.id if keeps_ids else next(name for name in free if name not in taken)
            names[span.id] = name
            yield structs.replace(span, id=name)
            continue
        old = same.popleft()
        names[span.id] = old.id
        flattened = not carries.note_lines and " ".join(old.note.split()) == span.note
        yield structs.replace(
            span,
            id=old.id,
            source=span.source if "sources" in carries.keeps else old.source,
            note=old.note if flattened or not carries.notes else span.note,
        )


def _relations(
    existing: Layer, layer: Layer, carries: Carries, names: dict[str, str]
) -> Iterator[Relation]:
    keeps_ids = "ids" in carries.keeps
    known = {(item.type, item.head, item.child): item.id for item in existing.relations}
    taken = {item.id for item in existing.relations} | {span.id for span in existing.spans}
    taken |= set(names.values())
    free = (f"r{number}" for number in range(1, len(taken) + len(layer.relations) + 1))
    for item in layer.relations:
        head, child = names.get(item.head, item.head), names.get(item.child, item.child)
        name = known.pop((item.type, head, child), "")
        if not name:
            name = item.id if keeps_ids else next(name for name in free if name not in taken)
        names[item.id] = name
        yield Relation(name, item.type, head, child)
