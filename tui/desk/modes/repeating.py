"""Repeats of a span: all shown at once, then walked through for review."""

from annotations.language.wording import counted
from annotations.model.layer import Span
from annotations.suggest.repeats import LIKENESSES, Hit, find_repeats
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
        super().__init__(reading)
        self.span = span
        self.found = find_repeats(reading.segments, reading.folded, span.start, span.end)
        self.width = len(LIKENESSES) - 1
        self.tag()

    @property
    def proposed(self) -> list[Span]:
        """The hits as wide as the review is set, those that are tagged already left out.

        A mention inside a longer span of the label is one of its own; one that is tagged with a
        proclitic, or without one that it has here, is tagged.
        """
        starts: dict[int, list[int]] = {}
        for other in self.before.spans:
            if other.label == self.span.label:
                starts.setdefault(other.end, []).append(other.start)

        def is_tagged(hit: Hit) -> bool:
            word = self.reading.segments.at("word", hit.start) or (hit.start, hit.end)
            return any(word[0] <= start < word[1] for start in starts.get(hit.end, ()))

        return [
            Span("", hit.start, hit.end, self.span.label, "repeat")
            for hit in self.found
            if LIKENESSES.index(hit.likeness) <= self.width and not is_tagged(hit)
        ]

    @property
    def prompt(self) -> str:
        """Return where the review stands, and which spellings are looked for."""
        kinds = ("exact", "exact and with clitics", "all spellings")[self.width]
        return f"repeat {self.spot} ({kinds})"

    def widen(self) -> Outcome:
        """Search for fewer spellings, then for all again."""
        self.width = (self.width - 1) % len(LIKENESSES)
        self.tag()
        return Outcome.STAY

    def closed(self, *, kept: bool) -> None:
        """Go back to the span that is repeated."""
        self.reading.arm(self.span)
        count = len(self.tagged) if kept else 0
        if count:
            them = "it" if count == 1 else "them"
            self.reading.say(
                "{repeats} tagged; {edit.undo} removes {them}.",
                repeats=counted(count, "repeat"),
                them=them,
            )
        else:
            self.reading.say("No repeat was tagged.")


def review_repeats(reading: Reading, span: Span | None) -> RepeatMode | None:
    """Show every other mention of a span, if there is any, for review."""
    if span is None:
        reading.say("There is no span here whose repeats could be tagged.")
        return None
    if not reading.may_change():
        return None
    review = RepeatMode(reading, span)
    if review.tagged:
        return review
    reading.arm(span)
    reading.say("All mentions here are tagged; {span.repeats} again looks in the other articles.")
    return None
