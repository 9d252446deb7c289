"""Repeats of a span: all tagged in one step, then walked through for review."""

from annotations.model.layer import Span
from annotations.suggest.repeats import LIKENESSES, find_repeats
from tui.desk.modes.base import Outcome
from tui.desk.modes.reviewing import ReviewMode
from tui.desk.reading import Reading


class RepeatMode(ReviewMode):
    """Repeats of a span: all tagged at once, then walked through.

    Args:
        reading: The article.
        span: The span that is repeated.
    """

    def __init__(self, reading: Reading, span: Span) -> None:
        self.span = span
        self.found = find_repeats(reading.segments, reading.folded, span.start, span.end)
        self.width = len(LIKENESSES) - 1
        super().__init__(reading)

    @property
    def proposed(self) -> list[Span]:
        """The hits as wide as the review is set, those that are tagged already left out."""
        taken = [other for other in self.before.spans if other.label == self.span.label]
        return [
            Span("", hit.start, hit.end, self.span.label, "repeat")
            for hit in self.found
            if LIKENESSES.index(hit.likeness) <= self.width
            and not any(other.start <= hit.start and hit.end <= other.end for other in taken)
        ]

    @property
    def prompt(self) -> str:
        """Say where the review stands and what keys do."""
        kinds = ("exact", "exact and with clitics", "all spellings")[self.width]
        return f"repeat {self.place}   n next  x reject  Enter keep all  Esc undo all  v: {kinds}"

    def press_else(self, key: str) -> Outcome:
        """Widen the review in turn; relabel, or keep all."""
        if key != "v":
            return super().press_else(key)
        self.width = (self.width - 1) % len(LIKENESSES)
        self.tag()
        return Outcome.STAY

    def closed(self, *, kept: bool) -> None:
        """Go back to the span that is repeated."""
        self.reading.arm(self.span)
        count = len(self.tagged) if kept else 0
        told = f"{count} repeats tagged; u takes them back together." if count else ""
        self.reading.message = told or "No repeat was tagged."


def review_repeats(reading: Reading, span: Span | None) -> RepeatMode | None:
    """Tag every other mention of a span, if there is any, for review."""
    if span is None:
        reading.message = "There is no span here whose repeats could be tagged."
        return None
    if not reading.may_change():
        return None
    review = RepeatMode(reading, span)
    if review.tagged:
        return review
    reading.arm(span)
    reading.message = "No other mention here is untagged; once more looks in the other articles."
    return None
