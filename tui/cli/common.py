"""What the commands share: their corpus and annotator, their output, and how faults are told."""

import getpass
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

import click

from annotations.corpus.sources import MOST_BYTES, SUFFIX, BadFile, FieldNames
from annotations.disk.files import read_named
from annotations.errors import HashiyaError, reason_of
from annotations.model.layer import is_name
from annotations.project import Project, open_project
from tui.cli.output import check_output, complain, quiet_output
from tui.cli.own_plans import finish_own

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


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


@contextmanager
def output_to(path: Path | None) -> Iterator[IO[bytes]]:
    """Open the output, a file that appears when all is written, or standard output."""
    if path is None:
        check_output()
        stream = sys.stdout.buffer
        try:
            yield stream
            stream.flush()
        except BrokenPipeError:
            quiet_output()
        return
    from annotations.exchange.export import report_to  # noqa: PLC0415 - slow; see project.py

    with report_to(path) as stream:
        yield stream


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


def refuse_places(
    project: Project,
    paths: Iterable[Path | None],
    *,
    sources: Iterable[Path] = (),
    holds_texts: bool = False,
) -> None:
    """Refuse to write where the corpus, its store, or what is read is.

    Args:
        project: The corpus and its store.
        paths: Where is to be written.
        sources: What is read.
        holds_texts: Whether .txt files will be written there.

    Raises:
        HashiyaError: One of the paths is such a place.
    """
    corpus, store = project.corpus.path.resolve(), project.store.root.resolve()
    read_from = {source.resolve() for source in sources}
    for path in paths:
        if path is None:
            continue
        place = path.resolve()
        above = {place, *place.parents}
        in_corpus = corpus in above and (holds_texts or place.suffix == SUFFIX)
        if store in above or place == corpus or in_corpus:
            raise HashiyaError(
                f"{path} would be part of the corpus or its store.", "Name a place elsewhere."
            )
        if read_from & above:
            raise HashiyaError(f"{path} is what is to be read.", "Name a place elsewhere.")


def on_corpus(function: Callable[..., None]) -> Callable[..., None]:
    """Add the corpus to a command, as `project`, and the options that say how to read it."""
    argument = click.argument("path", metavar="CORPUS", type=click.Path(path_type=Path))
    return argument(_reading_corpus(function))


def against_corpus(function: Callable[..., None]) -> Callable[..., None]:
    """Do the same for a command whose argument is something else."""
    option = click.option(
        "--against",
        "path",
        metavar="CORPUS",
        required=True,
        type=click.Path(path_type=Path),
        help="The corpus that was exported.",
    )
    return option(_reading_corpus(function))


def _reading_corpus(function: Callable[..., None]) -> Callable[..., None]:

    @wraps(function)
    @tells_errors
    def run(
        path: Path,
        store_path: Path | None,
        encoding: str,
        id_field: str,
        text_field: str,
        **others: Any,  # noqa: ANN401 - whatever the command takes
    ) -> None:
        fields = FieldNames(text_field, id_field)
        for notice in finish_own():
            complain(notice)
        project = open_project(path, store=store_path, encoding=encoding, fields=fields)
        for notice in project.notices:
            complain(notice)
        function(project, **others)

    run = click.option(
        "--encoding",
        default="utf-8",
        metavar="NAME",
        show_default=True,
        help="Encoding of the articles, such as windows-1256.",
    )(run)
    for name in ("id", "text"):
        run = click.option(
            f"--{name}-field",
            default=name,
            metavar="NAME",
            show_default=True,
            help=f"The field that holds the {name}, if CORPUS is a .jsonl, .csv or .tsv file.",
        )(run)
    return click.option(
        "--store",
        "store_path",
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        help="Where annotations are kept [default: CORPUS/.hashiya].",
    )(run)


def read(file: Path) -> bytes:
    """Read a file.

    Raises:
        HashiyaError: It can't be read.
    """
    try:
        return read_named(file, MOST_BYTES)
    except OSError as error:
        raise HashiyaError(f"{file} can't be read: {reason_of(error)}.") from error


def tell_bad_files(bad_files: Iterable[BadFile]) -> None:
    """Name the files of a corpus that can't be opened."""
    for bad in bad_files:
        complain(f"Left out: {bad.reason}")
