"""Writing a note: about the article, perhaps to flag it; on a span; or to who flagged it."""

from collections.abc import Callable

from annotations.model.layer import Span, Status
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


class SpanNoteMode(NoteMode):
    """The line for a note on a span.

    Args:
        reading: The article.
        span: The span.
    """

    def __init__(self, reading: Reading, span: Span) -> None:
        super().__init__(reading)
        self.span = span
        self.typed = Typed(span.note, len(span.note))

    @property
    def prompt(self) -> str:
        """Return what the note is on."""
        return f"on this {self.span.label}"

    def keep(self) -> Outcome:
        """Keep the note."""
        self.reading.note_span(self.span, self.typed.text)
        return Outcome.LEAVE


class AnswerMode(NoteMode):
    """The line for an answer to who flagged the article.

    Args:
        reading: The article.
        to: Who flagged it.
        send: Keeps the answer, and returns what to say then.
    """

    sign = "answer:"

    def __init__(self, reading: Reading, to: str, send: Callable[[str], str]) -> None:
        super().__init__(reading)
        self._to = to
        self._send = send
        self.typed = Typed()

    @property
    def prompt(self) -> str:
        """Return whom it is for."""
        return f"to {self._to}"

    def keep(self) -> Outcome:
        """Keep the answer."""
        if self.typed.text.strip():
            self.reading.message = self._send(self.typed.text.strip())
        return Outcome.LEAVE
