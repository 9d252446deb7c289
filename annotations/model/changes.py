"""What an annotator does to a layer, as values that can be applied and taken back.

A change holds all that its inverse needs. `History` keeps what was done and what was undone; a
batch is several changes that are done and undone in one step.
"""

from itertools import groupby
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from annotations.model.layer import Layer, Relation, Span, Status


class Change(Protocol):
    """A step from one layer to the next."""

    def apply(self, layer: Layer) -> Layer:
        """Return the layer after the change."""
        ...

    def inverse(self) -> "Change":
        """Return the change that takes this one back."""
        ...


class AddSpan(Struct, frozen=True):
    """Tag a stretch of text."""

    span: Span

    def apply(self, layer: Layer) -> Layer:
        """Return the layer with the span."""
        return layer.with_spans((*layer.spans, self.span))

    def inverse(self) -> Change:
        """Return the removal of the span."""
        return RemoveSpan(self.span)


class RemoveSpan(Struct, frozen=True):
    """Delete a span; relations that touch it are removed by changes of their own before."""

    span: Span

    def apply(self, layer: Layer) -> Layer:
        """Return the layer without the span."""
        return layer.with_spans(span for span in layer.spans if span.id != self.span.id)

    def inverse(self) -> Change:
        """Return the addition of the span."""
        return AddSpan(self.span)


class ReplaceSpan(Struct, frozen=True):
    """Change a span's label, edges or note; its id stays."""

    before: Span
    after: Span

    def apply(self, layer: Layer) -> Layer:
        """Return the layer with the span as it is after."""
        return layer.with_spans(
            self.after if span.id == self.before.id else span for span in layer.spans
        )

    def inverse(self) -> Change:
        """Return the change back."""
        return ReplaceSpan(self.after, self.before)


class AddRelation(Struct, frozen=True):
    """Join two spans."""

    relation: Relation

    def apply(self, layer: Layer) -> Layer:
        """Return the layer with the relation."""
        return layer.with_relations((*layer.relations, self.relation))

    def inverse(self) -> Change:
        """Return the removal of the relation."""
        return RemoveRelation(self.relation)


class RemoveRelation(Struct, frozen=True):
    """Remove a relation."""

    relation: Relation

    def apply(self, layer: Layer) -> Layer:
        """Return the layer without the relation."""
        return layer.with_relations(item for item in layer.relations if item.id != self.relation.id)

    def inverse(self) -> Change:
        """Return the addition of the relation."""
        return AddRelation(self.relation)


class SetStatus(Struct, frozen=True):
    """Set the status of an article."""

    before: Status
    after: Status

    def apply(self, layer: Layer) -> Layer:
        """Return the layer with the status after."""
        return replace(layer, status=self.after)

    def inverse(self) -> Change:
        """Return the change back."""
        return SetStatus(self.after, self.before)


class SetNote(Struct, frozen=True):
    """Write something about the article."""

    before: str
    after: str

    def apply(self, layer: Layer) -> Layer:
        """Return the layer with the note after."""
        return replace(layer, note=self.after)

    def inverse(self) -> Change:
        """Return the change back."""
        return SetNote(self.after, self.before)


class Batch(Struct, frozen=True):
    """Several changes as one step."""

    changes: tuple[Change, ...]

    def apply(self, layer: Layer) -> Layer:
        """Apply the changes in order; spans that are added or removed together are so at once."""
        for kind, alike in groupby(self.changes, key=type):
            if kind is AddSpan:
                added = [change.span for change in alike if isinstance(change, AddSpan)]
                layer = layer.with_spans((*layer.spans, *added))
            elif kind is RemoveSpan:
                gone = {change.span.id for change in alike if isinstance(change, RemoveSpan)}
                layer = layer.with_spans(span for span in layer.spans if span.id not in gone)
            else:
                for change in alike:
                    layer = change.apply(layer)
        return layer

    def inverse(self) -> Change:
        """Return the inverses in the opposite order."""
        return Batch(tuple(change.inverse() for change in reversed(self.changes)))


def delete_span(layer: Layer, span: Span) -> Change:
    """Build the deletion of a span together with the relations that touch it."""
    touching = [item for item in layer.relations if span.id in (item.head, item.child)]
    return Batch((*map(RemoveRelation, touching), RemoveSpan(span)))


def relabel_span(layer: Layer, span: Span, label: str, allowed: set[str]) -> Change:
    """Build the relabelling of a span; relations that the scheme then forbids are removed.

    Args:
        layer: The layer.
        span: The span to relabel.
        label: Its new label.
        allowed: Ids of the relations that may stay.
    """
    touching = [item for item in layer.relations if span.id in (item.head, item.child)]
    gone = [RemoveRelation(item) for item in touching if item.id not in allowed]
    return Batch((*gone, ReplaceSpan(span, replace(span, label=label))))


def difference(before: Layer, after: Layer) -> Change | None:
    """Build the change that leads from one layer to another of the same text, if they differ."""
    old, new = ({span.id: span for span in layer.spans} for layer in (before, after))
    links = set(before.relations) ^ set(after.relations)
    found: list[Change] = [RemoveRelation(item) for item in before.relations if item in links]
    found += [RemoveSpan(span) for span in before.spans if span.id not in new]
    for span in after.spans:
        if span.id not in old:
            found.append(AddSpan(span))
        elif old[span.id] != span:
            found.append(ReplaceSpan(old[span.id], span))
    found += [AddRelation(item) for item in after.relations if item in links]
    if before.status != after.status:
        found.append(SetStatus(before.status, after.status))
    if before.note != after.note:
        found.append(SetNote(before.note, after.note))
    return Batch(tuple(found)) if len(found) > 1 else next(iter(found), None)


class History(Struct, frozen=True):
    """The changes made to a layer, oldest first, and those taken back."""

    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()

    def record(self, change: Change) -> "History":
        """Add a change; what was undone before it can't be redone any more."""
        return History((*self.done, change), ())

    def undo(self) -> "tuple[Change, History] | None":
        """Return the change that takes the last one back, and the history after it."""
        if not self.done:
            return None
        last = self.done[-1]
        return last.inverse(), History(self.done[:-1], (*self.undone, last))

    def redo(self) -> "tuple[Change, History] | None":
        """Return the change that was taken back last, and the history after it."""
        if not self.undone:
            return None
        last = self.undone[-1]
        return last, History((*self.done, last), self.undone[:-1])
