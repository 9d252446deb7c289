"""Filling the index from the articles and the layers, as far as they have changed.

Runs in a thread of its own with its own connection; each transaction is short, so that whoever
asks meanwhile is not kept waiting. A file is known by its size and time of change.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson

from annotations.corpus.corpus import Corpus
from annotations.corpus.sources import BadFile, Entry
from annotations.disk.names import key_of
from annotations.errors import HashiyaError, StoreError
from annotations.language.folding import fold
from annotations.library.index import Index
from annotations.store.store import Store
from annotations.team.assignment import read_assignment

Item = TypeVar("Item")

_TITLE: Final = 160
"""Code points of an article that are its title."""
_BATCH: Final = 200
"""Files that are read between two transactions."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the filling is."""

    stage: str
    """What is being looked at: "articles" or "layers"."""
    done: int
    total: int

    @property
    def told(self) -> str:
        """Say it."""
        return f"Reading {self.stage}: {self.done:,} of {self.total:,}."


Tell = Callable[[Progress], bool]
"""Takes the progress; returns whether to go on."""


class Stopped(Exception):  # noqa: N818 - it is no error
    """Whoever asked for it needs it no more."""


def fill_index(index: Index, corpus: Corpus, store: Store, tell: Tell) -> None:
    """Bring an index up to date.

    Args:
        index: The index, opened by this thread.
        corpus: The articles.
        store: The layers.
        tell: Told of the progress; the list of articles is complete at the first call.

    Raises:
        Stopped: `tell` asked for it.
        sqlite3.DatabaseError: The index is damaged.
    """
    _list_articles(index, corpus)
    _read_assignment(index, store)
    _read_articles(index, corpus, tell)
    _read_layers(index, store, tell)
    _attach(index, corpus)


def _batches(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while batch := list(islice(items, size)):
        yield batch


def _known(index: Index, name: str) -> str:
    found = index.database.execute("SELECT value FROM known WHERE name = ?", (name,)).fetchone()
    return found[0] if found else ""


def _know(index: Index, name: str, value: str) -> None:
    index.database.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (name, value))


def _list_articles(index: Index, corpus: Corpus) -> None:
    """Take in which articles there are and in which order; forget the text of changed ones."""
    named = ascii((str(corpus.path.resolve()), corpus.encoding, corpus.fields)) + "\n"
    stamp = corpus.source.stamp
    if stamp and _known(index, "corpus") == named + stamp:
        return
    database = index.database
    database.execute(
        "CREATE TEMP TABLE IF NOT EXISTS listing (id TEXT PRIMARY KEY, rank INTEGER, file TEXT, "
        "offset INTEGER, size INTEGER, stamp INTEGER, key TEXT)"
    )
    database.execute("DELETE FROM listing")
    bad: list[BadFile] = []
    entries = _sound(corpus, bad)
    for batch in _batches(enumerate(entries), 5000):
        database.execute("BEGIN")
        database.executemany(
            "INSERT OR IGNORE INTO listing VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (item.id, rank, item.file, item.offset, item.size, item.stamp, key_of(item.id))
                for rank, item in batch
            ),
        )
        database.execute("COMMIT")
    same = "documents.file = excluded.file AND documents.offset = excluded.offset AND "
    same += "documents.size = excluded.size AND documents.stamp = excluded.stamp"
    if not _known(index, "corpus").startswith(named):
        same = "0"  # it is read otherwise than before
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM documents WHERE id NOT IN (SELECT id FROM listing)")
    database.execute(
        "INSERT INTO documents (id, rank, file, offset, size, stamp, key) "
        "SELECT id, rank, file, offset, size, stamp, key FROM listing WHERE true "
        "ON CONFLICT (id) DO UPDATE SET rank = excluded.rank, file = excluded.file, "
        "offset = excluded.offset, size = excluded.size, stamp = excluded.stamp, "
        f"sha = CASE WHEN {same} THEN sha END, length = CASE WHEN {same} THEN length END, "
        f"fault = CASE WHEN {same} THEN fault ELSE '' END "
        f"WHERE documents.rank <> excluded.rank OR NOT ({same})"
    )
    database.execute("DELETE FROM bad_files")
    database.executemany(
        "INSERT INTO bad_files VALUES (?, ?)",
        [(_plain(item.file), _plain(item.reason)) for item in bad],
    )
    _know(index, "corpus", named + stamp)
    database.execute("COMMIT")
    database.execute("DELETE FROM listing")


