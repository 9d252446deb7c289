"""What the library asks of a whole project, kept ready: an SQLite file that can be thrown away.

It is filled from the articles and the layer files (`filling`), which are the truth; a file that is
damaged or of another version is begun anew. It lies among the caches of the user, not in the
store: no two people write it, and it is on a disk of this machine. `tables` says what is in it.
"""

import hashlib
import socket
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from annotations.corpus.sources import Entry
from annotations.disk.codec import decode_as, encode
from annotations.disk.files import is_taken, make_private, remove_file
from annotations.disk.folders import make_folder, resolved
from annotations.disk.names import file_name
from annotations.errors import StoreError, reason_of
from annotations.library.filters import Filter, Row, Sort
from annotations.library.tables import DOCUMENTS, LAYERS, SCHEMA, SUGGESTIONS, VERSION, LayerRow
from annotations.model.layer import FINISHED, PUT_ASIDE, STATUSES, Layer
from annotations.store.layer_path import LayerPath
from annotations.team.flags import Flag

_CHANGED: Final = "The text has changed since it was annotated; its spans are kept, not shown."
_LAYER: Final = (
    "LEFT JOIN layers l INDEXED BY layers_number "
    "ON l.number = d.number AND l.annotator = :annotator AND l.fault = '' "
)
_ASSIGNED: Final = "LEFT JOIN assignments a ON a.document_id = d.id AND a.annotator = :annotator "
_ENTRY: Final = ("id", "file", "offset", "size", "stamp")
_ARTICLE: Final = ("number", "rank", *_ENTRY, "length", "title")
_STATE: Final = ("status", "note", "spans", "counts", "saved_at", "kept_as")
_ROW: Final = f"""
SELECT {", ".join(f"d.{column}" for column in _ARTICLE)},
    {", ".join(f"l.{column}" for column in _STATE)},
    (SELECT CASE WHEN o.fault <> '' THEN o.fault
        WHEN o.number IS NULL AND d.sha IS NOT NULL THEN :changed END
     FROM layers o WHERE l.path IS NULL AND o.key = d.key AND o.folder = :folder),
    a.annotator IS NOT NULL,
    (SELECT coalesce(sum(s.spans), 0) FROM suggestions s
     WHERE s.number = d.number AND s.annotator = :annotator),
    (SELECT count(*) FROM layers f WHERE f.number = d.number AND f.fault = ''
     AND f.status = 'flagged' AND f.annotator <> :annotator)
FROM documents d {_LAYER} {_ASSIGNED}
"""

DAMAGE: Final = (sqlite3.DatabaseError, UnicodeDecodeError, msgspec.MsgspecError)
"""What an index raises that is damaged."""


def index_path(caches: Path, store_root: Path, corpus_path: Path) -> Path:
    """Return where the index of a corpus and its store is, among the caches of a user."""
    named = f"{socket.gethostname()} {store_root.resolve()} {corpus_path.resolve()}"
    name = hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    with suppress(OSError):  # through somebody else's link nothing will be opened
        caches = resolved(caches)
    return caches / "index" / f"{name}.sqlite"


def remove_index(path: Path) -> None:
    """Remove an index with the files that SQLite keeps beside it.

    Raises:
        OSError: It can't be removed.
    """
    for ending in ("", "-wal", "-shm"):
        remove_file(path.with_name(path.name + ending), missing_ok=True)


