"""Pages of text over the screen, without a screen: messages, the keys, the palette.

A page says what its rows are and what its keys do; the screen wraps, draws and scrolls it.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, Final

from msgspec import Struct

from tui.desk.typed import Typed, TypedLine
from tui.keys.command import PLACE_NAMES, Command, Place
from tui.keys.keyboard import Press
from tui.keys.keymap import KeyHint, Keymap


class PageAct(Enum):
    """What a page asks of the screen that shows it."""

    CLOSE = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    DO_CHOICE = auto()
    """Close the page and do the chosen command."""


class Page:
    """Messages to read.

    Args:
        title: What stands above them.
        lines: The messages.
        keymap: The keys.
    """

    def __init__(self, title: str, lines: Sequence[str], keymap: Keymap) -> None:
        self.title = title
        self.lines = list(lines)
        self.keymap = keymap

    @property
    def place(self) -> Place:
        """Whose keys work here."""
        return "page"

    @property
    def foot(self) -> list[KeyHint]:
        """The keys that the page names at its end, and what they do."""
        return self.keymap.hints(
            ["page.close", ("page.down", "page.up")], words={"page.down": "scroll"}
        )

    def enter(self) -> PageAct:
        """Leave the page."""
        return PageAct.CLOSE

    def find(self) -> PageAct | None:
        """Find nothing: messages are few."""
        return None


class Listed(Struct, frozen=True):
    """A command as a page lists it."""

    command: Command[Any]
    caps: str


class KeysPage(TypedLine, Page):
    """The commands of a place and their keys; those that match what is typed can be done.

    Args:
        place: Whose commands come first.
        mode: The place of the mode at hand, whose keys come before all others; the place itself
            if there is none.
        keymap: The keys.
        finding: Whether letters are typed at once, as in a palette.
        recent: Ids of the commands that were chosen here last, the newest first.
    """

    def __init__(
        self,
        place: Place,
        keymap: Keymap,
        *,
        mode: Place | None = None,
        finding: bool = False,
        recent: Sequence[str] = (),
    ) -> None:
        Page.__init__(self, "Hashiya: the keys", [], keymap)
        self.of = place
        self.mode = mode or place
        self.finding = finding
        self.is_over = finding
        """Whether it stands over the screen, which is seen beside it."""
        self._recent = list(recent)
        self.typed = Typed()
        self.chosen = 0

    @property
    def place(self) -> Place:
        """Whose keys work here."""
        return "find" if self.finding else "page"

    @property
    def listed(self) -> list[Listed]:
        """The commands of the place; the palette itself is none that it could do."""
        return [
            Listed(command, self.keymap.caps(command))
            for command in self.keymap.commands_of(self.of)
            if command.id not in ("palette", "library.palette")
        ]

    @property
    def groups(self) -> list[tuple[str, list[Listed]]]:
        """The commands under their headings: those of the mode at hand first, then the others."""
        found: dict[str, list[Listed]] = {}
        if self.mode != self.of:
            found[PLACE_NAMES[self.mode]] = self._of_place(self.mode)
        for item in self.listed:
            if not item.command.only_found:
                found.setdefault(item.command.group, []).append(item)
        if self.of == "reader":
            for place in _MODES:
                if place != self.mode:
                    found[PLACE_NAMES[place]] = self._of_place(place)
        return list(found.items())

    def _of_place(self, place: Place) -> list[Listed]:
        return [
            Listed(command, self.keymap.caps(command))
            for command in self.keymap.own_commands(place)
            if not command.is_label
        ]

    @property
    def found(self) -> list[Listed]:
        """The commands in which each word that was typed occurs, those first that begin with it."""
        words = self.typed.text.lower().split()
        if not words:
            order = {name: number for number, name in enumerate(self._recent)}
            return sorted(self.listed, key=lambda item: order.get(item.command.id, len(order)))
        ranked = [(max(_rank(item, word) for word in words), item) for item in self.listed]
        ranked = [pair for pair in ranked if pair[0] < _NOT_AT_ALL]
        return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]

    @property
    def foot(self) -> list[KeyHint]:
        """The keys that the page names at its end, and what they do."""
        if self.finding:
            return self.keymap.hints(["find.enter", "find.close"])
        return [*super().foot, *self.keymap.hints(["page.find"])]

    def type(self, press: Press) -> bool:
        """Type the key that was pressed: what is looked for has Latin letters."""
        return super().type(Press(press.key, press.key if press.text.strip() else press.text))

    def change(self, typed: Typed) -> None:
        """Set what the line says, and choose the first that it finds."""
        super().change(typed)
        self.chosen = 0

    def find(self) -> PageAct | None:
        """Start to search by what is typed."""
        self.finding = True
        self.chosen = 0
        return None

    def enter(self) -> PageAct:
        """Do the command that is chosen, if any was found."""
        return PageAct.DO_CHOICE if self.finding and self.choice else PageAct.CLOSE

    def choose(self, rows: int) -> None:
        """Choose another of the commands that were found."""
        self.chosen = max(0, min(self.chosen + rows, len(self.found) - 1))

    @property
    def choice(self) -> Command[Any] | None:
        """The command that is chosen, if any was found."""
        found = self.found
        return found[min(self.chosen, len(found) - 1)].command if found else None


_MODES: tuple[Place, ...] = ("hints", "relation", "review", "search", "note")
"""The modes of the reader, in the order in which the help lists them."""

_NOT_AT_ALL: Final = 4


def _rank(item: Listed, word: str) -> int:
    """Return how well a command fits a word: 0 by its name, 3 by letters inside its words."""
    command = item.command
    if any(part.startswith(word) for part in re.split("[._]", command.id)):
        return 0
    if word in item.caps.lower().split():
        return 1
    help_words = f"{command.group} {command.help}".lower()
    if any(part.startswith(word) for part in help_words.split()):
        return 2
    return 3 if word in f"{command.id} {help_words}" else _NOT_AT_ALL
