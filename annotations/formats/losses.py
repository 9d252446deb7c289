"""What an export or import does not carry as it is: by span, with the reason, and summed.

An item is a span, a relation, or the note of a layer. It is carried, changed (carried otherwise
than it was), partly carried (in one part of the export, not in another), or lost.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct, field

from annotations.disk.codec import encode_line
from annotations.language.wording import counted
from annotations.model.layer import Layer, Relation, Span

Result: TypeAlias = Literal["carried", "changed", "partly", "lost"]
Item: TypeAlias = Literal["span", "relation", "note", "article", "field"]

LOSSES: Final[Mapping[str, str]] = {
    "nested": "of two spans, one inside the other, a flat layer of tags takes one",
    "crossing": "of two spans that cross, a flat layer of tags takes one",
    "doubled": "of two spans of the same extent, a flat layer of tags takes one",
    "clitics": "an edge inside a word moves to the edge of the word",
    "tokens": "an edge inside a token moves to the edge of the token",
    "spaces": "white space at the edge of a span is left out",
    "width": "a span of more words than the reader takes is left out",
    "relations": "a relation is left out, since the format has none or one of its ends is gone",
    "notes": "the note of a span or an article is left out",
    "characters": "the text holds a control character that the format can't write",
    "empty": "an article without spans, or without words, leaves no trace",
    "annotators": "layers of several annotators can't be told apart",
    "fields": "a file says something that annotations here have no place for",
    "renamed": "a label or a relation is read under another name",
    "gaps": "a span with gaps is read as one that goes on",
    "labels": "a span whose label the scheme does not have is in no flat layer",
    "letters": "an edge between a letter and its marks moves to the edge of the letter",
}
"""Classes of loss: what `--allow` accepts by name."""

NOTE: Final = ""
"""Stands for the note of a layer among the ids of its spans and relations."""


class Reason(Struct, frozen=True):
    """Why an item is not carried as it is."""

    loss: str
    """One of `LOSSES`."""
    why: str
    place: str = ""
    """The part of the export that lacks it, such as `ents`; empty for all of it."""


Reasons: TypeAlias = Mapping[str, list[Reason]]
"""Reasons by the id of the span or relation, `NOTE` for the layer's note."""


class Verdict(Struct, frozen=True):
    """What became of an item."""

    item: Item
    id: str
    result: Result
    was: Span | Relation | None
    now: Span | Relation | None
    reasons: tuple[Reason, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return it as a line of the report says it."""
        record: dict[str, Any] = {"item": self.item, "id": self.id, "result": self.result}
        value = self.was or self.now
        if isinstance(value, Span):
            record |= {"start": value.start, "end": value.end, "label": value.label}
        elif isinstance(value, Relation):
            record |= {"type": value.type, "head": value.head, "child": value.child}
        if isinstance(self.was, Span) and isinstance(self.now, Span):
            edges = (self.now.start, self.now.end)
            if edges != (self.was.start, self.was.end):
                record["now"] = edges
        if self.reasons:
            record["reasons"] = [
                {
                    "loss": reason.loss,
                    "why": reason.why,
                    **({"place": reason.place} if reason.place else {}),
                }
                for reason in self.reasons
            ]
        return record


def judge(before: Layer, after: Layer, reasons: Reasons) -> Iterator[Verdict]:
    """Return what became of each item of a layer.

    Args:
        before: The layer as it was.
        after: What is carried of it.
        reasons: Why something is not carried as it was.
    """
    kept: dict[str, Span | Relation] = {span.id: span for span in after.spans}
    kept |= {relation.id: relation for relation in after.relations}
    for span in before.spans:
        yield _verdict("span", span, kept.get(span.id), reasons.get(span.id, ()))
    for relation in before.relations:
        yield _verdict("relation", relation, kept.get(relation.id), reasons.get(relation.id, ()))
    found = tuple(reasons.get(NOTE, ()))
    if before.note:
        yield Verdict("note", NOTE, "lost" if found else "carried", None, None, found)
    elif found:
        yield Verdict("article", NOTE, "lost", None, None, found)


def _verdict(
    item: Item, was: Span | Relation, now: Span | Relation | None, reasons: Iterable[Reason]
) -> Verdict:
    found = tuple(reasons)
    if was != now and not found:
        raise AssertionError(f"{was} became {now}, and nobody says why")
    if now is None:
        result: Result = "lost"
    elif was != now or any(not reason.place for reason in found):
        result = "changed"
    else:
        result = "partly" if found else "carried"
    return Verdict(item, was.id, result, was, now, found)


class Tally(Struct):
    """Counts over all layers of an export or import."""

    layers: int = 0
    items: Counter[tuple[Item, Result]] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    """Items by class of loss; one that has two reasons counts in both."""
    places: Counter[str] = field(default_factory=Counter)
    """Items that a part of the export lacks or has otherwise, by its name."""

    def carry(self, layer: Layer) -> None:
        """Count a layer that is carried whole."""
        self.layers += 1
        self.items["span", "carried"] += len(layer.spans)
        self.items["relation", "carried"] += len(layer.relations)
        self.items["note", "carried"] += bool(layer.note)

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Count a layer by what became of its items."""
        self.layers += 1
        for verdict in verdicts:
            self.items[verdict.item, verdict.result] += 1
            self.losses.update({reason.loss for reason in verdict.reasons})
            self.places.update({reason.place for reason in verdict.reasons} - {""})

    def merge(self, other: "Tally") -> None:
        """Add the counts of another part."""
        self.layers += other.layers
        self.items.update(other.items)
        self.losses.update(other.losses)
        self.places.update(other.places)

    def count(self, item: Item) -> int:
        """Count the items of a kind, whatever became of them."""
        return sum(count for (kind, _), count in self.items.items() if kind == item)

    def not_allowed(self, allowed: Collection[str]) -> dict[str, int]:
        """Return the losses that nobody accepted."""
        return {name: count for name, count in self.losses.items() if name not in allowed}

    def sentences(self) -> list[str]:
        """Return sentences about what was not carried as it was."""
        found = []
        for result, words in (("lost", "Lost"), ("changed", "Changed")):
            counts = [
                counted(self.items[item, result], item)  # type: ignore[index]  # as spelled above
                for item in ("span", "relation", "note", "article", "field")
                if self.items[item, result]  # type: ignore[index]
            ]
            if counts:
                found.append(f"{words}: {', '.join(counts)}.")
        for place, count in sorted(self.places.items()):
            found.append(f"Left out of {place}, or otherwise there: {counted(count, 'span')}.")
        if self.losses:
            parts = (f"{name} {count}" for name, count in sorted(self.losses.items()))
            found.append(f"Why: {', '.join(parts)}.")
        return found

    def record(self) -> dict[str, Any]:
        """Return the counts as the last line of a report says them."""
        items: dict[str, dict[str, int]] = {}
        for (item, result), count in sorted(self.items.items()):
            if count:
                items.setdefault(f"{item}s", {})[result] = count
        return {"layers": self.layers, **items, "losses": dict(sorted(self.losses.items()))}


def report_lines(
    document_id: str, annotator: str, verdicts: Iterable[Verdict], *, full: bool
) -> bytes:
    """Write what became of the items of a layer as lines of JSON.

    Args:
        document_id: The article.
        annotator: Whose layer it is.
        verdicts: What became of each item.
        full: Whether those that were carried as they are have a line too.
    """
    return b"".join(
        encode_line({"document": document_id, "annotator": annotator, **verdict.record()})
        for verdict in verdicts
        if full or verdict.result != "carried"
    )
