"""What a mode is, and what becomes of it after a key."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum, auto
from typing import ClassVar

from annotations.model.layer import Span
from tui.desk.hints import Hinting
from tui.desk.reading import Reading
from tui.desk.typed import TypedLine
from tui.keys.command import Place
from tui.keys.keyboard import Press
from tui.keys.keymap import KeyHint


class Outcome(Enum):
    """What becomes of a mode after a key."""

    STAY = auto()
    LEAVE = auto()
    PASS = auto()
    """It is over, and the key does its usual work."""


class Mode(ABC):
    """A state in which keys mean something else; its commands stand in the table under its place.

    Args:
        reading: The article.
    """

    place: ClassVar[Place]
    hinting: Hinting | None = None
    """The hints to draw, if any."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @property
    @abstractmethod
    def prompt(self) -> str:
        """What the mode asks for, or where it stands."""

    @property
    def keys(self) -> list[KeyHint]:
        """The keys that the bar shows, and what they do."""
        keymap = self.reading.keymap
        return keymap.hints([item.id for item in keymap.own_commands(self.place) if item.hint])

    def press(self, press: Press) -> "Outcome | Mode":
        """Do what a key stands for in the mode; return what becomes of it, or the mode after it."""
        command = self.reading.keymap.command_at(self.place, press)
        if command is not None and command.place != "everywhere":
            outcome = command.run(self)
            return outcome if isinstance(outcome, Outcome | Mode) else Outcome.STAY
        return self.press_else(press)

    @abstractmethod
    def press_else(self, press: Press) -> "Outcome | Mode":
        """Handle a key that is no command of the mode."""

    def point(self, offset: int) -> "Outcome | Mode":  # noqa: ARG002 - for those that need it
        """Handle a click at an offset."""
        return Outcome.STAY

    def point_span(self, span: Span) -> "Outcome | Mode":
        """Handle a click on a span of the list."""
        return self.point(span.start)

    def leave(self) -> "Outcome | Mode":
        """End the mode without doing anything."""
        return Outcome.LEAVE


class TypingMode(TypedLine, Mode):
    """A mode in which keys are letters of a text, so that Arabic ones stand for themselves."""

    sign: ClassVar[str]
    """What stands before the text."""

    def press_else(self, press: Press) -> Outcome:
        """Type a letter."""
        self.type(press)
        return Outcome.STAY


def innermost(spans: Sequence[Span], offset: int) -> int | None:
    """Find the place of the shortest span that covers an offset; None if none does."""
    covering = [place for place, span in enumerate(spans) if span.start <= offset < span.end]
    return min(covering, key=lambda place: spans[place].end - spans[place].start, default=None)
