"""What the commands share: their corpus and annotator, their output, and how faults are told."""

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from annotations.corpus import Corpus
from annotations.errors import HashiyaError
from annotations.model import is_name
from annotations.storage import write_atomically
from annotations.store import Store
from tui.text.cells import symbol

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., Any])


def tells_errors(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Turn the errors of the project into a line on standard error and exit code 1."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except HashiyaError as error:
            complain(str(error))
            raise SystemExit(1) from error

    return run


def complain(message: str) -> None:
    """Write a sentence to standard error, with nothing in it that a terminal would obey."""
    words = " ".join(message.split())
    shown = "".join(symbol(char) or char if char < " " or char > "~" else char for char in words)
    click.echo(f"hashiya: {shown}", err=True)


@contextmanager
def output_to(path: Path | None) -> Iterator[list[bytes]]:
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


def on_corpus(function: Command) -> Command:
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


def store_of(corpus: Corpus, store_path: Path | None) -> Store:
    """Return the store of a corpus, or the one that was named."""
    return Store(store_path or corpus.store_path)


def read(file: Path) -> bytes:
    """Read a file.

    Raises:
        HashiyaError: It can't be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise HashiyaError(f"{file} can't be read: {error.strerror or error}.") from error


def tell_bad_files(corpus: Corpus) -> None:
    """Name the files of a corpus that can't be opened."""
    for bad in corpus.bad_files:
        complain(f"Left out: {bad.reason}")
