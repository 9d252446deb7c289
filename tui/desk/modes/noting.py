"""Writing a note about the article, perhaps to flag it."""

from annotations.model.layer import Status
from tui.desk.modes.base import Outcome, TypingMode
from tui.desk.reading import Reading
from tui.desk.typed import Typed


class NoteMode(TypingMode):
    """The note line.

    Args:
        reading: The article.
        status: What the article becomes with the note; None leaves it.
    """

    place = "note"
    sign = "note:"

    def __init__(self, reading: Reading, status: Status | None = None) -> None:
        super().__init__(reading)
        self.status = status
        self.typed = Typed(reading.layer.note, len(reading.layer.note))
        self.is_kept = False
        """Whether the note was kept."""

    @property
    def prompt(self) -> str:
        """Return the prompt, with what keeping the note does."""
        return "flags the article" if self.status else ""

    def keep(self) -> Outcome:
        """Keep the note, and give the article its status."""
        self.reading.set_status(self.status or self.reading.layer.status, self.typed.text)
        self.is_kept = True
        return Outcome.LEAVE
