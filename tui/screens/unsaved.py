"""The page that asks what to do with changes that can't be saved, before the app is left."""

from collections.abc import Callable

from textual import events

from annotations.errors import StoreError
from annotations.exchange.rescue import rescue_folders
from tui.desk.commands import Keymap, key_cap
from tui.desk.session import Session
from tui.screens.help import MessageScreen
from tui.widgets.bars import Bar, plain


class UnsavedScreen(MessageScreen):
    """Asks whether to try again, to write elsewhere, or to lose what is not saved.

    Args:
        session: Whose open article is not saved.
        keymap: The table of keys.
        leave: Ends the app.
    """

    PLACE = "unsaved"

    def __init__(self, session: Session, keymap: Keymap, leave: Callable[[], None]) -> None:
        super().__init__("NOT SAVED", [], keymap)
        self.session = session
        self.leave = leave
        self._tell("")

    def _tell(self, outcome: str) -> None:
        reading = self.session.reading
        error = reading.save_error if reading else ""
        self.lines = [line for line in (error, outcome) if line]
        self.lines += [
            f"{'  '.join(map(key_cap, command.keys))}: {command.help}"
            for command in self.keymap.commands_of("unsaved")
            if command.group == "Not saved"
        ]

    def _update(self, outcome: str) -> None:
        self._tell(outcome)
        self.page.rows = self.rows_at(self.size.width)
        self.page.refresh()

    def on_mount(self) -> None:
        """Draw the bars; the rows say which keys there are."""
        super().on_mount()
        self.query_one("#page-foot", Bar).show([plain(" Esc back to the article")])

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the rows anew."""
        super().on_resize(event)
        self.query_one("#page-foot", Bar).show([plain(" Esc back to the article")])

    def action_retry(self) -> None:
        """Try once more; leave if it is saved."""
        reading = self.session.reading
        if reading is None or reading.finish_saving():
            self.leave()
        else:
            self._update("It still can't be saved.")

    def action_write_elsewhere(self) -> None:
        """Write the layer to a file of its own, then leave."""
        try:
            self.session.rescue(rescue_folders())
        except StoreError as error:
            self._update(str(error))
        else:
            self.leave()

    def action_abandon(self) -> None:
        """Leave, and lose what is not saved."""
        self.session.abandon()
        self.leave()
