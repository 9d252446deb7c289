"""Commands that print or make what can be set: scheme, keys, settings."""

import json
from pathlib import Path

import click

from annotations.corpus import open_corpus
from annotations.errors import HashiyaError
from annotations.scheme import DEFAULT_SCHEME, DEFAULT_TOML
from annotations.storage import write_atomically
from tui.cli.common import complain, on_corpus, store_of, tells_errors
from tui.commands import Keymap, key_cap
from tui.config import config_path, load_config


@click.command()
@on_corpus
@click.option("--init", is_flag=True, help="Write the default scheme into the store for editing.")
@tells_errors
def scheme(path: Path, init: bool, store_path: Path | None, encoding: str) -> None:
    """Print the scheme of a corpus, or write it out for editing."""
    corpus = open_corpus(path, encoding)
    store = store_of(corpus, store_path)
    target = store.scheme_path
    if init:
        if target.exists():
            raise HashiyaError(f"{target} is there already.")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, DEFAULT_TOML.encode())
        except OSError as error:
            raise HashiyaError(f"{target} can't be written: {error.strerror or error}.") from error
        click.echo(target)
        return
    store.scheme()
    click.echo(target.read_text("utf-8") if target.exists() else DEFAULT_TOML, nl=False)


@click.command()
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
def keys(markdown: bool) -> None:
    """Print what every key does."""
    rows = [
        (" ".join(key_cap(key) for key in command.keys) or "(Ctrl+P)", command.help)
        for command in Keymap().commands_of("reader")
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
    """Print what is set, and what can't be followed."""
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
