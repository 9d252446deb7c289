"""The tables of the index, each said once: a named tuple is its columns, their types and its rows.

A column of type `str` or `int` is never empty; `int | None` and `str | None` may be.
"""

import types
from typing import Any, Final, Generic, NamedTuple, TypeVar, get_args, get_type_hints

Row = TypeVar("Row", bound=tuple[Any, ...])


class DocumentRow(NamedTuple):
    """An article."""

    number: int | None
    """Names it for as long as it is in the index; None before it was put in."""
    id: str
    rank: int
    """Its place in the corpus, from 0."""
    file: str
    offset: int
    size: int
    stamp: int
    """Where it is, as `corpus.sources.Entry` says it."""
    key: str
    """What the paths of its layers have in common."""
    sha: str | None = None
    length: int | None = None
    """Hash and code points of its text; None until it was read."""
    title: str = ""
    folded: str = ""
    """How its text begins; that and its id, folded."""
    fault: str = ""
    """Why it can't be read."""


class LayerRow(NamedTuple):
    """A layer, or the suggestions for one annotator and article."""

    path: str
    """Its file, relative to the folder of all layers."""
    stamp: str
    """Tells whether the file has changed; empty for what a session said it has saved."""
    folder: str
    key: str
    annotator: str = ""
    kept_as: str = ""
    sha: str = ""
    status: str = "new"
    note: str = ""
    spans: int = 0
    """How many; of suggestions those that are not decided."""
    counts: str = "{}"
    """Spans by label, as JSON."""
    revision: int = 0
    saved_at: str = ""
    fault: str = ""
    """Why it can't be read."""
    number: int | None = None
    """Of the article that it belongs to."""


class Table(Generic[Row]):
    """SQL of a table.

    Args:
        name: Its name.
        row: Its columns.
        key: What tells its rows apart.
    """

    def __init__(self, name: str, row: type[Row], key: str) -> None:
        self.name = name
        self.row = row
        hints = get_type_hints(row)
        self.columns: Final = tuple(hints)
        self._kinds = {column: _kinds(hint) for column, hint in hints.items()}
        self._key = key

    @property
    def definition(self) -> str:
        """Return what makes the table."""
        columns = []
        for column, kinds in self._kinds.items():
            written = f"{column} {'INTEGER' if int in kinds else 'TEXT'}"
            if column == self._key:
                written += " PRIMARY KEY"
            elif type(None) not in kinds:
                written += " NOT NULL"
            columns.append(written)
        ending = "" if int in self._kinds[self._key] else " WITHOUT ROWID"
        return f"CREATE TABLE {self.name} ({', '.join(columns)}){ending};"

    @property
    def insertion(self) -> str:
        """Return what puts a row in, its values in the order of the columns."""
        marks = ", ".join("?" * len(self.columns))
        return f"INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})"

    def updates(self, *kept: str) -> str:
        """Return what gives a row that is there the values of one that is put in.

        Args:
            kept: Columns that stay as they are.
        """
        return ", ".join(
            f"{column} = excluded.{column}"
            for column in self.columns
            if column not in (*kept, self._key)
        )

    def of_kind(self, columns: tuple[str, ...], values: tuple[object, ...]) -> bool:
        """Return whether values are of the types of their columns; SQLite keeps what it likes."""
        return all(
            isinstance(value, tuple(self._kinds[column]))
            for column, value in zip(columns, values, strict=True)
        )


def _kinds(hint: object) -> tuple[type, ...]:
    found = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(kind for kind in found if isinstance(kind, type))


DOCUMENTS: Final = Table("documents", DocumentRow, "number")
LAYERS: Final = Table("layers", LayerRow, "path")
SUGGESTIONS: Final = Table("suggestions", LayerRow, "path")

VERSION: Final = 5
_REST: Final = """
CREATE UNIQUE INDEX documents_id ON documents (id);
CREATE INDEX documents_listed ON documents (rank) WHERE fault = '';
CREATE INDEX documents_sha ON documents (sha);
CREATE INDEX documents_key ON documents (key);
CREATE INDEX layers_number ON layers (number, annotator, fault, status);
CREATE INDEX layers_key ON layers (key, folder);
CREATE INDEX layers_sha ON layers (sha, annotator);
CREATE INDEX layers_states ON layers (annotator, status, number, fault);
CREATE INDEX layers_flagged ON layers (number) WHERE status = 'flagged';
CREATE INDEX layers_faults ON layers (fault) WHERE fault <> '';
CREATE INDEX suggestions_number ON suggestions (number, annotator);
CREATE INDEX suggestions_sha ON suggestions (sha, annotator);
CREATE TABLE bad_files (file TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE assignments (
    annotator TEXT NOT NULL, document_id TEXT NOT NULL, PRIMARY KEY (annotator, document_id)
) WITHOUT ROWID;
CREATE TABLE known (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
"""Indexes, and the tables that hold no rows of their own kind."""
SCHEMA: Final = f"{DOCUMENTS.definition}{LAYERS.definition}{SUGGESTIONS.definition}{_REST}"
"""The whole index; `assignments` says who has what, `known` what was read last."""

PROBES: Final = (
    *(
        f"SELECT {', '.join(table.columns)} FROM {table.name} LIMIT 0"
        for table in (DOCUMENTS, LAYERS, SUGGESTIONS)
    ),
    "SELECT file, reason FROM bad_files LIMIT 0",
    "SELECT annotator, document_id FROM assignments LIMIT 0",
    "SELECT name, value FROM known LIMIT 0",
)
"""Questions that any whole index answers."""