def damage_of(path: Path) -> str:
    """Return what is wrong with the file of an index; nothing if it is sound or not there."""
    if not is_taken(path):
        return ""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)
    return "" if found == "ok" else str(found)


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
        try:
            make_folder(self.path.parent, private=True)
            make_private(self.path)
        except OSError as error:
            raise StoreError(f"The index {self.path} can't be made: {reason_of(error)}.") from error
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
        script = f"BEGIN IMMEDIATE;{SCHEMA}PRAGMA user_version = {VERSION};COMMIT;"
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
        condition, values = chosen.clause
        if order is Sort.QUEUE and not self.has_assignments():
            order = Sort.CORPUS
        wanted = f"WHERE d.fault = '' AND ({condition}) ORDER BY {order.terms} d.rank"
        # a join that nothing asks for would make a list of 100,000 slow
        joins = (_LAYER if "l." in wanted else "") + (_ASSIGNED if "a." in wanted else "")
        found = self.database.execute(
            f"SELECT d.number FROM documents d {joins}{wanted}", {**values, "annotator": annotator}
        )
        return [number for (number,) in found]

    def rows(self, annotator: str, numbers: Iterable[int]) -> list[Row]:
        """Return articles, in the order of their numbers as they are given."""
        wanted = list(numbers)
        marks = ",".join(map(str, wanted))
        found = {
            row.number: row for row in self._rows(annotator, f"WHERE d.number IN ({marks})", {})
        }
        return [found[number] for number in wanted if number in found]

    def row(self, annotator: str, number: int) -> Row | None:
        """Return an article; None if it is gone."""
        return next(iter(self.rows(annotator, [number])), None)

    def find(self, annotator: str, document_id: str) -> Row | None:
        """Return the article of an id; None if there is none."""
        rows = self._rows(annotator, "WHERE d.id = :id AND d.fault = ''", {"id": document_id})
        return next(iter(rows), None)

    def firsts(self, annotator: str, count: int) -> list[Row]:
        """Return the first articles of the corpus."""
        ordered = "WHERE d.fault = '' ORDER BY d.rank LIMIT :count"
        return self._rows(annotator, ordered, {"count": count})

    def _rows(self, annotator: str, condition: str, values: Mapping[str, Any]) -> list[Row]:
        folder = file_name(annotator)
        given = {**values, "annotator": annotator, "folder": folder, "changed": _CHANGED}
        return [_row(found) for found in self.database.execute(_ROW + condition, given)]

    def articles(self, sha256: str) -> list[str]:
        """List the ids of the articles that have a text, in the order of the corpus."""
        asked = "SELECT id FROM documents WHERE sha = ? ORDER BY rank"
        return [name for (name,) in self.database.execute(asked, (sha256,))]

    def layers(self, annotator: str, sha256: str) -> list[str]:
        """List the ids under which layers of an annotator and a text are kept."""
        asked = "SELECT kept_as FROM layers WHERE sha = ? AND annotator = ? AND fault = ''"
        return [name for (name,) in self.database.execute(asked, (sha256, annotator))]

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

    def done_since(self, annotator: str, moment: str) -> tuple[int, int]:
        """Count what an annotator finished since a moment (ISO 8601, UTC): articles, and spans."""
        (articles, spans) = self.database.execute(
            "SELECT count(*), coalesce(sum(spans), 0) FROM layers WHERE annotator = ? "
            f"AND fault = '' AND saved_at >= ? AND status IN ({','.join('?' * len(FINISHED))})",
            (annotator, moment, *FINISHED),
        ).fetchone()
        return int(articles), int(spans)

    def flags(self, but: str = "", document_id: str | None = None) -> list[Flag]:
        """List the flags on all articles or one, but those of an annotator, as the corpus is."""
        found = self.database.execute(
            "SELECT d.id, l.annotator, l.note, l.saved_at FROM layers l "
            "JOIN documents d ON d.number = l.number "
            "WHERE l.status = 'flagged' AND l.fault = '' AND l.annotator <> :but "
            "AND (:id IS NULL OR d.id = :id) ORDER BY d.rank, l.annotator",
            {"but": but, "id": document_id},
        )
        return [Flag(*row) for row in found]

    def share_of(self, annotator: str) -> tuple[int, int]:
        """Count the articles that were assigned to an annotator, and how many need work."""
        put_aside = ",".join("?" * len(PUT_ASIDE))
        (assigned, closed) = self.database.execute(
            "SELECT count(*), count(l.number) FROM assignments a "
            "JOIN documents d ON d.id = a.document_id LEFT JOIN layers l ON l.number = d.number "
            f"AND l.annotator = a.annotator AND l.fault = '' AND l.status IN ({put_aside}) "
            "WHERE a.annotator = ?",
            (*PUT_ASIDE, annotator),
        ).fetchone()
        return int(assigned), int(assigned) - int(closed)

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
        """Return whether articles were assigned to anybody."""
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
        """Record what a session just saved; the next look at its file confirms it."""
        with suppress(sqlite3.OperationalError):  # being filled by another: it will see the file
            self.database.execute(
                "UPDATE layers SET number = NULL WHERE number = ? AND annotator = ?",
                (number, layer.annotator),
            )
            row = layer_row(layer)._replace(number=number)
            self.database.execute(f"INSERT OR REPLACE {LAYERS.insertion}", row)

    def note_suggested(self, annotator: str, number: int, count: int) -> None:
        """Record how many suggestions for an article wait for a decision now."""
        with suppress(sqlite3.OperationalError):
            place = f"noted/{number}"
            folder = file_name(annotator)
            row = LayerRow(f"{folder}/{place}", "", folder, place, annotator, spans=count)
            self.database.execute(
                "DELETE FROM suggestions WHERE number = ? AND annotator = ?", (number, annotator)
            )
            row = row._replace(number=number)
            self.database.execute(f"INSERT OR REPLACE {SUGGESTIONS.insertion}", row)


def layer_row(layer: Layer, stamp: str = "") -> LayerRow:
    """Describe a layer as the index keeps it, but for the article that it belongs to."""
    path = LayerPath.of(Path(), layer.document_id, layer.annotator)
    return LayerRow(
        f"{path.folder}/{path.key}",
        stamp,
        path.folder,
        path.key,
        layer.annotator,
        layer.document_id,
        layer.text_sha256,
        layer.status,
        layer.note,
        len(layer.spans),
        encode(layer.counts()).decode(),
        layer.revision,
        layer.saved_at,
    )


def _row(found: tuple[Any, ...]) -> Row:
    """Make what was selected into a row.

    Raises:
        sqlite3.DatabaseError: A value is of a kind that was never put in: the file is damaged.
    """
    article, rest = found[: len(_ARTICLE)], found[len(_ARTICLE) :]
    state, (fault, is_assigned, suggested, flags) = rest[: len(_STATE)], rest[len(_STATE) :]
    is_new = state[0] is None
    sound = DOCUMENTS.of_kind(_ARTICLE, article) and isinstance(article[0], int)
    if not sound or not (is_new or (state[0] in STATUSES and LAYERS.of_kind(_STATE, state))):
        raise sqlite3.DatabaseError("a value is of another kind than was put in")
    number, rank, *entry, length, title = article
    said = {} if is_new else dict(zip(_STATE, state, strict=True))
    if said:
        said["counts"] = decode_as(dict[str, int], said["counts"])
    return Row(
        number, rank, Entry(*entry), length, title, **said,
        fault=str(fault or ""), is_assigned=bool(is_assigned), suggested=int(suggested or 0),
        flags=int(flags or 0),
    )  # fmt: skip
