"""Where each motion of the command table leads, in reading order or as the eye sees it."""

from tui.desk.pointing import Pointing
from tui.desk.window import Window
from tui.text import motion


def sideways(pointing: Pointing, window: Window, direction: int) -> int:
    """Find the letter at the left (-1) or right (1)."""
    return motion.sideways(window.layout, pointing.cursor, direction)


def vertical(pointing: Pointing, window: Window, lines: int, column: int) -> int:
    """Find the letter so many lines below (above if negative) in a column of the text area."""
    return motion.vertical(window.layout, pointing.cursor, lines, column)


def column_of(pointing: Pointing, window: Window) -> int:
    """Return the column of the cursor in the text area."""
    return motion.column_of(window.layout, pointing.cursor)


def word_sideways(pointing: Pointing, window: Window, direction: int) -> int:
    """Find the word at the left (-1) or right (1), as the line of the cursor reads."""
    rightward = window.reads_rightward(pointing.cursor)
    return pointing.reading_motion("word", direction if rightward else -direction)


def line_edge(pointing: Pointing, window: Window, *, end: bool) -> int:
    """Find the start or the end of the line."""
    return motion.line_edge(window.layout, pointing.cursor, end=end)
