"""Holding what a file says against the corpus: what fits becomes layers, the rest is refused.

Whatever a format counts in, here it becomes code points of the article's text.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field, structs
from msgspec.structs import replace

from annotations.corpus.corpus import Corpus
from annotations.errors import HashiyaError, ImportRefusedError
from annotations.exchange.matching import Finder
from annotations.exchange.offsets import converter_of
from annotations.formats.losses import NOTE, Item, Reason, Reasons, Verdict
from annotations.formats.reading.records import Record, Refused
from annotations.language.graphemes import snap
from annotations.language.wording import clipped, counted
from annotations.model.layer import (
    KINDS,
    STATUSES,
    Document,
    Layer,
    Relation,
    Span,
    check_names,
    faults_of,
    is_name,
)
from annotations.model.scheme import Scheme

_log = logging.getLogger(__name__)
_TOLD: Final = 3
"""Faults of one record that are told."""
_LONGEST_REASON: Final = 400
"""Code points of the longest reason that is told; a file may say anything, at any length."""


class Terms(Struct, frozen=True):
    """On which terms records are let in."""

    annotator: str | None = None
    """Whose layers they become; None takes each record's own annotator."""
    fallback: str = "import"
    """Whose they become where a record names none."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Labels and relation types of the scheme by what the file calls them."""
    may_replace: bool = False
    """Whether layers that hold something may be replaced."""
    snaps: bool = False
    """Whether an edge between a letter and its marks moves to the edge of the letter."""


class Imported(Struct, frozen=True):
    """A record that fits the corpus."""

    where: str
    document: Document
    layer: Layer
    reasons: Reasons = field(default_factory=dict)
    """What was read otherwise than it stands in the file."""
    not_kept: tuple[str, ...] = ()
    """Names of fields that a layer has no place for."""
    parts: frozenset[str] = frozenset()
    """The files that hold parts of it, if several may."""

    def verdicts(self) -> Iterator[Verdict]:
        """Return what became of each item of the record."""
        for span in self.layer.spans:
            yield self._verdict("span", span)
        for relation in self.layer.relations:
            yield self._verdict("relation", relation)
        if self.layer.note:
            yield Verdict("note", NOTE, "carried", None, None)
        for name in self.not_kept:
            yield Verdict("field", name, "lost", None, None, (Reason("fields", "no place for it"),))

    def _verdict(self, item: Item, value: Span | Relation) -> Verdict:
        found = tuple(self.reasons.get(value.id, ()))
        return Verdict(item, value.id, "changed" if found else "carried", None, value, found)


class Admitted(Struct):
    """What files hold for a corpus."""

    accepted: list[Imported] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def admit(
    found: Iterable[Record | Refused], corpus: Corpus, scheme: Scheme, terms: Terms
) -> Admitted:
    """Check each record against the corpus.

    Args:
        found: What a reader found.
        corpus: The articles that it speaks of.
        scheme: The labels and relations that it may use.
        terms: On which terms it is let in.
    """
    admitted = Admitted()
    admission = _Admission(corpus, scheme, terms)
    places: dict[tuple[str, str], int] = {}
    files: set[str] = set()
    for item in _guarded(found):
        files.add(item.part)
        if isinstance(item, Refused):
            admitted.refused.append(_shortened(item))
            continue
        try:
            imported = admission.take(item)
            key = (imported.document.id, imported.layer.annotator)
            if key not in places:
                places[key] = len(admitted.accepted)
                admitted.accepted.append(imported)
                continue
            first = admitted.accepted[places[key]]
            if not (imported.parts and first.parts and imported.parts.isdisjoint(first.parts)):
                raise ImportRefusedError(
                    f"a second record of {key[0]} by {key[1]}; the first is {first.where}"
                )
            admitted.accepted[places[key]] = _joined(first, imported)
        except ImportRefusedError as error:
            admitted.refused.append(_shortened(Refused(item.where, error.message, item.part)))
    if admitted.refused and len(files - {""}) > 1:
        _refuse_parts(admitted)
    return admitted


def _shortened(refused: Refused) -> Refused:
    """Cut what is told to a length that can be read."""
    where, reason = (clipped(said, _LONGEST_REASON) for said in (refused.where, refused.reason))
    return Refused(where, reason, refused.part)


def _guarded(found: Iterable[Record | Refused]) -> Iterator[Record | Refused]:
    """Read on until a reader fails at what nobody foresaw; that refuses the rest, in a sentence."""
    try:
        yield from found
    except HashiyaError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a file or a library comes up with
        _log.exception("A file of an import was not read")
        why = f"it can't be read on from here ({type(error).__name__})"
        yield Refused("what follows", why)


def _refuse_parts(admitted: Admitted) -> None:
    """Refuse layers of which another file may hold the part that was refused."""
    why = "another part of it may be among what was refused"
    admitted.refused += [Refused(item.where, why) for item in admitted.accepted if item.parts]
    admitted.accepted = [item for item in admitted.accepted if not item.parts]


