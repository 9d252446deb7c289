"""What the desk asks of whoever shows it: the few acts that need a screen or take long."""

from collections.abc import Callable, Iterator
from enum import Enum, auto

from msgspec import Struct

from tui.desk.pages import Page


class Ask(Enum):
    """An act of the screen or of the app."""

    LEAVE = auto()
    """Go back to the screen below."""
    OPEN = auto()
    """Show the article that is on the desk now."""
    TOGGLE_LIST = auto()
    REDRAW = auto()
    NEXT_BIDI = auto()
    NEXT_THEME = auto()
    SUSPEND = auto()
    QUIT = auto()
    BELL = auto()


class ShowPage(Struct, frozen=True):
    """Show a page of text over the screen."""

    page: Page


class UseTheme(Struct, frozen=True):
    """Draw in a theme."""

    name: str


class RunSteps(Struct, frozen=True):
    """Go through something long step by step, so that keys have their turn."""

    steps: Iterator[str]
    """What is done; each step says how far it is."""
    tell: Callable[[str], None]
    """Takes that now and then, and at the end."""


Wish = Ask | ShowPage | UseTheme | RunSteps | None


class Effect(Struct, frozen=True):
    """What a key did."""

    used: bool = False
    """Whether it stands for anything here."""
    wish: Wish = None
    """What the screen is to do."""
    command_id: str = ""
    """The command that was done, if one was."""