def _plain(text: str) -> str:
    """Return a message that can be kept, also if it names a path that is no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _sound(corpus: Corpus, bad: list[BadFile]) -> Iterator[Entry]:
    for listed in corpus.entries():
        if isinstance(listed, Entry):
            yield listed
        else:
            bad.append(listed)


def _read_assignment(index: Index, store: Store) -> None:
    stamp = _stamp(store.root / "assignment.json")
    if stamp == _known(index, "assignment"):
        return
    try:
        dealt = read_assignment(store.root)
    except StoreError:
        return  # the one before stands; `hashiya check` names the fault
    database = index.database
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM assignments")
    database.executemany(
        "INSERT OR IGNORE INTO assignments VALUES (?, ?)",
        ((name, article) for article, names in dealt.articles.items() for name in names),
    )
    _know(index, "assignment", stamp)
    database.execute("COMMIT")


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"


def _read_articles(index: Index, corpus: Corpus, tell: Tell) -> None:
    """Read the articles whose text is not known: hash, length, beginning."""
    database = index.database
    (total,) = database.execute("SELECT count(*) FROM documents").fetchone()
    unread = database.execute(
        "SELECT number, id, file, offset, size, stamp FROM documents "
        "WHERE sha IS NULL ORDER BY rank"
    ).fetchall()
    done = total - len(unread)
    _tell(tell, Progress("articles", done, total))
    for batch in _batches(iter(unread), _BATCH):
        rows: list[tuple[Any, ...]] = []
        for number, *place in batch:
            entry = Entry(*place)
            try:
                text = (document := corpus.read(entry)).text
            except HashiyaError as error:
                rows.append((None, None, "", "", _plain(error.message), number))
                continue
            title = " ".join(text[: 2 * _TITLE].split())[:_TITLE]
            folded = fold(f"{entry.id} {title}")
            rows.append((document.sha256, len(text), title, folded, "", number))
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "UPDATE documents SET sha = ?, length = ?, title = ?, folded = ?, fault = ? "
            "WHERE number = ?",
            rows,
        )
        database.execute("COMMIT")
        done += len(batch)
        _tell(tell, Progress("articles", done, total))


def _read_layers(index: Index, store: Store, tell: Tell) -> None:
    """Read the layer files that are new or have changed; forget those that are gone."""
    database = index.database
    known = dict(database.execute("SELECT path, stamp FROM layers").fetchall())
    folder = store.root / "layers"
    changed: list[tuple[Path, str, str]] = []
    for path in store.layer_paths():
        name = path.relative_to(folder).as_posix()
        stamp = _stamp(path)
        if known.pop(name, None) != stamp:
            changed.append((path, name, stamp))
    if known:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("DELETE FROM layers WHERE path = ?", ((name,) for name in known))
        database.execute("COMMIT")
    for first in range(0, len(changed), _BATCH):
        rows = [_layer_row(store, *item) for item in changed[first : first + _BATCH]]
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT INTO layers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) "
            "ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp, kept_as = excluded.kept_as, "
            "annotator = excluded.annotator, sha = excluded.sha, status = excluded.status, "
            "note = excluded.note, spans = excluded.spans, counts = excluded.counts, "
            "revision = excluded.revision, saved_at = excluded.saved_at, fault = excluded.fault "
            "WHERE excluded.revision >= layers.revision OR layers.stamp <> ''",
            rows,
        )
        database.execute("COMMIT")
        _tell(tell, Progress("layers", min(first + _BATCH, len(changed)), len(changed)))


def _layer_row(store: Store, path: Path, name: str, stamp: str) -> tuple[Any, ...]:
    """Describe a layer file; one that can't be read by its path alone."""
    folder, _, key = name.partition("/")
    try:
        layer = store.layer_at(path)
    except StoreError as error:
        return (name, stamp, folder, key, "", "", "", "new", "", 0, "{}", 0, "", _plain(str(error)))
    return (
        name, stamp, folder, key_of(layer.document_id), layer.annotator, layer.document_id,
        layer.text_sha256, layer.status, layer.note, len(layer.spans),
        orjson.dumps(layer.counts()).decode(), layer.revision, layer.saved_at, "",
    )  # fmt: skip


def _attach(index: Index, corpus: Corpus) -> None:
    """Say whose each layer is: the article of its id if the text is the same, else of its text.

    A layer whose article has another text now, and whose text is nowhere else, is nobody's.
    """
    database = index.database
    database.execute("BEGIN IMMEDIATE")
    by_id = "(SELECT d.number FROM documents d WHERE d.id = layers.kept_as AND d.sha = layers.sha)"
    database.execute(f"UPDATE layers SET number = {by_id} WHERE number IS NOT {by_id}")
    strays = "SELECT path, annotator, sha FROM layers WHERE number IS NULL AND fault = '' "
    found = database.execute(strays + "ORDER BY path").fetchall()
    if corpus.is_single:
        found = []  # the store of its folder holds those of others too
    for path, annotator, sha in found:
        database.execute(
            "UPDATE layers SET number = (SELECT min(d.number) FROM documents d WHERE d.sha = ? "
            "AND NOT EXISTS "
            "(SELECT 1 FROM layers o WHERE o.number = d.number AND o.annotator = ?)) "
            "WHERE path = ?",
            (sha, annotator, path),
        )
    database.execute("COMMIT")


def _tell(tell: Tell, progress: Progress) -> None:
    if not tell(progress):
        raise Stopped
    time.sleep(0)  # whoever types comes first