def _joined(first: Imported, second: Imported) -> Imported:
    """Merge the spans of two flat layers of one article."""
    both = (*first.layer.spans, *second.layer.spans)
    spans = {(span.start, span.end, span.label): span for span in both}
    layer = first.layer.with_spans(structs.replace(span, id="") for span in spans.values())
    numbered = [
        structs.replace(span, id=f"s{number}") for number, span in enumerate(layer.spans, 1)
    ]
    reasons: dict[str, list[Reason]] = {}
    for part in (first, second):
        extents = {span.id: (span.start, span.end, span.label) for span in part.layer.spans}
        for span in numbered:
            for name, given in part.reasons.items():
                if extents.get(name) == (span.start, span.end, span.label):
                    reasons.setdefault(span.id, []).extend(given)
    kept_not = tuple(sorted({*first.not_kept, *second.not_kept}))
    return replace(
        first,
        layer=layer.with_spans(numbered),
        reasons=reasons,
        not_kept=kept_not,
        parts=first.parts | second.parts,
    )


class _Admission:
    """Turns records into layers of articles."""

    def __init__(self, corpus: Corpus, scheme: Scheme, terms: Terms) -> None:
        self.finder = Finder(corpus)
        self.scheme = scheme
        self.terms = terms

    def take(self, record: Record) -> Imported:
        """Make a layer of a record.

        Raises:
            ImportRefusedError: It does not fit.
        """
        document = self.finder.find(record)
        reasons: dict[str, list[Reason]] = {}
        spans = self._spans(record, document, reasons)
        annotator = self.terms.annotator or record.annotator or self.terms.fallback
        if not is_name(annotator):
            raise ImportRefusedError("its annotator is not a name")
        status = record.status or ("in_progress" if spans else "new")
        if status not in STATUSES:
            raise ImportRefusedError(f"its status {status!r} is none of {', '.join(STATUSES)}")
        kind = record.kind or "manual"
        if kind not in KINDS:
            raise ImportRefusedError(f"its kind {kind!r} is none of {', '.join(KINDS)}")
        layer = Layer(
            document.id, document.sha256, annotator, kind, status=status, note=record.note
        )
        layer = layer.with_spans(spans)
        layer = layer.with_relations(self._relations(record, layer, reasons))
        try:
            check_names(layer)
        except ValueError as error:
            raise ImportRefusedError(str(error)) from error
        faults = faults_of(layer, document.text, self.scheme)
        if faults:
            hint = "; --snap moves such edges to the edge of the letter"
            cuts = any(fault.cuts_letter for fault in faults)
            said = "; ".join(fault.says for fault in faults[:_TOLD])
            if len(faults) > _TOLD:
                said += f"; and {counted(len(faults) - _TOLD, 'more fault')}"
            raise ImportRefusedError(said + (hint if cuts else ""))
        not_kept = tuple(sorted(record.not_kept))
        parts = frozenset({record.part} - {""})
        return Imported(record.where, document, layer, reasons, not_kept, parts)

    def _spans(
        self, record: Record, document: Document, reasons: dict[str, list[Reason]]
    ) -> list[Span]:
        text = document.text
        converter = converter_of(record, text)
        for start, end, piece in record.pieces:
            first, last = converter.range(start, end, f"token {piece!r}")
            if text[first:last] != piece:
                raise ImportRefusedError(
                    f"it says {piece!r}, but the text has {text[first:last]!r} from {first} on"
                )
        spans = []
        free = iter(range(1, len(record.spans) + 1))
        taken = {span.id for span in record.spans}
        for given in record.spans:
            name = given.id or next(f"s{number}" for number in free if f"s{number}" not in taken)
            start, end = converter.range(given.start, given.end, f"span {name}")
            if not 0 <= start < end <= len(text):
                raise ImportRefusedError(f"span {name} ({start} to {end}) lies outside the text")
            covered = record.covers.get(given.id, text[start:end])
            if covered != text[start:end]:
                raise ImportRefusedError(
                    f"span {name} says {covered!r}, but the text has {text[start:end]!r} "
                    f"from {start} to {end}"
                )
            found: list[Reason] = []
            if self.terms.snaps and snap(text, start, end) != (start, end):
                widened = snap(text, start, end)
                why = f"with whole letters it goes from {widened[0]} to {widened[1]}"
                found.append(Reason("letters", why))
                start, end = widened
            if given.id in record.gaps:
                found.append(Reason("gaps", f"it is read as one stretch from {start} to {end}"))
            label = self.terms.renames.get(given.label, given.label)
            if label != given.label:
                found.append(Reason("renamed", f"{given.label} is read as {label}"))
            if found:
                reasons[name] = found
            spans.append(structs.replace(given, id=name, start=start, end=end, label=label))
        return spans

    def _relations(
        self, record: Record, layer: Layer, reasons: dict[str, list[Reason]]
    ) -> list[Relation]:
        found = []
        for index, given in enumerate(record.relations, 1):
            name = given.id or f"r{index}"
            if not given.id and any(span.id == name for span in layer.spans):
                name = f"relation{index}"
            type_ = self.terms.renames.get(given.type, given.type)
            type_ = self.scheme.canonical_relation(type_)
            if type_ != given.type:
                reasons[name] = [Reason("renamed", f"{given.type} is read as {type_}")]
            found.append(structs.replace(given, id=name, type=type_))
        return found
