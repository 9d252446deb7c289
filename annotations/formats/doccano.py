"""JSON lines for doccano's sequence labelling, with relations or without.

The shape with `entities` and `relations` is what a project with relations takes and gives; without
relations (`--no-relations`) it is `label`, a list of start, end and label. Offsets are code
points. What doccano does not know goes into flat columns, which it keeps as an example's meta.
Read from doccano 1.8.4: data_import/pipeline/{label,labels,makers}.py.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from annotations.disk.codec import encode_line
from annotations.errors import ImportRefusedError
from annotations.formats.base import Format, Job
from annotations.formats.carries import KEEPS_WHO, Carries
from annotations.formats.reading.records import Fields, Record, Refused, read_json_lines
from annotations.formats.writing.fitting import Fitted
from annotations.model.layer import Document, Relation, Span


class _Writer:
    """Writes a line a layer; span ids are numbers that occur once in a file, as doccano wants."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.records = 0
        self.items = 0

    def encode(self, document: Document, fitted: Fitted) -> dict[str, Any]:
        """Make a layer into a record whose ids count from 0."""
        layer = fitted.layer
        record: dict[str, Any] = {"text": document.text}
        if self.job.choices.relations:
            numbers = {span.id: number for number, span in enumerate(layer.spans)}
            record["entities"] = [
                {
                    "id": numbers[span.id],
                    "label": span.label,
                    "start_offset": span.start,
                    "end_offset": span.end,
                }
                for span in layer.spans
            ]
            record["relations"] = [
                {
                    "id": number,
                    "from_id": numbers[relation.head],
                    "to_id": numbers[relation.child],
                    "type": relation.type,
                }
                for number, relation in enumerate(layer.relations)
            ]
        else:
            record["label"] = [[span.start, span.end, span.label] for span in layer.spans]
        return record | {
            "Comments": [layer.note] if layer.note else [],
            "document": document.id,
            "text_sha256": document.sha256,
            "offset_unit": "codepoint",
            "annotator": layer.annotator,
            "status": layer.status,
            "kind": layer.kind,
        }

    def add(self, encoded: dict[str, Any], split: str) -> None:
        """Number the spans and relations, and write the line."""
        items = [*encoded.get("entities", ()), *encoded.get("relations", ())]
        for item in items:
            for key in item.keys() & {"id", "from_id", "to_id"}:
                item[key] += self.items
        self.items += len(items)
        self.records += 1
        line = {"id": self.records, **encoded}
        self.job.output.file(split).write(encode_line(line))

    def finish(self) -> None:
        """Create the file of every split, even if nothing went there."""
        for split in self.job.output.splits or ("",):
            self.job.output.file(split)


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read what doccano exports, and what is written here."""
    return read_json_lines(paths, _record)


def _record(where: str, fields: Fields) -> Record:
    fields.ignore("id", "offset_unit")
    record = Record(
        where,
        document=fields.optional("document"),
        sha256=fields.optional("text_sha256"),
        text=fields.optional("text") if fields.any("text") is not None else fields.text("data"),
        annotator=fields.optional("annotator"),
        status=fields.optional("status"),
        kind=fields.optional("kind"),
        note=_comments(fields.list("Comments")),
    )
    for item in fields.objects("entities", "entity"):
        record.spans.append(
            Span(
                f"s{item.number('id')}",
                item.number("start_offset"),
                item.number("end_offset"),
                item.text("label"),
                "import",
            )
        )
        record.not_kept |= item.unread("entities.")
    for name in ("label", "labels"):
        record.spans += [_simple(item) for item in fields.list(name)]
    for item in fields.objects("relations", "relation"):
        item.ignore("id")
        ends = (f"s{item.number(name)}" for name in ("from_id", "to_id"))
        record.relations.append(Relation("", item.text("type"), *ends))
        record.not_kept |= item.unread("relations.")
    record.not_kept |= fields.unread()
    return record


def _comments(found: list[Any]) -> str:
    """Join comments: texts, or objects that hold one."""
    return "\n".join(
        str(item.get("comment") or item.get("text") or "") if isinstance(item, dict) else str(item)
        for item in found
    )


def _simple(item: Any) -> Span:  # noqa: ANN401 - from a file
    if isinstance(item, list) and len(item) == 3:
        start, end, label = item
        if type(start) is int and type(end) is int and isinstance(label, str):
            return Span("", start, end, label, "import")
    raise ImportRefusedError(f"its label {item!r} is not a start, an end and a name")


FORMAT: Final = Format(
    name="doccano",
    about="doccano, sequence labelling (with relations, or --no-relations)",
    carries=Carries(notes=False, keeps=KEEPS_WHO),
    writer=_Writer,
    reader=read,
    advice="Set 'allow overlapping spans' and 'use relations' in the project: without the first "
    "its importer drops overlapping spans in silence, and fails on a relation that had one.",
)
