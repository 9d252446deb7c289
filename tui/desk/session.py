"""The work of one annotator on one corpus: which article is open, and where they left off.

Knows nothing of screens; the app holds one session.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace
from platformdirs import user_cache_path

from annotations.corpus.corpus import Corpus
from annotations.errors import CorpusError, NotSavedError, StoreError
from annotations.exchange.rescue import rescue_folders, write_elsewhere
from annotations.language.clitics import Vocabulary
from annotations.library.catalogue import Catalogue
from annotations.library.filters import Row
from annotations.library.index import index_path
from annotations.model.layer import Document, Layer
from annotations.model.scheme import Scheme
from annotations.store.answers import Answer, read_answers, save_answer
from annotations.store.belonging import free_name
from annotations.store.bookmarks import Bookmark, read_bookmark, save_bookmark
from annotations.store.checkout import CheckedOut, check_out
from annotations.store.journal import Step
from annotations.store.store import Store
from annotations.store.suggestions import count_pending, pending, settle
from annotations.store.view import DIRECTIONS, Direction, read_base, save_base
from annotations.team.flags import Flag, with_answers
from tui.desk.listing import Listing
from tui.desk.reading import Reading
from tui.desk.stepping import Stepping
from tui.desk.tutor import Tutor
from tui.desk.wording import DIRECTION_NAMES
from tui.keys.command import Command
from tui.keys.keymap import Keymap

_VOCABULARY_TEXT: Final = 150_000
"""Code points of the corpus that words are taken from: more would be felt as a pause."""
_VOCABULARY_ARTICLES: Final = 200
_MOST_RECENT: Final = 8
_MOST_CURSORS: Final = 500
"""Articles whose cursor is remembered, those opened last."""

FIRST_KEYS: Final = ("label", "span.next", "edit.undo", "article.done", "help")
"""What is shown to who has annotated nothing yet, until it was used."""


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
        base: The direction of paragraphs in this session; None for that of the corpus.
    """

    def __init__(
        self,
        corpus: Corpus,
        store: Store,
        scheme: Scheme,
        annotator: str,
        *,
        keymap: Keymap,
        tutor: Tutor | None = None,
        caches: Path | None = None,
        base: Direction | None = None,
    ) -> None:
        caches = caches or user_cache_path("hashiya")
        self.corpus = corpus
        self.store = store
        self.scheme = scheme
        self.annotator = annotator
        self.keymap = keymap
        self.tutor = tutor
        self.reading: Reading | None = None
        self.recent: tuple[str, ...] = ()
        """Ids of the commands that were found by their names, the newest first."""
        self.farewell = ""
        """What to say when the app has been left."""
        self._number = 0
        """Number of the open article."""
        self._vocabulary: Vocabulary | None = None
        path = index_path(caches, store.root, corpus.path)
        self.catalogue = Catalogue(corpus, store, annotator, path)
        self.catalogue.open()
        self.listing = Listing(self.catalogue, scheme)
        self.base: Direction = base or "auto"
        """The direction of paragraphs."""
        if base is None:
            with suppress(StoreError):  # `hashiya check` names it
                self.base = read_base(store.root)
        self.answers = read_answers(store.root)
        """What was answered to flags."""
        self._suggested: dict[str, Layer] = {}
        self._begun: dict[str, int] = {}
        """By the id of an article: how many changes of it are older than this session."""
        self._bookmark = read_bookmark(store, annotator)
        self._abandoned = False
        known = self._bookmark.to_learn
        if known is None:
            is_newcomer = not (self._bookmark.cursors or store.has_layers)
            known = FIRST_KEYS if is_newcomer else ()
        self.to_learn = tuple(name for name in FIRST_KEYS if name in known)
        """Ids of the commands that a newcomer is shown and has not used yet."""
        self.listing.refresh()

    def saw(self, command: Command[Any] | None) -> None:
        """Record what was done, for who is new to it."""
        if self.tutor and self.reading:
            self.tutor.saw(self.reading, command.id if command else "")
        if self.to_learn and command:
            used = "label" if command.is_label else command.id
            self.to_learn = tuple(name for name in self.to_learn if name != used)

    @property
    def has_begun(self) -> bool:
        """Whether the annotator has opened any article yet."""
        return bool(self._bookmark.cursors)

    def chose(self, command_id: str) -> None:
        """Record a command that was found by its name."""
        others = (name for name in self.recent if name != command_id)
        self.recent = (command_id, *others)[:_MOST_RECENT]

    def resume_at(self) -> Row | None:
        """Return the article that the annotator left open last."""
        last = self._bookmark.document
        return self.catalogue.find(last) if last is not None else None

    # The open article

    def open(self, row: Row) -> Reading:
        """Open an article's layer to work on, after closing the one before.

        Raises:
            CorpusError: The article can't be read.
        """
        document = self.catalogue.read(row)
        self.close()
        self.answers = read_answers(self.store.root)
        kept_as = self.catalogue.kept_as(document)
        checked_out = check_out(self.store, document, self.annotator, kept_as)
        self._number = row.number
        self.listing.choose_number(row.number)
        self.reading = Reading(
            document,
            checked_out,
            self.scheme,
            self.keymap,
            lambda layer, steps: self._save(checked_out, document, layer, steps),
            self._bookmark.cursors.get(document.id, 0),
            vocabulary=self.vocabulary,
            suggested=self.suggested(document),
            settle=lambda taken, rejected: self._settle(document, row, taken, rejected),
        )
        begun = self._begun.setdefault(document.id, len(checked_out.acts))
        self.reading.stepping = Stepping(checked_out.acts, begun)
        if not self.reading.message:
            self._greet(self.reading, kept_as)
        self._remember(document.id)
        return self.reading

    def _greet(self, reading: Reading, kept_as: str) -> None:
        """Set the message of an article that is opened to what is worth knowing."""
        document = reading.document
        count = len(reading.suggested)
        if kept_as not in (document.id, free_name(document.id, document.sha256)):
            reading.say(
                "This article was {name} before; its annotations were found by its text.",
                name=kept_as,
            )
        elif flags := self.flags_on(document.id):
            asks = " ({article.answer} answers)" if any(flag.is_open for flag in flags) else ""
            said = "; ".join(flag.sentence for flag in flags)
            reading.say("{said}" + asks, said=said)
        elif reading.layer.status == "flagged" and (
            answers := self.answers_to(document.id, reading.layer.note)
        ):
            said = "; ".join(f"{item.answered_by} answers: {item.says}" for item in answers)
            reading.say("{said} (your note: {note})", said=said, note=reading.layer.note)
        elif reading.layer.note:
            reading.say("Note: {note}", note=reading.layer.note)
        elif count:
            mentions = "1 mention is" if count == 1 else f"{count} mentions are"
            reading.say(f"{mentions} suggested here: {{suggestions.review}} reviews them.")

    def _save(
        self, checked_out: CheckedOut, document: Document, layer: Layer, steps: Sequence[Step]
    ) -> Layer:
        """Write a layer while its lock is held; called in the saver's thread."""
        if checked_out.lock is None:
            raise NotSavedError("the article is open read only.")
        return self.store.save(layer, steps, document.text, lock=checked_out.lock)

    def next_base(self) -> str:
        """Change to the next rule for the direction of paragraphs, and keep it with the corpus.

        Returns:
            What to say.
        """
        index = DIRECTIONS.index(self.base) + 1
        self.base = DIRECTIONS[index % len(DIRECTIONS)]
        said = f"Paragraphs read {DIRECTION_NAMES[self.base]}"
        try:
            self.store.make_root()
            save_base(self.store.root, self.base)
        except (OSError, StoreError):
            return f"{said}, in this session: the store takes no change."
        return f"{said}, for all readers."

    # Flags

    def flags(self) -> list[Flag]:
        """List the flags of the others, with their answers, in the order of the corpus."""
        return with_answers(self.catalogue.flags(self.annotator), self.answers)

    def flags_on(self, document_id: str) -> list[Flag]:
        """List the flags of the others on an article, with their answers."""
        return with_answers(self.catalogue.flags(self.annotator, document_id), self.answers)

    def answers_to(self, document_id: str, note: str) -> list[Answer]:
        """List what was answered to the annotator's own flag on an article, if that says so."""
        asked = (document_id, self.annotator, note)
        return [
            item for item in self.answers if (item.document, item.flagged_by, item.note) == asked
        ]

    def answer(self, flag: Flag, says: str) -> str:
        """Keep an answer to a flag; return what to say then."""
        answer = Answer(flag.document, flag.annotator, says, self.annotator, note=flag.note)
        try:
            save_answer(self.store, answer)
        except StoreError as error:
            return f"The answer was not kept: {error}"
        self.answers = read_answers(self.store.root)
        return f"{flag.annotator} will read the answer when the article is opened."

    # Suggestions

    def as_suggested(self, document: Document) -> Document:
        """Name an article as its suggestions are, which it may have had under another name."""
        name = self.catalogue.suggested_as(document)
        return document if name == document.id else replace(document, id=name)

    def suggested(self, document: Document) -> Layer:
        """Return what is suggested for an article and not decided."""
        known = self._suggested.get(document.id)
        if known is None:
            known = pending(self.store, self.as_suggested(document), self.annotator)
            self._suggested[document.id] = known
        return known

    def suggested_more(self, row: Row, count: int) -> None:
        """Record suggestions that were added for an article."""
        self._suggested.pop(row.id, None)
        self.catalogue.note_suggested(row.number, row.suggested + count)
        self.listing.forget(row.number)

    def _settle(self, document: Document, row: Row, taken: set[str], rejected: set[str]) -> None:
        settle(self.store, self.as_suggested(document), self.annotator, taken, rejected)
        self._suggested.pop(document.id, None)
        self.catalogue.note_suggested(row.number, count_pending(self.suggested(document)))
        self.listing.forget(row.number)

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

    # Closing

    def close(self) -> None:
        """Close the open article, remembering the cursor."""
        if self.reading is not None:
            self.remember()
            reading = self.reading
            reading.close()
            self._begun[reading.document.id] = reading.stepping.earlier
            self.note()
            if not reading.is_saved and not self._abandoned:
                with suppress(StoreError):  # it was shown as not saved for as long as it was open
                    self.rescue(rescue_folders())
            self.reading = None

    def note(self) -> None:
        """Update the list by what was saved of the open article."""
        if self.reading is not None and self.reading.saver.on_disk.revision:
            self.catalogue.note_layer(self.reading.saver.on_disk, self._number)
            self.listing.forget(self._number)

    def end(self) -> None:
        """Close everything."""
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
        """Discard what is not saved, as the annotator wishes."""
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
        reading = self.reading
        if reading is not None and reading.read_only:
            return  # the session that may write says where the annotator is
        cursors = dict(self._bookmark.cursors)
        if reading is not None:
            cursors.pop(reading.document.id, None)
            cursors[reading.document.id] = reading.cursor
            cursors = dict(list(cursors.items())[-_MOST_CURSORS:])
        bookmark = Bookmark(document_id, cursors, self.to_learn)
        if bookmark != self._bookmark:
            self._bookmark = bookmark
            save_bookmark(self.store, self.annotator, bookmark)

    def next_unfinished(self) -> Row | None:
        """Find the next article of the list that needs work, going round."""
        self.note()
        listing = self.listing
        number = self.catalogue.next_unfinished(listing.numbers, listing.chosen + 1)
        return None if number is None else self.catalogue.row(number)
