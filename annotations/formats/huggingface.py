"""A folder that Hugging Face's `datasets` loads: rows with tokens and tags, and a card.

Each row is an article: its text, the tokens, a column of tags for each flat layer of labels, and
beside them all spans and relations with code-point offsets. The card (README.md) tells the types,
so that tags are read as class labels. Rows are JSON lines, or Parquet with `--files parquet`.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from annotations.disk.codec import encode_line
from annotations.disk.files import open_named, read_named
from annotations.errors import FormatError, ImportRefusedError
from annotations.formats.base import Format, Job, JsonRow
from annotations.formats.carries import KEEPS_ALL, Carries
from annotations.formats.conll import spans_of, tags_of
from annotations.formats.jsonl import read_relation, relation_record
from annotations.formats.libraries import library
from annotations.formats.reading.records import (
    MOST_BYTES,
    Fields,
    Record,
    Refused,
    files_of,
    made,
    read_json_lines,
)
from annotations.formats.writing.choices import flat_groups
from annotations.formats.writing.fitting import Fitted
from annotations.model.layer import Document, Span

_TEXTS: Final = (
    "id", "text", "text_sha256", "offset_unit", "annotator", "status", "kind", "note",
)  # fmt: skip
_SPAN: Final = {"id": "string", "start": "int64", "end": "int64", "label": "string",
                "source": "string", "note": "string"}  # fmt: skip
_RELATION: Final = {"id": "string", "type": "string", "head": "string", "child": "string"}
_FEW: Final = 100_000
"""Rows that a file may have whatever its size."""
_ROWS: Final = 512
"""Rows that are written to a Parquet file at a time."""


def columns(layers: Sequence[str]) -> dict[str, str]:
    """Name the column of the tags of each flat layer, no two alike."""
    found: dict[str, str] = {}
    for layer in layers:
        name = "ner" if layer == "entities" else layer
        while f"{name}_tags" in found.values():
            name += "_"
        found[layer] = f"{name}_tags"
    return found


def tag_names(labels: Sequence[str], kind: str) -> list[str]:
    """List the tags of a column in the order of their numbers; O is 0."""
    letters = "BI" if kind == "bio" else "BILU"
    return ["O", *(f"{letter}-{label}" for label in labels for letter in letters)]


class _Writer:
    """Writes rows into a file for each split, and the card at the end."""

    def __init__(self, job: Job) -> None:
        self.job = job
        groups = flat_groups(job.scheme, job.choices)
        self.columns = columns(tuple(groups))
        self.tags = {
            self.columns[name]: tag_names(labels, job.choices.tags)
            for name, labels in groups.items()
        }
        self.numbers = {
            name: {tag: number for number, tag in enumerate(tags)}
            for name, tags in self.tags.items()
        }
        self.written: dict[str, _Rows] = {}

    def encode(self, document: Document, fitted: Fitted) -> JsonRow:
        """Make a layer into a row."""
        layer, text = fitted.layer, document.text
        tokens = [token for token in fitted.tokens if not token.blank]
        row: JsonRow = {
            "id": document.id,
            "text": text,
            "text_sha256": document.sha256,
            "offset_unit": "codepoint",
            "annotator": layer.annotator,
            "status": layer.status,
            "kind": layer.kind,
            "note": layer.note,
            "tokens": [token.text(text) for token in tokens],
            "token_starts": [token.start for token in tokens],
        }
        for name, spans in fitted.flats.items():
            tags = tags_of(fitted.tokens, spans, self.job.choices.tags)
            numbers = self.numbers[self.columns[name]]
            row[self.columns[name]] = [numbers[tags.get(token.start, "O")] for token in tokens]
        row["spans"] = [{key: getattr(span, key) for key in _SPAN} for span in layer.spans]
        row["relations"] = [relation_record(item) for item in layer.relations]
        return row

    def add(self, encoded: JsonRow, split: str) -> None:
        """Write a row into the file of its split."""
        name = split or "train"
        if name not in self.written:
            files = self.job.choices.files
            stream = self.job.output.new("data", f"{name}.{files}")
            made_of = _ParquetRows if files == "parquet" else _JsonRows
            self.written[name] = made_of(stream, list(self.tags))
        self.written[name].write(encoded)

    def finish(self) -> None:
        """Close the files and write the card; a split without rows has no file."""
        if not self.written:
            raise FormatError("No layer was chosen, and datasets loads nothing without rows.")
        for rows in self.written.values():
            rows.close()
        self.job.output.put(self._card().encode(), "README.md")

    def _card(self) -> str:
        texts = "".join(f"  - name: {name}\n    dtype: string\n" for name in _TEXTS)
        lists = "  - name: tokens\n    list: string\n  - name: token_starts\n    list: int64\n"
        tags = "".join(
            f"  - name: {name}\n    list:\n      class_label:\n        names:\n"
            + "".join(f"          '{number}': {tag}\n" for number, tag in enumerate(found))
            for name, found in self.tags.items()
        )
        structs = "".join(
            f"  - name: {name}\n    list:\n"
            + "".join(f"    - name: {key}\n      dtype: {kind}\n" for key, kind in found.items())
            for name, found in (("spans", _SPAN), ("relations", _RELATION))
        )
        order = [name for name in (*self.job.output.splits, "train") if name in self.written]
        files = "".join(
            f"  - split: {name}\n    path: data/{name}.{self.job.choices.files}\n"
            for name in dict.fromkeys(order)
        )
        labels = ", ".join(self.job.choices.labels or self.job.scheme.label_names)
        return (
            f"---\nlanguage:\n- ar\ntask_categories:\n- token-classification\n"
            f"dataset_info:\n  features:\n{texts}{lists}{tags}{structs}"
            f"configs:\n- config_name: default\n  data_files:\n{files}---\n\n"
            f"# Spans in Arabic articles\n\n"
            f"Labels: {labels}. A row is an article by one annotator. `spans` holds all spans, "
            f"which may nest and cross; {', '.join(f'`{name}`' for name in self.tags)} hold one "
            f"tag a token and so only spans that don't overlap. Offsets count code points of "
            f"`text`, the end exclusive; token `i` begins at `token_starts[i]`.\n\n"
            f"Exported by Hashiya.\n"
        )


class _Rows:
    """A file of rows."""

    def __init__(self, stream: IO[bytes], tags: Sequence[str]) -> None:
        self.stream = stream
        self.tags = tags

    def write(self, row: JsonRow) -> None:
        """Write a row."""
        raise NotImplementedError

    def close(self) -> None:
        """Write what waits, and close the file."""
        raise NotImplementedError


class _JsonRows(_Rows):
    """JSON lines."""

    def write(self, row: JsonRow) -> None:
        """Write a row."""
        self.stream.write(encode_line(row))

    def close(self) -> None:
        """Close the file."""
        self.stream.close()


class _ParquetRows(_Rows):
    """A Parquet file."""

    def __init__(self, stream: IO[bytes], tags: Sequence[str]) -> None:
        super().__init__(stream, tags)
        self.arrow = library("pyarrow", "huggingface", "--files parquet")
        parquet = library("pyarrow.parquet", "huggingface", "--files parquet")
        arrow = self.arrow
        kinds = {"string": arrow.string(), "int64": arrow.int64()}
        structs = {
            name: arrow.list_(arrow.struct([(key, kinds[kind]) for key, kind in found.items()]))
            for name, found in (("spans", _SPAN), ("relations", _RELATION))
        }
        self.schema = arrow.schema(
            [
                *((name, arrow.string()) for name in _TEXTS),
                ("tokens", arrow.list_(arrow.string())),
                ("token_starts", arrow.list_(arrow.int64())),
                *((name, arrow.list_(arrow.int64())) for name in tags),
                *structs.items(),
            ]
        )
        self.writer = parquet.ParquetWriter(stream, self.schema)
        self.waiting: list[JsonRow] = []

    def write(self, row: JsonRow) -> None:
        """Write a row with others."""
        self.waiting.append(row)
        if len(self.waiting) >= _ROWS:
            self._write_waiting()

    def close(self) -> None:
        """Write what waits, and close the file."""
        if self.waiting:
            self._write_waiting()
        self.writer.close()
        self.stream.close()

    def _write_waiting(self) -> None:
        self.writer.write_table(self.arrow.Table.from_pylist(self.waiting, self.schema))
        self.waiting = []


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read the rows of a folder, in JSON lines or Parquet: their spans, or else their tags."""
    for path in files_of(paths, (".jsonl", ".parquet")):
        names = _names(path)
        if path.suffix == ".parquet":
            yield from _parquet_rows(path, names)
        else:
            yield from read_json_lines([path], partial(_record, names=names), several=True)


