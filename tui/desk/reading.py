"""One article on the annotator's desk: its layer and history, and all that is done to them.

Knows nothing of screens. Offsets are code points. Each change is handed to the saver at once; what
can't be saved is kept, shown, and tried again.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from annotations.errors import StoreError
from annotations.language import graphemes, segmentation
from annotations.language.clitics import Vocabulary
from annotations.language.folding import FoldedText
from annotations.language.graphemes import Range
from annotations.language.segmentation import Segments
from annotations.model import changes
from annotations.model.changes import Change, History
from annotations.model.layer import Document, Layer, Span, Status
from annotations.model.scheme import Scheme
from annotations.model.telling import relations_gone
from annotations.store.checkout import CheckedOut
from annotations.store.journal import Act, Step
from annotations.store.saver import LayerSaver, Save
from tui.desk.folding import Folding
from tui.desk.pointing import Pointing, Selection
from tui.desk.stepping import Stepping
from tui.desk.units import Units
from tui.keys.keymap import Keymap

PATIENCE: Final = 0.015
"""Seconds that a key waits for the disk: most are done by then, and a hand feels none of it."""

LAST_PATIENCE: Final = 30.0
"""Seconds until a disk that answers nothing is given up when an article is left."""


class Reading:
    """The state of reading one article.

    Args:
        document: The article.
        checked_out: Its layer.
        scheme: The labels.
        keymap: The keys, which messages name.
        save: Writes a layer and the steps that led to it, or raises StoreError.
        cursor: Where the cursor stands at first.
        vocabulary: Gives the attested words; asked when they are first needed.
        suggested: Spans that wait for a decision, and relations between them.
        settle: Records which of them, by id, were taken and which rejected, or raises StoreError.
    """

    def __init__(  # noqa: PLR0917 - what a reading is made of
        self,
        document: Document,
        checked_out: CheckedOut,
        scheme: Scheme,
        keymap: Keymap,
        save: Save,
        cursor: int = 0,
        *,
        vocabulary: Callable[[], Vocabulary] = lambda: Vocabulary([]),
        suggested: Layer | None = None,
        settle: Callable[[set[str], set[str]], None] = lambda _taken, _rejected: None,
    ) -> None:
        self.pointing = Pointing(document.text, cursor)
        self.document = document
        self.text = document.text
        self.keymap = keymap
        self.checked_out = checked_out
        self.layer = checked_out.layer
        self.scheme = scheme
        self.history: History = checked_out.history
        self.stepping = Stepping(checked_out.acts)
        self.message = checked_out.message
        """What to tell the annotator until the next key."""
        self.likely: tuple[Layer, str, Span | None] | None = None
        """For a layer and a span: who is likely to be joined with it, as was found last."""
        self.active_id: str | None = None
        """The span that is pointed at: just tagged, or reached with Tab."""
        self.armed = False
        """Whether it was just made: a label key then begins another."""
        self.cycling = False
        """Whether Tab is going through the spans that cover the cursor."""
        self.saver = LayerSaver(checked_out.layer, save)
        self._vocabulary = vocabulary
        self.suggested = suggested.spans if suggested else ()
        self.suggested_relations = suggested.relations if suggested else ()
        self._settle = settle
        self._folding = Folding(document.text)

    def say(self, template: str, **values: object) -> None:
        """Set the message; `{edit.undo}` stands for the key of that command."""
        self.message = self.keymap.fill(template, values)

    # Where the annotator is

    @property
    def cursor(self) -> int:
        """Offset of the grapheme that the cursor stands on."""
        return self.pointing.cursor

    @property
    def selection(self) -> Selection | None:
        """What is selected."""
        return self.pointing.selection

    @property
    def segments(self) -> Segments:
        """The words, clauses, sentences and paragraphs of the text."""
        return self.pointing.segments

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Move the cursor to a grapheme, leaving the active span; see `Pointing.move_to`."""
        self.pointing.move_to(offset, extend=extend)
        self.active_id = None
        self.cycling = False

    def select_or_grow(self) -> None:
        """Select the word at the cursor; again, its clause, sentence, paragraph."""
        self.active_id = None
        if not self.pointing.select_or_grow():
            self.say("There is no word here.")

    def start_extending(self) -> None:
        """Begin a selection that motions extend, or end one."""
        self.active_id = None
        self.pointing.start_extending()

    def select(self, start: int, end: int) -> None:
        """Select from one grapheme to another, as a mouse does, and put the cursor there."""
        self.active_id = None
        self.pointing.select(start, end)

    def drop(self) -> None:
        """Clear the selection and the marked hits, and leave the active span."""
        self.pointing.drop()
        self.active_id = None

    @cached_property
    def units(self) -> Units:
        """The words as labels offer them."""
        return Units(self.segments, self._vocabulary())

    @property
    def folded(self) -> FoldedText:
        """The text as it is matched."""
        return self._folding.result

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self.checked_out.lock is None

    @property
    def active(self) -> Span | None:
        """The span that the next act is about: just tagged, or reached with Tab."""
        return self.layer.span(self.active_id) if self.active_id else None

    @property
    def heads(self) -> dict[str, str]:
        """By the id of a span that is the child of a relation: the text of the relation's heads."""
        spans = {span.id: span for span in self.layer.spans}
        found: dict[str, list[Span]] = {}
        for relation in self.layer.relations:
            found.setdefault(relation.child, []).append(spans[relation.head])
        return {
            child: "\u060c ".join(self.text[head.start : head.end] for head in heads)
            for child, heads in found.items()
        }

    @property
    def percent(self) -> int:
        """How far the cursor is in the text."""
        return 100 * (self.cursor + 1) // max(1, len(self.text))

    # Tagging

    def tag(self, label: str, *, beside: bool = False) -> None:
        """Tag the selection, or relabel the span that is active or is the selection.

        Args:
            label: The label.
            beside: Add a span even if one of the same extent is there.
        """
        if not self.may_change():
            return
        active = None if self.armed else self.active
        if active and not beside:
            self._relabel(active, label)
            return
        stretch = (active.start, active.end) if active else self._selected()
        if stretch is None:
            self.say("Nothing is selected: {select.word} selects a word, {select.extend} begins.")
            return
        same = [span for span in self.layer.spans if (span.start, span.end) == stretch]
        twin = next((span for span in same if span.label == label), None)
        self.pointing.selection = None
        if twin or (same and not beside):
            self._relabel(twin or same[-1], label)
            return
        self.tag_range(label, *stretch)

    def tag_range(self, label: str, start: int, end: int) -> None:
        """Tag a stretch of text and make the span the active one; one of its kind is kept."""
        if not self.may_change():
            return
        self.pointing.selection = None
        twin = self._twin(start, end, label)
        if twin is not None:
            self.active_id = twin.id
            self.armed = True
            self.say("It is already tagged as {label}.", label=label)
            return
        added = Span(self.layer.free_id("s"), start, end, label)
        self.do(changes.AddSpan(added))
        self.active_id = added.id
        self.armed = True

    def arm(self, span: Span) -> None:
        """Make a span the active one as if it were just made."""
        self.activate(span)
        self.armed = True

    @property
    def has_target(self) -> bool:
        """Whether a label key has something to tag or relabel without asking where."""
        return self.selection is not None or (self.active is not None and not self.armed)

    def move_edges(self, span: Span, start: int, end: int) -> None:
        """Change the edges of a span; it stays the active one."""
        if not self.may_change() or (start, end) == (span.start, span.end):
            return
        if self._twin(start, end, span.label) is not None:
            self.say("Another {label} has these edges already.", label=span.label)
            return
        self.do(changes.ReplaceSpan(span, replace(span, start=start, end=end)))
        self.active_id = span.id

    def _twin(self, start: int, end: int, label: str) -> Span | None:
        """Find the span of a label that has these edges."""
        wanted = (start, end, label)
        same = (span for span in self.layer.spans if (span.start, span.end, span.label) == wanted)
        return next(same, None)

    def _selected(self) -> Range | None:
        """Return the selection without the white space at its ends, if anything is left."""
        if self.selection is None:
            return None
        start, end = segmentation.trim(self.text, self.selection.start, self.selection.end)
        return graphemes.snap(self.text, start, end) if start < end else None

    def _relabel(self, span: Span, label: str) -> None:
        self.active_id = span.id
        self.armed = True
        twin = self._twin(span.start, span.end, label)
        if twin is not None:
            self.active_id = twin.id
            self.say("It is already tagged as {label}.", label=label)
            return
        allowed = self.allowed_with(span, label)
        change = changes.relabel_span(self.layer, span, label, allowed)
        self.do(change)
        changed = f"{span.label} \u2192 {label}{relations_gone(change)}"
        self.say("{changed}; {edit.undo} takes it back.", changed=changed)

    def allowed_with(self, span: Span, label: str) -> set[str]:
        """Return the ids of the relations that may stay if a span gets another label."""
        labels = {item.id: item.label for item in self.layer.spans} | {span.id: label}
        return {
            item.id
            for item in self.layer.relations
            if self.scheme.allows(item.type, labels.get(item.head, ""), labels.get(item.child, ""))
        }

    def note_span(self, span: Span, note: str) -> None:
        """Write a note on a span; an empty one takes it away."""
        if self.may_change() and note != span.note:
            self.do(changes.ReplaceSpan(span, replace(span, note=note)))
        self.arm(span)

    def delete(self) -> None:
        """Delete the active span, or the innermost one under the cursor."""
        if not self.may_change():
            return
        covering = self.layer.covering(self.cursor)
        span = self.active or (covering[0] if covering else None)
        if span is None:
            self.say("There is no span here.")
            return
        change = changes.delete_span(self.layer, span)
        self.do(change)
        self.drop()
        deleted = f"the {span.label}{relations_gone(change)}"
        self.say("Deleted {deleted}; {edit.undo} brings it back.", deleted=deleted)

    def activate(self, span: Span) -> None:
        """Make a span the active one and put the cursor at its start."""
        self.pointing.selection = None
        self.pointing.cursor = graphemes.grapheme_at(self.text, span.start)[0]
        self.active_id = span.id
        self.armed = self.cycling = False

    def settle(self, taken: set[str], rejected: set[str]) -> None:
        """Record which suggestions were decided on, by their ids."""
        if not taken | rejected:
            return
        try:
            self._settle(taken, rejected)
        except StoreError as error:
            self.say("{error} The suggestions stay.", error=error)
            return
        gone = taken | rejected
        self.suggested = tuple(span for span in self.suggested if span.id not in gone)

    def preview(self, layer: Layer) -> None:
        """Show a layer without saving it; whoever does so puts the true one back."""
        self.layer = layer

    # Status and history

    def set_status(self, status: Status, note: str | None = None) -> None:
        """Set how far the work on the article is, and the note on it."""
        if not self.may_change():
            return
        parts: list[Change] = []
        if note is not None and note != self.layer.note:
            parts.append(changes.SetNote(self.layer.note, note))
        if status != self.layer.status:
            parts.append(changes.SetStatus(self.layer.status, status))
        if parts:
            self.do(parts[0] if len(parts) == 1 else changes.Batch(tuple(parts)))

    def undo(self) -> None:
        """Undo the last change; what is far is asked for first."""
        self.stepping.undo(self)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self.stepping.redo(self)

    def may_change(self) -> bool:
        """Return whether the layer may be changed; if not, say why."""
        if self.read_only:
            self.message = self.checked_out.message or "This article is read only."
        return not self.read_only

    def do(self, change: Change) -> None:
        """Make a change, record it for undo and save; work on a new article is in progress."""
        if self.layer.status == "new" and change.apply(self.layer).status == "new":
            change = changes.Batch((change, changes.SetStatus("new", "in_progress")))
        self.history = self.history.record(change)
        self.stepping.made()
        self.apply("do", change)

    def apply(self, act: Act, change: Change) -> None:
        """Make a change that the history knows already, and save."""
        self.layer = change.apply(self.layer)
        self.saver.put(self.layer, [Step.now(act, change, self.layer)])
        self.saver.wait(PATIENCE)

    # Saving

    @property
    def save_error(self) -> str:
        """Why the last change is not on disk; empty if it is, or is being written."""
        return self.saver.error

    @property
    def is_saved(self) -> bool:
        """Whether every change is on disk."""
        return self.saver.is_idle and not self.saver.error

    def finish_saving(self) -> bool:
        """Wait for the disk before the article is left.

        Returns:
            Whether every change is on disk.
        """
        self.saver.retry()
        return self.saver.wait(LAST_PATIENCE)

    def close(self) -> None:
        """Write what is being written, and give the layer back.

        A disk that still writes keeps the lock until the process ends.
        """
        self._folding.close()
        self.saver.close(LAST_PATIENCE)
        if self.saver.is_idle:
            self.checked_out.release()
