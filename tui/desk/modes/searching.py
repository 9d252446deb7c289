"""Searching an article: the query as it is typed, and the places that match it.

A query is matched folded (`language.folding`), anywhere or as whole words, which may carry
proclitics; `label:claim` and `actor:...` search the spans of a label. Offsets are code points.
"""

from bisect import bisect_right
from itertools import islice
from typing import Final

from annotations.language import graphemes
from annotations.language.folding import fold
from annotations.language.graphemes import Range
from annotations.suggest.repeats import cut_before, ends_a_word
from tui.desk.modes.base import Mode, Outcome, TypingMode
from tui.desk.pointing import Query
from tui.desk.reading import Reading
from tui.desk.typed import Typed

_LABEL: Final = "label"
MOST_HITS: Final = 2000
"""Hits that are looked for, from the cursor on; further ones are found from there."""
_MOST_TRIED: Final = 10 * MOST_HITS


def find_hits(reading: Reading, query: Query) -> tuple[Range, ...]:
    """Find the places of an article that match a query, in reading order; at most `MOST_HITS`."""
    head, colon, rest = query.text.partition(":")
    if colon and (head == _LABEL or head in reading.scheme.label_names):
        label, wanted = (rest.strip(), "") if head == _LABEL else (head, fold(rest.strip()))
        return tuple(
            (span.start, span.end)
            for span in reading.layer.spans
            if span.label == label and wanted in fold(reading.text[span.start : span.end])
        )
    found: set[Range] = set()
    last = -1
    for place in islice(reading.folded.occurrences(fold(query.text), reading.cursor), _MOST_TRIED):
        start, end = graphemes.snap(reading.text, *place)
        overlaps = last - (end - start) < start < last
        if not overlaps and (not query.whole_words or _is_whole(reading, start, end)):
            found.add((start, end))
            last = end
        if len(found) == MOST_HITS:
            break
    return tuple(sorted(found))


def _is_whole(reading: Reading, start: int, end: int) -> bool:
    segments = reading.segments
    return ends_a_word(segments, end) and cut_before(segments, start) is not None


class SearchMode(TypingMode):
    """The search line: hits are marked as the query is typed.

    Args:
        reading: The article.
    """

    place = "search"
    sign = "/"

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.typed = Typed()
        self.whole_words = reading.pointing.query.whole_words
        self._origin = reading.cursor
        reading.drop()

    @property
    def prompt(self) -> str:
        """Return how many places match, and whether parts of words do."""
        found = "label:claim and actor:... search spans"
        if self.typed.text:
            count = len(self.reading.pointing.hits)
            found = f"{count:,} found" if count < MOST_HITS else f"{count:,} or more found"
        return f"{found}, {'whole words' if self.whole_words else 'parts of words too'}"

    def leave(self) -> Outcome | Mode:
        """Go back to where the search began."""
        self.reading.pointing.hits = ()
        self.reading.move_to(self._origin)
        return Outcome.LEAVE

    def keep(self) -> Outcome | Mode:
        """Stay at the hit."""
        pointing = self.reading.pointing
        pointing.query = Query(self.typed.text, self.whole_words)
        if not pointing.hits:
            self.reading.move_to(self._origin)
            self.reading.say("Nothing matches." if self.typed.text else "")
        return Outcome.LEAVE

    def toggle_words(self) -> Outcome:
        """Change between whole words and parts of words."""
        self.whole_words = not self.whole_words
        self._find()
        return Outcome.STAY

    def erase(self) -> Outcome | Mode | None:
        """Erase the last letter; without one, leave."""
        if not self.typed.text:
            return self.leave()
        super().erase()
        return None

    def change(self, typed: Typed) -> None:
        """Set what the line says, and go to its first hit."""
        super().change(typed)
        self._find()

    def find(self) -> tuple[Range, ...]:
        """Find the places that match what is typed."""
        return find_hits(self.reading, Query(self.typed.text, self.whole_words))

    def _find(self) -> None:
        pointing = self.reading.pointing
        pointing.hits = self.find()
        pointing.cursor = self._origin
        if pointing.hits:
            go_to_hit(self.reading, 0)
        else:
            pointing.selection = None


def go_to_hit(reading: Reading, step: int) -> None:
    """Select the next hit (1), the one before (-1), or the first from the cursor on (0)."""
    pointing = reading.pointing
    if pointing.query.text and not pointing.hits:
        pointing.hits = find_hits(reading, pointing.query)
    if not pointing.hits:
        reading.say("No search yet: {search} searches.")
        return
    starts = [start for start, _ in pointing.hits]
    here = bisect_right(starts, reading.cursor)
    if step < 0:
        index = here - 1 - (here > 0 and starts[here - 1] == reading.cursor)
    elif step > 0:
        index = here
    else:
        index = max(0, here - 1) if here and starts[here - 1] == reading.cursor else here
    start, end = pointing.hits[index % len(starts)]
    reading.select(start, end - 1)
    pointing.cursor = start
    reading.say("Hit {number} of {count}.", number=index % len(starts) + 1, count=len(starts))
