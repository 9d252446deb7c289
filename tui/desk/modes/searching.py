"""Searching an article: the query as it is typed, and the places that match it.

A query is matched folded (`language.folding`), anywhere or as whole words, which may carry
proclitics; `label:claim` and `actor:...` search the spans of a label. Offsets are code points.
"""

from bisect import bisect_right
from typing import Final

from annotations.language import segmentation
from annotations.language.folding import fold
from annotations.language.segmentation import Range
from annotations.suggest.repeats import cut_before, ends_a_word
from tui.desk.hints import Hinting
from tui.desk.modes.base import Outcome
from tui.desk.pointing import Query
from tui.desk.reading import Reading
from tui.desk.typed import Typed

_LABEL: Final = "label"


def find_hits(reading: Reading, query: Query) -> tuple[Range, ...]:
    """Find the places of an article that match a query, in reading order."""
    head, colon, rest = query.text.partition(":")
    if colon and (head == _LABEL or head in reading.scheme.label_names):
        label, wanted = (rest.strip(), "") if head == _LABEL else (head, fold(rest.strip()))
        return tuple(
            (span.start, span.end)
            for span in reading.layer.spans
            if span.label == label and wanted in fold(reading.text[span.start : span.end])
        )
    needle = fold(query.text)
    folded = reading.folded
    found: list[Range] = []
    at = folded.folded.find(needle) if needle.strip() else -1
    while at >= 0:
        start, end = segmentation.snap(reading.text, *folded.raw_range(at, at + len(needle)))
        if not query.whole_words or _is_whole(reading, start, end):
            found.append((start, end))
        at = folded.folded.find(needle, at + len(needle))
    return tuple(found)


def _is_whole(reading: Reading, start: int, end: int) -> bool:
    segments = reading.segments
    return ends_a_word(segments, end) and cut_before(segments, start) is not None


class SearchMode:
    """The search line: hits are marked as the query is typed.

    Args:
        reading: The article.
    """

    takes_text = True
    hinting: Hinting | None = None

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.typed = Typed()
        self.whole_words = reading.query.whole_words
        self._origin = reading.cursor
        reading.drop()
        reading.hits = ()

    @property
    def prompt(self) -> str:
        """Say how many places match and what keys do."""
        count = len(self.reading.hits)
        found = f"{count} found" if self.typed.text else "label:claim and actor:... search spans"
        words = "whole words" if self.whole_words else "anywhere"
        return f"{found}   Tab: {words}   Enter stays   Esc returns"

    def press(self, key: str) -> Outcome:
        """Type, or end the search."""
        reading = self.reading
        if key == "escape":
            reading.hits = ()
            reading.move_to(self._origin)
            return Outcome.LEAVE
        if key == "enter":
            reading.query = Query(self.typed.text, self.whole_words)
            if not reading.hits:
                reading.move_to(self._origin)
                reading.message = "Nothing matches." if self.typed.text else ""
            return Outcome.LEAVE
        if key == "tab":
            self.whole_words = not self.whole_words
        elif key == "backspace" and not self.typed.text:
            return self.press("escape")
        else:
            self.typed = self.typed.press(key)
        self._find()
        return Outcome.STAY

    def paste(self, text: str) -> None:
        """Type a pasted text."""
        self.typed = self.typed.insert(" ".join(text.split()))
        self._find()

    def _find(self) -> None:
        query = Query(self.typed.text, self.whole_words)
        self.reading.hits = find_hits(self.reading, query)
        self.reading.cursor = self._origin
        if self.reading.hits:
            go_to_hit(self.reading, 0)
        else:
            self.reading.selection = None


def go_to_hit(reading: Reading, step: int) -> None:
    """Select the next hit (1), the one before (-1), or the first from the cursor on (0)."""
    if reading.query.text and not reading.hits:
        reading.hits = find_hits(reading, reading.query)
    if not reading.hits:
        reading.message = "Nothing to go to: / searches."
        return
    starts = [start for start, _ in reading.hits]
    here = bisect_right(starts, reading.cursor)
    if step < 0:
        index = here - 1 - (here > 0 and starts[here - 1] == reading.cursor)
    elif step > 0:
        index = here
    else:
        index = max(0, here - 1) if here and starts[here - 1] == reading.cursor else here
    start, end = reading.hits[index % len(starts)]
    reading.select(start, end - 1)
    reading.cursor = start
    reading.message = f"hit {index % len(starts) + 1} of {len(starts)}"
