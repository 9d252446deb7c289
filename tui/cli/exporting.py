"""The command that writes annotations out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from annotations.errors import HashiyaError
from annotations.exchange.export import Exported, Order, refuse_report_in_export, run_export
from annotations.exchange.exporter import MANY
from annotations.exchange.selection import Wanted
from annotations.exchange.splits import Shares
from annotations.formats.registry import format_named
from annotations.formats.writing.choices import Choices
from annotations.language.wording import counted
from annotations.project import Project
from tui.cli.choosing import (
    LOSSY,
    Commas,
    FormatName,
    choices_from,
    choosing,
    losses_allowed,
    tell_losses,
    wanted_from,
)
from tui.cli.common import on_corpus, refuse_places, tell_bad_files
from tui.cli.output import complain, drawn_beside, quiet_output
from tui.cli.own_plans import own_plans


class _Bar:
    """Shows how far a long export is, on a terminal; in a pipe nothing."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._update: Callable[[int], None] = lambda _: None
        self._end: Callable[[], None] = lambda: None

    def start(self, length: int) -> None:
        """Show the bar, if there is enough to do."""
        shown = sys.stderr.isatty() and length >= MANY
        bar = click.progressbar(
            length=length, label=self._label, file=drawn_beside(), hidden=not shown
        )
        bar.__enter__()
        self._update = bar.update
        self._end = lambda: bar.__exit__(None, None, None)

    def update(self, count: int) -> None:
        """Go on by so many."""
        self._update(count)

    def end(self) -> None:
        """Erase the bar."""
        self._end()


@contextmanager
def _progress(label: str) -> Iterator[_Bar]:
    bar = _Bar(label)
    try:
        yield bar
    finally:
        bar.end()


@click.command()
@on_corpus
@click.option(
    "--format", "name", type=FormatName(), default="jsonl", show_default=True,
    help="`hashiya formats` lists what each can carry.",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File or folder to write.")
@choosing
@click.option(
    "--split", "shares", metavar="80,10,10", help="Split into train, validation and test."
)
@click.option("--seed", type=int, help="Which way to split [default: 0].")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Where to say what became of each span [default: beside the output, if any changed].",
)
@click.option("--strict", is_flag=True, help="Write nothing if anything would be lost or changed.")
@click.option(
    "--allow", type=Commas(), default=(), metavar="LOSS,..",
    help="Losses to accept, such as nested,clitics; all accepts any.",
)  # fmt: skip
def export(  # noqa: PLR0917 - as click calls it
    project: Project,
    name: str,
    output: Path | None,
    shares: str | None,
    seed: int | None,
    report: Path | None,
    strict: bool,
    allow: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - see choosing
) -> None:
    """Write annotations in a format that training code or another tool reads.

    What the format can't carry is counted, and listed span by span in a report beside the output;
    the exit code is then 3, unless --allow accepts it.
    """
    format_ = format_named(name)
    choices = choices_from(options, format_, Choices())
    losses_allowed(allow)
    if seed is not None and not shares:
        raise click.UsageError("--seed means nothing without --split.")
    try:
        refuse_report_in_export(output, report)
    except HashiyaError as error:
        raise click.UsageError(error.message) from error
    order = Order(
        format_,
        output,
        choices,
        wanted_from(options, Wanted()),
        Shares(shares) if shares else None,
        seed or 0,
        report,
        is_strict=strict,
        allowed=allow,
        plans=own_plans(),
    )
    refuse_places(project, (output, report), holds_texts=format_.holds_texts)
    stream = _Standard()
    with _progress(f"Writing {name}") as bar:
        done = run_export(
            project.corpus,
            project.store,
            order,
            stream=stream if output is None else None,
            progress=bar.update,
            started=bar.start,
        )
    stream.flush()
    _tell(done, strict=strict)
    if done.haul.left_out:
        raise SystemExit(1)
    if done.losses:
        raise SystemExit(LOSSY)


def _tell(done: Exported, *, strict: bool) -> None:
    """Print what was written, and what was left out."""
    if len(done.files) > 1:
        click.echo(f"Written: {', '.join(file.name for file in done.files)}.", err=True)
    for file in done.left_behind:
        complain(f"{file} is there from before, and no part of this export.")
    if done.split_fault:
        complain(f"{done.split_fault} So articles may move when others are added.")
    tell_bad_files(done.haul.bad_files)
    for message in done.haul.left_out:
        complain(message)
    if done.haul.undated:
        undated = counted(done.haul.undated, "layer")
        complain(f"Left out: {undated} saved before that was noted, so --since can't tell.")
    tell_losses(done.tally, done.losses, done.report, strict=strict)


class _Standard:
    """Standard output; a reader that has seen enough, such as head, is no fault."""

    def write(self, content: bytes) -> int:
        """Write all of a content."""
        try:
            sys.stdout.buffer.write(content)
        except BrokenPipeError:
            quiet_output()
        return len(content)

    def flush(self) -> None:
        """Flush it."""
        try:
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            quiet_output()
