"""Suggestions for an article: tagged for review, and left for later unless they are kept."""

from annotations.model import changes
from annotations.model.changes import Batch, Change
from annotations.model.layer import Relation, Span
from tui.desk.modes.base import Outcome
from tui.desk.modes.reviewing import ReviewMode
from tui.desk.reading import Reading


class SuggestionMode(ReviewMode):
    """What is suggested for an article, walked through; only Enter keeps it.

    Args:
        reading: The article.
    """

    previews = True

    def __init__(self, reading: Reading) -> None:
        self.suggested = reading.suggested
        super().__init__(reading)

    @property
    def proposed(self) -> list[Span]:
        """The suggestions that are not tagged by now."""
        tagged = {(span.start, span.end, span.label) for span in self.before.spans}
        return [span for span in self.suggested if (span.start, span.end, span.label) not in tagged]

    @property
    def prompt(self) -> str:
        """Say where the review stands and what keys do."""
        return f"suggestion {self.place}   n next  x reject  Enter keep all  Esc leave for later"

    def change(self) -> Change:
        """Tag what is left, and join what was suggested as joined, if the scheme still may."""
        layer = Batch(tuple(changes.AddSpan(span) for span in self.tagged)).apply(self.before)
        made = {(span.start, span.end): span for span in self.tagged}
        known = {span.id: made.get((span.start, span.end)) for span in self.suggested}
        joins: list[Change] = []
        for item in self.reading.suggested_relations:
            head, child = known.get(item.head), known.get(item.child)
            if head and child and self.reading.scheme.allows(item.type, head.label, child.label):
                join = Relation(layer.free_id("r"), item.type, head.id, child.id)
                layer = layer.with_relations([*layer.relations, join])
                joins.append(changes.AddRelation(join))
        return Batch((*(changes.AddSpan(span) for span in self.tagged), *joins))

    def press_else(self, key: str) -> Outcome:
        """Relabel; no other key decides on what was perhaps not looked at."""
        if len(key) == 1:
            self.relabel(key)
            return Outcome.STAY
        self.press("escape")
        return Outcome.PASS

    def closed(self, *, kept: bool) -> None:
        """Record what was rejected, and what was kept."""
        rejected = {span.id for span in self.suggested if (span.start, span.end) in self.rejected}
        taken = {span.id for span in self.suggested} - rejected if kept else set()
        self.reading.settle(taken, rejected)
        if kept:
            self.reading.message = f"{len(self.tagged)} suggestions kept, {len(rejected)} rejected."
        else:
            self.reading.message = "The suggestions stay for later."
        if self.tagged and kept:
            self.reading.arm(self.tagged[0])


def review_suggestions(reading: Reading) -> SuggestionMode | None:
    """Tag what is suggested for an article, if anything is, for review."""
    if not reading.suggested:
        reading.message = "Nothing is suggested for this article."
        return None
    if not reading.may_change():
        return None
    mode = SuggestionMode(reading)
    if mode.tagged:
        return mode
    mode.closed(kept=True)
    return None
