"""Where the annotator is in a text: the cursor, the selection, and the hits of a search.

Offsets are code points; the cursor is the offset of the grapheme cluster that it stands on, and a
selection always holds whole clusters. Knows nothing of layers or screens.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from annotations.language import graphemes
from annotations.language.graphemes import Range
from annotations.language.segmentation import Segments

GROWING: Final = ("word", "clause", "sentence", "paragraph")
"""What Space selects, each press the next."""


class Selection(Struct, frozen=True):
    """A selected stretch, and how motions change it."""

    start: int
    end: int
    anchor: Range | None = None
    """The stretch that stays selected while motions extend it; None if they don't."""
    sticky: bool = False
    """Whether plain motions extend it, not only those with Shift."""
    unit: str = ""
    """What Space selected last."""


class Query(Struct, frozen=True):
    """What is searched for, and whether only whole words match."""

    text: str = ""
    whole_words: bool = False


class Pointing:
    """A cursor and a selection over a text.

    Args:
        text: The text.
        cursor: Where the cursor stands at first.
    """

    def __init__(self, text: str, cursor: int = 0) -> None:
        self.text = text
        self.segments = Segments(text)
        self.cursor = graphemes.grapheme_at(text, cursor)[0]
        self.selection: Selection | None = None
        self.query = Query()
        """What was searched for last."""
        self.hits: tuple[Range, ...] = ()
        """The places that match it, while they are marked."""

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Move the cursor to a grapheme.

        Args:
            offset: Where; any offset of the grapheme.
            extend: Select from where the cursor was, as Shift does.
        """
        before = graphemes.grapheme_at(self.text, self.cursor)
        self.cursor = graphemes.grapheme_at(self.text, offset)[0]
        selection = self.selection
        if extend and (selection is None or selection.anchor is None):
            anchor = (selection.start, selection.end) if selection else before
            selection = Selection(*anchor, anchor=anchor)
        if selection is None or selection.anchor is None or not (extend or selection.sticky):
            self.selection = None
            return
        start, end = selection.anchor
        here = graphemes.grapheme_at(self.text, self.cursor)
        self.selection = replace(
            selection, start=min(start, here[0]), end=max(end, here[1]), unit=""
        )

    def stretch_from(self, *, forward: bool) -> None:
        """Move the cursor to the edge of a selection that is about to be extended that way."""
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
        return graphemes.previous_boundary(self.text, stretch[1])

    @property
    def last_grapheme(self) -> int:
        """The offset of the last grapheme of the text."""
        return graphemes.previous_boundary(self.text, len(self.text))

    def select_or_grow(self) -> bool:
        """Select the word at the cursor; again, its clause, sentence, paragraph.

        Returns:
            Whether anything is selected.
        """
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
                self.cursor = graphemes.grapheme_at(self.text, start)[0]
            return True
        return selection is not None

    def start_extending(self) -> None:
        """Begin a selection that motions extend, or end one; a selected word is its anchor."""
        if self.selection and self.selection.sticky:
            self.selection = None
            return
        if self.selection:
            anchor = (self.selection.start, self.selection.end)
            self.cursor = self._last_of(anchor)
        else:
            anchor = graphemes.grapheme_at(self.text, self.cursor)
        self.selection = Selection(*anchor, anchor=anchor, sticky=True)

    def select(self, start: int, end: int) -> None:
        """Select from one offset to another, as a mouse does, and put the cursor at `end`."""
        first = graphemes.grapheme_at(self.text, start)
        last = graphemes.grapheme_at(self.text, end)
        self.cursor = last[0]
        self.selection = Selection(min(first[0], last[0]), max(first[1], last[1]), anchor=first)

    def select_words(self, start: int, end: int) -> None:
        """Select the words from the one at an offset to the one at another."""
        at = self.segments.at
        words = [at("word", offset) or (offset, offset + 1) for offset in (start, end)]
        self.select(min(word[0] for word in words), max(word[1] for word in words) - 1)

    def drop(self) -> None:
        """Clear the selection and the marked hits."""
        self.selection = None
        self.hits = ()
