"""What keys mean while hints stand on the screen, or while repeats are reviewed.

A mode takes each key first. It knows the reading and nothing of screens; the reader draws what it
shows (`hinting`, `prompt`). Keys come as Textual names them, Arabic ones as their Latin twins.
"""

from enum import Enum, auto
from typing import Protocol

from annotations import changes
from annotations.changes import Batch, Change
from annotations.model import Relation, Span
from annotations.suggest.repeats import LIKENESSES, Hit, find_repeats
from tui.hints import Hinting, Target, make_hints
from tui.reading import Reading

CLAUSE_KEY = "]"


class Outcome(Enum):
    """What becomes of a mode after a key."""

    STAY = auto()
    LEAVE = auto()
    PASS = auto()
    """It is over, and the key does its usual work."""


class Mode(Protocol):
    """A state in which keys mean something else."""

    @property
    def hinting(self) -> Hinting | None:
        """The hints to draw, if any."""
        ...

    @property
    def prompt(self) -> str:
        """What the label bar asks for."""
        ...

    @property
    def takes_text(self) -> bool:
        """Whether keys are letters of a text, so that Arabic ones stand for themselves."""
        ...

    def press(self, key: str) -> Outcome:
        """Take a key."""
        ...


class TagMode:
    """Label first: a hint for the first word, then one for the last.

    Args:
        reading: The article.
        label: What to tag as.
        window: The offsets on screen.
        taken: Letters that are keys of labels.
    """

    takes_text = False

    def __init__(self, reading: Reading, label: str, window: tuple[int, int], taken: str) -> None:
        self.reading = reading
        exclude = reading.scheme.label(label).clitics == "exclude"
        targets = [
            Target(unit.begin(exclude_clitics=exclude), unit.end)
            for unit in reading.units.between(*window)
        ]
        hints = make_hints(targets, reading.cursor, taken)
        self.hinting: Hinting | None = Hinting("tag", hints, label)

    @property
    def prompt(self) -> str:
        """Ask for the first word, or the last."""
        assert self.hinting
        if self.hinting.first:
            return (
                f"{self.hinting.label}: last word?  the same hint or Enter: one word   "
                "] to the clause's end   Backspace"
            )
        return f"{self.hinting.label}: first word?   Enter the word here   Esc leaves"

    def press(self, key: str) -> Outcome:
        """Take a letter of a hint, or a key that ends the choice."""
        hinting = self.hinting
        assert hinting
        if key == "escape":
            self.reading.selection = None
            return Outcome.LEAVE
        if key == "backspace":
            self.hinting = hinting.back()
            self._mark()
            return Outcome.STAY if self.hinting else Outcome.LEAVE
        if key in ("enter", "space", CLAUSE_KEY) and not hinting.typed:
            return self._without_hint(hinting, to_clause_end=key == CLAUSE_KEY)
        return self._type(hinting, key)

    def _without_hint(self, hinting: Hinting, *, to_clause_end: bool) -> Outcome:
        first = hinting.first
        if first is None:
            here = self.reading.cursor
            under = next((hint.target for hint in hinting.hints if hint.target.end > here), None)
            return self._choose(under) if under else Outcome.STAY
        end = first.end
        if to_clause_end:
            clause = self.reading.segments.at("clause", first.start)
            end = max(end, clause[1] if clause else end)
        return self._tag(first.start, end)

    def _type(self, hinting: Hinting, key: str) -> Outcome:
        typed = hinting.type(key) if len(key) == 1 else None
        if isinstance(typed, Hinting):
            self.hinting = typed
            return Outcome.STAY
        if typed:
            return self._choose(typed)
        if hinting.typed:
            return Outcome.STAY
        first = hinting.first
        if first:
            # any other key closes a span of one word and then does its own work
            self._tag(first.start, first.end)
        return Outcome.PASS

    def _choose(self, target: Target) -> Outcome:
        assert self.hinting
        first = self.hinting.first
        if first is None:
            self.hinting = self.hinting.chosen(target)
            self._mark()
            return Outcome.STAY
        return self._tag(min(first.start, target.start), max(first.end, target.end))

    def _mark(self) -> None:
        first = self.hinting.first if self.hinting else None
        if first:
            self.reading.select(first.start, first.end - 1)
        else:
            self.reading.selection = None

    def _tag(self, start: int, end: int) -> Outcome:
        assert self.hinting
        self.reading.drop()
        self.reading.tag_range(self.hinting.label, start, end)
        self.reading.cursor = start
        return Outcome.LEAVE


