"""Suggestions for an article: shown for review, and left for later unless they are kept."""

from annotations.language.wording import counted
from annotations.model import changes
from annotations.model.changes import Batch, Change
from annotations.model.layer import Relation, Span
from tui.desk.modes.base import Outcome
from tui.desk.modes.reviewing import ReviewMode
from tui.desk.reading import Reading
from tui.keys.keyboard import Press


class SuggestionMode(ReviewMode):
    """What is suggested for an article, walked through; only keeping it tags anything.

    Args:
        reading: The article.
    """

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.suggested = reading.suggested
        self.tag()

    @property
    def proposed(self) -> list[Span]:
        """The suggestions that are not tagged by now."""
        tagged = {(span.start, span.end, span.label) for span in self.before.spans}
        return [span for span in self.suggested if (span.start, span.end, span.label) not in tagged]

    @property
    def prompt(self) -> str:
        """Return where the review stands."""
        return f"suggestion {self.spot}"

    def change(self) -> Change:
        """Tag what is left, and join what was suggested as joined, if the scheme still may."""
        added = tuple(changes.AddSpan(span) for span in self.tagged)
        layer = Batch(added).apply(self.before)
        made = {(span.start, span.end): span for span in self.tagged}
        known = {span.id: made.get((span.start, span.end)) for span in self.suggested}
        names = layer.free_ids("r")
        joins: list[Change] = []
        for item in self.reading.suggested_relations:
            head, child = known.get(item.head), known.get(item.child)
            if head and child and self.reading.scheme.allows(item.type, head.label, child.label):
                join = Relation(next(names), item.type, head.id, child.id)
                joins.append(changes.AddRelation(join))
        return Batch((*added, *joins))

    def press_else(self, press: Press) -> Outcome:
        """Leave them for later; no other key decides on what was perhaps not looked at."""
        if len(press.key) == 1:
            self.reading.say(
                "{key} does nothing here: {review.keep} keeps all, {review.reject} rejects this "
                "one, {review.leave} leaves them for later.",
                key=press.key,
            )
            return Outcome.STAY
        self.leave()
        return Outcome.PASS

    def closed(self, *, kept: bool) -> None:
        """Record what was rejected, and what was kept."""
        rejected = {span.id for span in self.suggested if (span.start, span.end) in self.rejected}
        taken = {span.id for span in self.suggested} - rejected if kept else set()
        self.reading.settle(taken, rejected)
        if kept:
            self.reading.say(
                "{kept} kept, {rejected} rejected.",
                kept=counted(len(self.tagged), "suggestion"),
                rejected=len(rejected),
            )
        else:
            self.reading.say("The suggestions stay for later.")
        if self.tagged and kept:
            self.reading.arm(self.tagged[0])


def review_suggestions(reading: Reading) -> SuggestionMode | None:
    """Show what is suggested for an article, if anything is, for review."""
    if not reading.suggested:
        reading.say("Nothing is suggested for this article.")
        return None
    if not reading.may_change():
        return None
    mode = SuggestionMode(reading)
    if mode.tagged:
        return mode
    mode.closed(kept=True)
    return None
