"""Label Studio tasks, with the labelling configuration beside them.

A task is an article; each annotator's layer is one annotation of it. Regions count code points
(Label Studio's own front end has done so since its text regions were mended for characters beyond
U+FFFF). A region's note is its meta text, the status is a choice, the note of a layer a text area:
what Label Studio itself keeps when it imports and exports. Read from label-studio 1.23.2.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from annotations.disk.codec import encode
from annotations.errors import ImportRefusedError
from annotations.formats.base import ArrayFile, Format, Job
from annotations.formats.carries import KEEPS_WHO, Carries
from annotations.formats.reading.elements import Torn, elements
from annotations.formats.reading.records import Fields, Record, Refused, files_of, made
from annotations.formats.writing.fitting import Fitted
from annotations.model.layer import STATUSES, Document, Layer, Relation, Span
from annotations.model.scheme import Scheme

_COLOURS: Final = {
    "blue": "#3b82f6", "orange": "#f59e0b", "green": "#22c55e", "violet": "#8b5cf6",
    "red": "#ef4444", "teal": "#14b8a6", "yellow": "#eab308", "grey": "#9ca3af",
}  # fmt: skip


def config(scheme: Scheme) -> bytes:
    """Write the labelling configuration of a project that takes the tasks."""
    lines = ["<View>", "  <Relations>"]
    lines += [f"    <Relation value={quoteattr(item.name)}/>" for item in scheme.relations]
    lines += ["  </Relations>", '  <Labels name="label" toName="text">']
    lines += [
        f'    <Label value={quoteattr(label.name)} background="{_COLOURS[label.colour]}"/>'
        for label in scheme.labels
    ]
    lines += [
        "  </Labels>",
        '  <View style="direction: rtl">',
        '    <Text name="text" value="$text" granularity="symbol"/>',
        "  </View>",
        '  <Choices name="status" toName="text" choice="single">',
        *(f'    <Choice value="{status}"/>' for status in STATUSES),
        "  </Choices>",
        '  <TextArea name="note" toName="text" editable="true"/>',
        "</View>",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _annotation(layer: Layer, text: str) -> dict[str, Any]:
    result: list[dict[str, Any]] = []
    for span in layer.spans:
        region: dict[str, Any] = {
            "id": span.id,
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": span.start,
                "end": span.end,
                "text": text[span.start : span.end],
                "labels": [span.label],
            },
        }
        if span.note:
            region["meta"] = {"text": [span.note]}
        result.append(region)
    joined: dict[tuple[str, str], list[str]] = {}
    for relation in layer.relations:
        joined.setdefault((relation.head, relation.child), []).append(relation.type)
    result += [
        {
            "type": "relation",
            "from_id": head,
            "to_id": child,
            "direction": "right",
            "labels": types,
        }
        for (head, child), types in joined.items()
    ]
    result.append(_whole("status", "choices", {"choices": [layer.status]}))
    if layer.note:
        result.append(_whole("note", "textarea", {"text": [layer.note]}))
    return {
        "result": result,
        "was_cancelled": layer.status == "skipped",
        "ground_truth": layer.kind == "gold",
        "annotator": layer.annotator,
        "kind": layer.kind,
    }


def _whole(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """Write a result that belongs to the whole text, under an id that no region has."""
    return {
        "id": f"hashiya:{name}",
        "from_name": name,
        "to_name": "text",
        "type": kind,
        "value": value,
    }


class _Writer:
    """Writes an array of tasks, an article a line."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.waiting: dict[str, dict[str, Any]] = {}
        """The task of each split whose article may have more annotations."""
        self.arrays: dict[str, ArrayFile] = {}

    def encode(self, document: Document, fitted: Fitted) -> dict[str, Any]:
        """Make a layer into a task with one annotation."""
        return {
            "data": {
                "text": document.text,
                "document": document.id,
                "text_sha256": document.sha256,
                "offset_unit": "codepoint",
            },
            "annotations": [_annotation(fitted.layer, document.text)],
        }

    def add(self, encoded: dict[str, Any], split: str) -> None:
        """Add an annotation to those of its article, or begin the next article."""
        waiting = self.waiting.get(split)
        if waiting and waiting["data"]["document"] == encoded["data"]["document"]:
            waiting["annotations"] += encoded["annotations"]
            return
        self._write(split)
        self.waiting[split] = encoded

    def finish(self) -> None:
        """Close the arrays, and write the configuration beside them."""
        for split in self.job.output.splits or ("",):
            self._write(split)
            self._array(split).close()
        if self.job.output.path is not None:
            self.job.output.file("config", suffix=".xml").write(config(self.job.scheme))

    def _write(self, split: str) -> None:
        task = self.waiting.pop(split, None)
        if task is not None:
            self._array(split).add(encode(task))

    def _array(self, split: str) -> ArrayFile:
        if split not in self.arrays:
            self.arrays[split] = ArrayFile(self.job.output.file(split))
        return self.arrays[split]


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read tasks as Label Studio exports them (JSON, not JSON-MIN), one by one."""
    files = list(files_of(paths, (".json",)))
    for path in files:
        for number, found in enumerate(elements(path), 1):
            where = f"{path.name}, task {number}" if len(files) > 1 else f"task {number}"
            if isinstance(found, Torn):
                yield Refused(where, found.reason)
                continue
            try:
                records = list(_records(where, Fields(found)))
            except ImportRefusedError as error:
                yield Refused(where, error.message)
                continue
            yield from records


def _records(where: str, fields: Fields) -> Iterator[Record | Refused]:
    fields.ignore(
        "id", "inner_id", "meta", "created_at", "updated_at", "project", "updated_by",
        "file_upload",
        "total_annotations", "cancelled_annotations", "total_predictions", "comment_count",
        "unresolved_comment_count", "last_comment_updated_at", "comment_authors",
        "allow_skip", "precomputed_agreement", "is_labeled", "overlap",
    )  # fmt: skip
    data = Fields(fields.any("data"), "its data")
    fields.ignore("annotations")
    left = fields.unread()
    found = list(fields.objects("annotations", "annotation"))
    if left and not found:
        yield Refused(where, f"it has no annotation, only {', '.join(sorted(left))}")
    for number, item in enumerate(found, 1):
        place = f"{where}, annotation {number}"
        yield made(place, lambda: _record(place, item, data, left))  # noqa: B023 - called at once


def _record(where: str, fields: Fields, data: Fields, left: set[str]) -> Record:
    text = data.text("text")
    kind = fields.optional("kind") or ("gold" if fields.any("ground_truth") else None)
    record = Record(
        where,
        document=data.optional("document"),
        sha256=data.optional("text_sha256"),
        text=text,
        annotator=fields.optional("annotator") or _completer(fields.any("completed_by")),
        status="skipped" if fields.any("was_cancelled") else None,
        kind=kind,
        not_kept={*left},
    )
    covers: dict[str, str] = {}
    for item in fields.objects("result", "result"):
        kind = item.text("type")
        if kind == "relation":
            types = item.list("labels") or [""]
            ends = [item.text("from_id"), item.text("to_id")]
            if item.text("direction", "right") == "left":
                ends.reverse()
            record.relations += [Relation("", str(name), *ends) for name in types]
        elif kind == "labels":
            _take_region(item, record, covers, text)
        elif kind == "choices" and item.any("from_name") == "status":
            record.status = next(
                map(str, Fields(item.any("value"), "a choice").list("choices")), record.status
            )
        elif kind == "textarea" and item.any("from_name") == "note":
            record.note = "\n".join(map(str, Fields(item.any("value"), "a text area").list("text")))
        else:
            record.not_kept.add(f"result.{kind}")
    record.covers = covers
    return record


def _take_region(item: Fields, record: Record, covers: dict[str, str], text: str) -> None:
    value = Fields(item.any("value"), f"the value of {item.what}")
    name = item.text("id")
    start, end = value.number("start"), value.number("end")
    meta = Fields(item.any("meta") or {}, "its meta")
    note = "\n".join(map(str, meta.list("text")))
    if value.any("text") is not None:
        covers[name] = value.text("text")
        if covers[name] == text[start:end].replace("\n", "\\n"):
            covers[name] = text[start:end]  # its exports spell line ends out
    labels = value.list("labels")
    if not labels:
        raise ImportRefusedError(f"region {name} has no label")
    for number, label in enumerate(labels):
        own = name if not number else f"{name}-{number + 1}"
        record.spans.append(Span(own, start, end, str(label), "import", note))


def _completer(found: Any) -> str | None:  # noqa: ANN401 - from a file
    """Name who completed an annotation: by address, or by number."""
    if isinstance(found, dict):
        found = found.get("email") or found.get("id")
    return None if found is None else str(found)


FORMAT: Final = Format(
    name="labelstudio",
    about="Label Studio tasks, and its labelling configuration",
    carries=Carries(keeps=KEEPS_WHO | {"ids"}),
    writer=_Writer,
    reader=read,
    suffix=".json",
    advice="Its own users take the place of annotators: export one at a time to tell them apart "
    "there, and paste the .config.xml into the project first.",
)
