"""Filling the index from the articles and the layers, as far as they have changed.

Runs in a thread of its own with its own connection; each transaction is short, so that whoever
asks meanwhile is not kept waiting. A file is known by its size and time of change.
"""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import Struct

from annotations.corpus.corpus import Corpus
from annotations.corpus.sources import BadFile, Entry
from annotations.errors import HashiyaError, StoreError
from annotations.language.folding import fold
from annotations.library.index import Index, layer_row
from annotations.library.tables import DOCUMENTS, LAYERS, SUGGESTIONS, DocumentRow, LayerRow, Table
from annotations.model.layer import Layer
from annotations.store.belonging import Article, Belongings, Kept, belonging, belongings_of
from annotations.store.layer_path import LayerPath, layer_paths
from annotations.store.location import home
from annotations.store.store import Store
from annotations.store.suggestions import count_pending
from annotations.team.assignment import FILE as ASSIGNMENT
from annotations.team.assignment import read_assignment

Item = TypeVar("Item")

_TITLE: Final = 160
"""Code points of an article that are its title."""
_BATCH: Final = 200
"""Files that are read between two transactions."""


class Progress(Struct, frozen=True):
    """How far the filling is."""

    stage: str
    """What is being looked at: "articles" or "layers"."""
    done: int
    total: int

    @property
    def sentence(self) -> str:
        """How far it is, in words."""
        return f"Reading {self.stage}: {self.done:,} of {self.total:,}."


Tell = Callable[[Progress], bool]
"""Takes the progress; returns whether to go on."""


class Stopped(Exception):  # noqa: N818 - it is no error
    """Whoever asked for it needs it no more."""


def fill_index(index: Index, corpus: Corpus, store: Store, tell: Tell) -> None:
    """Update an index.

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
    _read_layers(index, store, LAYERS, layer_row, tell)
    _read_layers(index, store.suggestions, SUGGESTIONS, _suggestions_row, tell)
    whole = home(corpus, store)
    for table, kept in ((LAYERS, store), (SUGGESTIONS, store.suggestions)):
        cold = None if whole is corpus else belongings_of(kept, whole)
        _attach(index, table.name, cold)


def _batches(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while batch := list(islice(items, size)):
        yield batch


def _known(index: Index, name: str) -> str:
    found = index.database.execute("SELECT value FROM known WHERE name = ?", (name,)).fetchone()
    return found[0] if found else ""


def _know(index: Index, name: str, value: str) -> None:
    index.database.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (name, value))


def _list_articles(index: Index, corpus: Corpus) -> None:
    """Record which articles there are and in which order; forget the text of changed ones."""
    named = ascii((str(corpus.path.resolve()), corpus.encoding, corpus.fields)) + "\n"
    stamp = corpus.source.stamp
    if stamp and _known(index, "corpus") == named + stamp:
        return
    database = index.database
    columns = [column for column in DOCUMENTS.columns[:8] if column != "number"]
    written = ", ".join(columns)
    database.execute(f"CREATE TEMP TABLE IF NOT EXISTS listing ({written}, PRIMARY KEY (id))")
    database.execute("DELETE FROM listing")
    bad: list[BadFile] = []
    for batch in _batches(enumerate(corpus.articles(bad)), 5000):
        database.execute("BEGIN")
        rows = (_document_row(item, rank)[1:8] for rank, item in batch)
        database.executemany("INSERT OR IGNORE INTO listing VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        database.execute("COMMIT")
    place = ("file", "offset", "size", "stamp")
    same = " AND ".join(f"documents.{column} = excluded.{column}" for column in place)
    if not _known(index, "corpus").startswith(named):
        same = "0"  # it is read otherwise than before
    updates = ", ".join(f"{column} = excluded.{column}" for column in columns if column != "id")
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM documents WHERE id NOT IN (SELECT id FROM listing)")
    database.execute(
        f"INSERT INTO documents ({written}, title, folded, fault) "
        f"SELECT {written}, '', '', '' FROM listing WHERE true "
        f"ON CONFLICT (id) DO UPDATE SET {updates}, "
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


def _document_row(entry: Entry, rank: int) -> DocumentRow:
    """Describe an article before it is read."""
    key = LayerPath.of(Path(), entry.id, "").key
    return DocumentRow(None, entry.id, rank, entry.file, entry.offset, entry.size, entry.stamp, key)


def _plain(text: str) -> str:
    """Return a message that can be kept, also if it names a path that is no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _read_assignment(index: Index, store: Store) -> None:
    stamp = _stamp(store.root / ASSIGNMENT)
    if stamp == _known(index, "assignment"):
        return
    try:
        assigned = read_assignment(store.root)
    except StoreError:
        return  # the one before stands; `hashiya check` names the fault
    database = index.database
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM assignments")
    database.executemany(
        "INSERT OR IGNORE INTO assignments VALUES (?, ?)",
        ((name, article) for article, names in assigned.articles.items() for name in names),
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


def _read_layers(
    index: Index,
    store: Store,
    table: Table[LayerRow],
    row_of: Callable[[Layer, str], LayerRow],
    tell: Tell,
) -> None:
    """Read the layer files that are new or have changed; forget those that are gone."""
    database = index.database
    known = dict(database.execute(f"SELECT path, stamp FROM {table.name}").fetchall())
    changed: list[tuple[LayerPath, str]] = []
    for path in layer_paths(store.root):
        stamp = _stamp(path.layer)
        if known.pop(f"{path.folder}/{path.key}", None) != stamp:
            changed.append((path, stamp))
    if known:
        database.execute("BEGIN IMMEDIATE")
        gone = ((name,) for name in known)
        database.executemany(f"DELETE FROM {table.name} WHERE path = ?", gone)
        database.execute("COMMIT")
    for first in range(0, len(changed), _BATCH):
        rows = []
        for path, stamp in changed[first : first + _BATCH]:
            try:
                rows.append(row_of(store.layer_at(path), stamp))
            except StoreError as error:
                name = f"{path.folder}/{path.key}"
                fault = _plain(str(error))
                rows.append(LayerRow(name, stamp, path.folder, path.key, fault=fault))
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            f"INSERT {table.insertion} ON CONFLICT (path) DO UPDATE "
            f"SET {table.updates('number', 'folder', 'key')} "
            f"WHERE excluded.revision >= {table.name}.revision OR {table.name}.stamp <> ''",
            rows,
        )
        database.execute("COMMIT")
        _tell(tell, Progress("layers", min(first + _BATCH, len(changed)), len(changed)))


