"""What all screens share: the way from a key to the command it stands for.

The app hands each key to `press` and waits for it, so keys that are typed ahead of a slow screen
are neither lost nor overtake one another. (Textual's own bindings are looked up after an event
has passed through several queues, and a key of another kind can pass it there.)
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar

from textual.screen import Screen

from tui.desk.commands import Keymap, Place
from tui.keys.keyboard import Press

Told = TypeVar("Told")

_TURN = 0.012
"""Seconds of a long search after which keys have their turn."""
_TELL_EVERY = 0.1
"""Seconds of a long search after which it says how far it is."""


async def in_turns(steps: Iterator[Told], tell: Callable[[Told], None]) -> None:
    """Go through the steps of something long, giving keys their turn.

    Args:
        steps: What is long; each step says how far it is.
        tell: Takes that now and then, and at the end.
    """
    shown = turned = time.monotonic()
    last: list[Told] = []
    for step in steps:
        last = [step]
        now = time.monotonic()
        if now - shown > _TELL_EVERY:
            tell(step)
            last = []
            shown = now
        if now - turned > _TURN:
            await asyncio.sleep(0)
            turned = time.monotonic()
    for step in last:
        tell(step)


class CommandScreen(Screen[str]):
    """A screen whose keys come from the command table; one that was asked gives an action back."""

    PLACE: ClassVar[Place]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self.commands = keymap.commands_of(self.PLACE)
        self.actions = {key: command.action for command in self.commands for key in command.keys}

    def action_of(self, press: Press) -> str:
        """Return what a key stands for here: what it typed comes first, then the key itself."""
        return self.actions.get(press.text) or self.actions.get(press.key) or ""

    async def press(self, press: Press) -> bool:
        """Do what a key stands for.

        Returns:
            Whether it stands for anything here.
        """
        action = self.action_of(press)
        if action:
            await self.run_action(action)
        return bool(action)

    async def run_chosen(self, action: str | None) -> None:
        """Do what was chosen in the palette, if anything was."""
        if action:
            await self.run_action(action)
