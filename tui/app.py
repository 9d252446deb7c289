"""The Textual app: screens, theme, and the way in and out."""

import asyncio
import gc
import signal
from collections.abc import Sequence
from pathlib import Path

from textual import events

from annotations.corpus.corpus import Corpus
from annotations.library.filters import Row
from annotations.model.scheme import Scheme
from annotations.store.store import Store
from annotations.store.view import Direction
from tui.desk.asks import Ask
from tui.desk.commands import keymap_of
from tui.desk.pages import Page
from tui.desk.session import Session
from tui.desk.tutor import Tutor
from tui.desk.unsaved import UnsavedPage
from tui.keys.keyboard import Keyboard, Press
from tui.keys.keymap import Keymap
from tui.screens.base import CommandScreen
from tui.screens.library import LibraryScreen
from tui.screens.page import PageScreen
from tui.screens.reader import ReaderScreen
from tui.terminal.doctor import SAMPLE
from tui.terminal.driver import HashiyaDriver
from tui.terminal.ending import Ending
from tui.terminal.families import MODES
from tui.terminal.hook import TerminalApp
from tui.terminal.setup import Terminal
from tui.widgets.palette import OWN

_UNSAVED = "unsaved"
"""Id of the screen that asks about changes that are not saved."""
_REMEMBER_EVERY = 5.0
"""Seconds after which a cursor that moved is noted."""
_HURRY = 20.0
"""Seconds that an app which is to end waits for a slow disk."""
_RETRY_EVERY = 2.0
"""Seconds until what could not be saved is tried again."""


