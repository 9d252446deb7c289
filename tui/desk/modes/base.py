"""What a mode is, and what becomes of it after a key."""

from enum import Enum, auto
from typing import Protocol

from tui.desk.hints import Hinting


class Outcome(Enum):
    """What becomes of a mode after a key."""

    STAY = auto()
    LEAVE = auto()
    PASS = auto()
    """It is over, and the key does its usual work."""


class Mode(Protocol):
    """A state in which keys mean something else."""

    @property
    def hinting(self) -> Hinting | None:
        """The hints to draw, if any."""
        ...

    @property
    def prompt(self) -> str:
        """What the label bar asks for."""
        ...

    @property
    def takes_text(self) -> bool:
        """Whether keys are letters of a text, so that Arabic ones stand for themselves."""
        ...

    def press(self, key: str) -> Outcome:
        """Take a key."""
        ...