class JumpMode:
    """A hint moves the cursor.

    Args:
        reading: The article.
        window: The offsets on screen.
        taken: Letters that are no hints.
    """

    takes_text = False
    prompt = "jump to which word?   Esc leaves"

    def __init__(self, reading: Reading, window: tuple[int, int], taken: str) -> None:
        self.reading = reading
        targets = [Target(unit.start, unit.end) for unit in reading.units.between(*window)]
        self.hinting: Hinting | None = Hinting("jump", make_hints(targets, reading.cursor, taken))

    def press(self, key: str) -> Outcome:
        """Take a letter of a hint."""
        assert self.hinting
        if key == "backspace" and self.hinting.typed:
            self.hinting = self.hinting.back()
            return Outcome.STAY
        typed = self.hinting.type(key) if len(key) == 1 else None
        if isinstance(typed, Hinting):
            self.hinting = typed
            return Outcome.STAY
        if typed:
            self.reading.move_to(typed.start)
        return Outcome.LEAVE


class RelationMode:
    """Joins a span with another that the scheme allows.

    Args:
        reading: The article.
        span: The one end.
        window: The offsets on screen.
        taken: Letters that are no hints.
    """

    takes_text = False

    def __init__(self, reading: Reading, span: Span, window: tuple[int, int], taken: str) -> None:
        self.reading = reading
        self.span = span
        others = [other for other in reading.layer.spans if relation_between(reading, span, other)]
        shown = [other for other in others if other.start < window[1] and other.end > window[0]]
        targets = [Target(other.start, other.end, other.id) for other in shown]
        offered = offer(span, others)
        self.hinting: Hinting | None = Hinting(
            "relation",
            make_hints(targets, span.start, taken),
            offered=Target(offered.start, offered.end, offered.id) if offered else None,
        )

    @property
    def prompt(self) -> str:
        """Ask for the other end."""
        offered = self.hinting.offered if self.hinting else None
        enter = "   Enter the one marked" if offered else ""
        return f"{self.span.label} to which span?{enter}   Esc leaves"

    @property
    def possible(self) -> bool:
        """Whether there is any span to join with."""
        return bool(self.hinting and (self.hinting.hints or self.hinting.offered))

    def press(self, key: str) -> Outcome:
        """Take a letter of a hint, or Enter for the span that is offered."""
        assert self.hinting
        typed: Hinting | Target | None = None
        if key == "enter":
            typed = self.hinting.offered
        elif key == "backspace" and self.hinting.typed:
            typed = self.hinting.back()
        elif len(key) == 1:
            typed = self.hinting.type(key)
        if isinstance(typed, Hinting):
            self.hinting = typed
            return Outcome.STAY
        if typed:
            relate(self.reading, self.span, typed.span_id)
        return Outcome.LEAVE


def relation_between(reading: Reading, span: Span, other: Span) -> tuple[str, Span, Span] | None:
    """Find the relation that the scheme allows between two spans.

    Returns:
        Its type, head and child; None if there is none, or if they are joined so already.
    """
    if span.id == other.id:
        return None
    joined = {(item.type, item.head, item.child) for item in reading.layer.relations}
    for type_ in reading.scheme.relations:
        for head, child in ((span, other), (other, span)):
            allowed = head.label in type_.heads and child.label in type_.children
            if allowed and (type_.name, head.id, child.id) not in joined:
                return type_.name, head, child
    return None


def offer(span: Span, others: list[Span]) -> Span | None:
    """Choose the likeliest other end: the last one that ends before the span, or the next."""
    before = [other for other in others if other.end <= span.start]
    if before:
        return max(before, key=lambda other: (other.end, -other.start))
    outside = [other for other in others if other.start >= span.start]
    return outside[0] if outside else (others[0] if others else None)


def relate(reading: Reading, span: Span, other_id: str) -> None:
    """Join two spans by the relation that the scheme allows."""
    other = reading.layer.span(other_id)
    found = relation_between(reading, span, other) if other else None
    if found is None or not reading.may_change():
        return
    type_, head, child = found
    reading.do(changes.AddRelation(Relation(reading.layer.free_id("r"), type_, head.id, child.id)))
    reading.arm(span)
    reading.message = f"{type_} joined."


def unrelate(reading: Reading, span: Span) -> bool:
    """Remove the newest relation of a span.

    Returns:
        Whether there was one.
    """
    touching = [item for item in reading.layer.relations if span.id in (item.head, item.child)]
    if not touching or not reading.may_change():
        return False
    reading.do(changes.RemoveRelation(touching[-1]))
    reading.message = f"{touching[-1].type} removed; u brings it back."
    return True


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
