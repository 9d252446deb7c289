"""The work of one annotator on one corpus: which article is open, and how far the whole is.

Knows nothing of screens; the app holds one session.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from annotations.checkout import CheckedOut, changed_text_message, check_out, new_layer
from annotations.clitics import Vocabulary
from annotations.corpus import Corpus
from annotations.errors import StoreError
from annotations.journal import Step
from annotations.model import FINISHED, Document, Layer, Span
from annotations.rescue import rescue_folders, write_elsewhere
from annotations.scheme import Scheme
from annotations.store import Store
from annotations.suggest.proposals import pending, propose, settle
from tui.commands import Keymap
from tui.reading import Reading
from tui.tutor import Tutor

_VOCABULARY_TEXT: Final = 150_000
"""Code points of the corpus that words are taken from: more would be felt as a pause."""

FIRST_KEYS: Final = ("label", "span.next", "edit.undo", "article.done", "help")
"""What is shown to who has annotated nothing yet, until it was used."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the library tells of an article."""

    document: Document
    layer: Layer
    fault: str = ""
    """Why its layer can't be shown."""


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
    ) -> None:
        self.corpus = corpus
        self.store = store
        self.scheme = scheme
        self.annotator = annotator
        self.keymap = keymap or Keymap(scheme)
        self.reading: Reading | None = None
        self._vocabulary: Vocabulary | None = None
        self._summaries: dict[str, Summary] = {}
        self._suggested: dict[str, tuple[Span, ...]] = {}
        self._place: dict[str, Any] = store.place(annotator)
        self.tutor = tutor
        self.farewell = ""
        """What to say when the app has been left."""
        self._abandoned = False
        known = self._place.get("to_learn", [] if self._place or store.has_layers else FIRST_KEYS)
        self.to_learn = tuple(name for name in FIRST_KEYS if name in known)
        """Ids of the commands that a newcomer is shown and has not used yet."""

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

    def summaries(self) -> list[Summary]:
        """Tell how far each article is, in the order of the corpus."""
        return [self.summary(document) for document in self.corpus.documents]

    def summary(self, document: Document) -> Summary:
        """Tell how far one article is."""
        if self.reading and self.reading.document is document:
            return Summary(document, self.reading.layer)
        known = self._summaries.get(document.id)
        if known is None:
            known = self._summaries[document.id] = self._read_summary(document)
        return known

    def _read_summary(self, document: Document) -> Summary:
        empty = new_layer(document, self.annotator)
        try:
            layer = self.store.read(document.id, self.annotator)
        except StoreError as error:
            return Summary(document, empty, str(error))
        if layer is not None and layer.text_sha256 != document.sha256:
            return Summary(document, empty, changed_text_message(document, layer))
        return Summary(document, layer or empty)

    def number_of(self, document: Document) -> int:
        """Return the place of an article in the corpus, from 0."""
        return self.corpus.documents.index(document)

    def resume_at(self) -> Document | None:
        """Return the article that the annotator left open last."""
        last = self._place.get("document")
        return self.corpus.document(last) if isinstance(last, str) else None

    def open(self, document: Document) -> Reading:
        """Take an article's layer to work on, giving the one before back."""
        self.close()
        cursors = self._place.get("cursors")
        cursor = cursors.get(document.id, 0) if isinstance(cursors, dict) else 0
        desk = check_out(self.store, document, self.annotator)
        if self.corpus.changed_on_disk(document):
            desk.release()
            message = "Read only: the file has changed since Hashiya was started. Start it again."
            desk = CheckedOut(desk.layer, None, message)
        self.reading = Reading(
            document,
            desk,
            self.scheme,
            lambda layer, steps: self._save(desk, layer, steps),
            cursor if isinstance(cursor, int) else 0,
            vocabulary=self.vocabulary,
            suggested=self.suggested(document),
            settle=lambda taken, rejected: self._settle(document, taken, rejected),
        )
        count = len(self.reading.suggested)
        if count and not self.reading.message:
            mentions = "mention is" if count == 1 else "mentions are"
            self.reading.message = f"{count} {mentions} suggested here: o reviews them."
        self._remember(document.id)
        return self.reading

    def _save(self, desk: CheckedOut, layer: Layer, steps: Sequence[Step]) -> Layer:
        """Write a layer while its lock is held; called in the writer's thread."""
        if desk.lock is None:
            raise StoreError("Not saved: the article is open read only.")
        desk.lock.check()
        return self.store.save(layer, steps)

    def suggested(self, document: Document) -> tuple[Span, ...]:
        """List what is suggested for an article and not decided."""
        known = self._suggested.get(document.id)
        if known is None:
            known = pending(self.store, document, self.annotator)
            self._suggested[document.id] = known
        return known

    def _settle(self, document: Document, taken: set[str], rejected: set[str]) -> None:
        settle(self.store, document, self.annotator, taken, rejected)
        self._suggested.pop(document.id, None)

    def suggest_everywhere(self, span: Span) -> Iterator[Spread]:
        """Suggest the mentions of a span of the open article in every other article.

        Yields:
            How far it is, after each article.
        """
        reading = self.reading
        assert reading
        mention = reading.text[span.start : span.end]
        spread = Spread(len(self.corpus.documents) - 1)
        for document in self.corpus.documents:
            if document is reading.document:
                continue
            try:
                added = propose(self.store, document, self.annotator, span.label, mention)
            except StoreError:
                spread = replace(spread, refused=spread.refused + 1)
                added = 0
            if added:
                self._suggested.pop(document.id, None)
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
            for document in self.corpus.documents:
                room -= len(document.text)
                if room < 0:
                    break
                self._vocabulary.add(document.text)
        if self.reading is not None:
            self._vocabulary.add(self.reading.text[:_VOCABULARY_TEXT])
        return self._vocabulary

    def close(self) -> None:
        """Give the open article back, remembering the cursor."""
        if self.reading is not None:
            self.remember()
            reading = self.reading
            self._summaries.pop(reading.document.id, None)
            reading.close()
            if not reading.is_saved and not self._abandoned:
                with suppress(StoreError):  # it was shown as not saved for as long as it was open
                    self.rescue(rescue_folders())
            self.reading = None

    def rescue(self, folders: Iterable[Path]) -> Path:
        """Write the open article's layer elsewhere, since its store takes nothing.

        Raises:
            StoreError: It can't be written there either.
        """
        assert self.reading
        path = write_elsewhere(self.reading.document, self.reading.layer, folders)
        self.farewell = (
            f"NOT SAVED in the store, but written to {path}; when there is room again: "
            f"hashiya import {self.corpus.path} --replace --from {path}"
        )
        self._abandoned = True
        return path

    def abandon(self) -> None:
        """Give up what is not saved, as the annotator wishes."""
        self._abandoned = True

    def to_library(self) -> None:
        """Close the article and remember that none is open."""
        self.close()
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
            cursors[self.reading.document.id] = self.reading.cursor
        place = {"document": document_id, "cursors": cursors, "to_learn": list(self.to_learn)}
        if place != self._place:
            self._place = place
            self.store.save_place(self.annotator, place)

    def next_unfinished(self, after: Document) -> Document | None:
        """Find the next article that is neither done nor skipped, going round."""
        documents = self.corpus.documents
        start = self.number_of(after) + 1
        for document in (*documents[start:], *documents[: start - 1]):
            if self.summary(document).layer.status not in FINISHED:
                return document
        return None

    def neighbour(self, document: Document, step: int) -> Document | None:
        """Return the article so many places on in the corpus, if there is one."""
        number = self.number_of(document) + step
        inside = 0 <= number < len(self.corpus.documents)
        return self.corpus.documents[number] if inside else None
