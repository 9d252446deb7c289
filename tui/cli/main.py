"""The command `hashiya`: opens the app, and does what needs no screen.

Every fault a user may meet ends here as one line on standard error and exit code 1 (2 for wrong
usage). Textual is imported only when the app is opened.
"""

import click

from tui.cli import audit, exporting, formats, importing, opening, settings, team


class _OpensByDefault(click.Group):
    """A group whose first argument may be a path instead of a command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["open", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "--version", "-h"}
        if args and args[0].startswith("-") and args[0] not in own:
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_OpensByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hashiya", prog_name="hashiya")
def main() -> None:
    """Read Arabic articles in the terminal and tag actors, locations and claims.

    hashiya CORPUS opens a folder of .txt articles, a .jsonl, .csv or .tsv file of them, or one.
    """


for command in (
    opening.open_app,
    opening.tutor,
    opening.doctor,
    opening.show,
    exporting.export,
    importing.import_,
    formats.formats,
    formats.verify,
    formats.schema,
    team.assign,
    team.log,
    team.merge,
    audit.check,
    audit.stats,
    settings.scheme,
    settings.keys,
    settings.config,
):
    main.add_command(command)
