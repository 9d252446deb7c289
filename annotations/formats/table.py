"""A table of spans as CSV, for spreadsheets and quick looks: a row a span.

Offsets are code points, the end exclusive. Relations and articles without spans have no row.
"""

import csv
import io
from typing import Final

from annotations.formats.base import Format, Job
from annotations.formats.carries import KEEPS_ALL, Carries
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.output import Sink
from annotations.model.layer import Document

COLUMNS: Final = (
    "document", "annotator", "status", "kind", "id", "start", "end", "label", "text", "source",
    "note", "text_sha256", "offset_unit",
)  # fmt: skip


class _Writer:
    """Writes the rows of each layer, after a head."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._begun: set[str] = set()

    def encode(self, document: Document, fitted: Fitted) -> bytes:
        """Make a layer into rows."""
        layer = fitted.layer
        rows = (
            (
                document.id, layer.annotator, layer.status, layer.kind, span.id, span.start,
                span.end, span.label, document.text[span.start : span.end], span.source, span.note,
                document.sha256, "codepoint",
            )
            for span in layer.spans
        )  # fmt: skip
        stream = io.StringIO()
        # all texts are quoted: a lone carriage return in one would end the row for some readers
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        writer.writerows(rows)
        return stream.getvalue().encode()

    def add(self, encoded: bytes, split: str) -> None:
        """Write rows into the file of their split."""
        self._file(split).write(encoded)

    def finish(self) -> None:
        """Create a file with a head for every split."""
        for split in self.job.output.splits or ("",):
            self._file(split)

    def _file(self, split: str) -> Sink:
        stream = self.job.output.file(split)
        if split not in self._begun:
            self._begun.add(split)
            stream.write(",".join(COLUMNS).encode() + b"\n")
        return stream


FORMAT: Final = Format(
    name="csv",
    about="a table of spans, for spreadsheets",
    carries=Carries(
        relations=False,
        layer_note=False,
        empty=False,
        keeps=KEEPS_ALL,
    ),
    writer=_Writer,
    suffix=".csv",
    advice="It is UTF-8; in Excel choose Data, From Text.",
)
