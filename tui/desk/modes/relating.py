"""Joining two spans by a relation of the scheme, and removing it."""

from typing import Final, TypeAlias

from msgspec.structs import replace

from annotations.language.folding import fold
from annotations.language.graphemes import Range
from annotations.language.wording import clipped, counted, isolated
from annotations.model import changes
from annotations.model.layer import Relation, Span
from annotations.suggest.cues import claimant_of
from tui.desk.hints import Target
from tui.desk.modes.base import Mode, Outcome, innermost
from tui.desk.modes.searching import SearchMode
from tui.desk.modes.tagging import HintMode
from tui.desk.reading import Reading
from tui.desk.window import Window
from tui.keys.keymap import KeyHint

Joined: TypeAlias = frozenset[tuple[str, str, str]]
"""Relations as type, head and child."""
QUOTED: Final = 28
"""Code points of a span that a prompt or a message quotes."""
MOST_RECENT: Final = 3
"""Ends of the last relations that are on offer by a digit."""


class RelationMode(HintMode):
    """Joins a span with another that the scheme allows, on screen or not.

    Args:
        reading: The article.
        span: The one end.
        window: What is on screen.
        taken: Letters that are no hints.
    """

    place = "relation"

    def __init__(self, reading: Reading, span: Span, window: Window, taken: str) -> None:
        self.span = span
        self.others = partners(reading, span)
        """The spans that it may be joined with, in reading order."""
        offered = offer(reading, span, self.others)
        self.recent = recent_ends(reading, span, self.others, offered)
        """The other ends of the last relations, the newest first."""
        super().__init__(reading, window, taken + "".join(map(str, range(1, MOST_RECENT + 1))))
        self.hinting = replace(self.hinting, offered=_target(offered) if offered else None)

    def targets(self) -> list[Target]:
        """List the spans on screen that it may be joined with."""
        first, last = self.window.offsets
        shown = [other for other in self.others if other.start < last and other.end > first]
        return [_target(other) for other in shown]

    @property
    def origin(self) -> int:
        """Where the span begins."""
        return self.span.start

    @property
    def prompt(self) -> str:
        """Ask for the other end, with the words of this one."""
        return question(self.reading, self.span, self.others[0])

    @property
    def keys(self) -> list[KeyHint]:
        """The keys that the bar shows, with whom they join."""
        offered = self.hinting.offered
        named = [("relation.take", quoted(self.reading, offered, QUOTED))] if offered else []
        names = ["relation.first", "relation.second", "relation.third"]
        for name, other in zip(names, self.recent, strict=False):
            named.append((name, quoted(self.reading, _target(other), QUOTED // 2)))
        words = dict(named)
        others = ["relation.next", "relation.search", "relation.leave"]
        return self.reading.keymap.hints([*words, *others], words=words)

    def take(self) -> Outcome:
        """Join with the span that is offered."""
        return self.choose(self.hinting.offered) if self.hinting.offered else Outcome.STAY

    def take_recent(self, number: int) -> Outcome:
        """Join with an end of one of the last relations, counted from 0."""
        if number < len(self.recent):
            return self.choose(_target(self.recent[number]))
        self.reading.say("There are not so many others to join with.")
        return Outcome.STAY

    def step(self, step: int) -> Outcome:
        """Offer the next span (1) or the one before (-1), wherever it is."""
        offered = self.hinting.offered
        ids = [other.id for other in self.others]
        here = ids.index(offered.span_id) if offered else -(step > 0)
        self.offer(self.others[(here + step) % len(ids)])
        return Outcome.STAY

    def offer(self, other: Span) -> None:
        """Offer a span, and bring it into the window."""
        self.hinting = replace(self.hinting, offered=_target(other))
        self.window.show(other.start)

    def point(self, offset: int) -> Outcome:
        """Join with the innermost span at an offset; a word that is in none is said to be so."""
        place = innermost(self.others, offset)
        if place is None:
            self.reading.say("No span here can be joined.")
            return Outcome.STAY
        return self.choose(_target(self.others[place]))

    def point_span(self, span: Span) -> Outcome:
        """Join with a span, if that may be."""
        if span not in self.others:
            self.reading.say("That can't be joined to this {label}.", label=self.span.label)
            return Outcome.STAY
        return self.choose(_target(span))

    def search(self) -> Mode:
        """Search for the other end by its words."""
        return EndSearch(self)

    def choose(self, target: Target) -> Outcome:
        """Join with the span of a hint."""
        relate(self.reading, self.span, target.span_id)
        return Outcome.LEAVE


class EndSearch(SearchMode):
    """The search line in a relation: only spans that may be joined are hits.

    Args:
        relation: The relation, to which it leads back.
    """

    def __init__(self, relation: RelationMode) -> None:
        reading = relation.reading
        self.relation = relation
        self._active, self._armed = reading.active_id, reading.armed
        super().__init__(reading)

    @property
    def prompt(self) -> str:
        """Return how many spans match that may be joined."""
        if not self.typed.text:
            return "words of the span to join with"
        return f"{counted(len(self.reading.pointing.hits), 'span')} to join with"

    def find(self) -> tuple[Range, ...]:
        """Find the spans that may be joined and hold the words."""
        text, wanted = self.reading.text, fold(self.typed.text)
        return tuple(
            (other.start, other.end)
            for other in self.relation.others
            if wanted and wanted in fold(text[other.start : other.end])
        )

    def keep(self) -> Mode:
        """Offer the span that was found."""
        reading = self.reading
        here = (reading.cursor, reading.selection.end if reading.selection else -1)
        found = [other for other in self.relation.others if (other.start, other.end) == here]
        back = self.leave()
        if found:
            self.relation.offer(found[0])
        else:
            reading.say("Nothing here that can be joined matches.")
        return back

    def leave(self) -> Mode:
        """Go back to the relation."""
        super().leave()
        self.reading.active_id, self.reading.armed = self._active, self._armed
        return self.relation


def _target(span: Span) -> Target:
    return Target(span.start, span.end, span.id)


def quoted(reading: Reading, target: Target | Span, most: int) -> str:
    """Return the words of a span, cut if they are many."""
    end = min(target.end, target.start + 2 * most)
    return isolated(clipped(" ".join(reading.text[target.start : end].split()), most))


def question(reading: Reading, span: Span, other: Span) -> str:
    """Ask for the other end of the relation that is possible between two spans."""
    found = relation_between(reading, span, other)
    assert found
    type_ = next(item for item in reading.scheme.relations if item.name == found[0])
    words = quoted(reading, span, QUOTED)
    if found[2].id == span.id:
        return f"{type_.question or f'{type_.name} of'} \u00ab{words}\u00bb?"
    return f"\u00ab{words}\u00bb: {type_.name} of which {other.label}?"


def recent_ends(
    reading: Reading, span: Span, others: list[Span], offered: Span | None
) -> list[Span]:
    """List the other ends of the last relations that this one may have, too, the newest first."""
    possible = {other.id: other for other in others if other != offered}
    found: list[Span] = []
    for relation in reversed(reading.layer.relations):
        for end in (relation.head, relation.child):
            other = possible.pop(end, None)
            if other is not None and other.label != span.label:
                found.append(other)
        if len(found) >= MOST_RECENT:
            break
    return found[:MOST_RECENT]


def begin_relation(
    reading: Reading, span: Span | None, window: Window, taken: str
) -> RelationMode | None:
    """Ask for the other end of a relation, if the scheme allows any."""
    if span is None:
        reading.say("There is no span here to join with another.")
        return None
    if not reading.may_change():
        return None
    if not partners(reading, span):
        reading.say("Nothing here can be joined to this {label}.", label=span.label)
        return None
    reading.arm(span)
    return RelationMode(reading, span, window, taken)


def likeliest(reading: Reading, span: Span) -> Span | None:
    """Return the likeliest other end of a relation of a span that has none yet."""
    known = reading.likely
    if known is not None and known[0] is reading.layer and known[1] == span.id:
        return known[2]
    joined = any(span.id in (item.head, item.child) for item in reading.layer.relations)
    others = [] if joined else partners(reading, span)
    found = offer(reading, span, others) if others else None
    reading.likely = (reading.layer, span.id, found)
    return found


def relate_at_once(reading: Reading, span: Span | None) -> None:
    """Join a span with its likeliest other end."""
    if span is None:
        reading.say("There is no span here to join with another.")
        return
    other = likeliest(reading, span)
    if other is not None:
        relate(reading, span, other.id)
    elif reading.may_change():
        reading.say("Nothing stands out to be joined to this {label}.", label=span.label)


def relation_between(
    reading: Reading, span: Span, other: Span, joined: Joined | None = None
) -> tuple[str, Span, Span] | None:
    """Find the relation that the scheme allows between two spans.

    Args:
        reading: The article.
        span: The one.
        other: The other.
        joined: What the first is joined by already, where it is known.

    Returns:
        Its type, head and child; None if there is none, or if they are joined so already.
    """
    if span.id == other.id:
        return None
    joined = _joined(reading, span) if joined is None else joined
    for type_ in reading.scheme.relations:
        for head, child in ((span, other), (other, span)):
            allowed = head.label in type_.heads and child.label in type_.children
            if allowed and (type_.name, head.id, child.id) not in joined:
                return type_.name, head, child
    return None


def partners(reading: Reading, span: Span) -> list[Span]:
    """List the spans that a span may be joined with and is not yet, in reading order."""
    joined = _joined(reading, span)
    return [
        other for other in reading.layer.spans if relation_between(reading, span, other, joined)
    ]


def _joined(reading: Reading, span: Span) -> Joined:
    return frozenset(
        (item.type, item.head, item.child)
        for item in reading.layer.relations
        if span.id in (item.head, item.child)
    )


def offer(reading: Reading, span: Span, others: list[Span]) -> Span | None:
    """Choose the likeliest other end of a relation.

    Who says the span, by the reporting verb before it, if it is the child of the relation; else
    the last one that ends before it, or the next.
    """
    joined = _joined(reading, span)
    heads = [
        other
        for other in others
        if (found := relation_between(reading, span, other, joined)) and found[2].id == span.id
    ]
    told = claimant_of(reading.segments, span, heads)
    if told:
        return told
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
    said = f"{type_.capitalize()}: {quoted(reading, head, QUOTED)}"
    reading.say("{said}; {edit.undo} removes it.", said=said)


def unrelate(reading: Reading, span: Span | None) -> None:
    """Remove the newest relation of a span."""
    ends = {span.id} if span else set()
    touching = [item for item in reading.layer.relations if ends & {item.head, item.child}]
    if not touching:
        reading.say("There is no relation here.")
    elif reading.may_change():
        reading.do(changes.RemoveRelation(touching[-1]))
        reading.say("Removed the {type}; {edit.undo} brings it back.", type=touching[-1].type)
