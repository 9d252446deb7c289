"""A format that only tests know: a line a span, with its article, the hash of that, offsets and label.

It stands for any new format: a module with a `FORMAT`, and a line in the registry.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from annotations.formats.base import Format, Job, LineWriter
from annotations.formats.carries import Carries
from annotations.formats.reading.records import Record, Refused, files_of, read_text
from annotations.formats.writing.fitting import Fitted
from annotations.model.layer import Document, Span


def _lines(document: Document, fitted: Fitted) -> bytes:
    spans = fitted.layer.spans
    return "".join(
        f"{document.id}\t{document.sha256}\t{span.start}\t{span.end}\t{span.label}\n"
        for span in spans
    ).encode()


def _write(job: Job) -> LineWriter:
    return LineWriter(job, _lines)


def _read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    for path in files_of(paths, (".toy",)):
        records: dict[str, Record] = {}
        for number, line in enumerate(read_text(path).splitlines(), 1):
            fields = line.split("\t")
            if len(fields) != 5:
                yield Refused(f"{path.name}, line {number}", "it has no five columns")
                continue
            document, sha256, start, end, label = fields
            record = records.setdefault(document, Record(path.name, document, sha256=sha256))
            record.spans.append(Span("", int(start), int(end), label, "import"))
        yield from records.values()


FORMAT: Final = Format(
    name="toy",
    about="the tests",
    carries=Carries(relations=False, notes=False, layer_note=False, empty=False, keeps=frozenset()),
    writer=_write,
    reader=_read,
    suffix=".toy",
)
