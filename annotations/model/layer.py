"""The values that everything else is about: documents, spans, relations, layers.

All are frozen; spans, relations and layers are msgspec structs, since there may be a million of
them and their files are read straight into them (`msgspec.structs.replace` makes changed copies).
A span's `start` and `end` are code-point offsets into `Document.text`, half open
and in logical order. Spans overlap freely; each edge stands on a grapheme boundary.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import count
from operator import attrgetter
from typing import Final, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from annotations.language import graphemes
from annotations.model.scheme import Scheme

Status: TypeAlias = Literal["new", "in_progress", "done", "skipped", "flagged"]
STATUSES: Final[tuple[Status, ...]] = ("new", "in_progress", "done", "skipped", "flagged")
FINISHED: Final[tuple[Status, ...]] = ("done", "skipped")
PUT_ASIDE: Final[tuple[Status, ...]] = (*FINISHED, "flagged")
"""What the annotator need not come back to unasked: a flagged article waits for somebody else."""

Kind: TypeAlias = Literal["manual", "suggestion", "gold"]
KINDS: Final[tuple[Kind, ...]] = ("manual", "suggestion", "gold")


def is_name(name: str) -> bool:
    """Return whether a text can name an annotator: something to see, no control characters."""
    joiners = name.replace("\u200c", "").replace("\u200d", "")
    return bool(name.strip()) and joiners.isprintable()


_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LONGEST_NAME: Final = 1000
"""Code points of the longest id, label or type that a layer may have."""


class Document(Struct, frozen=True, dict=True):
    """An article: its text exactly as decoded, and where it came from."""

    id: str
    text: str
    file: str = ""
    """File name relative to the corpus."""
    had_bom: bool = False
    """Whether a UTF-8 byte order mark was dropped from the start of the file."""

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, as hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Span(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A stretch of text with a label."""

    id: str
    start: int
    end: int
    label: str
    source: str = "manual"
    """What made it: "manual", "import", or the name of a suggester."""
    note: str = ""

    @property
    def reading_order(self) -> tuple[int, int, str, str]:
        """Sort key: by start, the longer first, then by label and id."""
        return (self.start, -self.end, self.label, self.id)


_READING_ORDER: Final = attrgetter("reading_order")


