"""Hashiya's own JSON lines: one record for each document and annotator.

Offsets are code points of the record's text, half open. Keys stand in a fixed order and the file
depends on the store alone, so exporting twice gives the same bytes. `schema.json` says the same as
a JSON Schema.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from annotations.disk.codec import encode_line
from annotations.errors import ImportRefusedError
from annotations.formats.base import Format, Job, LineWriter
from annotations.formats.carries import KEEPS_ALL, Carries
from annotations.formats.reading.records import Fields, Record, Refused, read_json_lines
from annotations.formats.writing.fitting import Fitted
from annotations.model.layer import Document, Layer, Relation, Span

OFFSET_UNIT: Final = "codepoint"


def schema() -> bytes:
    """Return the JSON Schema of a record."""
    return files("annotations.formats").joinpath("schema.json").read_bytes()


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
        "relations": [relation_record(item) for item in layer.relations],
        "meta": {
            "file": document.file,
            "kind": layer.kind,
            **({"note": layer.note} if layer.note else {}),
        },
    }
    return encode_line(record)


def relation_record(relation: Relation) -> dict[str, str]:
    """Write a relation as an object."""
    return {
        "id": relation.id,
        "type": relation.type,
        "head": relation.head,
        "child": relation.child,
    }


def read_relation(item: Fields) -> Relation:
    """Read a relation that `relation_record` wrote."""
    return Relation(item.text("id"), item.text("type"), item.text("head"), item.text("child"))


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


def _line(document: Document, fitted: Fitted) -> bytes:
    return to_line(document, fitted.layer)


def _writer(job: Job) -> LineWriter:
    return LineWriter(job, _line)


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read JSON lines of this shape; a gold that names its file in place of an id, too."""
    return read_json_lines(paths, _record)


def _record(where: str, fields: Fields) -> Record:
    unit = fields.any("offset_unit")
    if unit not in (None, OFFSET_UNIT):
        raise ImportRefusedError(f"its offsets count {unit!r}, not code points")
    meta = Fields(fields.any("meta") if isinstance(fields.any("meta"), dict) else {}, "its meta")
    fields.ignore("n_chars")
    record = Record(
        where,
        document=fields.optional("id"),
        file=fields.optional("file") or meta.optional("file"),
        sha256=fields.optional("text_sha256"),
        text=fields.optional("text"),
        annotator=fields.optional("annotator"),
        status=fields.optional("status"),
        kind=meta.optional("kind"),
        note=meta.text("note"),
    )
    covers: dict[str, str] = {}
    for item in fields.objects("spans", "span"):
        span = _read_span(item)
        if item.any("text") is not None:
            covers[span.id] = item.text("text")
        record.spans.append(span)
        record.not_kept |= item.unread("spans.")
    record.covers = covers
    for item in fields.objects("relations", "relation"):
        record.relations.append(read_relation(item))
        record.not_kept |= item.unread("relations.")
    record.not_kept |= fields.unread() | meta.unread("meta.")
    return record


def _read_span(item: Fields) -> Span:
    name = item.any("id")
    if not isinstance(name, str) or not name:
        raise ImportRefusedError("a span has no id")
    start, end, label = item.any("start"), item.any("end"), item.any("label")
    if type(start) is not int or type(end) is not int:
        raise ImportRefusedError(f"span {name} has no start and end")
    if not isinstance(label, str):
        raise ImportRefusedError(f"span {name} has no label")
    source, note = item.any("source") or "import", item.any("note") or ""
    if not isinstance(source, str) or not isinstance(note, str):
        raise ImportRefusedError(f"the source or note of span {name} is no text")
    return Span(name, start, end, label, source, note)


FORMAT: Final = Format(
    name="jsonl",
    about="Hashiya's own: all that a layer says",
    carries=Carries(keeps=KEEPS_ALL),
    writer=_writer,
    reader=read,
)
