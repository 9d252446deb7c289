"""Hashiya's own JSON lines: one record for each document and annotator.

Offsets are code points of the record's text, half open. Keys stand in a fixed order and the file
depends on the store alone, so exporting twice gives the same bytes.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Any, Final

import orjson

from annotations.corpus import Corpus
from annotations.errors import CorpusError, ImportRefusedError
from annotations.model import KINDS, STATUSES, Document, Layer, Relation, Span, faults_of, is_name
from annotations.scheme import Scheme
from annotations.sources import Entry

OFFSET_UNIT: Final = "codepoint"
_RECORD_KEYS: Final = {
    "id", "text", "text_sha256", "offset_unit", "annotator", "status", "spans", "relations",
    "meta", "file", "n_chars",
}  # fmt: skip
_SPAN_KEYS: Final = {"id", "start", "end", "label", "text", "source", "note"}
_RELATION_KEYS: Final = {"id", "type", "head", "child"}


def to_line(document: Document, layer: Layer) -> bytes:
    """Write the record of a layer, a line with its newline."""
    record = {
        "id": document.id,
        "text": document.text,
        "text_sha256": document.sha256,
        "offset_unit": OFFSET_UNIT,
        "annotator": layer.annotator,
        "status": layer.status,
        "spans": [_span_record(span, document.text) for span in layer.spans],
        "relations": [
            {"id": item.id, "type": item.type, "head": item.head, "child": item.child}
            for item in layer.relations
        ],
        "meta": {
            "file": document.file,
            "kind": layer.kind,
            **({"note": layer.note} if layer.note else {}),
        },
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _span_record(span: Span, text: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": span.id,
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "text": text[span.start : span.end],
        "source": span.source,
    }
    if span.note:
        record["note"] = span.note
    return record


@dataclass(frozen=True, slots=True)
class Imported:
    """A record that fits the corpus."""

    line: int
    document: Document
    layer: Layer
    not_kept: tuple[str, ...] = ()
    """Names of fields that a layer has no place for."""
    renamed: tuple[str, ...] = ()
    """Relation types that came under another name."""


@dataclass(slots=True)
class Reading:
    """What a file of records holds for a corpus."""

    accepted: list[Imported] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Line number and reason of each record that does not fit."""


def read_records(
    lines: Iterable[bytes], corpus: Corpus, scheme: Scheme, annotator: str | None, fallback: str
) -> Reading:
    """Check each record of a file against a corpus.

    Args:
        lines: The lines of the file.
        corpus: The documents that they speak of.
        scheme: The labels and relations that they may use.
        annotator: Whose layers they become; None takes each record's own annotator.
        fallback: Whose they become where a record names none.

    Returns:
        The records that fit, and the line and reason of each that doesn't.
    """
    reading = Reading()
    finder = _Finder(corpus)
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = _read_record(number, line, finder, scheme, annotator, fallback)
            key = (found.document.id, found.layer.annotator)
            if key in seen:
                raise ImportRefusedError(
                    f"a second record of {key[0]} by {key[1]}; the first is on line {seen[key]}"
                )
            seen[key] = number
            reading.accepted.append(found)
        except ImportRefusedError as error:
            reading.refused.append((number, error.message))
    return reading


