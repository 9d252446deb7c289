"""What the mouse does: a click is a hint, a place or a span, and a drag selects words.

In a mode a click means what the mode makes of it, and a drag nothing. Offsets are code points; what
stands at a column and a row is the window's business.
"""

from annotations.model.layer import Span
from tui.desk.desk import Desk


def click(desk: Desk, offset: int, *, selects_word: bool) -> bool:
    """Move the cursor there, perhaps to select the word; or do what a mode makes of the click.

    Returns:
        Whether a mode has taken the click, so that a drag that begins with it selects nothing.
    """
    desk.motions.leave_column()
    desk.reading.message = ""
    mode = desk.mode
    if mode is not None:
        desk.leave_by(mode, mode.point(offset))
        return True
    desk.window.is_away = False
    desk.reading.drop()
    desk.reading.move_to(offset)
    if selects_word:
        desk.reading.select_or_grow()
    return False


def drag(desk: Desk, start: int, end: int, *, letters: bool) -> None:
    """Select from one offset to another: whole words, or the very letters."""
    if desk.mode is not None:
        return
    desk.reading.active_id = None
    if letters:
        desk.reading.select(start, end)
    else:
        desk.reading.pointing.select_words(start, end)


def click_span(desk: Desk, span: Span) -> None:
    """Go to a span that was clicked in the list; or do what a mode makes of it."""
    desk.reading.message = ""
    mode = desk.mode
    if mode is not None:
        desk.leave_by(mode, mode.point_span(span))
        return
    desk.window.is_away = False
    desk.reading.activate(span)
