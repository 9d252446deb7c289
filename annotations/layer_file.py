"""A layer as the tables of its file, in this schema and in those before it.

Tables: `layer` with one row, the header; `spans`; `relations`. A row keeps its number for as long
as it exists, so that a change shows as one line in a diff.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tinydb import TinyDB
from tinydb.table import Document as Row

from annotations.errors import StoreError
from annotations.model import KINDS, STATUSES, Layer, Relation, Span
from annotations.storage import Tables

SCHEMA: Final = 2
"""Version of the layer files written here."""


class UnreadableLayerError(StoreError):
    """A layer file is torn, or not a layer file."""


class ConflictedLayerError(StoreError):
    """A layer file holds two versions that git could not merge."""


class NewerLayerError(StoreError):
    """A layer file was written by a later version of Hashiya."""


def _from_1(tables: Tables) -> None:
    """Schema 1 did not note when a layer was saved."""
    tables["layer"]["1"]["saved_at"] = ""


_MIGRATIONS: Final[dict[int, Callable[[Tables], None]]] = {1: _from_1}
"""What makes tables of a schema those of the next."""


def schema_of(tables: Tables) -> int:
    """Return the schema that tables are of; 0 if they don't say."""
    try:
        schema = tables["layer"]["1"]["schema"]
    except (KeyError, TypeError):
        return 0
    return schema if type(schema) is int else 0


def has_conflict(content: bytes) -> bool:
    """Tell whether a file holds the marks of a merge that git could not finish."""
    return content.startswith(b"<<<<<<< ") or b"\n<<<<<<< " in content


def fill(database: TinyDB, layer: Layer) -> None:
    """Put a layer into its tables."""
    header = asdict(layer)
    spans, relations = header.pop("spans"), header.pop("relations")
    for name, rows in (
        ("layer", [{"schema": SCHEMA, **header}]),
        ("spans", spans),
        ("relations", relations),
    ):
        table = database.table(name)
        numbers = {row.get("id"): row.doc_id for row in table.all()}
        following = max(numbers.values(), default=0) + 1
        numbered: dict[int, dict[str, Any]] = {}
        for row in rows:
            number = 1 if name == "layer" else numbers.get(row["id"])
            if number is None:
                number = following
                following += 1
            numbered[number] = row
        table.truncate()
        table.insert_multiple(Row(numbered[number], doc_id=number) for number in sorted(numbered))


def layer_from_tables(tables: Tables, path: Path) -> Layer:
    """Build a layer from its tables, of whatever schema up to this one.

    Raises:
        UnreadableLayerError: They are not those of a layer.
        NewerLayerError: They are of a later schema.
    """
    try:
        schema = tables["layer"]["1"]["schema"]
        if type(schema) is not int or schema < 1:
            raise TypeError(f"there is no schema {schema!r}")
        if schema > SCHEMA:
            raise NewerLayerError(
                f"{path} was written by a newer Hashiya (schema {schema}, here {SCHEMA}).",
                "Install the newer version to open it.",
            )
        for step in range(schema, SCHEMA):
            _MIGRATIONS[step](tables)
        header = dict(tables["layer"]["1"])
        del header["schema"]
        spans = [Span(**row) for row in tables.get("spans", {}).values()]
        relations = [Relation(**row) for row in tables.get("relations", {}).values()]
        layer = Layer(**{**header, "spans": (), "relations": ()})
        _check_values(layer, spans, relations)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableLayerError(f"{path} is damaged ({error}).") from error
    return layer.with_spans(spans).with_relations(relations)


def _check_values(layer: Layer, spans: list[Span], relations: list[Relation]) -> None:
    """Refuse values that no layer can have, whatever its text.

    Raises:
        ValueError: There is one.
    """
    if layer.status not in STATUSES or layer.kind not in KINDS:
        raise ValueError(f"status {layer.status!r}, kind {layer.kind!r}")
    if type(layer.revision) is not int or layer.revision < 0:
        raise ValueError(f"revision {layer.revision!r}")
    words = [layer.document_id, layer.text_sha256, layer.annotator, layer.note, layer.saved_at]
    for span in spans:
        words += [span.id, span.label, span.source, span.note]
        if type(span.start) is not int or type(span.end) is not int:
            raise ValueError(f"an edge of span {span.id} is no number")
        if not 0 <= span.start < span.end:
            raise ValueError(f"span {span.id} goes from {span.start} to {span.end}")
    for relation in relations:
        words += [relation.id, relation.type, relation.head, relation.child]
    if not all(isinstance(word, str) for word in words):
        raise ValueError("a name or text is none")
    ids = [span.id for span in spans] + [relation.id for relation in relations]
    if len(set(ids)) != len(ids):
        raise ValueError("an id occurs twice")
    known = {span.id for span in spans}
    if not all({relation.head, relation.child} <= known for relation in relations):
        raise ValueError("a relation joins a span that is not there")
