"""The command `hashiya`: opens the app, and does what needs no screen.

Every fault a user may meet ends here as one line on standard error and exit code 1 (2 for wrong
usage). Textual is imported only when the app is opened.
"""

import getpass
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from annotations.corpus import Corpus, check_encoding, decode, open_corpus
from annotations.errors import HashiyaError
from annotations.exchange import import_faults, import_layers, select_layers
from annotations.formats.jsonl import Reading, export_lines, read_records
from annotations.model import STATUSES, Status, is_name
from annotations.scheme import DEFAULT_SCHEME, DEFAULT_TOML, Scheme
from annotations.storage import write_atomically
from annotations.store import Store
from tui.commands import Keymap, key_cap
from tui.config import config_path, load_config
from tui.keyboard import Keyboard
from tui.terminal.families import CHOICES, Choice
from tui.text.cells import symbol
from tui.text.layout import Base, Layout
from tui.tutor import ARTICLE, Tutor

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., Any])

SMALLEST = (20, 5)
"""Columns and rows below which nothing can be shown."""


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


def _tells_errors(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Turn the errors of the project into a line on standard error and exit code 1."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except HashiyaError as error:
            _complain(str(error))
            raise SystemExit(1) from error

    return run


def _complain(message: str) -> None:
    words = " ".join(message.split())
    shown = "".join(symbol(char) or char if char < " " or char > "~" else char for char in words)
    click.echo(f"hashiya: {shown}", err=True)


@contextmanager
def _output(path: Path | None) -> Iterator[list[bytes]]:
    """Collect the output and write it, atomically if it goes to a file."""
    pieces: list[bytes] = []
    yield pieces
    content = b"".join(pieces)
    if path is None:
        stream = sys.stdout.buffer
        stream.write(content)
        stream.flush()
        return
    try:
        path = path.resolve()  # a link stays a link
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            write_atomically(path, content)
    except OSError as error:
        raise HashiyaError(f"{path} can't be written: {error.strerror or error}.") from error


def annotator_name(given: str | None) -> str:
    """Return the annotator: as given, or HASHIYA_ANNOTATOR, or the login name.

    Raises:
        HashiyaError: There is none, or it is no name.
    """
    try:
        name = given or os.environ.get("HASHIYA_ANNOTATOR") or getpass.getuser()
    except (KeyError, OSError) as error:
        raise HashiyaError(
            "Nobody is logged in.", "Name the annotator with --annotator."
        ) from error
    if not is_name(name):
        raise HashiyaError(f"{name!r} is not an annotator's name.")
    return name


def _on_corpus(function: Command) -> Command:
    """Give a command its corpus, and the options that say how to read it."""
    function = click.option(
        "--encoding",
        default="utf-8",
        metavar="NAME",
        show_default=True,
        help="Encoding of the articles, such as windows-1256.",
    )(function)
    function = click.option(
        "--store",
        "store_path",
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        help="Where annotations are kept, instead of CORPUS/.hashiya.",
    )(function)
    return click.argument("path", metavar="CORPUS", type=click.Path(path_type=Path))(function)


def _store(corpus: Corpus, store_path: Path | None) -> Store:
    return Store(store_path or corpus.store_path)


@click.group(cls=_OpensByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hashiya", prog_name="hashiya")
def main() -> None:
    """Read Arabic articles in the terminal and tag actors, locations and claims.

    hashiya CORPUS opens a folder of .txt articles, or one article.
    """


@main.command("open")
@_on_corpus
@click.option("--annotator", metavar="NAME", help="Who annotates [default: the login name].")
@click.option(
    "--bidi",
    type=click.Choice(CHOICES),
    help="How text is sent to the terminal [default: as it is found to need it].",
)
@_tells_errors
def open_app(
    path: Path,
    *,
    annotator: str | None,
    bidi: Choice | None,
    store_path: Path | None,
    encoding: str,
) -> None:
    """Open a folder of articles, or one article, to read and tag."""
    name = annotator_name(annotator)
    corpus = open_corpus(path, encoding)
    store = _store(corpus, store_path)
    scheme = store.scheme()
    _run_app(corpus, store, scheme, name, bidi=bidi)


@main.command()
@_tells_errors
def tutor() -> None:
    """Learn the keys in ten minutes, on an article that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="hashiya-tutor-") as folder:
        article = Path(folder) / "tutor.txt"
        article.write_text(ARTICLE, "utf-8")
        corpus = open_corpus(article)
        store = Store(corpus.store_path)
        _run_app(corpus, store, DEFAULT_SCHEME, annotator_name(None), teaches=True)


def _run_app(
    corpus: Corpus,
    store: Store,
    scheme: Scheme,
    annotator: str,
    *,
    teaches: bool = False,
    bidi: Choice | None = None,
) -> None:
    """Open the app in the terminal, which must be one that can show it."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise HashiyaError(
            "Standard input, output and error must be a terminal.",
            "To print an article use hashiya show.",
        )
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        raise HashiyaError(
            f"The terminal has {columns} columns and {rows} rows; at least "
            f"{SMALLEST[0]} and {SMALLEST[1]} are needed."
        )
    os.environ.setdefault("ESCDELAY", "30")  # Textual's is longer than a hand is quick
    # three quarters of the start-up time, and nothing for the other commands
    from tui.app import HashiyaApp  # noqa: PLC0415
    from tui.terminal.setup import find_terminal  # noqa: PLC0415

    config, notices = load_config(config_path(), scheme)
    app = HashiyaApp(
        corpus,
        store,
        scheme,
        annotator,
        keymap=config.keymap,
        keyboard=Keyboard(config.keyboard),
        notices=notices,
        tutor=Tutor(config.keymap) if teaches else None,
        terminal=find_terminal(bidi or config.bidi),
        theme=config.theme,
    )
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--width", type=click.IntRange(1), help="Cells of a line [default: the terminal's].")
@click.option(
    "--base", type=click.Choice(["auto", "rtl", "ltr"]), default="auto", show_default=True,
    help="Base direction of each paragraph; auto takes that of its first letter.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each line.")
@click.option(
    "--encoding", default="utf-8", metavar="NAME", show_default=True, help="Its encoding."
)
@_tells_errors
def show(file: Path, width: int | None, base: Base, as_json: bool, encoding: str) -> None:
    """Print an article as the app lays it out; - reads standard input."""
    check_encoding(encoding)
    if str(file) == "-":
        text, _ = decode(sys.stdin.buffer.read(), "standard input", encoding)
    else:
        text, _ = decode(_read(file), str(file), encoding)
    if width is None:
        width = os.get_terminal_size().columns if sys.stdout.isatty() else 80
    try:
        _print_lines(Layout(text, width, base), as_json=as_json)
    except BrokenPipeError:
        # whoever reads has seen enough, such as head; nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_lines(layout: Layout, *, as_json: bool) -> None:
    stream = sys.stdout.buffer
    for name, line in layout.lines():
        if as_json:
            record = {
                "paragraph": name.paragraph,
                "line": name.line,
                "base": line.base,
                "start": line.start,
                "end": line.end,
                "clusters": list(line.clusters()),
            }
            row = json.dumps(record, ensure_ascii=False)
        else:
            margin = " " * (layout.width - line.width) if line.base else ""
            row = (margin + line.visual()).rstrip(" ")
        stream.write(f"{row}\n".encode())
    stream.flush()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise HashiyaError(f"{file} can't be read: {error.strerror or error}.") from error


@main.command()
@_on_corpus
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
@click.option("--annotator", "annotators", multiple=True, metavar="NAME", help="Only hers or his.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(STATUSES),
    help="Only articles of this status.",
)  # fmt: skip
@_tells_errors
def export(
    path: Path,
    *,
    output: Path | None,
    annotators: tuple[str, ...],
    statuses: tuple[Status, ...],
    store_path: Path | None,
    encoding: str,
) -> None:
    """Write annotations as JSON lines, one record for each article and annotator."""
    corpus = open_corpus(path, encoding)
    _tell_bad_files(corpus)
    selection = select_layers(_store(corpus, store_path), corpus, annotators, statuses)
    for message in selection.left_out:
        _complain(message)
    with _output(output) as pieces:
        pieces.extend(line.encode() for line in export_lines(selection.chosen))
    spans = sum(len(layer.spans) for _, layer in selection.chosen)
    click.echo(f"{len(selection.chosen)} layers, {spans} spans.", err=True)
    if selection.left_out:
        raise SystemExit(1)


@main.command("import")
@_on_corpus
@click.option(
    "--from", "source", required=True, type=click.Path(path_type=Path), help="File of JSON lines."
)
@click.option("--annotator", metavar="NAME", help="Whose layers they become [default: as written].")
@click.option("--replace", "may_replace", is_flag=True, help="Overwrite layers that have spans.")
@click.option(
    "--skip-refused", is_flag=True, help="Import what fits even if other records are refused."
)
@_tells_errors
def import_(
    path: Path,
    *,
    source: Path,
    annotator: str | None,
    may_replace: bool,
    skip_refused: bool,
    store_path: Path | None,
    encoding: str,
) -> None:
    """Read JSON lines back; if any record is refused, none is imported."""
    corpus = open_corpus(path, encoding)
    _tell_bad_files(corpus)
    store = _store(corpus, store_path)
    fallback = annotator_name(annotator)
    try:
        with source.open("rb") as stream:
            reading = read_records(stream, corpus, store.scheme(), annotator, fallback)
    except OSError as error:
        raise HashiyaError(f"{source} can't be read: {error.strerror or error}.") from error
    for line, reason in reading.refused:
        _complain(f"{source}, line {line}: refused, {reason}")
    faults = import_faults(store, reading.accepted, may_replace=may_replace)
    for fault in faults:
        _complain(f"{source}, line {fault.line}: refused, {fault.reason}")
    refused = {line for line, _ in reading.refused} | {fault.line for fault in faults}
    if refused and not skip_refused:
        raise HashiyaError(f"Nothing was imported; {len(refused)} records were refused.")
    _import(store, reading, refused)
    if refused:
        raise SystemExit(1)


def _import(store: Store, reading: Reading, refused: set[int]) -> None:
    accepted = [item for item in reading.accepted if item.line not in refused]
    changed = import_layers(store, [item.layer for item in accepted])
    for item in accepted:
        if item.not_kept:
            _complain(f"line {item.line}: fields not kept: {', '.join(item.not_kept)}")
        for renamed in item.renamed:
            _complain(f"line {item.line}: relation read {renamed}")
    spans = sum(len(item.layer.spans) for item in accepted)
    same = len(accepted) - changed
    unchanged = f", {same} were there already" if same else ""
    click.echo(f"{changed} layers imported{unchanged}; {spans} spans in the file.", err=True)


@main.command()
@_on_corpus
@click.option("--init", is_flag=True, help="Write the default scheme into the store for editing.")
@_tells_errors
def scheme(path: Path, init: bool, store_path: Path | None, encoding: str) -> None:
    """Print the scheme of a corpus, or write it out for editing."""
    corpus = open_corpus(path, encoding)
    store = _store(corpus, store_path)
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


@main.command()
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


@main.command()
@click.option("--bidi", type=click.Choice(CHOICES), help="As for opening a corpus.")
def doctor(bidi: Choice | None) -> None:
    """Ask the terminal what it is, and tell what Hashiya makes of it."""
    from tui.terminal.doctor import report  # noqa: PLC0415

    settings, faults = load_config(config_path(), DEFAULT_SCHEME)
    for line in report(bidi or settings.bidi):
        click.echo(line)
    for fault in faults:
        _complain(fault)


@main.group()
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
        _complain(fault)
    if faults:
        raise SystemExit(1)


def _tell_bad_files(corpus: Corpus) -> None:
    for bad in corpus.bad_files:
        _complain(f"Left out: {bad.reason}")


if __name__ == "__main__":
    main()
