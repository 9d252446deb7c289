"""Walking through spans that were tagged in one step, to keep or to reject each."""

from annotations.model import changes
from annotations.model.changes import Batch, Change
from annotations.model.layer import Span
from tui.desk.hints import Hinting
from tui.desk.modes.base import Outcome
from tui.desk.reading import Reading


class ReviewMode:
    """Tags what a subclass proposes, all in one step of undo, and goes from one to the next.

    Args:
        reading: The article.
    """

    takes_text = False
    hinting: Hinting | None = None
    previews = False
    """Whether the spans are only shown until they are kept, and not saved."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.tagged: list[Span] = []
        self.rejected: set[tuple[int, int]] = set()
        self.index = 0
        self.before = reading.layer
        self._history = reading.history
        self.tag()

    @property
    def proposed(self) -> list[Span]:
        """The spans to tag, rejected ones among them; their ids don't matter."""
        raise NotImplementedError

    @property
    def prompt(self) -> str:
        """Say where the review stands and what keys do."""
        raise NotImplementedError

    def closed(self, *, kept: bool) -> None:
        """Say what became of the spans, and go on from there."""
        raise NotImplementedError

    @property
    def place(self) -> str:
        """Say which of the spans is looked at."""
        return f"{min(self.index + 1, len(self.tagged))} of {len(self.tagged)}"

    def press(self, key: str) -> Outcome:
        """Walk, reject, relabel, accept or undo."""
        if key == "escape":
            self.restore()
            self.closed(kept=False)
            return Outcome.LEAVE
        if key == "enter":
            self._keep()
            return Outcome.LEAVE
        if key in ("n", "N", "down", "up", "tab", "shift+tab"):
            step = 1 if key in ("n", "down", "tab") else -1
            self.index = (self.index + step) % max(1, len(self.tagged))
            self._show()
        elif key == "x":
            self._reject()
            if not self.tagged:
                self._keep()
                return Outcome.LEAVE
        else:
            return self.press_else(key)
        return Outcome.STAY

    def press_else(self, key: str) -> Outcome:
        """Relabel; any other key keeps what is tagged and does its usual work."""
        if self.relabel(key):
            return Outcome.STAY
        self._keep()
        return Outcome.PASS

    def tag(self) -> None:
        """Tag what is proposed and not rejected, instead of what was tagged before."""
        layer = self.before
        self.tagged = []
        for span in self.proposed:
            if (span.start, span.end) not in self.rejected:
                added = Span(layer.free_id("s"), span.start, span.end, span.label, span.source)
                layer = layer.with_spans([*layer.spans, added])
                self.tagged.append(added)
        self._replace()

    def relabel(self, key: str) -> bool:
        """Give the span that is looked at the label of a key, if it is one's."""
        label = next((label for label in self.reading.scheme.labels if label.key == key), None)
        if label is None or not self.tagged:
            return False
        span = self.tagged[self.index]
        self.tagged[self.index] = Span(span.id, span.start, span.end, label.name, span.source)
        self._replace()
        return True

    def change(self) -> Change:
        """Build the change that tags what is proposed and not rejected."""
        return Batch(tuple(changes.AddSpan(span) for span in self.tagged))

    def _keep(self) -> None:
        if self.previews:
            self.restore()
            if self.tagged:
                self.reading.do(self.change())
        self.closed(kept=True)

    def restore(self) -> None:
        """Have the article as it was before."""
        if self.previews:
            self.reading.preview(self.before)
        elif self.reading.layer.spans != self.before.spans:
            self.reading.undo()
        self.reading.history = self._history

    def _replace(self) -> None:
        """Make the change anew, so that it stays one step of undo."""
        self.restore()
        if self.tagged and self.previews:
            self.reading.preview(self.change().apply(self.before))
        elif self.tagged:
            self.reading.do(self.change())
        self.index = min(self.index, max(0, len(self.tagged) - 1))
        self._show()

    def _show(self) -> None:
        if self.tagged:
            self.reading.activate(self.tagged[self.index])

    def _reject(self) -> None:
        if self.tagged:
            span = self.tagged.pop(self.index)
            self.rejected.add((span.start, span.end))
            self._replace()
