"""The least that Textual can do, to compare the first paint with: python -m tests.bench.empty."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """Takes the screen as Hashiya does and shows a line."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Static("ready")


if __name__ == "__main__":
    Empty().run()
