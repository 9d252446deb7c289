"""Holding what a file says against the corpus: what fits becomes layers, the rest is refused.

Whatever a format counts in, here it becomes code points of the article's text.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from pathlib import PurePath
from typing import Final

from annotations.corpus import Corpus
from annotations.errors import CorpusError, ImportRefusedError
from annotations.formats.losses import NOTE, Item, Reason, Reasons, Verdict
from annotations.formats.records import Record, Refused
from annotations.model import KINDS, STATUSES, Document, Layer, Relation, Span, faults_of, is_name
from annotations.scheme import Scheme
from annotations.segmentation import snap
from annotations.sources import Entry

_FIRST_ASTRAL: Final = "\U00010000"


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms records are let in."""

    annotator: str | None = None
    """Whose layers they become; None takes each record's own annotator."""
    fallback: str = "import"
    """Whose they become where a record names none."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Labels and relation types of the scheme by what the file calls them."""
    snaps: bool = False
    """Whether an edge between a letter and its marks moves to the edge of the letter."""


@dataclass(frozen=True, slots=True)
class Imported:
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
        """Say what became of each item of the record."""
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


@dataclass(slots=True)
class Reading:
    """What files hold for a corpus."""

    accepted: list[Imported] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def admit(
    found: Iterable[Record | Refused], corpus: Corpus, scheme: Scheme, terms: Terms
) -> Reading:
    """Hold each record against the corpus.

    Args:
        found: What a reader found.
        corpus: The articles that it speaks of.
        scheme: The labels and relations that it may use.
        terms: On which terms it is let in.
    """
    reading = Reading()
    admission = _Admission(corpus, scheme, terms)
    places: dict[tuple[str, str], int] = {}
    files: set[str] = set()
    for item in found:
        files.add(item.part)
        if isinstance(item, Refused):
            reading.refused.append(item)
            continue
        try:
            imported = admission.take(item)
            key = (imported.document.id, imported.layer.annotator)
            if key not in places:
                places[key] = len(reading.accepted)
                reading.accepted.append(imported)
                continue
            first = reading.accepted[places[key]]
            if not (imported.parts and first.parts and imported.parts.isdisjoint(first.parts)):
                raise ImportRefusedError(
                    f"a second record of {key[0]} by {key[1]}; the first is {first.where}"
                )
            reading.accepted[places[key]] = _joined(first, imported)
        except ImportRefusedError as error:
            reading.refused.append(Refused(item.where, error.message, item.part))
    if reading.refused and len(files - {""}) > 1:
        _refuse_parts(reading)
    return reading


def _refuse_parts(reading: Reading) -> None:
    """Refuse layers of which another file may hold the part that was refused."""
    why = "another part of it may be among what was refused"
    reading.refused += [Refused(item.where, why) for item in reading.accepted if item.parts]
    reading.accepted = [item for item in reading.accepted if not item.parts]


def _joined(first: Imported, second: Imported) -> Imported:
    """Put the spans of two flat layers of one article into one layer."""
    both = (*first.layer.spans, *second.layer.spans)
    spans = {(span.start, span.end, span.label): span for span in both}
    layer = first.layer.with_spans(replace(span, id="") for span in spans.values())
    numbered = [replace(span, id=f"s{number}") for number, span in enumerate(layer.spans, 1)]
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
        self.corpus = corpus
        self.scheme = scheme
        self.terms = terms

    def take(self, record: Record) -> Imported:
        """Make a layer of a record.

        Raises:
            ImportRefusedError: It does not fit.
        """
        document = self.find(record)
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
        faults = faults_of(layer, document.text, self.scheme)
        if faults:
            hint = "; --snap moves such edges to the edge of the letter"
            cuts = any("cuts a letter" in fault for fault in faults)
            raise ImportRefusedError("; ".join(faults) + (hint if cuts else ""))
        not_kept = tuple(sorted(record.not_kept))
        parts = frozenset({record.part} - {""})
        return Imported(record.where, document, layer, reasons, not_kept, parts)

    def find(self, record: Record) -> Document:
        """Find the article that a record speaks of: by id, by file name, by its text."""
        sha256 = record.sha256
        if record.text is not None and sha256 is None:
            sha256 = Document("", record.text).sha256
        if sha256 is None and not record.tokens:
            raise ImportRefusedError("it carries neither its text nor its hash to be checked by")
        named = self._named(record)
        if named is not None and self._is_of(record, named, sha256):
            return named
        found = self._by_hash.get(sha256) if sha256 else None
        if found is None and sha256 is None:
            found = self._by_letters.get(_letters(record.tokens))
        entry = self.corpus.locate(found) if found else None
        if entry is not None:
            document = self._read(entry)
            if self._is_of(record, document, sha256):
                return document
        name = record.document or record.file
        if named is None:
            raise ImportRefusedError(
                f"the corpus has no article {name}" if name else "the corpus has no such article"
            )
        if sha256 is not None and sha256 != named.sha256:
            raise ImportRefusedError(
                f"its text is not that of {named.id}: SHA-256 {sha256[:12]}, "
                f"in the corpus {named.sha256[:12]}"
            )
        raise ImportRefusedError(f"its text differs from that of {named.id}")

    def _named(self, record: Record) -> Document | None:
        """Read the article of the id or the file name that a record gives."""
        entry = self.corpus.locate(record.document) if record.document else None
        if entry is None and record.file:
            entry = self._by_file.get(record.file) or self.corpus.locate(record.file)
        return self._read(entry) if entry else None

    def _is_of(self, record: Record, document: Document, sha256: str | None) -> bool:
        if record.text is not None and record.text != document.text:
            return False
        if sha256 is not None and sha256 != document.sha256:
            return False
        return not record.tokens or _letters(record.tokens) == _letters((document.text,))

    def _read(self, entry: Entry) -> Document:
        try:
            return self.corpus.read(entry)
        except CorpusError as error:
            raise ImportRefusedError(error.message) from error

    @cached_property
    def _by_file(self) -> dict[str, Entry]:
        """Entries by the name of their file, alone or with its folders, where it is theirs."""
        found: dict[str, Entry] = {}
        shared: set[str] = set()
        for listed in self.corpus.entries():
            if isinstance(listed, Entry):
                shared |= {listed.file} & found.keys()
                found.setdefault(PurePath(listed.file).name, listed)
                found[listed.file] = listed
        return {name: entry for name, entry in found.items() if name not in shared}

    @cached_property
    def _by_hash(self) -> dict[str, str]:
        """Ids of the documents by the hash of their text."""
        found: dict[str, str] = {}
        for document in self.corpus.documents():
            found.setdefault(document.sha256, document.id)
        return found

    @cached_property
    def _by_letters(self) -> dict[bytes, str]:
        """Ids of the documents by the hash of their text without white space."""
        found: dict[bytes, str] = {}
        for document in self.corpus.documents():
            found.setdefault(_letters((document.text,)), document.id)
        return found

    def _spans(
        self, record: Record, document: Document, reasons: dict[str, list[Reason]]
    ) -> list[Span]:
        text = document.text
        converter = _converter(record, text)
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
            spans.append(replace(given, id=name, start=start, end=end, label=label))
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
            found.append(replace(given, id=name, type=type_))
        return found