def _suggestions_row(layer: Layer, stamp: str) -> LayerRow:
    """Describe suggestions: of their spans those that wait for a decision."""
    return layer_row(layer, stamp)._replace(spans=count_pending(layer))


def _attach(index: Index, table: str, cold: Belongings | None) -> None:
    """Note whose each layer is, by the rule of `store.belonging`.

    Nearly all layers are those of the article of their id; only of the others is the rule asked.

    Args:
        index: The index, in which all articles and layers are by now.
        table: The table of the layers.
        cold: Answers where the index does not hold all articles of the store.
    """
    database = index.database
    database.execute("BEGIN IMMEDIATE")
    own = f"(SELECT d.number FROM documents d WHERE d.id = {table}.kept_as AND d.sha = {table}.sha)"
    database.execute(f"UPDATE {table} SET number = {own} WHERE stamp <> '' AND number IS NOT {own}")
    strays = database.execute(
        f"SELECT DISTINCT annotator, sha FROM {table} WHERE number IS NULL AND fault = ''"
    ).fetchall()
    for annotator, sha in strays:
        same = database.execute("SELECT id, number FROM documents WHERE sha = ?", (sha,))
        numbers: dict[str | None, int] = dict(same.fetchall())
        if not numbers:
            continue
        names = database.execute(
            f"SELECT kept_as FROM {table} WHERE annotator = ? AND sha = ? AND fault = ''",
            (annotator, sha),
        ).fetchall()
        kept = [Kept(annotator, name, sha) for (name,) in names]
        articles = (Article(name, sha) for name in index.articles(sha))
        article_of = cold.article_of if cold else belonging(articles, kept).article_of.get
        database.executemany(
            f"UPDATE {table} SET number = ? WHERE annotator = ? AND kept_as = ? AND sha = ?",
            [(numbers.get(article_of(one)), annotator, one.kept_as, sha) for one in kept],
        )
    database.execute("COMMIT")


def _tell(tell: Tell, progress: Progress) -> None:
    if not tell(progress):
        raise Stopped
    time.sleep(0)  # whoever types comes first
