"""The edge keys: an edge moves by a word, a clause, a letter; far, if a key comes twice."""

from typing import Final

from tui.desk.desk import Desk
from tui.desk.edges import EdgeAct, letter_act, move_edge, target_of
from tui.desk.modes.stretching import Edge, EdgeMode

AFTER_AN_EDGE: Final = ("edit.undo", "span.delete", "article.done", "span.relate_at_once")
"""Commands that often follow an edge: their keys are no hints then."""
WORD_EDGES: Final = ("start_back", "start_forward", "end_back", "end_forward")


def press_edge(desk: Desk, act: EdgeAct) -> None:
    """Move an edge of the span at hand; a word edge again: show hints for it, too."""
    move_edge(desk.reading, act, desk.times)
    span = desk.reading.active
    if desk.is_again and span and act in WORD_EDGES:
        edge: Edge = "start" if act.startswith("start") else "end"
        taken = desk.taken("edge", *AFTER_AN_EDGE)
        desk.mode = EdgeMode(desk.reading, span, edge, desk.window, taken)


def press_letter_edge(desk: Desk, edge: Edge, side: str) -> None:
    """Move an edge of the span at hand by a letter to a side, "left" or "right", as it is seen."""
    span = target_of(desk.reading)
    rightward = desk.window.reads_rightward(span.start if span else desk.reading.cursor)
    move_edge(desk.reading, letter_act(edge, forward=rightward == (side == "right")), desk.times)
