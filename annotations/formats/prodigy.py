"""JSON lines for Prodigy: tasks of spans_manual, with relations if there are any.

Spans stand on tokens, told by code points and by numbers of tokens, of which the last is inclusive.
A relation names the last token of its head and of its child. Prodigy keeps every key of a task, so
ids and notes come back.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from annotations.disk.codec import encode_line
from annotations.errors import ImportRefusedError
from annotations.formats.base import Format, Job, LineWriter
from annotations.formats.carries import KEEPS_ALL, Carries
from annotations.formats.reading.records import Fields, Record, Refused, read_json_lines
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.tokens import covering
from annotations.model.layer import Document, Relation, Span

_ANSWERS: Final = {"skipped": "ignore"}
"""What Prodigy calls a status; whatever has been tagged is accepted."""


def _line(document: Document, fitted: Fitted) -> bytes:
    layer, text = fitted.layer, document.text
    spans: dict[str, dict[str, Any]] = {}
    for span in layer.spans:
        first, last = covering(fitted.tokens, span.start, span.end)
        spans[span.id] = {
            "start": span.start,
            "end": span.end,
            "token_start": first,
            "token_end": last,
            "label": span.label,
            "id": span.id,
            "source": span.source,
        } | ({"note": span.note} if span.note else {})
    record: dict[str, Any] = {
        "text": text,
        "meta": {
            "document": document.id,
            "text_sha256": document.sha256,
            "offset_unit": "codepoint",
            "status": layer.status,
            "kind": layer.kind,
        }
        | ({"note": layer.note} if layer.note else {}),
        "tokens": [
            {
                "text": token.text(text),
                "start": token.start,
                "end": token.end,
                "id": number,
                "ws": token.space,
            }
            for number, token in enumerate(fitted.tokens)
        ],
        "spans": list(spans.values()),
    }
    if layer.relations:
        record["relations"] = [
            {
                "head": spans[relation.head]["token_end"],
                "child": spans[relation.child]["token_end"],
                "head_span": spans[relation.head],
                "child_span": spans[relation.child],
                "label": relation.type,
                "id": relation.id,
            }
            for relation in layer.relations
        ]
    record |= {
        "answer": _ANSWERS.get(layer.status, "accept"),
        "_view_id": "spans_manual",
        "_annotator_id": layer.annotator,
    }
    return encode_line(record)


def _writer(job: Job) -> LineWriter:
    return LineWriter(job, _line)


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read tasks; those that were rejected are refused."""
    return read_json_lines(paths, _record)


def _record(where: str, fields: Fields) -> Record:
    answer = fields.text("answer", "accept")
    if answer == "reject":
        raise ImportRefusedError("it was rejected in Prodigy")
    fields.ignore("_view_id", "_input_hash", "_task_hash", "_timestamp", "_session_id", "tokens")
    fields.ignore("_is_binary", "versions", "options", "accept")
    meta = Fields(fields.any("meta") or {}, "its meta")
    meta.ignore("offset_unit")
    tokens = [Fields(item, f"token {n}") for n, item in enumerate(fields.list("tokens"))]
    record = Record(
        where,
        document=meta.optional("document"),
        file=meta.optional("source"),
        sha256=meta.optional("text_sha256"),
        text=fields.text("text"),
        annotator=fields.optional("_annotator_id"),
        status=meta.optional("status") or ("skipped" if answer == "ignore" else None),
        kind=meta.optional("kind"),
        note=meta.text("note"),
    )
    covers = {}
    for item in fields.objects("spans", "span"):
        span = _span(item, tokens)
        if item.any("text") is not None:
            covers[span.id] = item.text("text")
        record.spans.append(span)
        record.not_kept |= item.unread("spans.")
    if "" not in covers:
        record.covers = covers
    _number(record.spans)
    for item in fields.objects("relations", "relation"):
        item.ignore("color", "head", "child")
        ends = [
            _end(_span(Fields(item.any(name), f"the {name} of a relation"), tokens), record)
            for name in ("head_span", "child_span")
        ]
        record.relations.append(Relation(item.text("id"), item.text("label"), *ends))
        record.not_kept |= item.unread("relations.")
    record.not_kept |= fields.unread() | meta.unread("meta.")
    return record


def _span(item: Fields, tokens: Sequence[Fields]) -> Span:
    start, end = item.number("start"), item.number("end")
    if tokens and item.any("token_start") is not None:
        first, last = item.number("token_start"), item.number("token_end")
        if not 0 <= first <= last < len(tokens):
            raise ImportRefusedError(f"{item.what} goes from token {first} to {last}")
        edges = (tokens[first].number("start"), tokens[last].number("end"))
        if edges != (start, end):
            raise ImportRefusedError(
                f"{item.what} goes from {start} to {end}, its tokens from {edges[0]} to {edges[1]}"
            )
    return Span(
        item.text("id"),
        start,
        end,
        item.text("label"),
        item.text("source", "import"),
        item.text("note"),
    )


def _number(spans: list[Span]) -> None:
    """Assign ids to spans that have none, since relations will name them."""
    taken = {span.id for span in spans}
    free = (f"s{number}" for number in range(1, 2 * len(spans) + 2))
    for index, span in enumerate(spans):
        if not span.id:
            name = next(name for name in free if name not in taken)
            spans[index] = Span(name, span.start, span.end, span.label, span.source, span.note)


def _end(end: Span, record: Record) -> str:
    """Find the span that a relation repeats as its head or child; tell its id."""
    for span in record.spans:
        same = (span.start, span.end, span.label) == (end.start, end.end, end.label)
        if span.id == end.id or (not end.id and same):
            return span.id
    raise ImportRefusedError(
        f"a relation joins a span from {end.start} to {end.end} that is not there"
    )


FORMAT: Final = Format(
    name="prodigy",
    about="Prodigy, spans_manual and relations",
    carries=Carries(tokens=True, keeps=KEEPS_ALL),
    writer=_writer,
    reader=read,
    options=("tokens",),
    offsets="code points, tokens",
    advice="Its relations view is made for spans that don't overlap.",
)
