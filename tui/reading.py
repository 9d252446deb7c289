"""One article on the annotator's desk: its layer, history, cursor and selection.

Knows nothing of screens. Offsets are code points; the cursor is the offset of the grapheme
cluster that it stands on. Each change is saved before the method returns; what can't be saved is
kept, said, and tried again with the next change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from annotations import changes, segmentation
from annotations.changes import Change, History
from annotations.checkout import CheckedOut
from annotations.clitics import Vocabulary
from annotations.errors import StoreError
from annotations.folding import FoldedText, fold_with_origins
from annotations.model import Document, Layer, Span, Status
from annotations.scheme import Scheme
from annotations.segmentation import Range, Segments
from tui.units import Units

GROWING: Final = ("word", "clause", "sentence", "paragraph")
"""What Space selects, each press the next."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A selected stretch, and how motions change it."""

    start: int
    end: int
    anchor: Range | None = None
    """The stretch that stays selected while motions extend it; None if they don't."""
    sticky: bool = False
    """Whether plain motions extend it, not only those with Shift."""
    unit: str = ""
    """What Space selected last."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, and whether only whole words match."""

    text: str = ""
    whole_words: bool = False


class Reading:
    """The state of reading one article.

    Args:
        document: The article.
        checked_out: Its layer.
        scheme: The labels.
        save: Writes a layer and returns it with its revision, or raises StoreError.
        cursor: Where the cursor stands at first.
        history: What was done to this layer earlier in the session.
        vocabulary: Gives the attested words; asked when they are first needed.
    """

    def __init__(
        self,
        document: Document,
        checked_out: CheckedOut,
        scheme: Scheme,
        save: Callable[[Layer], Layer],
        cursor: int = 0,
        *,
        history: History | None = None,
        vocabulary: Callable[[], Vocabulary] = lambda: Vocabulary([]),
    ) -> None:
        self.document = document
        self.checked_out = checked_out
        self.layer = checked_out.layer
        self.scheme = scheme
        self.segments = Segments(document.text)
        self.history = history or History()
        self.cursor = segmentation.grapheme_at(document.text, cursor)[0]
        self.selection: Selection | None = None
        self.query = Query()
        """What was searched for last."""
        self.hits: tuple[Range, ...] = ()
        """The places that match it, while they are marked."""
        self.active_id: str | None = None
        self.armed = False
        """Whether the active span was just made: a label key then begins another."""
        self._cycling = False
        """Whether Tab is going through the spans that cover the cursor."""
        self.message = checked_out.message
        """What to tell the annotator until the next key."""
        self.save_error = ""
        """Why the last change is not on disk; empty if it is."""
        self._save = save
        self._vocabulary = vocabulary

    @cached_property
    def units(self) -> Units:
        """The words as labels offer them."""
        return Units(self.segments, self._vocabulary())

    @cached_property
    def folded(self) -> FoldedText:
        """The text as it is matched."""
        return fold_with_origins(self.text)

    @property
    def text(self) -> str:
        """The text of the article."""
        return self.document.text

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self.checked_out.lock is None

    @property
    def active(self) -> Span | None:
        """The span that the next act is about: just tagged, or reached with Tab."""
        return self.layer.span(self.active_id) if self.active_id else None

    # Moving and selecting

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Put the cursor on a grapheme.

        Args:
            offset: Where; any offset of the grapheme.
            extend: Select from where the cursor was, as Shift does.
        """
        before = segmentation.grapheme_at(self.text, self.cursor)
        self.cursor = segmentation.grapheme_at(self.text, offset)[0]
        selection = self.selection
        self.active_id = None
        self._cycling = False
        if extend and (selection is None or selection.anchor is None):
            anchor = (selection.start, selection.end) if selection else before
            selection = Selection(*anchor, anchor=anchor)
        if selection is None or selection.anchor is None or not (extend or selection.sticky):
            self.selection = None
            return
        start, end = selection.anchor
        here = segmentation.grapheme_at(self.text, self.cursor)
        self.selection = replace(
            selection, start=min(start, here[0]), end=max(end, here[1]), unit=""
        )

    def stretch_from(self, *, forward: bool) -> None:
        """Put the cursor to the edge of a selection that is about to be extended that way."""
        if self.selection and self.selection.anchor is None:
            stretch = (self.selection.start, self.selection.end)
            self.cursor = self._last_of(stretch) if forward else stretch[0]

    def reading_motion(self, unit: str, direction: int) -> int:
        """Find where a motion in reading order leads.

        Args:
            unit: "word", "clause" or "paragraph".
            direction: 1 forward, -1 back.

        Returns:
            The start of the next or previous unit; while a selection is extended forward, the
            last grapheme of the unit, so that the selection takes all of it.
        """
        if direction < 0:
            found = self.segments.previous_start(unit, self.cursor)
            return 0 if found is None else found
        anchor = self.selection.anchor if self.selection and self.selection.sticky else None
        if anchor and self.cursor >= anchor[0]:
            return self.unit_end(unit)
        found = self.segments.next_start(unit, self.cursor)
        return self.last_grapheme if found is None else found

    def unit_end(self, unit: str) -> int:
        """Find the last grapheme of the unit at the cursor, or of the next if it is there."""
        here = self.segments.at(unit, self.cursor)
        if here and self.cursor < here[1] and self._last_of(here) > self.cursor:
            return self._last_of(here)
        start = self.segments.next_start(unit, self.cursor)
        following = self.segments.at(unit, start) if start is not None else None
        return self._last_of(following) if following else self.last_grapheme

    def _last_of(self, stretch: Range) -> int:
        return segmentation.previous_boundary(self.text, stretch[1])

    @property
    def last_grapheme(self) -> int:
        """The offset of the last grapheme of the text."""
        return segmentation.previous_boundary(self.text, len(self.text))

    def select_or_grow(self) -> None:
        """Select the word at the cursor; again, its clause, sentence, paragraph."""
        self.active_id = None
        selection = self.selection
        larger: tuple[str, ...] = GROWING
        if selection and selection.unit in GROWING:
            larger = GROWING[GROWING.index(selection.unit) + 1 :]
        for unit in larger:
            found = self.segments.at(unit, self.cursor)
            if found is None:
                continue
            start, end = found
            if selection:
                if start > selection.start or end < selection.end:
                    continue
                if (start, end) == (selection.start, selection.end):
                    selection = replace(selection, unit=unit)
                    continue
            self.selection = Selection(start, end, unit=unit)
            if not start <= self.cursor < end:
                self.cursor = segmentation.grapheme_at(self.text, start)[0]
            return
        if selection is None:
            self.message = "There is no word here."

    def start_extending(self) -> None:
        """Begin a selection that motions extend, or end one; a selected word is its anchor."""
        self.active_id = None
        if self.selection and self.selection.sticky:
            self.selection = None
            return
        if self.selection:
            anchor = (self.selection.start, self.selection.end)
            self.cursor = self._last_of(anchor)
        else:
            anchor = segmentation.grapheme_at(self.text, self.cursor)
        self.selection = Selection(*anchor, anchor=anchor, sticky=True)

    def select(self, start: int, end: int) -> None:
        """Select from one offset to another, as a mouse does, and put the cursor at `end`."""
        first = segmentation.grapheme_at(self.text, start)
        last = segmentation.grapheme_at(self.text, end)
        self.active_id = None
        self.cursor = last[0]
        self.selection = Selection(min(first[0], last[0]), max(first[1], last[1]), anchor=first)

    def drop(self) -> None:
        """Let go of the selection, of the active span and of the marked hits."""
        self.selection = None
        self.hits = ()
        self.active_id = None

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
            self.message = "Nothing is selected: press Space for the word, v to extend."
            return
        same = [span for span in self.layer.spans if (span.start, span.end) == stretch]
        twin = next((span for span in same if span.label == label), None)
        self.selection = None
        if twin or (same and not beside):
            self._relabel(twin or same[-1], label)
            return
        self.tag_range(label, *stretch)

    def tag_range(self, label: str, start: int, end: int) -> None:
        """Tag a stretch of text and make the span the active one; one of its kind is kept."""
        if not self.may_change():
            return
        self.selection = None
        for span in self.layer.spans:
            if (span.start, span.end, span.label) == (start, end, label):
                self.active_id = span.id
                self.armed = True
                self.message = f"It is tagged as {label} already."
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
        """Give a span other edges; it stays the active one."""
        if not self.may_change() or (start, end) == (span.start, span.end):
            return
        self.do(changes.ReplaceSpan(span, replace(span, start=start, end=end)))
        self.active_id = span.id

    def _selected(self) -> Range | None:
        """Return the selection without the white space at its ends, if anything is left."""
        if self.selection is None:
            return None
        start, end = segmentation.trim(self.text, self.selection.start, self.selection.end)
        return segmentation.snap(self.text, start, end) if start < end else None

    def _relabel(self, span: Span, label: str) -> None:
        self.active_id = span.id
        self.armed = True
        for other in self.layer.spans:
            if (other.start, other.end, other.label) == (span.start, span.end, label):
                self.active_id = other.id
                self.message = f"It is tagged as {label} already."
                return
        labels = {item.id: item.label for item in self.layer.spans} | {span.id: label}
        allowed = {
            item.id
            for item in self.layer.relations
            if self.scheme.allows(item.type, labels.get(item.head, ""), labels.get(item.child, ""))
        }
        self.do(changes.relabel_span(self.layer, span, label, allowed))

    def delete(self) -> None:
        """Delete the active span, or the innermost one under the cursor."""
        if not self.may_change():
            return
        covering = self.layer.covering(self.cursor)
        span = self.active or (covering[0] if covering else None)
        if span is None:
            self.message = "There is no span here."
            return
        self.do(changes.delete_span(self.layer, span))
        self.drop()
        self.message = f"Deleted a span of {span.label}; u brings it back."

    def go_to_span(self, step: int) -> None:
        """Make the next (1) or previous (-1) span the active one.

        From a place that spans cover, Tab goes through those first, the innermost before the
        others; then on in reading order.
        """
        spans = self.layer.spans
        if not spans:
            self.message = "There is no span in this article yet."
            return
        active, cursor = self.active, self.cursor
        cycle = [span.id for span in self.layer.covering(cursor)] if step > 0 else []
        if cycle and (active is None or (self._cycling and active.id in cycle[:-1])):
            following = cycle.index(active.id) + 1 if active else 0
            self.selection = None
            self.active_id = cycle[following]
            self.armed = False
            self._cycling = True
            return
        if active and not self._cycling:
            index = (spans.index(active) + step) % len(spans)
        elif step > 0:
            after = cursor + self._cycling
            index = next((number for number, span in enumerate(spans) if span.start >= after), 0)
        else:
            before = [number for number, span in enumerate(spans) if span.start < cursor]
            index = before[-1] if before else len(spans) - 1
        self.activate(spans[index])

    def activate(self, span: Span) -> None:
        """Make a span the active one and put the cursor at its start."""
        self.selection = None
        self.cursor = segmentation.grapheme_at(self.text, span.start)[0]
        self.active_id = span.id
        self.armed = self._cycling = False

    # Status and history

    def set_status(self, status: Status) -> None:
        """Say how far the work on the article is."""
        if self.may_change() and status != self.layer.status:
            self.do(changes.SetStatus(self.layer.status, status))

    def undo(self) -> None:
        """Take the last change back."""
        self._step(self.history.undo(), "Nothing to undo.")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._step(self.history.redo(), "Nothing to redo.")

    def _step(self, step: tuple[Change, History] | None, nothing: str) -> None:
        if not self.may_change():
            return
        if step is None:
            self.message = nothing
            return
        change, self.history = step
        self.drop()
        before = {span.id: span for span in self.layer.spans}
        self._apply(change)
        touched = [span for span in self.layer.spans if before.get(span.id) != span]
        if touched:
            self.cursor = touched[0].start

    def may_change(self) -> bool:
        """Tell whether the layer may be changed, and the annotator if it may not."""
        if self.read_only:
            self.message = self.checked_out.message or "This article is open read only."
        return not self.read_only

    def do(self, change: Change) -> None:
        """Make a change, record it for undo and save."""
        if self.layer.status == "new" and not isinstance(change, changes.SetStatus):
            change = changes.Batch((change, changes.SetStatus("new", "in_progress")))
        self.history = self.history.record(change)
        self._apply(change)

    def _apply(self, change: Change) -> None:
        self.layer = change.apply(self.layer)
        self.save()

    def save(self) -> bool:
        """Write the layer, and keep the reason if that fails.

        Returns:
            Whether the layer is on disk.
        """
        try:
            self.layer = self._save(self.layer)
            self.save_error = ""
        except StoreError as error:
            self.save_error = str(error)
        return not self.save_error
