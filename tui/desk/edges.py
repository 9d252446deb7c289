"""Moving the edges of a span that is there: by a word, by a clause, by a letter, past a proclitic.

Each act is one change that undo takes back. Offsets are code points.
"""

from typing import Literal, TypeAlias

from annotations.language import graphemes
from annotations.model.layer import Span
from tui.desk.reading import Reading

EdgeAct: TypeAlias = Literal[
    "start_back", "start_forward", "end_back", "end_forward", "clause",
    "start_letter_back", "start_letter_forward", "end_letter_back", "end_letter_forward", "cut",
]  # fmt: skip


def target_of(reading: Reading) -> Span | None:
    """Return the span whose edges move: the active one, or the innermost at the cursor."""
    covering = reading.layer.covering(reading.cursor)
    return reading.active or (covering[0] if covering else None)


def move_edge(reading: Reading, act: EdgeAct) -> None:
    """Move an edge of the span at hand; a span always keeps a letter."""
    span = target_of(reading)
    if span is None:
        reading.say("There is no span here: tag one, or go to one with {span.next}.")
        return
    start, end = moved(reading, span, act)
    if not 0 <= start < end <= len(reading.text):
        reading.say("The span can't be made smaller.")
        return
    if (start, end) == (span.start, span.end):
        reading.say("The edge can't go further that way.")
    reading.active_id = span.id
    reading.move_edges(span, start, end)
    if not start <= reading.cursor < end:
        reading.pointing.cursor = start


def letter_act(edge: str, *, forward: bool) -> EdgeAct:
    """Name the act that moves an edge ("start" or "end") by a letter."""
    if edge == "start":
        return "start_letter_forward" if forward else "start_letter_back"
    return "end_letter_forward" if forward else "end_letter_back"


def moved(reading: Reading, span: Span, act: EdgeAct) -> tuple[int, int]:
    """Return the edges that a span would have after an act, without changing anything."""
    start, end, text = span.start, span.end, reading.text
    exclude = reading.scheme.label(span.label).clitics == "exclude"
    units = reading.units
    if act == "start_back":
        unit = units.at(start)
        if not (unit and unit.start < start < unit.end):
            unit = units.neighbour(start, -1)
        if unit:
            begin = unit.begin(exclude_clitics=exclude)
            start = begin if begin < start else unit.start
    elif act == "start_forward":
        unit = units.neighbour(start + 1, 1)
        start = unit.begin(exclude_clitics=exclude) if unit else end
    elif act == "end_forward":
        unit = units.at(end) if end < len(text) else None
        unit = unit or units.neighbour(end, 1)
        end = unit.end if unit else end
    elif act == "end_back":
        unit = units.neighbour(end - 1, -1)
        end = unit.end if unit else start
    elif act == "clause":
        end = _clause_end(reading, end)
    elif act == "cut":
        start = units.next_cut(start) or start
    else:
        step = graphemes.next_boundary if act.endswith("forward") else graphemes.previous_boundary
        if act.startswith("start"):
            start = step(text, start)
        else:
            end = step(text, end)
    return start, end


def _clause_end(reading: Reading, end: int) -> int:
    """Find the end of the clause that an edge stands in, or of the next if it is at its end."""
    clause = reading.segments.at("clause", end - 1)
    if clause and end < clause[1]:
        return clause[1]
    following = reading.segments.next_start("clause", end - 1)
    clause = reading.segments.at("clause", following) if following is not None else None
    return clause[1] if clause else end
