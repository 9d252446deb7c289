"""Flat tables in Parquet, for DuckDB, Spark and pandas: spans, layers, relations, documents.

Each table is a folder of parts, below `split=NAME` if the articles are split, so that many
processes can read a large project at once. Offsets are code points, the end exclusive.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from sys import intern
from typing import Any, Final, NamedTuple, TypeAlias

from msgspec import Struct, field

from annotations.disk.files import open_named
from annotations.errors import ImportRefusedError
from annotations.formats.base import Format, Job
from annotations.formats.carries import KEEPS_ALL, Carries
from annotations.formats.libraries import library
from annotations.formats.reading.records import Record, Refused
from annotations.formats.writing.fitting import Fitted
from annotations.model.layer import Document, Relation, Span

_Values: TypeAlias = dict[str, Any]
"""A row by the names of its columns."""

TABLES: Final = {
    "documents": {
        "document": "string", "text_sha256": "string", "file": "string", "text": "string",
    },
    "layers": {
        "document": "string", "text_sha256": "string", "offset_unit": "string",
        "annotator": "string", "status": "string", "kind": "string", "note": "string",
        "spans": "int64",
    },
    "spans": {
        "document": "string", "annotator": "string", "id": "string", "start": "int64",
        "end": "int64", "label": "string", "text": "string", "source": "string", "note": "string",
    },
    "relations": {
        "document": "string", "annotator": "string", "id": "string", "type": "string",
        "head": "string", "child": "string",
    },
}  # fmt: skip
"""Columns of each table, with their types."""
_FEW: Final = 100_000
"""Rows that a file may have whatever its size."""
_ROWS: Final = 50_000
"""Rows that are written at a time."""
_TEXTS: Final = 1000
"""Rows that are written at a time where each holds an article."""
_PART: Final = 250_000
"""Rows of a part."""


def _parquet(module: str = "pyarrow") -> Any:  # noqa: ANN401 - a module
    return library(module, "parquet", "The format parquet")


class _Layer(NamedTuple):
    """A layer as columns."""

    document: tuple[str, str, str, str]
    layer: tuple[str, str, str, str, str, str, str, int]
    spans: list[list[Any]]
    relations: list[list[Any]]


class _Writer:
    """Writes tables part by part."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.tables: dict[tuple[str, str], _Table] = {}
        self.documents: set[str] = set()
        """Documents that are written: their other layers need not repeat them."""

    def encode(self, document: Document, fitted: Fitted) -> _Layer:
        """Make a layer into columns."""
        layer, text = fitted.layer, document.text
        spans, relations = layer.spans, layer.relations
        return _Layer(
            (document.id, document.sha256, document.file, text),
            (
                document.id, document.sha256, "codepoint", layer.annotator, layer.status,
                layer.kind, layer.note, len(spans),
            ),
            [
                [span.id for span in spans],
                [span.start for span in spans],
                [span.end for span in spans],
                [span.label for span in spans],
                [text[span.start : span.end] for span in spans],
                [span.source for span in spans],
                [span.note for span in spans],
            ],
            [
                [item.id for item in relations],
                [item.type for item in relations],
                [item.head for item in relations],
                [item.child for item in relations],
            ],
        )  # fmt: skip

    def add(self, encoded: _Layer, split: str) -> None:
        """Add a layer's rows to the tables of its split."""
        document, annotator = encoded.layer[0], encoded.layer[3]
        if document not in self.documents:
            self.documents.add(document)
            self._table("documents", split).add([[value] for value in encoded.document])
        self._table("layers", split).add([[value] for value in encoded.layer])
        for name, columns in (("spans", encoded.spans), ("relations", encoded.relations)):
            count = len(columns[0])
            if count:
                self._table(name, split).add([[document] * count, [annotator] * count, *columns])

    def finish(self) -> None:
        """Write what waits; a table without rows has a part of its columns alone."""
        for split in self.job.output.splits or ("",):
            for name in TABLES:
                self._table(name, split).close()

    def _table(self, name: str, split: str) -> "_Table":
        if (name, split) not in self.tables:
            self.tables[name, split] = _Table(self.job, name, split)
        return self.tables[name, split]


