"""All mentions of a span that are tagged: to delete or to relabel them at once."""

from collections.abc import Callable

from annotations.language.folding import fold
from annotations.language.wording import counted
from annotations.model import changes
from annotations.model.changes import Batch, Change
from annotations.model.layer import Layer, Span
from annotations.model.telling import relations_gone
from tui.desk.modes.base import Mode, Outcome, innermost
from tui.desk.modes.relating import QUOTED, quoted
from tui.desk.reading import Reading
from tui.keys.command import key_cap
from tui.keys.keyboard import Press


class MentionsMode(Mode):
    """Walks through the spans that mention the same; what is done is done to all not left out.

    Args:
        reading: The article.
        span: One of them.
    """

    place = "mentions"

    def __init__(self, reading: Reading, span: Span) -> None:
        super().__init__(reading)
        self.span = span
        self.found = mentions_of(reading, span)
        """The spans that are left, in reading order."""
        self.index = self.found.index(span)
        self._mark()

    @property
    def prompt(self) -> str:
        """Return which of them is looked at."""
        words = quoted(self.reading, self.span, QUOTED)
        return f"{self.span.label} \u00ab{words}\u00bb: {self.index + 1} of {len(self.found)}"

    def step(self, step: int) -> Outcome:
        """Go to the next (1) or the one before (-1)."""
        self.index = (self.index + step) % len(self.found)
        self._mark()
        return Outcome.STAY

    def point(self, offset: int) -> Outcome:
        """Go to the mention that was clicked; a click decides nothing."""
        place = innermost(self.found, offset)
        if place is not None:
            self.index = place
            self._mark()
        return Outcome.STAY

    def leave_out(self) -> Outcome:
        """Leave the one that is looked at as it is."""
        self.found.pop(self.index)
        if not self.found:
            self.leave()
            self.reading.say("Nothing is left; nothing was changed.")
            return Outcome.LEAVE
        self.index = min(self.index, len(self.found) - 1)
        self._mark()
        return Outcome.STAY

    def delete(self) -> Outcome:
        """Delete them all, as one change."""
        found = self.found
        change = _together(self.reading.layer, found, changes.delete_span)
        self.reading.do(change)
        self.reading.drop()
        deleted = counted(len(found), "mention") + relations_gone(change)
        self.reading.say("Deleted {deleted}; {edit.undo} brings them back.", deleted=deleted)
        return Outcome.LEAVE

    def relabel(self, label: str) -> Outcome:
        """Relabel them all, as one change; one that has such a twin stays."""
        reading = self.reading
        twins = {(span.start, span.end) for span in reading.layer.spans if span.label == label}
        found = [span for span in self.found if (span.start, span.end) not in twins]
        if not found:
            reading.say("They are {label} already.", label=label)
            return Outcome.STAY

        def relabelled(layer: Layer, span: Span) -> Change:
            return changes.relabel_span(layer, span, label, reading.allowed_with(span, label))

        change = _together(reading.layer, found, relabelled)
        reading.do(change)
        reading.drop()
        made = f"{counted(len(found), 'mention')} \u2192 {label}{relations_gone(change)}"
        reading.say("{made}; {edit.undo} takes it back.", made=made)
        return Outcome.LEAVE

    def leave(self) -> Outcome:
        """Change nothing."""
        self.reading.pointing.hits = ()
        self.reading.activate(self.span)
        return Outcome.LEAVE

    def press_else(self, press: Press) -> Outcome:
        """Stay: no other key decides on many spans at once."""
        self.reading.say("{key} does nothing here.", key=key_cap(press.key))
        return Outcome.STAY

    def _mark(self) -> None:
        self.reading.pointing.hits = tuple((span.start, span.end) for span in self.found)
        self.reading.activate(self.found[self.index])


def _together(
    layer: Layer, spans: list[Span], change_of: Callable[[Layer, Span], Change]
) -> Change:
    """Make one change of what is done to spans one after the other."""
    parts: list[Change] = []
    for span in spans:
        change = change_of(layer, span)
        layer = change.apply(layer)
        parts.append(change)
    return Batch(tuple(parts))


def mentions_of(reading: Reading, span: Span) -> list[Span]:
    """List the spans of a label whose words fold alike, in reading order."""
    text = reading.text
    wanted = fold(text[span.start : span.end])
    return [
        other
        for other in reading.layer.spans
        if other.label == span.label and fold(text[other.start : other.end]) == wanted
    ]


def review_mentions(reading: Reading, span: Span | None) -> MentionsMode | None:
    """Show all tagged mentions of a span, to delete or to relabel them."""
    if span is None:
        reading.say("There is no span here whose mentions could be changed.")
        return None
    return MentionsMode(reading, span) if reading.may_change() else None
