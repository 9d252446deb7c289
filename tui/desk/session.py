"""The work of one annotator on one corpus: which article is open, and how far the whole is.

Knows nothing of screens; the app holds one session.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_path

from annotations.corpus.corpus import Corpus
from annotations.errors import CorpusError, StoreError
from annotations.exchange.rescue import rescue_folders, write_elsewhere
from annotations.language.clitics import Vocabulary
from annotations.library.catalogue import Catalogue
from annotations.library.filters import Filter, Sort
from annotations.library.index import Row, index_path
from annotations.model.layer import Document, Layer, Span
from annotations.model.scheme import Scheme
from annotations.store.belonging import free_name
from annotations.store.bookmarks import read_place, save_place
from annotations.store.checkout import CheckedOut, check_out
from annotations.store.journal import Step
from annotations.store.store import Store
from annotations.store.suggestions import count_pending, pending, propose, settle
from tui.desk.commands import Keymap
from tui.desk.listing import Shelf
from tui.desk.reading import Reading
from tui.desk.tutor import Tutor

_VOCABULARY_TEXT: Final = 150_000
"""Code points of the corpus that words are taken from: more would be felt as a pause."""

_VOCABULARY_ARTICLES: Final = 200
_MOST_CURSORS: Final = 500
"""Articles whose cursor is remembered, those opened last."""

FIRST_KEYS: Final = ("label", "span.next", "edit.undo", "article.done", "help")
"""What is shown to who has annotated nothing yet, until it was used."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the search for a mention in the other articles is."""

    total: int
    done: int = 0
    mentions: int = 0
    articles: int = 0
    """In how many of them it was found."""
    refused: int = 0
    """Articles whose suggestions could not be written."""

    @property
    def told(self) -> str:
        """Say it in a sentence."""
        if self.done < self.total:
            return f"Looking through the other articles: {self.done:,} of {self.total:,}."
        found = "No new mention in the other articles."
        if self.mentions:
            found = f"{self.mentions} suggested in {self.articles} other articles; o reviews them."
        return found + (f" {self.refused} could not be written." if self.refused else "")


