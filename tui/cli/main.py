"""The command `hashiya`: opens the app, and does what needs no screen.

Every fault a user may meet ends here as one line on standard error and exit code 1 (2 for wrong
usage). A command's module is imported when the command is called, and Textual when the app is
opened, so that each starts at once.
"""

import gc
from importlib import import_module
from typing import Any, Final

import click

from tui.cli.log_file import start_log
from tui.cli.output import streams

COMMANDS: Final = {
    "open": "opening:open_app",
    "tutor": "opening:tutor",
    "doctor": "opening:doctor",
    "show": "opening:show",
    "export": "exporting:export",
    "import": "importing:import_",
    "formats": "formats:formats",
    "verify": "formats:verify",
    "schema": "formats:schema",
    "assign": "team:assign",
    "log": "history:log",
    "merge": "merging:merge",
    "check": "audit:check",
    "stats": "audit:stats",
    "scheme": "settings:scheme",
    "keys": "settings:keys",
    "config": "settings:config",
}
"""The module and the function of each command."""


class _OpensByDefault(click.Group):
    """A group whose first argument may be a path instead of a command."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        gc.disable()  # what modules hold is never garbage
        try:
            command = getattr(import_module(f"tui.cli.{module}"), name)
        finally:
            gc.enable()
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            args = ["open", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "--version", "-h"}
        if args and args[0].startswith("-") and args[0] not in own:
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as click has it
        """Run a command, with its streams kept and its faults told."""
        start_log()
        with streams():
            return super().main(*args, **kwargs)


@click.group(cls=_OpensByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hashiya", prog_name="hashiya")
def main() -> None:
    """Read Arabic articles in the terminal and tag actors, locations and claims.

    hashiya CORPUS opens a folder of .txt articles, a .jsonl, .csv or .tsv file of them, or one.
    """
