"""Walking through spans that are proposed together, to keep or to reject each.

They are only shown until they are kept; then all of them are one change.
"""

from abc import abstractmethod

from annotations.model import changes
from annotations.model.changes import Batch, Change
from annotations.model.layer import Layer, Span
from tui.desk.modes.base import Mode, Outcome, innermost
from tui.desk.reading import Reading
from tui.keys.keyboard import Press


class ReviewMode(Mode):
    """Shows what is proposed, and goes from one span to the next.

    Args:
        reading: The article.
    """

    place = "review"

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.tagged: list[Span] = []
        self.rejected: set[tuple[int, int]] = set()
        self.index = 0
        self.before: Layer = reading.layer

    @property
    @abstractmethod
    def proposed(self) -> list[Span]:
        """The spans to tag, rejected ones among them; their ids don't matter."""

    @abstractmethod
    def closed(self, *, kept: bool) -> None:
        """Set a message about what became of the spans, and go on from there."""

    @property
    def spot(self) -> str:
        """Return which of the spans is looked at."""
        return f"{min(self.index + 1, len(self.tagged))} of {len(self.tagged)}"

    def tag(self) -> None:
        """Show what is proposed and not rejected, instead of what was shown before."""
        wanted = [span for span in self.proposed if (span.start, span.end) not in self.rejected]
        self.tagged = list(self.before.adding(wanted)[1])
        self._show_all()

    def step(self, step: int) -> Outcome:
        """Go to the next span (1) or the one before (-1)."""
        self.index = (self.index + step) % max(1, len(self.tagged))
        self._show()
        return Outcome.STAY

    def point(self, offset: int) -> Outcome:
        """Go to the proposed span that was clicked; a click decides nothing."""
        place = innermost(self.tagged, offset)
        if place is not None:
            self.index = place
            self._show()
        else:
            self.reading.say("{review.keep} keeps what is shown, {review.leave} leaves it.")
        return Outcome.STAY

    def reject(self) -> Outcome:
        """Reject the span that is looked at; after the last, keep what was not rejected."""
        if self.tagged:
            span = self.tagged.pop(self.index)
            self.rejected.add((span.start, span.end))
            self._show_all()
        return Outcome.STAY if self.tagged else self.keep()

    def relabel(self, label: str) -> Outcome:
        """Change the label of the span that is looked at."""
        if self.tagged:
            span = self.tagged[self.index]
            changed = f"{span.label} \u2192 {label}"
            self.reading.say("{changed}, this one", changed=changed)
            self.tagged[self.index] = Span(span.id, span.start, span.end, label, span.source)
            self._show_all()
        return Outcome.STAY

    def widen(self) -> Outcome:
        """Propose other kinds of spans, where there are any."""
        self.reading.say("Only repeats are looked for in other spellings.")
        return Outcome.STAY

    def keep(self) -> Outcome:
        """Tag all that is shown, as one change."""
        self.reading.preview(self.before)
        if self.tagged:
            self.reading.do(self.change())
        self.closed(kept=True)
        return Outcome.LEAVE

    def leave(self) -> Outcome:
        """Tag nothing."""
        self.reading.preview(self.before)
        self.closed(kept=False)
        return Outcome.LEAVE

    def press_else(self, press: Press) -> Outcome:  # noqa: ARG002 - whatever it is
        """Keep what is shown, and let the key do its usual work."""
        self.keep()
        return Outcome.PASS

    def change(self) -> Change:
        """Build the change that tags what is shown."""
        return Batch(tuple(changes.AddSpan(span) for span in self.tagged))

    def _show_all(self) -> None:
        shown = self.change().apply(self.before) if self.tagged else self.before
        self.reading.preview(shown)
        self.index = min(self.index, max(0, len(self.tagged) - 1))
        self._show()

    def _show(self) -> None:
        if self.tagged:
            self.reading.activate(self.tagged[self.index])
