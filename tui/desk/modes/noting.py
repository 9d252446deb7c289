"""Writing a note about the article, perhaps to flag it."""

from annotations.model.layer import Status
from tui.desk.hints import Hinting
from tui.desk.modes.base import Outcome
from tui.desk.reading import Reading
from tui.desk.typed import Typed


class NoteMode:
    """The note line.

    Args:
        reading: The article.
        status: What the article becomes with the note; None leaves it.
    """

    takes_text = True
    hinting: Hinting | None = None

    def __init__(self, reading: Reading, status: Status | None = None) -> None:
        self.reading = reading
        self.status = status
        self.typed = Typed(reading.layer.note, len(reading.layer.note))
        self.is_kept = False
        """Whether Enter was pressed."""

    @property
    def prompt(self) -> str:
        """Say what keys do."""
        return "Enter flags with this note   Esc leaves" if self.status else "Enter keeps the note"

    def press(self, key: str) -> Outcome:
        """Type, or end the note."""
        if key == "escape":
            return Outcome.LEAVE
        if key == "enter":
            self.reading.set_status(self.status or self.reading.layer.status, self.typed.text)
            self.is_kept = True
            return Outcome.LEAVE
        self.typed = self.typed.press(key)
        return Outcome.STAY

    def paste(self, text: str) -> None:
        """Type a pasted text."""
        self.typed = self.typed.insert(" ".join(text.split()))
