"""The Textual app: screens, theme, and the way in and out."""

from textual import events
from textual.app import App

from annotations.corpus import Corpus
from annotations.scheme import Scheme
from annotations.store import Store
from tui.commands import label_keys
from tui.screens.base import CommandScreen
from tui.screens.library import LibraryScreen
from tui.session import Session

_REMEMBER_EVERY = 5.0
"""Seconds after which a cursor that moved is noted."""


class HashiyaApp(App[None]):
    """Opens the library, and the article that was open last."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    TITLE = "Hashiya"

    def __init__(self, corpus: Corpus, store: Store, scheme: Scheme, annotator: str) -> None:
        super().__init__()
        label_keys(scheme)
        self.session = Session(corpus, store, scheme, annotator)
        self._warned = False

    async def on_event(self, event: events.Event) -> None:
        """Have a key done with before the next one is looked at."""
        if isinstance(event, events.Key) and self.screen_stack:
            screen = self.screen
            if isinstance(screen, CommandScreen) and await screen.press(event):
                return
        await super().on_event(event)

    async def on_mount(self) -> None:
        """Open the library, and over it the article that was left open."""
        self.set_interval(_REMEMBER_EVERY, self.session.remember)
        library = LibraryScreen(self.session)
        await self.push_screen(library)
        documents = self.session.corpus.documents
        last = self.session.resume_at()
        if not self.session.corpus.path.is_dir():
            last = documents[0]
        if last is not None:
            await library.open(last)

    async def action_quit(self) -> None:
        """Leave, unless something is not saved: then say so once."""
        reading = self.session.reading
        if reading and reading.save_error and not reading.save() and not self._warned:
            self._warned = True
            reading.save_error += " Ctrl+Q again leaves without saving."
            self.screen.refresh()
            return
        self.exit()

    def on_unmount(self) -> None:
        """Give the open article back."""
        self.session.close()
