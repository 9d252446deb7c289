"""A line that somebody types: a query, a filter, a note. Offsets are code points."""

import unicodedata
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from tui.keys.keyboard import Press
from tui.text import motion
from tui.text.layout import Layout

LONGEST: Final = 1000
"""Code points of the longest line; what is typed beyond is not taken."""


class Typed(Struct, frozen=True):
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
        plain = plain[: max(0, LONGEST - len(self.text))]
        return Typed(
            self.text[: self.cursor] + plain + self.text[self.cursor :], self.cursor + len(plain)
        )

    def erase(self) -> "Typed":
        """Remove the last code point before the cursor, a mark before its letter."""
        if not self.cursor:
            return self
        return Typed(self.text[: self.cursor - 1] + self.text[self.cursor :], self.cursor - 1)

    def layout(self) -> Layout:
        """Lay the text out on one line, with a place after its end."""
        return Layout(self.text + " ", len(self.text) * 4 + 8)

    def sideways(self, direction: int) -> "Typed":
        """Step to the letter at the left (-1) or right (1) of the cursor, as it is seen."""
        return replace(self, cursor=motion.sideways(self.layout(), self.cursor, direction))

    def at_edge(self, *, end: bool) -> "Typed":
        """Move the cursor to the start or the end of the line."""
        return replace(self, cursor=len(self.text) if end else 0)


class TypedLine:
    """Something with a line that is typed; the commands of the place `typing` act on it."""

    typed: Typed = Typed()

    def change(self, typed: Typed) -> None:
        """Set what the line says."""
        self.typed = typed

    def type(self, press: Press) -> bool:
        """Type what a key typed; return whether it typed anything."""
        text = press.text or (" " if press.key == "space" else "")
        typed = self.typed.insert(text) if text else self.typed
        if typed != self.typed:
            self.change(typed)
        return bool(text)

    def paste(self, text: str) -> None:
        """Type a pasted text, on one line."""
        self.change(self.typed.insert(" ".join(text[: 2 * LONGEST].split())))

    def erase(self) -> object:
        """Erase the letter before the cursor."""
        self.change(self.typed.erase())
        return None

    def sideways(self, direction: int) -> None:
        """Move the cursor to the letter at the left (-1) or right (1), as it is seen."""
        self.typed = self.typed.sideways(direction)

    def to_edge(self, *, end: bool) -> None:
        """Move the cursor to the start or the end of the line."""
        self.typed = self.typed.at_edge(end=end)
