"""The articles of a corpus with the state of each, as one annotator sees them.

Holds the index and the thread that brings it up to date. What is asked is answered from the index
at once; if it turns out to be damaged it is made anew.
"""

import logging
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from annotations.corpus.corpus import Corpus
from annotations.errors import CorpusError, StoreError
from annotations.language.folding import fold
from annotations.library.filling import Progress, Stopped, fill_index
from annotations.library.filters import Filter, Row, Sort
from annotations.library.index import DAMAGE, Index
from annotations.library.tables import PROBES
from annotations.model.layer import Document, Layer
from annotations.store.belonging import Belongings, Heads, belongings_of, head_of
from annotations.store.location import home
from annotations.store.store import Store
from annotations.team.flags import Flag

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_SMALL: Final = 300
"""Articles of a corpus that is read at once, before the first screen."""
_AT_ONCE: Final = 10.0
"""Seconds that the first screen waits for that at most."""


class Catalogue:
    """The articles and their states.

    `open` looks at a small corpus whole; of a large one that was seen before, the list is that of
    the last time until `fill` was called, which is for after the first screen.

    Args:
        corpus: The articles.
        store: The layers.
        annotator: Whose states.
        path: The file of the index; a temporary one is used if it can't be made.
    """

    def __init__(self, corpus: Corpus, store: Store, annotator: str, path: Path) -> None:
        self.corpus = corpus
        self.store = store
        self.annotator = annotator
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        try:
            self.index = Index(path)
        except StoreError:
            self._folder = tempfile.TemporaryDirectory(prefix="hashiya-index-")
            self.index = Index(Path(self._folder.name) / "index.sqlite")
        self.on_progress: Callable[[], None] = lambda: None
        """Called in the filling thread when there is something new to show."""
        self.progress: Progress | None = None
        """How far the filling is; None when it is done."""
        self.is_complete = False
        """Whether everything on disk was looked at."""
        self.fault = ""
        """Why the index could not be filled."""
        self._listed = threading.Event()
        self._done = threading.Event()
        self._ends = False
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Index a small corpus whole, of a large one at least the list."""
        if not self._ask(Index.count, 0):
            self.fill()
            self._listed.wait()
        if self._ask(Index.count, 0) <= _SMALL:
            self.fill()
            self._done.wait(_AT_ONCE)

    # The filling thread

    def fill(self) -> None:
        """Start to update the index, unless that has begun."""
        if self._thread is None:
            self._fill()

    def _fill(self) -> None:
        self._listed.clear()
        self._done.clear()
        self._thread = threading.Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            if not self._fill_once():
                self._fill_once()
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - whoever waits would wait for ever
            _log.exception("The index %s was not filled", self.index.path)
            self.fault = f"The index {self.index.path} can't be filled: {error!r}."
        finally:
            self.progress = None
            self._listed.set()
            self._done.set()
        self.on_progress()

    def _fill_once(self) -> bool:
        """Fill the index; one that is found damaged is emptied for another try."""
        index = Index(self.index.path)
        try:
            fill_index(index, self.corpus, self.store, self._tell)
        except DAMAGE as error:
            self.fault = f"The index {self.index.path} can't be filled: {error}."
            index.begin_anew()
            return False
        finally:
            index.close()
        self.is_complete = True
        self.fault = ""
        return True

    def _tell(self, progress: Progress) -> bool:
        self.progress = progress
        self._listed.set()
        self.on_progress()
        return not self._ends

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until everything on disk was looked at; tell whether it was."""
        self.fill()
        return self._done.wait(seconds) and self.is_complete

    def close(self) -> None:
        """End the filling and close the index."""
        self._ends = True
        if self._thread is not None:
            self._thread.join(5)
        self.index.close()
        if self._folder is not None:
            self._folder.cleanup()

    # What is asked

    def _ask(self, question: Callable[[Index], Answer], otherwise: Answer) -> Answer:
        """Ask the index; a damaged one is made anew, and answers nothing until it is filled."""
        try:
            return question(self.index)
        except DAMAGE as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_ERROR" and self._is_whole():
                raise  # a mistake in the question
            if self._done.is_set() and not self._ends:
                with suppress(StoreError):
                    self.index.begin_anew()
                self._fill()
            else:
                with suppress(sqlite3.Error):
                    self.index.close()
                    self.index = Index(self.index.path)
            return otherwise

    def _is_whole(self) -> bool:
        """Return whether the index has all its tables and columns."""
        try:
            for asked in PROBES:
                self.index.database.execute(asked)
        except sqlite3.Error:
            return False
        return True

    def view(self, chosen: Filter, order: Sort) -> Sequence[int]:
        """List the numbers of articles."""
        return self._ask(lambda index: index.view(self.annotator, chosen, order), [])

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """Return articles; those that are gone are left out."""
        return self._ask(lambda index: index.rows(self.annotator, numbers), [])

    def row(self, number: int) -> Row | None:
        """Return an article; None if it is gone."""
        return next(iter(self.rows([number])), None)

    def find(self, document_id: str) -> Row | None:
        """Return the article of an id; None if there is none."""
        return self._ask(lambda index: index.find(self.annotator, document_id), None)

    def firsts(self, count: int) -> list[Row]:
        """Return the first articles of the corpus."""
        return self._ask(lambda index: index.firsts(self.annotator, count), [])

    def next_unfinished(self, numbers: Sequence[int], start: int) -> int | None:
        """Find the next article in a list that needs work, going round."""
        return self._ask(lambda index: index.next_unfinished(self.annotator, numbers, start), None)

    def status_counts(self) -> dict[str, int]:
        """Count the articles of each status."""
        return self._ask(lambda index: index.status_counts(self.annotator), {})

    def done_since(self, moment: str) -> tuple[int, int]:
        """Count what the annotator finished since a moment: articles, and the spans in them."""
        return self._ask(lambda index: index.done_since(self.annotator, moment), (0, 0))

    def own_share(self) -> tuple[int, int]:
        """Count the articles that were assigned to the annotator, and how many need work."""
        return self._ask(lambda index: index.share_of(self.annotator), (0, 0))

    def flags(self, but: str = "", document_id: str | None = None) -> list[Flag]:
        """List the flags on all articles or one, but those of an annotator, as the corpus is."""
        return self._ask(lambda index: index.flags(but, document_id), [])

    def has_assignments(self) -> bool:
        """Return whether articles were assigned to anybody."""
        return self._ask(Index.has_assignments, otherwise=False)

    def count_faults(self) -> int:
        """Count what can't be opened."""
        return self._ask(Index.count_faults, 0)

    def faults(self) -> list[str]:
        """List what can't be opened, and texts that occur twice."""
        found: list[str] = self._ask(Index.faults, [])
        return [*found, self.fault] if self.fault else found

    def note_layer(self, layer: Layer, number: int) -> None:
        """Record what a session just saved."""
        self._ask(lambda index: index.note_layer(layer, number), None)

    def note_suggested(self, number: int, count: int) -> None:
        """Record how many suggestions for an article wait for a decision now."""
        self._ask(lambda index: index.note_suggested(self.annotator, number, count), None)

    # Articles

    def read(self, row: Row) -> Document:
        """Read an article.

        Raises:
            CorpusError: It can't be read.
        """
        return self.corpus.read(row.entry)

    def documents(self, numbers: Sequence[int]) -> Iterator[tuple[Row, Document | None]]:
        """Read articles one after the other; None stands for one that can't be read."""
        for first in range(0, len(numbers), 100):
            for row in self.rows(numbers[first : first + 100]):
                try:
                    document = self.read(row)
                except CorpusError:
                    yield row, None
                else:
                    yield row, document

    def mentioning(self, numbers: Sequence[int], text: str) -> Iterator[tuple[int, int | None]]:
        """Search articles for a folded text.

        Yields:
            After each article how many were searched, and its number if it holds the text.
        """
        for searched, (row, document) in enumerate(self.documents(numbers), 1):
            hit = text in fold(row.id) or (document is not None and text in fold(document.text))
            yield searched, row.number if hit else None

    # Whose each layer is

    def kept_as(self, document: Document) -> str:
        """Return the id under which the layer of an article is kept, or would be.

        It is that of the article, unless the annotator's layer of this text has another: then the
        article was renamed or moved since.
        """
        return self._belongings(self.store, document).kept_as(document, self.annotator)

    def suggested_as(self, document: Document) -> str:
        """Return the id under which the suggestions for an article are kept, or would be."""
        return self._belongings(self.store.suggestions, document).kept_as(document, self.annotator)

    def _belongings(self, store: Store, document: Document) -> Belongings:
        whole = home(self.corpus, self.store)
        if whole is not self.corpus:
            return belongings_of(store, whole)
        if store is self.store and self.is_complete:
            return Belongings(_Indexed(self))

        def articles(sha256: str) -> Sequence[str]:
            """List them, the one asked for among them, which may not be in the index yet."""
            found = self.articles(sha256)
            is_new = sha256 == document.sha256 and document.id not in found
            return [*found, document.id] if is_new else found

        return Belongings(Heads(store, articles))

    def articles(self, sha256: str) -> Sequence[str]:
        """List the ids of the articles that have a text, in the order of the corpus."""
        return self._ask(lambda index: index.articles(sha256), [])

    def layers(self, annotator: str, sha256: str) -> Sequence[str]:
        """List the ids under which layers of an annotator and a text are kept."""
        return self._ask(lambda index: index.layers(annotator, sha256), [])


class _Indexed:
    """What the rule of belonging must know, from the index."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.articles = catalogue.articles
        self.layers = catalogue.layers

    def text_of(self, annotator: str, document_id: str) -> str:
        """Return the hash of the text of the layer that is kept under an id, as its file says."""
        return head_of(self._catalogue.store.path(document_id, annotator).layer)[1]
