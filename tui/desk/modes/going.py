"""Going to an article by its number, or to a line of this one."""

import re
from typing import Final

from tui.desk.modes.base import Outcome, TypingMode
from tui.desk.reading import Reading
from tui.keys.keyboard import Press

_LINE: Final = re.compile(r"(?:l|line|:)\s*(\d+)", re.IGNORECASE)


class GoMode(TypingMode):
    """The line in which a number is typed.

    Args:
        reading: The article.
    """

    place = "go"
    sign = "go to:"

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.article: int | None = None
        """The number of the article that was asked for."""

    @property
    def prompt(self) -> str:
        """Return what may be typed."""
        return "12: article 12   l12: line 12"

    def type(self, press: Press) -> bool:
        """Type the key that was pressed, whatever layout is on."""
        return super().type(Press(press.key, press.key if press.text.strip() else press.text))

    def keep(self) -> Outcome:
        """Go there."""
        typed = self.typed.text.strip()
        line = _LINE.fullmatch(typed)
        if line:
            go_to_line(self.reading, int(line[1]))
        elif typed.isdecimal():
            self.article = int(typed)
        elif typed:
            self.reading.say("That is no number: 12 is an article, l12 a line.")
        return Outcome.LEAVE


def go_to_line(reading: Reading, number: int) -> None:
    """Move to a line of the article, counted from 1 as its newlines part it."""
    start, last = 0, 1
    while last < number:
        newline = reading.text.find("\n", start)
        if newline < 0:
            break
        start, last = newline + 1, last + 1
    reading.drop()
    reading.move_to(min(start, reading.pointing.last_grapheme))
    if last < number or number < 1:
        reading.say("There is no line {number}; the last is {last}.", number=number, last=last)
    else:
        reading.say("Line {number}.", number=number)
