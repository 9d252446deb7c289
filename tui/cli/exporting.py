"""The command that writes annotations out."""

import gc
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import click

from annotations.errors import HashiyaError
from annotations.exchange.export import MANY, Exporter, Reporting, cores
from annotations.exchange.selection import Selection, Wanted
from annotations.exchange.splits import Shares, read_splits, split, write_splits
from annotations.formats.base import Job
from annotations.formats.losses import Tally, counted
from annotations.formats.parts import REPORT
from annotations.formats.registry import NAMES, format_named
from annotations.formats.writing.choices import Choices, flat_groups
from annotations.formats.writing.output import Output, whole_file
from tui.cli.choosing import (
    LOSSY,
    Commas,
    choices_from,
    choosing,
    losses_allowed,
    report_beside,
    tell_losses,
    wanted_from,
)
from tui.cli.common import (
    Project,
    complain,
    on_corpus,
    quiet_output,
    refuse_places,
    report_to,
    tell_bad_files,
)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Do without the collector of cycles: millions of small values come and go, none in a cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show how far a long work is, on a terminal; in a pipe nothing."""
    shown = sys.stderr.isatty() and length >= MANY
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not shown) as made:
        yield made.update


@click.command()
@on_corpus
@click.option(
    "--format", "name", type=click.Choice(NAMES), default="jsonl", show_default=True,
    help="`hashiya formats` tells what each carries.",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File or folder to write.")
@choosing
@click.option("--split", "shares", metavar="80,10,10", help="Part train, validation and test.")
@click.option("--seed", type=int, help="Which way to split [default: 0].")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Where to say what became of each span [default: beside the output, if any changed].",
)
@click.option("--strict", is_flag=True, help="Write nothing if anything would be lost or changed.")
@click.option(
    "--allow", type=Commas(), default=(), metavar="LOSS,..",
    help="Losses that are accepted, such as nested,clitics; all accepts any.",
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

    What the format can't carry is counted, and told span by span in a report beside the output;
    the exit code is then 3, unless --allow accepts it.
    """
    format_ = format_named(name)
    choices = choices_from(options, format_, Choices())
    losses_allowed(allow)
    if seed is not None and not shares:
        raise click.UsageError("--seed means nothing without --split.")
    scheme = project.store.scheme()
    flat_groups(scheme, choices)  # tells of labels that are not there
    wanted = wanted_from(options, Wanted())
    parts = Shares(shares) if shares else None
    kept_splits = read_splits(project.store.root, parts, seed or 0) if parts else {}
    splits = _split(project, wanted, choices, parts, seed or 0, kept_splits) if parts else {}
    selection = Selection(project.store, project.corpus, wanted)
    _refuse_same(output, report)
    refuse_places(project, (output, report), holds_texts=name == "brat")
    with ExitStack() as stack, _without_collecting():
        told = stack.enter_context(report_to(report) if report else _spool())
        kept = stack.enter_context(_spool()) if strict else None
        files = Output(
            output,
            kept or _Standard(),
            parts.names if parts else (),
            is_folder=format_.target == "folder",
            ending=format_.suffix,
        )
        exporter = Exporter(
            selection,
            format_,
            Job(files, scheme, choices),
            Reporting(told, full=report is not None),
            lambda sha256: splits.get(sha256, ""),
            stack.enter_context(bar(selection.size, f"Writing {name}")),
            cores(),
        )
        tally, losses = _run(exporter, allow, strict=strict)
        if kept and not losses:
            kept.seek(0)
            shutil.copyfileobj(kept, _Standard())
        _Standard().flush()
        is_written = not (strict and losses)
        is_plain = not tally.losses and (choices, wanted) == (Choices(), Wanted())
        placed = report
        if output and not report and (is_written or not output.exists()):
            placed = _place_report(told, output, is_plain=is_plain)
        elif output and report and is_written:
            report_beside(output).unlink(missing_ok=True)  # it told of what was there before
    if parts and is_written and splits != kept_splits:
        _keep_splits(project, parts, seed or 0, splits)
    if is_written and len(files.written()) > 1:
        click.echo(f"Written: {', '.join(file.name for file in files.written())}.", err=True)
    for file in files.left_behind() if is_written else ():
        complain(f"{file} is there from before, and no part of this export.")
    _tell_left_out(selection)
    tell_losses(tally, losses, placed, strict=strict)
    if selection.haul.left_out:
        raise SystemExit(1)
    if losses:
        raise SystemExit(LOSSY)


