"""Moving the edges of a span that is there: by a word, by a clause, by a letter, past a proclitic.

Each act is one change that undo takes back. Offsets are code points.
"""

from typing import Literal, TypeAlias

from msgspec.structs import replace

from annotations.language import graphemes
from annotations.language.pairs import balanced
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


def move_edge(reading: Reading, act: EdgeAct, times: int = 1) -> None:
    """Move an edge of the span at hand so many times; a span always keeps a letter."""
    span = target_of(reading)
    if span is None:
        reading.say("There is no span here: tag one, or go to one with {span.next}.")
        return
    reached = (span.start, span.end)
    for _ in range(times):
        start, end = moved(reading, replace(span, start=reached[0], end=reached[1]), act)
        if not 0 <= start < end <= len(reading.text):
            reading.say("The span can't be made smaller.")
            break
        if (start, end) == reached:
            no_cut = act == "cut"
            reading.say("No proclitic here." if no_cut else "The edge can't go further that way.")
            break
        reached = (start, end)
    start, end = reached
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
    if act in ("start_back", "start_forward"):
        return _start_by_word(reading, span, forward=act == "start_forward"), end
    if act == "end_forward":
        unit = reading.units.at(end) if end < len(text) else None
        unit = unit or reading.units.neighbour(end, 1)
        end = balanced(text, start, unit.end)[1] if unit else end
    elif act == "end_back":
        end = _end_back(reading, span)
    elif act == "clause":
        end = balanced(text, start, _clause_end(reading, end))[1]
    elif act == "cut":
        start = reading.units.next_cut(start) or start
    else:
        step = graphemes.next_boundary if act.endswith("forward") else graphemes.previous_boundary
        if act.startswith("start"):
            start = step(text, start)
        else:
            end = step(text, end)
    return start, end


def _start_by_word(reading: Reading, span: Span, *, forward: bool) -> int:
    """Find where a span begins that takes a word more, or a word less.

    A quote that belongs to the first word comes and goes with it.
    """
    start, end, units = span.start, span.end, reading.units
    exclude = reading.scheme.label(span.label).clitics == "exclude"
    if not forward:
        unit = units.at(start)
        if not (unit and unit.start < start < unit.end):
            unit = units.neighbour(start, -1)
        if unit is None:
            return start
        begin = unit.begin(exclude_clitics=exclude)
        return balanced(reading.text, begin if begin < start else unit.start, end)[0]
    unit = units.neighbour(start + 1, 1)
    while unit and (begin := unit.begin(exclude_clitics=exclude)) < end:
        found = balanced(reading.text, begin, end)[0]
        if found > start:
            return found
        unit = units.neighbour(begin + 1, 1)
    return end


def _end_back(reading: Reading, span: Span) -> int:
    """Find where a span ends that has a word less; a quote goes with the word before it."""
    unit = reading.units.neighbour(span.end - 1, -1)
    while unit and unit.end > span.start:
        found = balanced(reading.text, span.start, unit.end)[1]
        if found < span.end:
            return found
        unit = reading.units.neighbour(unit.end - 1, -1)
    return span.start


def _clause_end(reading: Reading, end: int) -> int:
    """Find the end of the clause that an edge stands in, or of the next if it is at its end."""
    clause = reading.segments.at("clause", end - 1)
    if clause and end < clause[1]:
        return clause[1]
    following = reading.segments.next_start("clause", end - 1)
    clause = reading.segments.at("clause", following) if following is not None else None
    return clause[1] if clause else end
