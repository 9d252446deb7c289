"""Joining two spans by a relation of the scheme, and removing it."""

from annotations.model import changes
from annotations.model.layer import Relation, Span
from annotations.suggest.cues import claimant_of
from tui.desk.hints import Hinting, Target, make_hints
from tui.desk.modes.base import Outcome
from tui.desk.modes.tagging import HintMode
from tui.desk.reading import Reading

_SHOWN = 40
"""Code points of a span that a message quotes."""


class RelationMode(HintMode):
    """Joins a span with another that the scheme allows.

    Args:
        reading: The article.
        span: The one end.
        window: The offsets on screen.
        taken: Letters that are no hints.
    """

    place = "relation"

    def __init__(self, reading: Reading, span: Span, window: tuple[int, int], taken: str) -> None:
        self.span = span
        others = [other for other in reading.layer.spans if relation_between(reading, span, other)]
        shown = [other for other in others if other.start < window[1] and other.end > window[0]]
        targets = [Target(other.start, other.end, other.id) for other in shown]
        offered = offer(reading, span, others)
        hinting = Hinting(
            make_hints(targets, span.start, taken),
            offered=Target(offered.start, offered.end, offered.id) if offered else None,
        )
        super().__init__(reading, hinting)

    @property
    def prompt(self) -> str:
        """Ask for the other end."""
        return f"{self.span.label}: joined to which span?"

    @property
    def keys(self) -> list[tuple[str, str]]:
        """The keys that the bar shows: what is offered can be taken."""
        offered = self.hinting.offered if self.hinting else None
        names = ["relation.take", "relation.leave"] if offered else ["relation.leave"]
        return self.reading.keymap.hints(names)

    @property
    def is_possible(self) -> bool:
        """Whether there is any span to join with."""
        return bool(self.hinting and (self.hinting.hints or self.hinting.offered))

    def take(self) -> Outcome:
        """Join with the span that is offered."""
        assert self.hinting
        return self.choose(self.hinting.offered) if self.hinting.offered else Outcome.LEAVE

    def choose(self, target: Target) -> Outcome:
        """Join with the span of a hint."""
        relate(self.reading, self.span, target.span_id)
        return Outcome.LEAVE


def begin_relation(
    reading: Reading, span: Span | None, window: tuple[int, int], taken: str
) -> RelationMode | None:
    """Ask for the other end of a relation, if the scheme allows any."""
    if span is None:
        reading.say("There is no span here to join with another.")
        return None
    if not reading.may_change():
        return None
    mode = RelationMode(reading, span, window, taken)
    if not mode.is_possible:
        reading.say("No span here can be joined to this {label}.", label=span.label)
        return None
    reading.arm(span)
    return mode


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


def offer(reading: Reading, span: Span, others: list[Span]) -> Span | None:
    """Choose the likeliest other end of a relation.

    Who says the span, by the reporting verb before it, if it is the child of the relation; else
    the last one that ends before it, or the next.
    """
    heads = [
        other
        for other in others
        if (found := relation_between(reading, span, other)) and found[2].id == span.id
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
    text = " ".join(reading.text[head.start : min(head.end, head.start + _SHOWN)].split())
    reading.say("{type}: {text}", type=type_.capitalize(), text=text)


def unrelate(reading: Reading, span: Span | None) -> None:
    """Remove the newest relation of a span."""
    ends = {span.id} if span else set()
    touching = [item for item in reading.layer.relations if ends & {item.head, item.child}]
    if not touching:
        reading.say("There is no relation here.")
    elif reading.may_change():
        reading.do(changes.RemoveRelation(touching[-1]))
        reading.say("Removed the {type}; {edit.undo} brings it back.", type=touching[-1].type)
