"""Training data for GLiNER, a JSON array: tokens, and spans as numbers of tokens.

Of the two numbers of a span the last is inclusive. White space is no token. Relations are pairs of
numbers into `ner`. Its span models take spans of twelve words at most unless told otherwise, and
ignore others in silence, so those are left out here and told (`--max-width`). Read from gliner
0.2.29: data_processing/{processor,utils}.py, and train.py, which loads an array.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from annotations.disk.codec import encode
from annotations.errors import ImportRefusedError
from annotations.formats.base import ArrayFile, Format, Job
from annotations.formats.carries import KEEPS_WHO, Carries
from annotations.formats.reading.elements import Torn, elements
from annotations.formats.reading.records import (
    Fields,
    Record,
    Refused,
    files_of,
    made,
    opened,
    read_json_lines,
)
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.tokens import covering
from annotations.model.layer import Document, Relation, Span

_HEAD: Final = 64
"""Bytes in which it shows whether a file is an array."""


def _element(document: Document, fitted: Fitted) -> bytes:
    layer = fitted.layer
    numbers: list[int] = []
    words: list[str] = []
    for token in fitted.tokens:
        numbers.append(len(words))
        if not token.blank:
            words.append(token.text(document.text))
    places = {span.id: number for number, span in enumerate(layer.spans)}
    record: dict[str, Any] = {"tokenized_text": words, "ner": []}
    for span in layer.spans:
        first, last = covering(fitted.tokens, span.start, span.end)
        record["ner"].append([numbers[first], numbers[last], span.label])
    if layer.relations:
        record["relations"] = [
            [places[relation.head], places[relation.child], relation.type]
            for relation in layer.relations
        ]
    record |= {
        "id": document.id,
        "text_sha256": document.sha256,
        "offset_unit": "token",
        "annotator": layer.annotator,
        "status": layer.status,
        "kind": layer.kind,
    }
    if layer.note:
        record["note"] = layer.note
    return encode(record)


class _Writer:
    """Writes an array for each split, an article a line."""

    def __init__(self, job: Job) -> None:
        splits = job.output.splits or ("",)
        self.arrays = {split: ArrayFile(job.output.file(split)) for split in splits}

    def encode(self, document: Document, fitted: Fitted) -> bytes:
        """Make a layer into an element."""
        return _element(document, fitted)

    def add(self, encoded: bytes, split: str) -> None:
        """Write it into the array of its split."""
        self.arrays[split].add(encoded)

    def finish(self) -> None:
        """Close the arrays."""
        for array in self.arrays.values():
            array.close()


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read training data, an array or JSON lines; without a name its tokens tell the article."""
    for path in files_of(paths, (".json", ".jsonl")):
        with opened(path) as stream:
            is_array = stream.read(_HEAD).lstrip()[:1] == b"["
        if not is_array:
            yield from read_json_lines([path], _record, several=True)
            continue
        for number, found in enumerate(elements(path), 1):
            where = f"{path.name}, article {number}"
            if isinstance(found, Torn):
                yield Refused(where, found.reason)
            else:
                yield made(where, lambda: _record(where, Fields(found)))  # noqa: B023


def _record(where: str, fields: Fields) -> Record:
    fields.ignore("offset_unit", "ner_labels", "rel_labels", "ner_negatives", "rel_negatives")
    tokens = fields.list("tokenized_text")
    if "tokenized_text" not in fields.values or not all(isinstance(item, str) for item in tokens):
        raise ImportRefusedError("its tokenized_text is no list of words")
    record = Record(
        where,
        document=fields.optional("id"),
        sha256=fields.optional("text_sha256"),
        tokens=tokens,
        annotator=fields.optional("annotator"),
        status=fields.optional("status"),
        kind=fields.optional("kind"),
        note=fields.text("note"),
        unit="token",
    )
    for number, item in enumerate(fields.list("ner"), 1):
        first, last, label = _triple(item, int, "ner")
        record.spans.append(Span(f"s{number}", first, last + 1, label, "import"))
    for item in fields.list("relations"):
        head, child, name = _triple(item, int, "relations")
        for place in (head, child):
            if not 0 <= place < len(record.spans):
                raise ImportRefusedError(f"a relation joins span {place} of {len(record.spans)}")
        record.relations.append(Relation("", name, f"s{head + 1}", f"s{child + 1}"))
    record.not_kept |= fields.unread()
    return record


def _triple(item: Any, kind: type[int], what: str) -> tuple[int, int, str]:  # noqa: ANN401
    if isinstance(item, list) and len(item) == 3:
        first, second, name = item
        if type(first) is kind and type(second) is kind and isinstance(name, str):
            return first, second, name
    raise ImportRefusedError(f"its {what} hold {item!r}, not two numbers and a name")


FORMAT: Final = Format(
    name="gliner",
    about="GLiNER, training data",
    carries=Carries(
        tokens=True,
        spaces=False,
        width=True,
        notes=False,
        keeps=KEEPS_WHO,
    ),
    writer=_Writer,
    reader=read,
    suffix=".json",
    options=("tokens", "max_width"),
    offsets="tokens",
    advice="Set max_width and max_len in its configuration: wider spans, and what comes after 384 "
    "words, it leaves out in silence.",
)
