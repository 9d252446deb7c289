"""Repeats of a span: all tagged in one step, then walked through for review."""

from annotations import changes
from annotations.changes import Batch, Change
from annotations.model import Span
from annotations.suggest.repeats import LIKENESSES, Hit, find_repeats
from tui.hints import Hinting
from tui.modes.base import Outcome
from tui.reading import Reading


class ReviewMode:
    """Repeats of a span: all tagged at once, then walked through.

    Args:
        reading: The article.
        span: The span that is repeated.
    """

    takes_text = False
    hinting: Hinting | None = None

    def __init__(self, reading: Reading, span: Span) -> None:
        self.reading = reading
        self.span = span
        self.found = find_repeats(reading.segments, reading.folded, span.start, span.end)
        self.width = len(LIKENESSES) - 1
        self.tagged: list[Span] = []
        self.rejected: set[tuple[int, int]] = set()
        self.index = 0
        self._history = reading.history
        self._before = reading.layer
        self._tag()

    @property
    def hits(self) -> list[Hit]:
        """The hits as wide as the review is set, those that are tagged already left out."""
        taken = [other for other in self._before.spans if other.label == self.span.label]
        return [
            hit
            for hit in self.found
            if LIKENESSES.index(hit.likeness) <= self.width
            and (hit.start, hit.end) not in self.rejected
            and not any(other.start <= hit.start and hit.end <= other.end for other in taken)
        ]

    @property
    def prompt(self) -> str:
        """Say where the review stands and what keys do."""
        number = f"{min(self.index + 1, len(self.tagged))} of {len(self.tagged)}"
        kinds = ("exact", "exact and with clitics", "all spellings")[self.width]
        return f"repeat {number}   n next  x reject  Enter keep all  Esc undo all  v: {kinds}"

    def press(self, key: str) -> Outcome:
        """Walk, reject, relabel, widen, accept or undo."""
        if key == "escape":
            self._restore()
            self.reading.message = "No repeat was tagged."
            self.reading.arm(self.span)
            return Outcome.LEAVE
        if key in ("n", "N"):
            step = 1 if key == "n" else -1
            self.index = (self.index + step) % max(1, len(self.tagged))
            self._show()
        elif key == "x":
            self._reject()
            return Outcome.STAY if self.tagged else Outcome.LEAVE
        elif key == "v":
            self.width = (self.width - 1) % len(LIKENESSES)
            self._restore()
            self._tag()
        elif self._relabel(key):
            pass
        else:
            self.reading.arm(self.span)
            self.reading.message = f"{len(self.tagged)} repeats tagged; u takes them back together."
            return Outcome.LEAVE if key == "enter" else Outcome.PASS
        return Outcome.STAY

    def _restore(self) -> None:
        if self.reading.layer.spans != self._before.spans:
            self.reading.undo()
        self.reading.history = self._history

    def _tag(self) -> None:
        layer = self._before
        spans: list[Span] = []
        for hit in self.hits:
            spans.append(Span(layer.free_id("s"), hit.start, hit.end, self.span.label, "repeat"))
            layer = layer.with_spans([*layer.spans, spans[-1]])
        self.tagged = spans
        self._replace()

    def _replace(self) -> None:
        """Make the change anew, so that it stays one step of undo."""
        self._restore()
        if self.tagged:
            steps: tuple[Change, ...] = tuple(changes.AddSpan(span) for span in self.tagged)
            self.reading.do(Batch(steps))
        self.index = min(self.index, max(0, len(self.tagged) - 1))
        self._show()

    def _show(self) -> None:
        if self.tagged:
            self.reading.activate(self.tagged[self.index])

    def _reject(self) -> None:
        if self.tagged:
            span = self.tagged[self.index]
            self.rejected.add((span.start, span.end))
            self.tagged = [other for other in self.tagged if other is not span]
            self._replace()
        if not self.tagged:
            self.reading.arm(self.span)

    def _relabel(self, key: str) -> bool:
        label = next((label for label in self.reading.scheme.labels if label.key == key), None)
        if label is None or not self.tagged:
            return False
        span = self.tagged[self.index]
        self.tagged[self.index] = Span(span.id, span.start, span.end, label.name, span.source)
        self._replace()
        return True


def review_repeats(reading: Reading, span: Span | None) -> ReviewMode | None:
    """Tag every other mention of a span, if there is any, for review."""
    if span is None:
        reading.message = "There is no span here whose repeats could be tagged."
        return None
    if not reading.may_change():
        return None
    review = ReviewMode(reading, span)
    if review.tagged:
        return review
    reading.arm(span)
    reading.message = "There is no other mention that is not tagged."
    return None