def _parquet_rows(path: Path, names: dict[str, list[str]]) -> Iterator[Record | Refused]:
    parquet = library("pyarrow.parquet", "huggingface", "Reading Parquet")
    arrow = library("pyarrow", "huggingface", "Reading Parquet")
    number = 0
    try:
        with open_named(path) as stream, parquet.ParquetFile(stream) as file:
            if file.metadata.num_rows > _FEW + path.stat().st_size:
                yield Refused(
                    path.name,
                    f"it has {file.metadata.num_rows:,} rows, which are too many for its size",
                )
                return
            for batch in file.iter_batches(_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    where = f"{path.name}, row {number}"
                    yield made(where, lambda: _record(where, Fields(row), names))  # noqa: B023
    except (arrow.ArrowException, OSError) as error:
        yield Refused(path.name, f"it is no Parquet file ({error})")


def _names(path: Path) -> dict[str, list[str]]:
    """Read the names of the tags from the card above a file."""
    found: dict[str, list[str]] = {}
    name = ""
    for folder in list(path.parents)[:2]:
        card = folder / "README.md"
        try:
            content = read_named(card, MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        for line in content.splitlines():
            key, colon, value = line.strip().partition(":")
            if key == "- name":
                name = value.strip()
            elif colon and key.strip("'\"").isdecimal():
                found.setdefault(name, []).append(value.strip().strip("'\""))
    return found


def _record(where: str, row: Fields, names: dict[str, list[str]]) -> Record:
    row.ignore("offset_unit", "token_starts")
    record = Record(
        where,
        document=row.optional("id"),
        sha256=row.optional("text_sha256"),
        text=row.optional("text"),
        annotator=row.optional("annotator"),
        status=row.optional("status"),
        kind=row.optional("kind"),
        note=row.text("note"),
    )
    columns = [name for name in row.values if name.endswith("_tags")]
    row.ignore("tokens", *columns)
    if row.any("spans") is not None:
        record.spans = [
            Span(
                item.text("id"),
                item.number("start"),
                item.number("end"),
                item.text("label"),
                item.text("source", "import"),
                item.text("note"),
            )
            for item in row.objects("spans", "span")
        ]
        record.relations = [read_relation(item) for item in row.objects("relations", "relation")]
    else:
        record.unit = "token"
        record.tokens = [str(token) for token in row.list("tokens")]
        for name in columns:
            tags = [_tag(tag, names.get(name, [])) for tag in row.list(name)]
            if len(tags) != len(record.tokens):
                raise ImportRefusedError(
                    f"it has {len(record.tokens)} tokens and {len(tags)} {name}"
                )
            record.spans += spans_of(tags)
    record.not_kept |= row.unread()
    return record


def _tag(tag: Any, names: list[str]) -> str:  # noqa: ANN401 - from a file
    if isinstance(tag, int) and 0 <= tag < len(names):
        return names[tag]
    if isinstance(tag, str):
        return tag
    raise FormatError(f"The card doesn't name tag {tag!r}.", "Put README.md beside the data.")


FORMAT: Final = Format(
    name="huggingface",
    about="a folder for Hugging Face datasets, with a card",
    carries=Carries(
        flat="beside",
        places=columns,
        tokens=True,
        keeps=KEEPS_ALL,
    ),
    writer=_Writer,
    reader=read,
    target="folder",
    suffix=".jsonl or .parquet",
    options=("tokens", "flatten", "groups", "priority", "tags", "files"),
    offsets="code points, tokens",
    advice="It caches by path: load a new export with download_mode='force_redownload'. If all ids "
    "look like dates, its JSON reader changes them: use --files parquet.",
)