class _Table:
    """A folder of parts."""

    def __init__(self, job: Job, name: str, split: str) -> None:
        self.job = job
        self.folders = (name, f"split={split}" if split else "")
        self.arrow = _parquet()
        self.parquet = _parquet("pyarrow.parquet")
        kinds = {"string": self.arrow.string(), "int64": self.arrow.int64()}
        columns = TABLES[name]
        self.schema = self.arrow.schema([(key, kinds[kind]) for key, kind in columns.items()])
        self.columns: list[list[Any]] = [[] for _ in columns]
        self.writer: Any = None
        self.parts = 0
        self.rows = 0

    def add(self, columns: Sequence[list[Any]]) -> None:
        """Add rows, given as columns, to those that wait."""
        for waiting, column in zip(self.columns, columns, strict=True):
            waiting.extend(column)
        if len(self.columns[0]) >= (_TEXTS if self.folders[0] == "documents" else _ROWS):
            self._write()

    def close(self) -> None:
        """Write what waits, and close the last part."""
        if self.columns[0] or not self.parts:
            self._write()
        self._close_part()

    def _close_part(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.stream.close()
            self.writer = None

    def _write(self) -> None:
        if self.writer is None:
            name = f"part-{self.parts:05}.parquet"
            self.stream = self.job.output.new(*self.folders, name)
            self.writer = self.parquet.ParquetWriter(self.stream, self.schema, compression="zstd")
            self.parts += 1
            self.rows = 0
        self.writer.write_table(self.arrow.table(self.columns, schema=self.schema))
        self.rows += len(self.columns[0])
        self.columns = [[] for _ in self.columns]
        if self.rows >= _PART:
            self._close_part()


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read the tables of an export: layers, with their spans and relations."""
    for path in paths:
        try:
            yield from _read(path)
        except ImportRefusedError as error:
            yield Refused(path.name, error.message)


def _read(path: Path) -> Iterator[Record | Refused]:
    gathered: dict[tuple[str, str], _Gathered] = {}
    for name in ("spans", "relations"):
        for row in _rows(path, name):
            key = (str(row["document"]), str(row["annotator"]))
            gathered.setdefault(key, _Gathered()).take(name, row)
    for layer in _rows(path, "layers"):
        key = (str(layer["document"]), str(layer["annotator"]))
        yield _record(f"{key[0]} by {key[1]}", layer, gathered.pop(key, _Gathered()))
    for document, annotator in gathered:
        where = f"{document} by {annotator}"
        yield Refused(where, "there are spans or relations of it, but no layer")


class _Gathered(Struct):
    """The spans and relations of a layer, in little memory: there may be millions of rows."""

    spans: list[Span] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    covers: dict[str, str] = field(default_factory=dict)
    has_empty: bool = False
    """Whether a row had an empty column."""

    def take(self, table: str, row: _Values) -> None:
        """Add a row."""
        if None in row.values():
            self.has_empty = True
        elif table == "spans":
            label, source, note = (intern(row[name]) for name in ("label", "source", "note"))
            span = Span(row["id"], row["start"], row["end"], label, source, note)
            self.spans.append(span)
            self.covers[span.id] = row["text"]
        else:
            relation = Relation(row["id"], intern(row["type"]), row["head"], row["child"])
            self.relations.append(relation)


def _rows(path: Path, name: str) -> Iterator[_Values]:
    """Read the rows of a table.

    Raises:
        ImportRefusedError: It lacks a column, has one of another type, or is no table.
    """
    arrow, parquet = _parquet(), _parquet("pyarrow.parquet")
    files = sorted((path / name).rglob("*.parquet"))
    if not files and name != "relations":
        raise ImportRefusedError(f"there is no table {name} in it")
    for file in files:
        try:
            with open_named(file) as stream, parquet.ParquetFile(stream) as opened:
                _check_rows(opened.metadata.num_rows, file)
                for batch in opened.iter_batches(_ROWS):
                    table = arrow.Table.from_batches([batch]).select(list(TABLES[name]))
                    kinds = {"string": arrow.string(), "int64": arrow.int64()}
                    schema = arrow.schema([(k, kinds[v]) for k, v in TABLES[name].items()])
                    yield from table.cast(schema).to_pylist()
        except (arrow.ArrowException, KeyError, OSError) as error:
            raise ImportRefusedError(f"{file.name} is no table of {name} ({error})") from error


def _check_rows(count: int, file: Path) -> None:
    """Refuse more rows than a file of its size can hold if no two are alike.

    Raises:
        ImportRefusedError: It says that it has more.
    """
    if count > _FEW + file.stat().st_size:
        raise ImportRefusedError(f"{file.name} has {count:,} rows, which are too many for its size")


def _record(where: str, layer: _Values, found: _Gathered) -> Record | Refused:
    if found.has_empty or None in layer.values():
        return Refused(where, "a row of it has an empty column")
    spans = found.spans
    if layer["offset_unit"] != "codepoint":
        return Refused(where, f"its offsets count {layer['offset_unit']}, not code points")
    if len(spans) != layer["spans"]:
        return Refused(where, f"there are {len(spans)} spans of it, and it says {layer['spans']}")
    return Record(
        where,
        document=layer["document"],
        sha256=layer["text_sha256"],
        annotator=layer["annotator"],
        status=layer["status"],
        kind=layer["kind"],
        note=layer["note"],
        spans=spans,
        relations=found.relations,
        covers=found.covers,
    )


FORMAT: Final = Format(
    name="parquet",
    about="flat tables for DuckDB, Spark and pandas",
    carries=Carries(keeps=KEEPS_ALL),
    writer=_Writer,
    reader=read,
    target="folder",
    suffix=".parquet",
    extra="parquet",
)
