"""A layer as the tables of its file, in this schema and in those before it.

Tables: `layer` with one row, the header; `spans`; `relations`. A row keeps its number for as long
as it exists, so that a change shows as one line in a diff.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from tinydb import TinyDB
from tinydb.table import Document as Row

from annotations.errors import StoreError
from annotations.model.layer import KINDS, STATUSES, Layer, Relation, Span
from annotations.store.tables import Tables

SCHEMA: Final = 2
"""Version of the layer files written here."""


NOTED: Final = ("text", "before", "after")
"""What the row of a span notes of the article: what it covers, and what stands around it."""
_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    kind: tuple(item.name for item in fields(kind)) for kind in (Layer, Span, Relation)
}
_MOST_REVISIONS: Final = 1 << 53
_SPAN_KEYS: Final = frozenset((*_FIELDS[Span], *NOTED))
AROUND: Final = 16
"""Code points that are noted before and after a span."""


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


def row_of(value: Layer | Span | Relation) -> dict[str, Any]:
    """Return the fields of a value as they are; dataclasses' own way copies them deeply."""
    return {name: getattr(value, name) for name in _FIELDS[type(value)]}


def fill(database: TinyDB, layer: Layer, text: str | None) -> None:
    """Put a layer into its tables.

    Args:
        database: Its file.
        layer: The layer.
        text: The text that it annotates, of which each span notes what it covers and what stands
            around; None keeps what was noted where a span has the edges it had.
    """
    header = row_of(layer)
    spans = list(map(row_of, header.pop("spans")))
    relations = list(map(row_of, header.pop("relations")))
    for name, rows in (
        ("layer", [{"schema": SCHEMA, **header}]),
        ("spans", spans),
        ("relations", relations),
    ):
        table = database.table(name)
        known = {row.get("id"): row for row in table.all()}
        following = max((row.doc_id for row in known.values()), default=0) + 1
        numbered: dict[int, dict[str, Any]] = {}
        for row in rows:
            old = known.get(row.get("id"))
            number = 1 if name == "layer" else old.doc_id if old else None
            if number is None:
                number = following
                following += 1
            noted = _noted(row, old or {}, text) if name == "spans" else {}
            numbered[number] = row | noted
        table.truncate()
        table.insert_multiple(Row(numbered[number], doc_id=number) for number in sorted(numbered))


def _noted(span: dict[str, Any], old: dict[str, Any], text: str | None) -> dict[str, str]:
    """Return what is noted of the text of a span, so that it can be found again in another text."""
    start, end = span["start"], span["end"]
    if text is not None:
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        return {"text": text[start:end], "before": before, "after": after}
    if (old.get("start"), old.get("end")) == (start, end):
        return {name: old[name] for name in NOTED if name in old}
    return {}


def _span_from(row: dict[str, Any]) -> Span:
    """Build a span from its row; one by one, since there may be a million.

    Raises:
        KeyError: The row lacks something.
        TypeError: It holds something that a span has no place for.
    """
    if not row.keys() <= _SPAN_KEYS:
        raise TypeError(f"there is no {min(row.keys() - _SPAN_KEYS)} in a span")
    return Span(row["id"], row["start"], row["end"], row["label"], row["source"], row["note"])


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
        if not all(all(map(str.isdecimal, table)) for table in tables.values()):
            raise ValueError("a row has no number")
        for step in range(schema, SCHEMA):
            _MIGRATIONS[step](tables)
        header = dict(tables["layer"]["1"])
        del header["schema"]
        spans = [_span_from(row) for row in tables.get("spans", {}).values()]
        relations = [Relation(**row) for row in tables.get("relations", {}).values()]
        layer = Layer(**{**header, "spans": (), "relations": ()})
        check_values(layer, spans, relations)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableLayerError(f"{path} is damaged ({error}).") from error
    return layer.with_spans(spans).with_relations(relations)


def check_values(layer: Layer, spans: Sequence[Span], relations: Sequence[Relation]) -> None:
    """Refuse values that no layer can have, whatever its text.

    Raises:
        ValueError: There is one.
    """
    if layer.status not in STATUSES or layer.kind not in KINDS:
        raise ValueError(f"status {layer.status!r}, kind {layer.kind!r}")
    if type(layer.revision) is not int or not 0 <= layer.revision < _MOST_REVISIONS:
        raise ValueError(f"revision {layer.revision!r}")
    words = [layer.document_id, layer.text_sha256, layer.annotator, layer.note, layer.saved_at]
    if not {type(edge) for span in spans for edge in (span.start, span.end)} <= {int}:
        raise ValueError("an edge of a span is no number")
    for span in spans:
        words += (span.id, span.label, span.source, span.note)
        if not 0 <= span.start < span.end:
            raise ValueError(f"span {span.id} goes from {span.start} to {span.end}")
    for relation in relations:
        words += [relation.id, relation.type, relation.head, relation.child]
    if not {*map(type, words)} <= {str}:
        raise ValueError("a name or text is none")
    ids = [span.id for span in spans] + [relation.id for relation in relations]
    if len(set(ids)) != len(ids):
        raise ValueError("an id occurs twice")
    known = {span.id for span in spans}
    if not all({relation.head, relation.child} <= known for relation in relations):
        raise ValueError("a relation joins a span that is not there")
