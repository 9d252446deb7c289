"""A line that somebody types: a query, a filter, a note. Offsets are code points."""

import unicodedata
from dataclasses import dataclass, replace

from tui.text import motion
from tui.text.layout import Layout


@dataclass(frozen=True, slots=True)
class Typed:
    """A line of text that is being typed, in logical order."""

    text: str = ""
    cursor: int = 0
    """Code-point offset; the length of the text for its end."""

    def insert(self, text: str) -> "Typed":
        """Type text at the cursor; a presentation form becomes the letters it stands for."""
        plain = "".join(
            unicodedata.normalize("NFKC", char) if "\ufb50" <= char <= "\ufefc" else char
            for char in text
            if char.isprintable() or char in "\u200c\u200d"
        )
        return Typed(
            self.text[: self.cursor] + plain + self.text[self.cursor :], self.cursor + len(plain)
        )

    def erase(self) -> "Typed":
        """Take away the last code point before the cursor, a mark before its letter."""
        if not self.cursor:
            return self
        return Typed(self.text[: self.cursor - 1] + self.text[self.cursor :], self.cursor - 1)

    def layout(self) -> Layout:
        """Lay the text out on one line, with a place after its end."""
        return Layout(self.text + " ", len(self.text) * 4 + 8)

    def sideways(self, direction: int) -> "Typed":
        """Step to the letter beside the cursor on screen."""
        return replace(self, cursor=motion.sideways(self.layout(), self.cursor, direction))

    def press(self, key: str) -> "Typed":
        """Do what a key does to the line, if it does anything."""
        if key == "backspace":
            return self.erase()
        if key in ("left", "right"):
            return self.sideways(motion.LEFT if key == "left" else motion.RIGHT)
        if key in ("home", "end"):
            return replace(self, cursor=0 if key == "home" else len(self.text))
        if len(key) == 1 or key == "space":
            return self.insert(" " if key == "space" else key)
        return self