class Session:
    """An annotator at a corpus.

    Args:
        corpus: The articles.
        store: Where layers are kept.
        scheme: The labels.
        annotator: Whose layers are written.
        keymap: The keys that the annotator likes.
        tutor: Who teaches, if this is a lesson.
        caches: Where the index is kept; None for the user's caches.
    """

    def __init__(
        self,
        corpus: Corpus,
        store: Store,
        scheme: Scheme,
        annotator: str,
        *,
        keymap: Keymap | None = None,
        tutor: Tutor | None = None,
        caches: Path | None = None,
    ) -> None:
        caches = caches or user_cache_path("hashiya")
        self.corpus = corpus
        self.store = store
        self.scheme = scheme
        self.annotator = annotator
        self.keymap = keymap or Keymap(scheme)
        self.reading: Reading | None = None
        self._number = 0
        self._vocabulary: Vocabulary | None = None
        path = index_path(caches, store.root, corpus.path)
        self.catalogue = Catalogue(corpus, store, annotator, path)
        self._suggestions = self.catalogue.attachment_of(store.suggestions)
        self.shelf = Shelf(self.catalogue, scheme)
        self.position = 0
        """Where the open article, or the one opened last, is on the shelf."""
        self._suggested: dict[str, Layer] = {}
        self._suggested_counts: dict[str, int] = {}
        self._place: dict[str, Any] = read_place(store, annotator)
        self.tutor = tutor
        self.farewell = ""
        """What to say when the app has been left."""
        self._abandoned = False
        known = self._place.get("to_learn", [] if self._place or store.has_layers else FIRST_KEYS)
        self.to_learn = tuple(name for name in FIRST_KEYS if name in known)
        """Ids of the commands that a newcomer is shown and has not used yet."""
        self.shelf.refresh()

    def saw(self, action: str) -> None:
        """Take note of what was done, for who is new to it."""
        if self.tutor and self.reading:
            self.tutor.saw(self.reading, action)
        if self.to_learn:
            used = {
                command.id
                for command in self.keymap.commands_of("reader")
                if command.action == action
            }
            if action.startswith("label("):
                used.add("label")
            self.to_learn = tuple(name for name in self.to_learn if name not in used)

    def resume_at(self) -> Row | None:
        """Tell of the article that the annotator left open last."""
        last = self._place.get("document")
        return self.catalogue.find(last) if isinstance(last, str) else None

    # The open article

    def open(self, row: Row) -> Reading:
        """Take an article's layer to work on, giving the one before back.

        Raises:
            CorpusError: The article can't be read.
        """
        document = self.catalogue.read(row)
        self.close()
        cursors = self._place.get("cursors")
        cursor = cursors.get(document.id, 0) if isinstance(cursors, dict) else 0
        kept_as = self.catalogue.kept_as(document)
        desk = check_out(self.store, document, self.annotator, kept_as)
        self._number = row.number
        self.position = self.shelf.index_of(row.number)
        self.reading = Reading(
            document,
            desk,
            self.scheme,
            lambda layer, steps: self._save(desk, document, layer, steps),
            cursor if isinstance(cursor, int) else 0,
            vocabulary=self.vocabulary,
            suggested=self.suggested(document),
            settle=lambda taken, rejected: self._settle(document, taken, rejected),
        )
        self.reading.message = self.reading.message or self._greeting(self.reading, kept_as)
        self._remember(document.id)
        return self.reading

    def _greeting(self, reading: Reading, kept_as: str) -> str:
        """Say what is worth knowing about an article that is opened."""
        if kept_as not in (reading.document.id, free_name(reading.document)):
            return f"This article was {kept_as} before; its annotations were found by its text."
        if reading.layer.note:
            return f"Note: {reading.layer.note}"
        count = len(reading.suggested)
        if count:
            mentions = "mention is" if count == 1 else "mentions are"
            return f"{count} {mentions} suggested here: o reviews them."
        return ""

    def _save(
        self, desk: CheckedOut, document: Document, layer: Layer, steps: Sequence[Step]
    ) -> Layer:
        """Write a layer while its lock is held; called in the writer's thread."""
        if desk.lock is None:
            raise StoreError("Not saved: the article is open read only.")
        desk.lock.check()
        return self.store.save(layer, steps, document.text)

    def _as_suggested(self, document: Document) -> Document:
        """Name an article as its suggestions are, which it may have had under another name."""
        name = self._suggestions.kept_as(document, self.annotator)
        return document if name == document.id else replace(document, id=name)

    def suggested_count(self, row: Row) -> int:
        """Count what is suggested for an article of the list and not decided."""
        if row.id not in self._suggested_counts:
            self._suggested_counts[row.id] = count_pending(
                self.store, row.kept_as or row.id, self.annotator
            )
        return self._suggested_counts[row.id]

    def suggested(self, document: Document) -> Layer:
        """List what is suggested for an article and not decided."""
        known = self._suggested.get(document.id)
        if known is None:
            known = pending(self.store, self._as_suggested(document), self.annotator)
            self._suggested[document.id] = known
        return known

    def _settle(self, document: Document, taken: set[str], rejected: set[str]) -> None:
        settle(self.store, self._as_suggested(document), self.annotator, taken, rejected)
        self._suggested.pop(document.id, None)

    def suggest_everywhere(self, span: Span) -> Iterator[Spread]:
        """Suggest the mentions of a span of the open article in every other article.

        Yields:
            How far it is, after each article.
        """
        reading = self.reading
        assert reading
        mention = reading.text[span.start : span.end]
        numbers = self.catalogue.view(Filter(), Sort.CORPUS)
        spread = Spread(len(numbers) - 1)
        for row, document in self.catalogue.documents(numbers):
            if row.id == reading.document.id:
                continue
            added = 0
            try:
                if document is not None:
                    named = self._as_suggested(document)
                    added = propose(self.store, named, self.annotator, span.label, mention)
            except StoreError:
                spread = replace(spread, refused=spread.refused + 1)
            if added:
                self._suggested.pop(row.id, None)
            spread = replace(
                spread,
                done=spread.done + 1,
                mentions=spread.mentions + added,
                articles=spread.articles + bool(added),
            )
            yield spread

    def vocabulary(self) -> Vocabulary:
        """Return the words of the corpus, those of the open article among them."""
        if self._vocabulary is None:
            self._vocabulary = Vocabulary([])
            room = _VOCABULARY_TEXT
            for row in self.catalogue.firsts(_VOCABULARY_ARTICLES):
                room -= row.length or _VOCABULARY_TEXT
                if room < 0:
                    break
                with suppress(CorpusError):
                    self._vocabulary.add(self.catalogue.read(row).text)
        if self.reading is not None:
            self._vocabulary.add(self.reading.text[:_VOCABULARY_TEXT])
        return self._vocabulary

    def close(self) -> None:
        """Give the open article back, remembering the cursor."""
        if self.reading is not None:
            self.remember()
            reading = self.reading
            reading.close()
            self.note()
            if not reading.is_saved and not self._abandoned:
                with suppress(StoreError):  # it was shown as not saved for as long as it was open
                    self.rescue(rescue_folders())
            self.reading = None

    def note(self) -> None:
        """Have the list know what was saved of the open article."""
        if self.reading is not None and self.reading.writer.on_disk.revision:
            self.catalogue.note_layer(self.reading.writer.on_disk, self._number)
            self.shelf.forget(self._number)

    def end(self) -> None:
        """Give everything back."""
        self.close()
        self.catalogue.close()

    def rescue(self, folders: Iterable[Path]) -> Path:
        """Write the open article's layer elsewhere, since its store takes nothing.

        Raises:
            StoreError: It can't be written there either.
        """
        assert self.reading
        path = write_elsewhere(self.reading.document, self.reading.layer, folders)
        self.farewell = (
            f"NOT SAVED in the store, but written to {path}; when there is room again: "
            f"hashiya import {self.corpus.path} --from {path}"
        )
        self._abandoned = True
        return path

    def abandon(self) -> None:
        """Give up what is not saved, as the annotator wishes."""
        self._abandoned = True

    def to_library(self) -> None:
        """Close the article and remember that none is open."""
        self.close()
        self._suggested_counts.clear()
        self._remember(None)

    def remember(self) -> None:
        """Note the cursor, so that a session that is cut off resumes near it."""
        if self.reading is not None:
            self._remember(self.reading.document.id)

    def _remember(self, document_id: str | None) -> None:
        if self.reading is not None and self.reading.read_only:
            return  # the session that may write says where the annotator is
        cursors = dict(self._place.get("cursors") or {})
        if self.reading is not None:
            cursors.pop(self.reading.document.id, None)
            cursors[self.reading.document.id] = self.reading.cursor
            cursors = dict(list(cursors.items())[-_MOST_CURSORS:])
        place = {"document": document_id, "cursors": cursors, "to_learn": list(self.to_learn)}
        if place != self._place:
            self._place = place
            save_place(self.store, self.annotator, place)

    def next_unfinished(self) -> Row | None:
        """Find the next article of the list that needs work, going round."""
        self.note()
        number = self.catalogue.next_unfinished(self.shelf.listing, self.position + 1)
        return None if number is None else self.catalogue.row(number)

    def neighbour(self, step: int) -> Row | None:
        """Return the article so many places on in the list, if there is one."""
        index = self.position + step
        return self.shelf.row_at(index) if 0 <= index < len(self.shelf.listing) else None