class HashiyaApp(TerminalApp):
    """Opens the library, and the article that was open last."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    TITLE = "Hashiya"

    def __init__(
        self,
        corpus: Corpus,
        store: Store,
        scheme: Scheme,
        annotator: str,
        *,
        keymap: Keymap | None = None,
        keyboard: Keyboard | None = None,
        notices: Sequence[str] = (),
        tutor: Tutor | None = None,
        terminal: Terminal | None = None,
        theme: str = "dark",
        caches: Path | None = None,
        base: Direction | None = None,
    ) -> None:
        super().__init__(driver_class=HashiyaDriver)
        keymap = keymap or keymap_of(scheme)
        keymap.check(scheme)
        self.keyboard = keyboard or Keyboard()
        self.session = Session(
            corpus, store, scheme, annotator, keymap=keymap, tutor=tutor, caches=caches, base=base
        )
        for own in OWN.values():
            self.register_theme(own)
        self.theme = theme
        if terminal:
            self.terminal_display = terminal.display()
            self.family = terminal.family
            self.bidi_mode = terminal.mode
            self.answer = terminal.answer
        self._library = LibraryScreen(self.session)
        self.ending: Ending | None = None
        """What hears that the app is to end even while it is busy."""
        self.notices = notices
        """What to tell on a page of its own at the start."""

    def terminal_cursor(self) -> tuple[int, int] | None:
        """Return where the terminal's cursor stands: on the cursor of the article."""
        screen = self.screen
        if not isinstance(screen, ReaderScreen) or not screen.is_mounted:
            return None
        view = screen.view
        cell = view.cursor_cell
        return (view.region.x + cell[0], view.region.y + cell[1]) if cell else None

    @property
    def takes_text(self) -> bool:
        """Whether a line is typed just now, so that each letter is only a letter."""
        screen = self.screen if self.screen_stack else None
        return isinstance(screen, CommandScreen) and screen.takes_text

    async def on_event(self, event: events.Event) -> None:
        """Finish with a key before the next one is looked at."""
        if isinstance(event, events.Resize) and event.size == self.size:
            self.action_redraw()  # it was another size for a moment, and has lost what was there
        if self.is_leaving and isinstance(event, events.InputEvent | events.Paste):
            return  # typed right after the key that leaves, for which there is no screen any more
        is_key = isinstance(event, events.Key) and not event.is_forwarded
        if is_key and self.screen_stack and await self._press(event):
            return
        await super().on_event(event)

    async def _press(self, event: events.Event) -> bool:
        """Pass a key to the screen on top; return whether it was used."""
        assert isinstance(event, events.Key)
        used = False
        for key, character in self._parts(event):
            if self.is_leaving:
                return True
            screen = self.screen
            if isinstance(screen, CommandScreen):
                press = self.keyboard.press(key, character)
                command = self.session.keymap.command_at("everywhere", press)
                if command is not None and not press.is_letter:  # whatever line is typed
                    await screen.grant(command.run(screen))
                    used = True
                else:
                    used = await screen.press(press) or used
        return used

    def _parts(self, event: events.Key) -> list[tuple[str, str | None]]:
        """Split a key with Alt that means nothing into Escape and the key typed right after it.

        A terminal sends the same for both, and who types fast means the two keys.
        """
        key = event.key.removeprefix("alt+")
        screen = self.screen
        known = isinstance(screen, CommandScreen) and self.session.keymap.command_at(
            screen.place, Press(event.key)
        )
        if key == event.key or known:
            return [(event.key, event.character)]
        character = event.character or (key if len(key) == 1 else None)
        return [("escape", None), (key, character)]

    async def on_mount(self) -> None:
        """Open the library, and over it the article that was left open."""
        self._leave_on_signals()
        self.set_interval(_REMEMBER_EVERY, self.session.remember)
        self.set_interval(_RETRY_EVERY, self._save_again)
        last = self.session.resume_at()
        if self.session.corpus.is_single:
            last = next(iter(self.session.catalogue.firsts(1)), None)
        if last is None or not await self._open_first(last):
            await self.push_screen(self._library)
        self.call_after_refresh(_collect_from_now_on)
        self.call_after_refresh(self.session.catalogue.fill)
        if self.notices:
            page = Page("Before you begin", self.notices, self.session.keymap)
            await self.push_screen(PageScreen(page))

    async def _open_first(self, row: Row) -> bool:
        """Open an article before the library is shown, which would hold the first paint up."""
        if self._library.library.open_row(row) is not Ask.OPEN or self.session.reading is None:
            return False
        reading = self.session.reading
        if not reading.message and not self.session.corpus.is_single:
            reading.say("This is where you left; {reader.leave} goes to the library.")
        await self.push_screen(ReaderScreen(self.session, self.session.reading, self._to_library))
        return True

    async def _to_library(self) -> None:
        """Show the library in the place of the article that was opened first."""
        self._library.library.returned()
        await self.switch_screen(self._library)

    def _leave_on_signals(self) -> None:
        """Leave the terminal as it was when the line drops or the process is asked to end."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self.exit, None, 128 + signal.SIGINT)
        if self.ending is not None:
            self.ending.loop = loop

    def action_next_theme(self) -> None:
        """Change to the next of our themes."""
        names = list(OWN)
        index = names.index(self.theme) + 1 if self.theme in names else 0
        self.theme = names[index % len(names)]

    def action_next_bidi(self) -> None:
        """Send rows in the next mode, with a sample to judge it by."""
        index = MODES.index(self.bidi_mode) + 1 if self.bidi_mode in MODES else 0
        self.set_bidi_mode(MODES[index % len(MODES)])
        reading = self.session.reading
        if reading and isinstance(self.screen, ReaderScreen):
            name = self.bidi_mode.replace("_", " ")
            reading.message = f"--bidi {name}: does this read right? {SAMPLE}"
            self.screen.update_all()

    async def action_quit(self) -> None:
        """Leave, unless something is not saved: then ask."""
        reading = self.session.reading
        if reading is None or reading.finish_saving():
            self.exit()
        elif self.screen.id != _UNSAVED:
            self.push_screen(PageScreen(UnsavedPage(self.session), id=_UNSAVED))

    def _save_again(self) -> None:
        """Try again to save what could not be saved; the reader is told of the outcome."""
        reading = self.session.reading
        if reading is not None:
            reading.saver.retry()

    def save_hurriedly(self) -> None:
        """Wait until what was done is saved, for a while at most; the app may be stuck."""
        reading = self.session.reading
        if reading is not None:
            reading.saver.wait(_HURRY)

    def give_terminal_back(self) -> None:
        """Leave the terminal as it was, from another thread; the app may be stuck."""
        if isinstance(self._driver, HashiyaDriver):
            self._driver.give_back_at_once()

    def on_unmount(self) -> None:
        """Close the open article."""
        self.session.end()


def _collect_from_now_on() -> None:
    """Collect garbage again, but not among what the start has made: that would delay keys."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
