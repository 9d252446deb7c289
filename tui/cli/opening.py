"""Commands that open the app, and those that show what it shows."""

import gc
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from annotations.corpus.corpus import Corpus, open_corpus
from annotations.corpus.decoding import check_encoding, decode
from annotations.disk.replacing import write_atomically
from annotations.errors import HashiyaError
from annotations.model.scheme import DEFAULT_SCHEME, Scheme
from annotations.project import Project
from annotations.store.location import store_path
from annotations.store.store import Store
from annotations.store.view import DIRECTIONS, Direction
from tui.cli.common import annotator_name, on_corpus, read, tells_errors
from tui.cli.log_file import log_path
from tui.cli.output import complain, drawn, quiet_output
from tui.config import config_path, load_config
from tui.desk.tutor import ARTICLE, Tutor
from tui.keys.keyboard import Keyboard
from tui.terminal.families import CHOICES, Choice
from tui.text.layout import Base, Layout

SMALLEST = (20, 5)
"""Columns and rows below which nothing can be shown."""


@click.command("open")
@on_corpus
@click.option("--annotator", metavar="NAME", help="Who annotates [default: the login name].")
@click.option(
    "--bidi",
    type=click.Choice(CHOICES),
    help="How text is sent to the terminal [default: as it is found to need it].",
)
@click.option(
    "--base",
    type=click.Choice(DIRECTIONS),
    help="Direction of the paragraphs, in this session [default: what was set for the corpus].",
)
def open_app(
    project: Project, *, annotator: str | None, bidi: Choice | None, base: Direction | None
) -> None:
    """Open a folder of articles, a file of records, or one article, to read and tag."""
    name = annotator_name(annotator)
    scheme = project.store.scheme()
    notices = project.notices
    _run_app(project.corpus, project.store, scheme, name, bidi=bidi, base=base, notices=notices)


@click.command()
@tells_errors
def tutor() -> None:
    """Learn the keys in ten minutes, on an article that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="hashiya-tutor-") as folder:
        article = Path(folder) / "tutor.txt"
        write_atomically(article, ARTICLE.encode())
        corpus = open_corpus(article)
        store = Store(store_path(corpus))
        _run_app(corpus, store, DEFAULT_SCHEME, annotator_name(None), teaches=True)


def _run_app(
    corpus: Corpus,
    store: Store,
    scheme: Scheme,
    annotator: str,
    *,
    teaches: bool = False,
    bidi: Choice | None = None,
    base: Direction | None = None,
    notices: Sequence[str] = (),
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
    gc.disable()  # until the first screen stands: what is made before it stays
    # three quarters of the start-up time, and nothing for the other commands
    from tui.app import HashiyaApp  # noqa: PLC0415
    from tui.terminal.ending import Ending  # noqa: PLC0415
    from tui.terminal.setup import find_terminal  # noqa: PLC0415

    config, faults = load_config(config_path(), scheme)
    app = HashiyaApp(
        corpus,
        store,
        scheme,
        annotator,
        keymap=config.keymap,
        keyboard=Keyboard(config.keyboard),
        notices=[*notices, *faults],
        tutor=Tutor(config.keymap) if teaches else None,
        terminal=find_terminal(bidi or config.bidi),
        theme=config.theme,
        base=base,
    )
    ending = app.ending = Ending(
        lambda code: app.exit(return_code=code), app.save_hurriedly, app.give_terminal_back
    )
    try:
        app.run()
    finally:
        ending.close()
    if app.fault:
        complain(
            f"The app ended at something that nobody foresaw ({app.fault}). What was said to be "
            "saved is; the log that hashiya doctor names has more."
        )
    if app.session.farewell:
        complain(app.session.farewell)
    if app.return_code:
        raise SystemExit(app.return_code)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--width", type=click.IntRange(1), help="Cells of a line [default: the terminal's].")
@click.option(
    "--base", type=click.Choice(DIRECTIONS), default="auto", show_default=True,
    help="Direction of the paragraphs; auto: of the first letter, majority: of most letters.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each line.")
@click.option(
    "--encoding", default="utf-8", metavar="NAME", show_default=True, help="Its encoding."
)
@tells_errors
def show(file: Path, width: int | None, base: Base, as_json: bool, encoding: str) -> None:
    """Print an article as the app lays it out; - reads standard input."""
    check_encoding(encoding)
    if str(file) == "-":
        text, _ = decode(sys.stdin.buffer.read(), "standard input", encoding)
    else:
        text, _ = decode(read(file), str(file), encoding)
    if width is None:
        width = os.get_terminal_size().columns if sys.stdout.isatty() else 80
    try:
        _print_lines(Layout(text, width, base), as_json=as_json)
    except BrokenPipeError:
        quiet_output()


def _print_lines(layout: Layout, *, as_json: bool) -> None:
    stream = drawn()
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


@click.command()
@click.option("--bidi", type=click.Choice(CHOICES), help="As for opening a corpus.")
def doctor(bidi: Choice | None) -> None:
    """Ask the terminal what it is, and tell what Hashiya makes of it."""
    from tui.terminal.doctor import report  # noqa: PLC0415

    settings, faults = load_config(config_path(), DEFAULT_SCHEME)
    for line in report(bidi or settings.bidi):
        drawn().write(f"{line}\n".encode(errors="replace"))
    log = log_path()
    click.echo(f"Log: {log}" if log.exists() else f"Log: {log} (nothing was logged yet)")
    for fault in faults:
        complain(fault)
