"""Where each motion of the command table leads, in reading order or as the eye sees it."""

from tui.desk.asks import Ask, Wish
from tui.desk.reading import Reading
from tui.desk.window import Window
from tui.text import motion


class Motions:
    """The motions over one article.

    Each moves the cursor, and asks for the bell at an end of the article.

    Args:
        reading: The article.
        window: Its lines, as they are seen.
    """

    def __init__(self, reading: Reading, window: Window) -> None:
        self._reading = reading
        self._pointing = reading.pointing
        self._window = window
        self._column: int | None = None
        """The column that motions up and down keep to."""

    def leave_column(self) -> None:
        """Forget the column; the next motion up or down keeps to that of the cursor."""
        self._column = None

    def sideways(self, direction: int, *, extend: bool = False) -> Wish:
        """Move to the letter at the left (-1) or right (1)."""
        pointing, window = self._pointing, self._window
        if extend:
            rightward = window.reads_rightward(pointing.cursor)
            pointing.stretch_from(forward=rightward == (direction > 0))
        offset = motion.sideways(window.layout, pointing.cursor, direction)
        return self._move_to(offset, extend=extend)

    def vertical(self, lines: int, *, extend: bool = False) -> Wish:
        """Move so many lines down (up if negative), keeping to a column."""
        pointing, layout = self._pointing, self._window.layout
        if extend:
            pointing.stretch_from(forward=lines > 0)
        if self._column is None:
            self._column = motion.column_of(layout, pointing.cursor)
        offset = motion.vertical(layout, pointing.cursor, lines, self._column)
        return self._move_to(offset, extend=extend)

    def page(self, pages: int) -> Wish:
        """Move by screens."""
        return self.vertical(pages * self._window.page)

    def word_sideways(self, direction: int) -> Wish:
        """Move to the word at the left (-1) or right (1), as the line of the cursor reads."""
        rightward = self._window.reads_rightward(self._pointing.cursor)
        return self.unit("word", direction if rightward else -direction)

    def line_edge(self, *, end: bool) -> Wish:
        """Move to the start or the end of the line."""
        offset = motion.line_edge(self._window.layout, self._pointing.cursor, end=end)
        return self._move_to(offset)

    def unit(self, unit: str, direction: int) -> Wish:
        """Move to the next (1) or previous (-1) unit in reading order."""
        return self._move_to(self._pointing.reading_motion(unit, direction))

    def word_end(self) -> Wish:
        """Move to the end of the word."""
        return self._move_to(self._pointing.unit_end("word"))

    def document_edge(self, *, end: bool) -> Wish:
        """Move to the start or the end of the article."""
        return self._move_to(self._pointing.last_grapheme if end else 0)

    def _move_to(self, offset: int, *, extend: bool = False) -> Wish:
        reading = self._reading
        before = reading.cursor
        reading.move_to(offset, extend=extend)
        if reading.cursor == before and before in (0, self._pointing.last_grapheme):
            where = "begins" if before == 0 else "ends"
            reading.say(f"The article {where} here.")
            return Ask.BELL
        return None
