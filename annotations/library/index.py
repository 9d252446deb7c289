"""What the library asks of a whole project, kept ready: an SQLite file that can be thrown away.

It is filled from the articles and the layer files (`filling`), which are the truth;
a file that is damaged or of another version is begun anew. It lies among the caches of the user,
not in the store: no two people write it, and it is on a disk of this machine.

A *number* names an article in the index for as long as it is there; its *rank* is its place in
the corpus, from 0.
"""

import hashlib
import socket
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from annotations.corpus.sources import Entry
from annotations.disk.names import file_name, key_of
from annotations.errors import StoreError
from annotations.library.filters import Filter, Sort
from annotations.model.layer import PUT_ASIDE, STATUSES, Document, Layer, Status

VERSION: Final = 3
_SCHEMA: Final = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rank INTEGER NOT NULL, file TEXT NOT NULL,
    offset INTEGER NOT NULL, size INTEGER NOT NULL, stamp INTEGER NOT NULL, key TEXT NOT NULL,
    sha TEXT, length INTEGER, title TEXT NOT NULL DEFAULT '', folded TEXT NOT NULL DEFAULT '',
    fault TEXT NOT NULL DEFAULT ''
);
CREATE INDEX documents_listed ON documents (rank) WHERE fault = '';
CREATE INDEX documents_sha ON documents (sha);
CREATE INDEX documents_key ON documents (key);
CREATE TABLE bad_files (file TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE layers (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, folder TEXT NOT NULL, key TEXT NOT NULL,
    annotator TEXT NOT NULL, kept_as TEXT NOT NULL, sha TEXT NOT NULL, status TEXT NOT NULL,
    note TEXT NOT NULL, spans INTEGER NOT NULL, counts TEXT NOT NULL, revision INTEGER NOT NULL,
    saved_at TEXT NOT NULL, fault TEXT NOT NULL, number INTEGER
) WITHOUT ROWID;
CREATE INDEX layers_number ON layers (number, annotator, fault, status);
CREATE INDEX layers_key ON layers (key, folder);
CREATE INDEX layers_sha ON layers (sha);
CREATE INDEX layers_states ON layers (annotator, status, number, fault);
CREATE INDEX layers_faults ON layers (fault) WHERE fault <> '';
CREATE TABLE assignments (
    annotator TEXT NOT NULL, document_id TEXT NOT NULL, PRIMARY KEY (annotator, document_id)
) WITHOUT ROWID;
CREATE TABLE known (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_CHANGED: Final = "The text has changed since it was annotated; its spans are kept, not shown."
_JOINS: Final = {
    "l.": "LEFT JOIN layers l INDEXED BY layers_number "
    "ON l.number = d.number AND l.annotator = :annotator AND l.fault = '' ",
    "a.": "LEFT JOIN assignments a ON a.document_id = d.id AND a.annotator = :annotator ",
}
"""By what a condition says if it needs it."""
_ROW: Final = """
SELECT d.number, d.rank, d.id, d.file, d.offset, d.size, d.stamp, d.length, d.title, l.status,
    l.note, l.spans, l.counts, l.saved_at, l.kept_as,
    (SELECT CASE WHEN o.fault <> '' THEN o.fault
        WHEN o.number IS NULL AND d.sha IS NOT NULL THEN :changed END
     FROM layers o WHERE l.path IS NULL AND o.key = d.key AND o.folder = :folder),
    a.annotator IS NOT NULL
FROM documents d
LEFT JOIN layers l INDEXED BY layers_number
    ON l.number = d.number AND l.annotator = :annotator AND l.fault = ''
LEFT JOIN assignments a ON a.document_id = d.id AND a.annotator = :annotator
"""


DAMAGE: Final = (sqlite3.DatabaseError, UnicodeDecodeError, orjson.JSONDecodeError)
"""What an index raises that is damaged."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the library tells of an article."""

    number: int
    rank: int
    entry: Entry
    length: int | None
    """Code points; None while it was not read yet."""
    title: str
    """How its text begins."""
    status: Status = "new"
    note: str = ""
    spans: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """Spans of each label that occurs."""
    saved_at: str = ""
    kept_as: str = ""
    """The id under which its layer is kept; empty without one."""
    fault: str = ""
    """Why its layer can't be shown."""
    is_assigned: bool = False
    """Whether it was dealt to the annotator."""

    @property
    def id(self) -> str:
        """The id of the article."""
        return self.entry.id


def index_path(caches: Path, store_root: Path, corpus_path: Path) -> Path:
    """Return where the index of a corpus and its store is, among the caches of a user."""
    named = f"{socket.gethostname()} {store_root.resolve()} {corpus_path.resolve()}"
    name = hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return caches / "index" / f"{name}.sqlite"


def remove_index(path: Path) -> None:
    """Remove an index with the files that SQLite keeps beside it.

    Raises:
        OSError: It can't be removed.
    """
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def damage_of(path: Path) -> str:
    """Return what is wrong with the file of an index; nothing if it is sound or not there."""
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)
    return "" if found == "ok" else str(found)


_DOCUMENT_TYPES: Final[tuple[Any, ...]] = (
    int,
    int,
    str,
    str,
    int,
    int,
    int,
    (int, type(None)),
    str,
)
_LAYER_TYPES: Final[tuple[Any, ...]] = (str, str, int, str, str, str)


def _check_types(document: Sequence[object], layer: Sequence[object]) -> None:
    """Refuse values of a kind that was never put in: SQLite keeps whatever a damaged page holds.

    Raises:
        sqlite3.DatabaseError: There is one.
    """
    found = list(zip(document, _DOCUMENT_TYPES, strict=True))
    if layer[0] is not None:
        found += zip(layer, _LAYER_TYPES, strict=True)
    known = layer[0] is None or layer[0] in STATUSES
    if not known or not all(isinstance(value, kind) for value, kind in found):
        raise sqlite3.DatabaseError("a value is of another kind than was put in")


class Index:
    """An open index; each thread that asks has one of its own.

    Args:
        path: Its file, which is made if it isn't there, or is no index of this version.

    Raises:
        StoreError: It can't be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._open()
        except DAMAGE:
            self.begin_anew()

    def _open(self) -> None:
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.database = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = OFF")  # it can be made again
        self.database.execute("PRAGMA cache_size = -8000")
        (version,) = self.database.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            return
        tables = self.database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables != (0,):
            raise sqlite3.DatabaseError("it is an index of another version")
        script = f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA user_version = {VERSION};COMMIT;"
        try:
            self.database.executescript(script)
        except sqlite3.OperationalError:
            with suppress(sqlite3.Error):
                self.database.execute("ROLLBACK")
            if self.database.execute("PRAGMA user_version").fetchone() != (VERSION,):
                raise  # else another process made it at the same moment

    def begin_anew(self) -> None:
        """Throw the file away and make an empty one.

        Raises:
            StoreError: It can't be made.
        """
        self.close()
        try:
            remove_index(self.path)
            self._open()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"The index {self.path} can't be made: {error}.") from error

    def close(self) -> None:
        """Close the file."""
        if hasattr(self, "database"):
            with suppress(sqlite3.Error):
                self.database.close()

    # What is asked

    def view(self, annotator: str, chosen: Filter, order: Sort) -> Sequence[int]:
        """List the numbers of the articles that a filter lets through, in an order."""
        condition, values = chosen.condition
        if order is Sort.QUEUE and not self.has_assignments():
            order = Sort.CORPUS
        said = f"WHERE d.fault = '' AND ({condition}) ORDER BY {order.terms} d.rank"
        joins = "".join(join for name, join in _JOINS.items() if name in said)
        found = self.database.execute(
            f"SELECT d.number FROM documents d {joins}{said}", {**values, "annotator": annotator}
        )
        return [number for (number,) in found]

    def rows(self, annotator: str, numbers: Iterable[int]) -> list[Row]:
        """Tell of articles, in the order of their numbers as they are given."""
        wanted = list(numbers)
        marks = ",".join(map(str, wanted))
        found = {
            row.number: row for row in self._rows(annotator, f"WHERE d.number IN ({marks})", {})
        }
        return [found[number] for number in wanted if number in found]

    def row(self, annotator: str, number: int) -> Row | None:
        """Tell of an article; None if it is gone."""
        return next(iter(self.rows(annotator, [number])), None)

    def find(self, annotator: str, document_id: str) -> Row | None:
        """Tell of the article of an id; None if there is none."""
        rows = self._rows(annotator, "WHERE d.id = :id AND d.fault = ''", {"id": document_id})
        return next(iter(rows), None)

    def firsts(self, annotator: str, count: int) -> list[Row]:
        """Tell of the first articles of the corpus."""
        ordered = "WHERE d.fault = '' ORDER BY d.rank LIMIT :count"
        return self._rows(annotator, ordered, {"count": count})

    def _rows(self, annotator: str, condition: str, values: Mapping[str, Any]) -> list[Row]:
        folder = file_name(annotator)
        given = {**values, "annotator": annotator, "folder": folder, "changed": _CHANGED}
        found = []
        for row in self.database.execute(_ROW + condition, given):
            number, rank, *entry, length, title = row[:9]
            *state, fault, is_assigned = row[9:]
            _check_types(row[:9], state)
            if state[0] is None:
                state = ["new", "", 0, "{}", "", ""]
            status, note, spans, counts, saved_at, kept_as = state
            found.append(
                Row(
                    number, rank, Entry(*entry), length, title, status, note, spans,
                    orjson.loads(counts), saved_at, kept_as, str(fault or ""), bool(is_assigned),
                )
            )  # fmt: skip
        return found

    def kept_as(self, annotator: str, document: Document) -> str | None:
        """Find the id under which an annotator's layer of an article is kept, if it is another."""
        found = self.database.execute(
            "SELECT l.kept_as FROM layers l JOIN documents d ON d.number = l.number "
            "WHERE l.annotator = ? AND l.sha = ? AND d.id = ?",
            (annotator, document.sha256, document.id),
        ).fetchone()
        return found[0] if found else None

    def has_text(self, sha256: str) -> bool:
        """Tell whether an article has the text of a hash."""
        asked = "SELECT 1 FROM documents WHERE sha = ? LIMIT 1"
        return self.database.execute(asked, (sha256,)).fetchone() is not None

    def status_counts(self, annotator: str) -> dict[str, int]:
        """Count the articles of each status."""
        found = self.database.execute(
            "SELECT status, count(*) FROM layers WHERE annotator = ? AND fault = '' "
            "AND number IS NOT NULL GROUP BY 1",
            (annotator,),
        )
        counts = {status: count for status, count in found if status != "new"}
        counts["new"] = self.count() - sum(counts.values())
        return {status: count for status, count in counts.items() if count}

    def count(self) -> int:
        """Count the articles that can be read."""
        listed = "SELECT count(*) FROM documents WHERE fault = ''"
        (found,) = self.database.execute(listed).fetchone()
        return int(found)

    def count_faults(self) -> int:
        """Count the files, articles and layers that can't be read."""
        (found,) = self.database.execute(
            "SELECT (SELECT count(*) FROM bad_files) + "
            "(SELECT count(*) FROM documents) - (SELECT count(*) FROM documents WHERE fault = '') "
            "+ (SELECT count(*) FROM layers WHERE fault <> '')"
        ).fetchone()
        return int(found)

    def has_assignments(self) -> bool:
        """Tell whether articles were dealt to anybody."""
        return self.database.execute("SELECT 1 FROM assignments LIMIT 1").fetchone() is not None

    def faults(self) -> list[str]:
        """List the files and articles that can't be opened, and texts that occur twice."""
        reasons = [row[0] for row in self.database.execute("SELECT reason FROM bad_files")]
        reasons += [
            row[0]
            for row in self.database.execute(
                "SELECT fault FROM documents WHERE fault <> '' ORDER BY rank"
            )
        ]
        reasons += [
            f"{row[0]}: {row[1]}"
            for row in self.database.execute(
                "SELECT path, fault FROM layers WHERE fault <> '' ORDER BY path"
            )
        ]
        twice = self.database.execute(
            "SELECT min(id), group_concat(id, ', '), count(*) FROM "
            "(SELECT id, sha FROM documents WHERE sha IS NOT NULL ORDER BY rank) "
            "GROUP BY sha HAVING count(*) > 1"
        )
        reasons += [f"{count} articles have the same text: {ids}." for _, ids, count in twice]
        return reasons

    def next_unfinished(self, annotator: str, numbers: Sequence[int], start: int) -> int | None:
        """Find the next article that needs work in a list of numbers, going round.

        Args:
            annotator: Who asks.
            numbers: The list.
            start: Where in it to begin.

        Returns:
            Its number.
        """
        going_round = [*numbers[start:], *numbers[:start]]
        for first in range(0, len(going_round), 400):
            part = going_round[first : first + 400]
            closed = self.database.execute(
                "SELECT number FROM layers WHERE annotator = ? AND fault = '' "
                f"AND status IN ({','.join('?' * len(PUT_ASIDE))}) "
                f"AND number IN ({','.join(map(str, part))})",
                (annotator, *PUT_ASIDE),
            )
            done = {number for (number,) in closed}
            for number in part:
                if number not in done:
                    return number
        return None

    # What is noted

    def note_layer(self, layer: Layer, number: int) -> None:
        """Take in what a session just saved; the next look at its file confirms it."""
        with suppress(sqlite3.OperationalError):  # being filled by another: it will see the file
            self.database.execute(
                "UPDATE layers SET number = NULL WHERE number = ? AND annotator = ?",
                (number, layer.annotator),
            )
            self.database.execute(
                "INSERT OR REPLACE INTO layers VALUES "
                "(?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
                (
                    f"{file_name(layer.annotator)}/{key_of(layer.document_id)}",
                    file_name(layer.annotator), key_of(layer.document_id), layer.annotator,
                    layer.document_id, layer.text_sha256, layer.status, layer.note,
                    len(layer.spans), orjson.dumps(layer.counts()).decode(), layer.revision,
                    layer.saved_at, number,
                ),
            )  # fmt: skip
