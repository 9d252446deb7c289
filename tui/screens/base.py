"""What all screens share: a key goes to the desk or the page, and what it asks for is done.

The app hands each key to `press` and waits for it, so keys that are typed ahead of a slow screen
are neither lost nor overtake one another. (Textual's own bindings are looked up after an event
has passed through several queues, and a key of another kind can pass it there.)
"""

import asyncio
import time
from contextlib import suppress
from typing import ClassVar, Final

from textual.css.query import NoMatches
from textual.screen import Screen

from tui.desk.asks import Ask, Effect, RunSteps, ShowPage, UseTheme, Wish
from tui.desk.pages import KeysPage
from tui.keys.command import Place
from tui.keys.keyboard import Press
from tui.keys.keymap import Keymap
from tui.widgets.bars import Bar

_TURN: Final = 0.012
"""Seconds of a long search after which keys have their turn."""
_TELL_EVERY: Final = 0.1
"""Seconds of a long search after which it says how far it is."""
_OF_THE_APP: Final[dict[Ask, str]] = {
    Ask.REDRAW: "redraw",
    Ask.NEXT_BIDI: "next_bidi",
    Ask.NEXT_THEME: "next_theme",
    Ask.SUSPEND: "suspend_process",
    Ask.QUIT: "quit",
    Ask.BELL: "bell",
}
"""What the app does, by the name of its action."""


class CommandScreen(Screen[str]):
    """A screen whose keys come from the command table; the palette gives a command's id back."""

    PLACE: ClassVar[Place]
    is_ready = True
    """Whether there is something to draw; what is drawn before would be a blank screen."""

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.keymap = keymap

    @property
    def place(self) -> Place:
        """Whose keys work now."""
        return self.PLACE

    @property
    def takes_text(self) -> bool:
        """Whether a line is typed just now, so that each letter is only a letter."""
        return False

    async def press(self, press: Press) -> bool:
        """Do what a key stands for; return whether it stands for anything here."""
        effect = self.take(press)
        await self.grant(effect.wish)
        if effect.wish is not Ask.LEAVE or self.is_current:
            self.update_after_key()
        return effect.used

    async def on_bar_key_pressed(self, event: Bar.KeyPressed) -> None:
        """Press a key that was clicked in a bar."""
        if self.takes_text and len(event.key) == 1:
            return  # it would only be a letter in the line
        await self.press(Press(event.key, event.key if len(event.key) == 1 else ""))

    def take(self, press: Press) -> Effect:
        """Pass a key to what decides what it does."""
        raise NotImplementedError

    def update_all(self) -> None:
        """Draw everything that may have changed."""

    def update_soon(self) -> None:
        """Draw everything once the new size is known; a screen that is left meanwhile is not."""

        def update() -> None:
            with suppress(NoMatches):  # it is being taken apart
                self.update_all()
            if not self.is_ready:
                self.is_ready = True
                self.refresh(layout=True)  # what was drawn before was held back

        self.call_after_refresh(update)

    def update_after_key(self) -> None:
        """Draw what a key may have changed."""
        self.update_all()

    async def grant(self, wish: Wish) -> None:
        """Do what was asked for."""
        if isinstance(wish, ShowPage):
            # the page screen stands above this module, since it is a command screen itself
            from tui.screens.page import PageScreen  # noqa: PLC0415

            page = PageScreen(wish.page)
            chosen = self.run_chosen if isinstance(wish.page, KeysPage) else None
            await self.app.push_screen(page, chosen)
        elif isinstance(wish, RunSteps):
            self.run_worker(self._in_turns(wish), group="steps", exclusive=True)
        elif isinstance(wish, UseTheme):
            self.app.theme = wish.name
        elif wish is Ask.LEAVE:
            self.dismiss()
        elif wish in _OF_THE_APP:
            await self.app.run_action(f"app.{_OF_THE_APP[wish]}")

    async def run_chosen(self, command_id: str | None) -> None:
        """Do the command that was chosen in the palette, if any was."""
        if command_id:
            await self.grant(self.run(command_id).wish)
            self.update_all()

    def run(self, command_id: str) -> Effect:
        """Do a command."""
        raise NotImplementedError

    async def _in_turns(self, long: RunSteps) -> None:
        """Go through the steps of something long, giving keys their turn."""
        shown = turned = time.monotonic()
        last: list[str] = []
        for step in long.steps:
            last = [step]
            now = time.monotonic()
            if now - shown > _TELL_EVERY:
                self._tell(long, step)
                last = []
                shown = now
            if now - turned > _TURN:
                await asyncio.sleep(0)
                turned = time.monotonic()
        for step in last:
            self._tell(long, step)
        self.steps_done()

    def _tell(self, long: RunSteps, step: str) -> None:
        long.tell(step)
        self.update_all()

    def steps_done(self) -> None:
        """Draw what something long has changed."""
        self.update_all()
