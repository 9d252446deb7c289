"""The page that asks what to do with changes that can't be saved, before the app is left."""

from annotations.errors import StoreError
from annotations.exchange.rescue import rescue_folders
from tui.desk.asks import Ask, Wish
from tui.desk.pages import Page
from tui.desk.session import Session
from tui.keys.command import Place
from tui.keys.keymap import KeyHint


class UnsavedPage(Page):
    """Asks whether to try again, to write elsewhere, or to lose what is not saved.

    Args:
        session: Whose open article is not saved.
    """

    def __init__(self, session: Session) -> None:
        super().__init__("NOT SAVED", [], session.keymap)
        self.session = session
        self._say("")

    @property
    def place(self) -> Place:
        """Whose keys work here."""
        return "unsaved"

    @property
    def foot(self) -> list[KeyHint]:
        """The keys that the page names at its end; its rows name the others."""
        return self.keymap.hints(["unsaved.back"])

    def _say(self, outcome: str) -> None:
        reading = self.session.reading
        error = f"Not saved: {reading.save_error}" if reading and reading.save_error else ""
        self.lines = [line for line in (error, outcome) if line]
        self.lines += [
            f"{self.keymap.caps(command)}: {command.help}"
            for command in self.keymap.own_commands("unsaved")
        ]

    def retry(self) -> Wish:
        """Try once more; leave if it is saved."""
        reading = self.session.reading
        if reading is None or reading.finish_saving():
            return Ask.QUIT
        self._say("It still can't be saved.")
        return None

    def write_elsewhere(self) -> Wish:
        """Write the layer to a file of its own, then leave."""
        try:
            self.session.rescue(rescue_folders())
        except StoreError as error:
            self._say(str(error))
            return None
        return Ask.QUIT

    def abandon(self) -> Wish:
        """Leave, and lose what is not saved."""
        self.session.abandon()
        return Ask.QUIT

    def close(self) -> Wish:
        """Go back to the article."""
        return Ask.LEAVE