def _spool() -> IO[bytes]:
    """Make a place to keep what may not be wanted in the end."""
    return tempfile.TemporaryFile()


def _refuse_same(output: Path | None, report: Path | None) -> None:
    """Refuse a report in the place of a file of the export."""
    if not output or not report:
        return
    ours, theirs = output.resolve(), report.resolve()
    stem = ours.name.removesuffix(ours.suffix)
    is_part = (
        theirs.parent == ours.parent
        and theirs.name.startswith(f"{stem}.")
        and theirs.suffix == ours.suffix
        and not theirs.name.endswith(REPORT)
    )
    if ours == theirs or ours in theirs.parents or is_part:
        raise click.UsageError("--report names a file of the export itself.")


def _tell_left_out(selection: Selection) -> None:
    tell_bad_files(selection.haul.bad_files)
    for message in selection.haul.left_out:
        complain(message)
    if selection.haul.undated:
        undated = counted(selection.haul.undated, "layer")
        complain(f"Left out: {undated} saved before that was noted, so --since can't tell.")


def _run(
    exporter: Exporter, allow: tuple[str, ...], *, strict: bool
) -> tuple[Tally, dict[str, int]]:
    """Write everything, or nothing if that was asked for and something would be lost.

    Returns:
        What became of all items, and the losses that nobody accepted.
    """
    output = exporter.job.output
    tally = Tally()
    losses: dict[str, int] = {}
    try:
        with output:
            tally = exporter.run()
            losses = {} if "all" in allow else tally.not_allowed(allow)
            if strict and losses:
                raise _Refused
    except _Refused:
        pass
    except OSError as error:
        raise HashiyaError(
            f"{output.path or 'The output'} can't be written: {error.strerror or error}."
        ) from error
    return tally, losses


class _Refused(Exception):  # noqa: N818 - no error: what --strict asks for
    """Something would be lost, and nothing is to be written then."""


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
        """Have it arrive."""
        try:
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            quiet_output()


def _split(  # noqa: PLR0917 - one call
    project: Project,
    wanted: Wanted,
    choices: Choices,
    shares: Shares,
    seed: int,
    kept: dict[str, str],
) -> dict[str, str]:
    """Have every article that is exported belong to a split."""
    counts: dict[str, dict[str, int]] = {}
    for document, layer in Selection(project.store, project.corpus, wanted):
        found = counts.setdefault(document.sha256, {})
        for label, count in layer.counts().items():
            if not choices.labels or label in choices.labels:
                found[label] = found.get(label, 0) + count
    return split(counts, shares, seed, kept)


def _keep_splits(project: Project, shares: Shares, seed: int, splits: dict[str, str]) -> None:
    try:
        write_splits(project.store.root, shares, seed, splits)
    except HashiyaError as error:
        complain(f"{error} So articles may move when others are added.")


def _place_report(spool: IO[bytes], output: Path, *, is_plain: bool) -> Path | None:
    """Put the report beside the output if it says anything, or one is there that said something."""
    path = report_beside(output)
    if is_plain and not path.is_file():
        return None
    spool.seek(0)
    try:
        with whole_file(path) as stream:
            shutil.copyfileobj(spool, stream)
    except OSError as error:
        raise HashiyaError(f"{path} can't be written: {error.strerror or error}.") from error
    return path
