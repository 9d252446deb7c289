"""What the mouse does: a click is a hint, a place or a span, and a drag selects words.

Offsets are code points; what stands at a column and a row is the window's business.
"""

from annotations.model.layer import Span
from tui.desk.desk import Desk
from tui.desk.modes.relating import RelationMode
from tui.desk.modes.tagging import HintMode


def click(desk: Desk, offset: int, *, selects_word: bool) -> None:
    """Take the hint at an offset; without hints move the cursor there, or select the word."""
    desk.motions.leave_column()
    if isinstance(desk.mode, HintMode):
        desk.reading.message = ""
        desk.leave_by(desk.mode, desk.mode.point(offset))
        return
    desk.leave_mode()
    desk.reading.message = ""
    desk.reading.drop()
    desk.reading.move_to(offset)
    if selects_word:
        desk.reading.select_or_grow()


def drag(desk: Desk, start: int, end: int, *, letters: bool) -> None:
    """Select from one offset to another: whole words, or the very letters."""
    if isinstance(desk.mode, HintMode):
        return
    desk.leave_mode()
    if letters:
        desk.reading.select(start, end)
    else:
        desk.reading.pointing.select_words(start, end)


def click_span(desk: Desk, span: Span) -> None:
    """Go to a span that was clicked in the list; in a relation, join with it."""
    desk.reading.message = ""
    if isinstance(desk.mode, RelationMode):
        desk.leave_by(desk.mode, desk.mode.point_span(span))
        return
    desk.leave_mode()
    desk.window.is_away = False
    desk.reading.activate(span)
