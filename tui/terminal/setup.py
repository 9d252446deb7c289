"""What is known of the terminal before the app starts: its family, its mode, what it can do."""

import curses
import os
from contextlib import suppress

from msgspec import Struct

from tui.terminal.display import Abilities, Display
from tui.terminal.families import PLAIN, Choice, Family, Mode, family_of, mode_for
from tui.terminal.order import order_for
from tui.terminal.probe import Answer, ask, read_replies


class Terminal(Struct, frozen=True):
    """A terminal as it was found."""

    family: Family
    mode: Mode
    answer: Answer
    abilities: Abilities

    def display(self) -> Display:
        """Return a display for it, of which nothing is known yet."""
        return Display(self.abilities, order_for(self.mode))


def find_terminal(choice: Choice = "auto") -> Terminal:
    """Ask the terminal what it is, unless the user wants nothing of that.

    Args:
        choice: "auto" goes by the family; "off" asks nothing and switches nothing; the others
            switch what can be switched and then send rows in that mode.
    """
    term = os.environ.get("TERM", "")
    answer = read_replies(b"")
    family = PLAIN
    if choice != "off":
        with suppress(OSError):
            descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
            try:
                answer = ask(descriptor)
            finally:
                os.close(descriptor)
        family = family_of(answer.replies, term)
    return Terminal(family, mode_for(choice, family), answer, abilities_of(term))


def abilities_of(term: str) -> Abilities:
    """Read from terminfo what terminals of a name can do; an unknown one can do little."""
    try:
        curses.setupterm(term or "dumb", 1)
    except (curses.error, OSError):
        return Abilities(scrolls=False)
    scrolls = all(curses.tigetstr(name) for name in ("csr", "ind", "ri"))
    return Abilities(
        scrolls=scrolls,
        erases_coloured=curses.tigetflag("bce") > 0,
        shapes_cursor=bool(curses.tigetstr("Ss")),
    )
