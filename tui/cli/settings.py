"""Commands that print or make what can be set: scheme, keys, settings."""

import json

import click

from annotations.disk.files import is_taken, read_file
from annotations.disk.folders import make_folder
from annotations.disk.replacing import write_atomically
from annotations.errors import HashiyaError, reason_of
from annotations.model.scheme import DEFAULT_SCHEME, DEFAULT_TOML
from annotations.project import Project
from tui.cli.common import on_corpus
from tui.cli.output import complain
from tui.config import config_path, load_config
from tui.desk.commands import keymap_of


@click.command()
@on_corpus
@click.option("--init", is_flag=True, help="Write the default scheme into the store for editing.")
def scheme(project: Project, *, init: bool) -> None:
    """Print the scheme of a corpus, or write it out for editing."""
    store = project.store
    target = store.scheme_path
    if init:
        if is_taken(target):
            raise HashiyaError(f"{target} is there already.")
        try:
            make_folder(target.parent)
            write_atomically(target, DEFAULT_TOML.encode())
        except OSError as error:
            raise HashiyaError(f"{target} can't be written: {reason_of(error)}.") from error
        click.echo(target)
        return
    store.scheme()
    click.echo(read_file(target).decode() if is_taken(target) else DEFAULT_TOML, nl=False)


@click.command()
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
def keys(markdown: bool) -> None:
    """Print what every key does."""
    keymap = keymap_of()
    rows = [
        (" ".join(keymap.caps(command).split("  ")), command.help)
        for command in keymap.commands_of("reader")
        if not command.only_found
    ]
    if markdown:
        click.echo("| Key | What it does |\n| --- | --- |")
    for caps, text in rows:
        quoted = " ".join(f"`{cap}`" for cap in caps.split(" "))
        click.echo(f"| {quoted} | {text} |" if markdown else f"{caps:<24} {text}")


@click.group()
def config() -> None:
    """Settings of your own: where they are kept, and what they are."""


@config.command("path")
def show_config_path() -> None:
    """Print where the settings are, or would be."""
    click.echo(config_path())


@config.command("show")
def show_config() -> None:
    """Print what is set, and which settings are invalid."""
    settings, faults = load_config(config_path(), DEFAULT_SCHEME)
    click.echo(f"keyboard = {json.dumps(settings.keyboard or 'auto')}")
    click.echo(f"bidi = {json.dumps(settings.bidi)}")
    click.echo(f"theme = {json.dumps(settings.theme)}")
    for command_id, given in settings.keymap.overrides.items():
        click.echo(f"{command_id} = {json.dumps(given)}")
    for fault in faults:
        complain(fault)
    if faults:
        raise SystemExit(1)
