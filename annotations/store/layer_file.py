"""A layer as a file: TinyDB's tables `layer` (one row, the header), `spans` and `relations`.

A row keeps its number for as long as it exists, so that a change shows as one line in a diff. The
row of a span also notes what it covers and what stands around it, so that it can be found again
in a text that has changed. Files of an older schema are read through `MIGRATIONS`.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from annotations.disk.codec import convert
from annotations.disk.files import read_file
from annotations.disk.replacing import write_atomically
from annotations.errors import StoreError, reason_of
from annotations.model.layer import Kind, Layer, Relation, Span, Status, check_names
from annotations.store.tables import LayerDatabase, Row, Rows, Tables, Write, parse_tables

SCHEMA: Final = 2
"""Version of the layer files written here."""
AROUND: Final = 16
"""Code points that are noted before and after a span."""
_MOST_REVISIONS: Final = 1 << 53

MIGRATIONS: Final[dict[int, Callable[[Tables], None]]] = {}
"""By schema: what changes its tables, in place, into those of the next."""


class UnreadableLayerError(StoreError):
    """A layer file is torn, or not a layer file."""


class ConflictedLayerError(StoreError):
    """A layer file holds two versions that git could not merge."""


class NewerLayerError(StoreError):
    """A layer file was written by a later version of Hashiya."""


class SpanRow(Span, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A span as its row says it, with what is noted of the article."""

    text: str = ""
    """What it covers."""
    before: str = ""
    """What stands before it, up to `AROUND` code points."""
    after: str = ""


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The one row of the table `layer`."""

    schema: int
    document_id: str
    text_sha256: str
    annotator: str
    kind: Kind
    status: Status
    note: str
    revision: int
    saved_at: str


class _File(Struct, frozen=True):
    layer: dict[str, _Header]
    spans: dict[int, SpanRow] = {}
    relations: dict[int, Relation] = {}


class Stored(NamedTuple):
    """A layer as it was read from its file."""

    layer: Layer
    rows: tuple[SpanRow, ...]
    """Its spans with what is noted of the article, in the order of the file."""
    schema: int
    """The schema of the file."""


def read(path: Path) -> Stored | None:
    """Read a layer file; None if there is none.

    Raises:
        UnreadableLayerError: It is torn, or not a layer file.
        ConflictedLayerError: It waits to be merged.
        NewerLayerError: It is of a later schema.
        StoreError: It can't be opened.
    """
    tables = tables_of(path)
    return None if tables is None else stored(tables, path)


def tables_of(path: Path) -> Tables | None:
    """Read the tables of a layer file as they are; None if there is none.

    Raises:
        StoreError: As for `read`.
    """
    try:
        with LayerDatabase(path) as database:
            tables: Tables | None = database.read()
            return tables
    except OSError as error:
        raise StoreError(f"{path} can't be read: {reason_of(error)}.") from error
    except ValueError as error:
        if has_conflict(read_file(path)):
            raise ConflictedLayerError(
                f"{path} holds two versions that git could not merge.",
                "hashiya merge CORPUS puts them together.",
            ) from error
        raise UnreadableLayerError(f"{path} is damaged ({error}).") from error


def stored(tables: Tables, path: Path) -> Stored:
    """Build a layer from the tables of its file.

    Raises:
        UnreadableLayerError: They are not those of a layer.
        NewerLayerError: They are of a later schema.
    """
    try:
        return from_tables(tables, path)
    except ValueError as error:
        raise UnreadableLayerError(f"{path} is damaged ({error}).") from error


def layer_of(content: bytes, path: Path) -> Layer:
    """Build a layer from the content of a file, such as one side of a conflict.

    Raises:
        UnreadableLayerError: It is not that of a layer.
        NewerLayerError: It is of a later schema.
    """
    try:
        tables = parse_tables(content)
    except ValueError as error:
        raise UnreadableLayerError(f"{path} is damaged ({error}).") from error
    return stored(tables, path).layer


def has_conflict(content: bytes) -> bool:
    """Return whether a file holds the marks of a merge that git could not finish."""
    return content.startswith(b"<<<<<<< ") or b"\n<<<<<<< " in content


def from_tables(tables: Tables, path: Path) -> Stored:
    """Build a layer from its tables, of whatever schema up to this one.

    Raises:
        ValueError: They are not those of a layer.
        NewerLayerError: They are of a later schema.
    """
    schema = schema_of(tables)
    if schema > SCHEMA:
        raise NewerLayerError(
            f"{path} was written by a newer Hashiya (schema {schema}, here {SCHEMA}).",
            "Install the newer version to open it.",
        )
    for step in range(schema, SCHEMA):
        MIGRATIONS[step](tables)
    found = convert(_File, tables)
    header = found.layer.get("1")
    if header is None or len(found.layer) != 1:
        raise ValueError("it has no header")
    rows = tuple(found.spans.values())
    layer = Layer(
        header.document_id,
        header.text_sha256,
        header.annotator,
        header.kind,
        status=header.status,
        note=header.note,
        revision=header.revision,
        saved_at=header.saved_at,
    )
    spans = [Span(row.id, row.start, row.end, row.label, row.source, row.note) for row in rows]
    layer = layer.with_spans(spans).with_relations(found.relations.values())
    check_values(layer)
    return Stored(layer, rows, schema)


def schema_of(tables: Tables) -> int:
    """Return the schema that tables are of.

    Raises:
        ValueError: They don't say.
    """
    try:
        schema = tables["layer"]["1"]["schema"]
    except (KeyError, TypeError) as error:
        raise ValueError("it doesn't say its schema") from error
    if type(schema) is not int or schema < min((SCHEMA, *MIGRATIONS)):
        raise ValueError(f"there is no schema {schema!r}")
    return schema


def check_values(layer: Layer) -> None:
    """Refuse values that no layer can have, whatever its text.

    Raises:
        ValueError: There is one.
    """
    if not 0 <= layer.revision < _MOST_REVISIONS:
        raise ValueError(f"revision {layer.revision!r}")
    for span in layer.spans:
        if not 0 <= span.start < span.end:
            raise ValueError(f"span {span.id} goes from {span.start} to {span.end}")
    check_names(layer)
    known = {span.id for span in layer.spans}
    ids = known | {relation.id for relation in layer.relations}
    if len(ids) != len(layer.spans) + len(layer.relations):
        raise ValueError("an id occurs twice")
    if not all({relation.head, relation.child} <= known for relation in layer.relations):
        raise ValueError("a relation joins a span that is not there")


def write(
    path: Path,
    layer: Layer,
    text: str | None,
    before: Tables | None,
    write: Write = write_atomically,
) -> None:
    """Write a layer in place of what the file holds, whole or not at all.

    Args:
        path: The file; its folder exists.
        layer: The layer.
        text: The text that it annotates, of which each span notes what it covers and what stands
            around; None keeps what was noted where a span has the edges it had.
        before: The tables that the file holds, whose rows keep their numbers; None for no file.
        write: Writes the file.

    Raises:
        OSError: It could not be written; the file stands as it was.
        ValueError: The layer has values that could not be read again.
    """
    known = before or {}
    header = _row(layer)
    del header["spans"], header["relations"]
    rows = _span_rows(layer.spans, known.get("spans", {}), text)
    tables: Tables = {
        "layer": {"1": {"schema": SCHEMA, **header}},
        "spans": _numbered(rows, known.get("spans", {})),
        "relations": _numbered(map(_row, layer.relations), known.get("relations", {})),
    }
    from_tables(tables, path)  # never write what can't be read
    with LayerDatabase(path, before, write) as database:
        database.replace(tables)


def migrate(path: Path, stored: Stored, text: str) -> Path | None:
    """Write a layer of an older schema in this one, with a copy of the old file beside it.

    Args:
        path: The file; the caller holds its lock.
        stored: What was read from it.
        text: The text that the layer annotates.

    Returns:
        The copy; None if the file is of this schema.

    Raises:
        StoreError: It can't be written; the file stands as it was.
    """
    if stored.schema == SCHEMA:
        return None
    backup = path.with_name(f"{path.name}.schema-{stored.schema}")
    try:
        content = read_file(path)
        write_atomically(backup, content)
        write(path, stored.layer, text, parse_tables(content))
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise StoreError(
            f"{path} is of an older Hashiya and can't be rewritten: {reason}."
        ) from error
    return backup


def _row(value: Layer | Span | Relation) -> Row:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _span_rows(spans: Iterable[Span], known: Rows, text: str | None) -> Iterable[Row]:
    """Make spans into rows, each with what stands in the text."""
    noted = {} if text is not None else {row.get("id"): row for row in known.values()}
    for span in spans:
        row = _row(span)
        start, end = span.start, span.end
        if text is not None:
            row["text"] = text[start:end]
            row["before"] = text[max(0, start - AROUND) : start]
            row["after"] = text[end : end + AROUND]
        else:
            old = noted.get(span.id, {})
            if (old.get("start"), old.get("end")) == (start, end):
                row |= {name: old[name] for name in ("text", "before", "after") if name in old}
        yield row


def _numbered(rows: Iterable[Row], known: Mapping[str, Row]) -> Rows:
    """Number each row as the row of its id was, or by the next number that was never used."""
    numbers = {row.get("id"): int(number) for number, row in known.items()}
    following = max(numbers.values(), default=0) + 1
    found: dict[int, Row] = {}
    for row in rows:
        number = numbers.get(row["id"])
        if number is None:
            number, following = following, following + 1
        found[number] = row
    return {str(number): found[number] for number in sorted(found)}