def _letters(pieces: Iterable[str]) -> bytes:
    """Return a hash of pieces of a text, joined and without white space."""
    joined = "".join("".join(pieces).split())
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()


class _Converter:
    """Turns the offsets of a record into code points."""

    def range(self, start: int, end: int, what: str) -> tuple[int, int]:  # noqa: ARG002
        """Return a range in code points; `what` is for messages."""
        return (start, end)


class _FromTokens(_Converter):
    """From numbers of tokens, the end exclusive."""

    def __init__(self, tokens: Sequence[str], text: str) -> None:
        self.tokens: list[tuple[int, int]] = []
        offset = 0
        for number, token in enumerate(tokens):
            while text[offset : offset + 1].isspace() and not text.startswith(token, offset):
                offset += 1
            end = _end_of(token, text, offset)
            if end <= offset:
                raise ImportRefusedError(
                    f"token {number} is {token!r}, but the text has "
                    f"{text[offset : offset + len(token)]!r} at {offset}"
                )
            self.tokens.append(with_space(text, offset, end))
            offset = end

    def range(self, start: int, end: int, what: str) -> tuple[int, int]:
        """Return from where its first token begins to where its last ends."""
        if not 0 <= start < end <= len(self.tokens):
            raise ImportRefusedError(
                f"{what} goes from token {start} to {end}, and there are {len(self.tokens)}"
            )
        return (self.tokens[start][0], self.tokens[end - 1][1])


def _end_of(token: str, text: str, offset: int) -> int:
    """Return where a token ends that begins at an offset, 0 if it does not; it may lack spaces."""
    if text.startswith(token, offset):
        return offset + len(token)
    for char in token:
        while text[offset : offset + 1].isspace() and text[offset] != char:
            offset += 1
        if text[offset : offset + 1] != char:
            return 0
        offset += 1
    return offset


def with_space(text: str, start: int, end: int) -> tuple[int, int]:
    """Take the white space in that makes one letter with an edge of a token, as before a mark."""
    first, last = snap(text, start, end)
    return (
        first if text[first:start].isspace() else start,
        last if text[end:last].isspace() else end,
    )


class _FromUtf16(_Converter):
    """From UTF-16 units, of which a character beyond U+FFFF has two."""

    def __init__(self, text: str) -> None:
        self.units = [0, *accumulate(1 + (char >= _FIRST_ASTRAL) for char in text)]

    def range(self, start: int, end: int, what: str) -> tuple[int, int]:
        """Return its range."""
        return (self._offset(start, what), self._offset(end, what))

    def _offset(self, unit: int, what: str) -> int:
        offset = bisect_left(self.units, unit)
        if offset == len(self.units):
            raise ImportRefusedError(f"{what} ends outside the text, at UTF-16 unit {unit}")
        if self.units[offset] != unit:
            raise ImportRefusedError(f"{what} cuts a character in two at UTF-16 unit {unit}")
        return offset


def _converter(record: Record, text: str) -> _Converter:
    if record.unit == "token":
        return _FromTokens(record.tokens, text)
    if record.unit == "utf16":
        return _FromUtf16(text)
    return _Converter()