class _Finder:
    """Finds the document that a record speaks of: by id, by file name, by hash."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @cached_property
    def by_file(self) -> dict[str, Entry]:
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
    def by_hash(self) -> dict[str, str]:
        """Ids of the documents by the hash of their text."""
        return {document.sha256: document.id for document in self.corpus.documents()}

    def find(self, record: dict[str, Any]) -> Document:
        meta = record.get("meta")
        file = record.get("file") or (meta.get("file") if isinstance(meta, dict) else None)
        sha256 = record.get("text_sha256")
        names = [name for name in (record.get("id"), file, sha256) if isinstance(name, str)]
        entry = self.corpus.locate(names[0]) if names else None
        if entry is None and isinstance(file, str):
            entry = self.by_file.get(file)
        if entry is None and isinstance(sha256, str) and sha256 in self.by_hash:
            entry = self.corpus.locate(self.by_hash[sha256])
        if entry is None:
            raise ImportRefusedError(
                f"the corpus has no article {names[0]}" if names else "it names no article"
            )
        try:
            return self.corpus.read(entry)
        except CorpusError as error:
            raise ImportRefusedError(error.message) from error


def _read_record(  # noqa: PLR0917 - one call, above
    number: int,
    line: bytes,
    finder: _Finder,
    scheme: Scheme,
    annotator: str | None,
    fallback: str,
) -> Imported:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ImportRefusedError(f"it is not JSON ({error})") from error
    if not isinstance(record, dict):
        raise ImportRefusedError("it is not a JSON object")
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ImportRefusedError("it holds half of a surrogate pair, which is no text") from error
    document = finder.find(record)
    _check_text(record, document)
    not_kept = {key for key in record if key not in _RECORD_KEYS}
    renamed: set[str] = set()
    spans = [_read_span(item, document, not_kept) for item in _list(record, "spans")]
    relations = [
        _read_relation(item, index, scheme, not_kept, renamed)
        for index, item in enumerate(_list(record, "relations"), 1)
    ]
    meta = record.get("meta") if isinstance(record.get("meta"), dict) else {}
    assert isinstance(meta, dict)
    own = record.get("annotator")
    if own is not None and (not isinstance(own, str) or not is_name(own)):
        raise ImportRefusedError("its annotator is not a name")
    status = record.get("status", "in_progress" if spans else "new")
    if status not in STATUSES:
        raise ImportRefusedError(f"its status {status!r} is none of {', '.join(STATUSES)}")
    kind = meta.get("kind", "manual")
    if kind not in KINDS:
        raise ImportRefusedError(f"its kind {kind!r} is none of {', '.join(KINDS)}")
    layer = Layer(
        document_id=document.id,
        text_sha256=document.sha256,
        annotator=annotator or own or fallback,
        kind=kind,
        status=status,
        note=str(meta.get("note") or ""),
    )
    layer = layer.with_spans(spans).with_relations(relations)
    faults = faults_of(layer, document.text, scheme)
    if faults:
        raise ImportRefusedError("; ".join(faults))
    return Imported(number, document, layer, tuple(sorted(not_kept)), tuple(sorted(renamed)))


def _check_text(record: dict[str, Any], document: Document) -> None:
    unit = record.get("offset_unit", OFFSET_UNIT)
    if unit != OFFSET_UNIT:
        raise ImportRefusedError(f"its offsets count {unit!r}, not code points")
    if "text" not in record and "text_sha256" not in record:
        raise ImportRefusedError("it carries neither its text nor its hash to be checked by")
    named = record.get("text_sha256", document.sha256)
    if named != document.sha256:
        raise ImportRefusedError(
            f"its text is not that of {document.id}: SHA-256 {str(named)[:12]}, "
            f"in the corpus {document.sha256[:12]}"
        )
    if record.get("text", document.text) != document.text:
        raise ImportRefusedError(f"its text differs from that of {document.id}")


def _list(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = record.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ImportRefusedError(f"its {key} are not a list of objects")
    return found


def _read_span(item: dict[str, Any], document: Document, not_kept: set[str]) -> Span:
    not_kept |= {f"spans.{key}" for key in item if key not in _SPAN_KEYS}
    start, end, label = item.get("start"), item.get("end"), item.get("label")
    name = item.get("id")
    if not isinstance(name, str) or not name:
        raise ImportRefusedError("a span has no id")
    if type(start) is not int or type(end) is not int:
        raise ImportRefusedError(f"span {name} has no start and end")
    if not 0 <= start < end <= len(document.text):
        raise ImportRefusedError(f"span {name} ({start} to {end}) lies outside the text")
    covered = document.text[start:end]
    if item.get("text", covered) != covered:
        raise ImportRefusedError(
            f"span {name} says {item['text']!r}, but the text has {covered!r} from {start} to {end}"
        )
    if not isinstance(label, str):
        raise ImportRefusedError(f"span {name} has no label")
    source, note = item.get("source") or "import", item.get("note") or ""
    if not isinstance(source, str) or not isinstance(note, str):
        raise ImportRefusedError(f"the source or note of span {name} is no text")
    return Span(name, start, end, label, source, note)


def _read_relation(
    item: dict[str, Any], index: int, scheme: Scheme, not_kept: set[str], renamed: set[str]
) -> Relation:
    not_kept |= {f"relations.{key}" for key in item if key not in _RELATION_KEYS}
    named = str(item.get("type"))
    type_ = scheme.canonical_relation(named)
    if type_ != named:
        renamed.add(f"{named} as {type_}")
    return Relation(
        str(item.get("id") or f"r{index}"), type_, str(item.get("head")), str(item.get("child"))
    )
