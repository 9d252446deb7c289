"""What all screens share: the way from a key to the command it stands for.

The app hands each key to `press` and waits for it, so keys that are typed ahead of a slow screen
are neither lost nor overtake one another. (Textual's own bindings are looked up after an event
has passed through several queues, and a key of another kind can pass it there.)
"""

from typing import ClassVar

from textual import events
from textual.screen import Screen

from tui.commands import Keymap, Place


class CommandScreen(Screen[None]):
    """A screen whose keys come from the command table."""

    PLACE: ClassVar[Place]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self.commands = keymap.commands_of(self.PLACE)
        self.actions = {
            key: command.action for command in self.commands for key in command.bound_keys
        }

    def parts(self, event: events.Key) -> list[events.Key]:
        """Take a key with Alt that means nothing for Escape and the key typed right after it.

        A terminal sends the same for both, and who types fast means the two keys.
        """
        key = event.key.removeprefix("alt+")
        if key == event.key or event.key in self.actions:
            return [event]
        character = event.character or (key if len(key) == 1 else None)
        return [events.Key("escape", "\x1b"), events.Key(key, character)]

    async def press(self, event: events.Key) -> bool:
        """Do what a key stands for.

        Returns:
            Whether it stands for anything here.
        """
        action = self.actions.get(event.key) or self.actions.get(event.character or "")
        if action is None:
            return False
        await self.run_action(action)
        return True