class Relation(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A typed link from one span, its head, to another, its child."""

    id: str
    type: str
    head: str
    child: str


class Layer(Struct, frozen=True):
    """What one annotator says of one document."""

    document_id: str
    text_sha256: str
    annotator: str
    kind: Kind = "manual"
    spans: tuple[Span, ...] = ()
    """In reading order."""
    relations: tuple[Relation, ...] = ()
    status: Status = "new"
    note: str = ""
    revision: int = 0
    """How many changes were saved."""
    saved_at: str = ""
    """When it was saved last: ISO 8601, UTC; empty for never, or before that was noted."""

    def span(self, span_id: str) -> Span | None:
        """Find a span by its id."""
        return next((span for span in self.spans if span.id == span_id), None)

    def with_spans(self, spans: Iterable[Span]) -> "Layer":
        """Return the layer with these spans instead, put into reading order."""
        return replace(self, spans=tuple(sorted(spans, key=_READING_ORDER)))

    def with_relations(self, relations: Iterable[Relation]) -> "Layer":
        """Return the layer with these relations instead, ordered by their ids."""
        ordered = sorted(relations, key=lambda relation: (len(relation.id), relation.id))
        return replace(self, relations=tuple(ordered))

    def covering(self, offset: int) -> list[Span]:
        """List the spans that cover an offset, the innermost (shortest) first."""
        found = [span for span in self.spans if span.start <= offset < span.end]
        return sorted(found, key=lambda span: (span.end - span.start, span.reading_order))

    @property
    def digest(self) -> str:
        """A check sum of what it says, whenever it was saved."""
        said = (self.spans, self.relations, self.status, self.note)
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]

    def counts(self) -> Mapping[str, int]:
        """Count the spans of each label that occurs."""
        counts: dict[str, int] = {}
        for span in self.spans:
            counts[span.label] = counts.get(span.label, 0) + 1
        return counts

    def free_ids(self, prefix: str) -> Iterator[str]:
        """Make ids, one after the other, that no span and no relation has, such as s12, s13."""
        taken = [span.id for span in self.spans] + [item.id for item in self.relations]
        endings = [name[len(prefix) :] for name in taken if name.startswith(prefix)]
        numbers = [int(ending) for ending in endings if ending.isdecimal() and len(ending) < 10]
        return (f"{prefix}{number}" for number in count(max(numbers, default=0) + 1))

    def free_id(self, prefix: str) -> str:
        """Return an id that no span and no relation of the layer has."""
        return next(self.free_ids(prefix))

    def adding(self, spans: Iterable[Span]) -> "tuple[Layer, tuple[Span, ...]]":
        """Add spans under ids of their own.

        Returns:
            The layer with them, and the spans as they were added, in the order they were given.
        """
        added = tuple(
            replace(span, id=name) for span, name in zip(spans, self.free_ids("s"), strict=False)
        )
        return self.with_spans((*self.spans, *added)), added


class Fault(NamedTuple):
    """What does not hold of a layer."""

    says: str
    cuts_letter: bool = False
    """Whether an edge stands inside a letter with its marks, which moving it would mend."""


def check_names(layer: Layer) -> None:
    """Refuse ids, labels and types that are too long, or hold what a terminal would obey.

    Raises:
        ValueError: There is one; names what it is, not what it says.
    """
    kinds = {
        "an id": [*(span.id for span in layer.spans), *(item.id for item in layer.relations)],
        "the annotator": {layer.annotator},
        "a label": {span.label for span in layer.spans},
        "a source": {span.source for span in layer.spans},
        "a relation type": {relation.type for relation in layer.relations},
    }
    for what, names in kinds.items():
        if _CONTROL.search("".join(names)):
            raise ValueError(f"{what} holds a control character")
        if max(map(len, names), default=0) > _LONGEST_NAME:
            raise ValueError(f"{what} is longer than {_LONGEST_NAME:,} characters")


def faults_of(layer: Layer, text: str, scheme: Scheme) -> list[Fault]:
    """Check all that must hold of a layer against its text and scheme.

    Returns:
        Its faults; none if it is sound.
    """
    return [*_span_faults(layer, text, scheme), *_relation_faults(layer, scheme)]


def _span_faults(layer: Layer, text: str, scheme: Scheme) -> Iterator[Fault]:
    seen: set[str] = set()
    for span in layer.spans:
        if span.id in seen:
            yield Fault(f"span id {span.id} occurs twice")
        seen.add(span.id)
        if not 0 <= span.start < span.end <= len(text):
            yield Fault(f"span {span.id} ({span.start} to {span.end}) lies outside the text")
            continue
        for offset in (span.start, span.end):
            if not graphemes.is_boundary(text, offset):
                yield Fault(
                    f"span {span.id} cuts a letter from its marks at {offset}", cuts_letter=True
                )
        if span.label not in scheme.label_names:
            yield Fault(f"label {span.label!r} is not in the scheme")


def _relation_faults(layer: Layer, scheme: Scheme) -> Iterator[Fault]:
    spans = {span.id: span for span in layer.spans}
    seen = set(spans)
    for relation in layer.relations:
        if relation.id in seen:
            yield Fault(f"id {relation.id} occurs twice")
        seen.add(relation.id)
        head, child = spans.get(relation.head), spans.get(relation.child)
        if head is None or child is None:
            yield Fault(f"relation {relation.id} joins a span that is not there")
        elif not scheme.allows(relation.type, head.label, child.label):
            yield Fault(
                f"relation {relation.id}: the scheme has no {relation.type!r} "
                f"from {head.label} to {child.label}"
            )
