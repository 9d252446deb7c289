"""One export, from the choice of layers to files and a report: all of it or nothing.

`Exporter` does the work on the layers; here files are opened and put in place, articles get their
splits, and losses that nobody accepted can hold everything back.
"""

import errno
import gc
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from annotations.corpus.corpus import Corpus
from annotations.disk.files import is_taken
from annotations.disk.folders import resolved
from annotations.disk.transaction import Transaction
from annotations.errors import FormatError, HashiyaError, reason_of
from annotations.exchange.exporter import Exporter, Reporting, cores
from annotations.exchange.selection import Haul, Selection, Wanted
from annotations.exchange.splits import Shares, read_splits, split, write_splits
from annotations.formats.base import Format, Job
from annotations.formats.losses import Tally
from annotations.formats.parts import REPORT, spelled_out
from annotations.formats.writing.choices import Choices, flat_groups
from annotations.formats.writing.output import (
    Output,
    Sink,
    open_within,
    together_on_disk,
    whole_file,
)
from annotations.store.store import Store


class Order(Struct, frozen=True):
    """What is to be exported, and how."""

    format: Format
    output: Path | None = None
    """File or folder; None writes to a stream."""
    choices: Choices = field(default_factory=Choices)
    wanted: Wanted = field(default_factory=Wanted)
    shares: Shares | None = None
    """How articles are split; None for not at all."""
    seed: int = 0
    """Which of the ways to split."""
    report: Path | None = None
    """Where to say what became of each span; None for beside the output, if any changed."""
    is_strict: bool = False
    """Whether nothing is written if anything would be lost or changed."""
    allowed: Collection[str] = ()
    """Classes of loss that are accepted; "all" accepts any."""
    plans: Path | None = None
    """Where it is noted which files are to take which place, to complete that after a kill."""


class Exported(Struct):
    """What came of an export."""

    tally: Tally
    losses: dict[str, int]
    """Losses that nobody accepted, by class."""
    haul: Haul
    """What was left out."""
    report: Path | None
    """The report, if one was written."""
    is_written: bool
    files: tuple[Path, ...] = ()
    """The files of the export, if it is not a folder."""
    left_behind: tuple[Path, ...] = ()
    """Files of another export to the same path, which reading it may take for its own."""
    split_fault: str = ""
    """Why it could not be kept which article is in which split."""


def run_export(
    corpus: Corpus,
    store: Store,
    order: Order,
    *,
    stream: Sink | None = None,
    progress: Callable[[int], None] = lambda _: None,
    started: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Export layers.

    Args:
        corpus: The articles.
        store: Their layers.
        order: What, and how.
        stream: Where it goes if no output is named.
        progress: Called with the number of layers looked at since the last call.
        started: Called once with the number of layers to be looked at.

    Raises:
        HashiyaError: The format can't take it, or the output can't be written; nothing is there
            then that was not there before.
    """
    scheme = store.scheme()
    flat_groups(scheme, order.choices)  # refuses labels that are not there
    refuse_report_in_export(order.output, order.report)
    kept = read_splits(store.root, order.shares, order.seed) if order.shares else {}
    splits = _split(corpus, store, order, order.shares, kept) if order.shares else {}
    selection = Selection(store, corpus, order.wanted)
    started(selection.size)
    with ExitStack() as stack, _without_collecting():
        told = stack.enter_context(_spool())
        held = stack.enter_context(_spool()) if order.is_strict and stream else None
        together = together_on_disk(order.plans)
        stack.callback(lambda: together.abort())  # noqa: PLW0108 - there may be another by then
        files = Output(
            order.output,
            held or stream,
            order.shares.names if order.shares else (),
            is_folder=order.format.target == "folder",
            ending=order.format.suffix,
            layers=order.format.has_layer_files,
            together=together,
        )
        stack.callback(files.clear)
        exporter = Exporter(
            selection,
            order.format,
            Job(files, scheme, order.choices),
            Reporting(told, full=order.report is not None),
            lambda sha256: splits.get(sha256, ""),
            progress,
            cores(),
        )
        done = _written(exporter, order)
        if not done.is_written:
            together.abort()
            together = together_on_disk(order.plans)
        if held and stream and done.is_written:
            held.seek(0)
            shutil.copyfileobj(held, stream)
        if order.shares and done.is_written and splits != kept:
            try:
                write_splits(store.root, order.shares, order.seed, splits, together.replace)
            except HashiyaError as error:
                done.split_fault = str(error)
        done.report = _placed_report(told, order, done, together)
        _commit(together, order)
    if done.is_written:
        done.files = tuple(files.written())
        done.left_behind = tuple(files.left_behind())
    return done


def _commit(together: Transaction, order: Order) -> None:
    """Move all files of an export to their places.

    Raises:
        HashiyaError: That can't be done; all is as it was.
    """
    try:
        together.commit()
    except OSError as error:
        where = order.output or order.report
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise FormatError(f"{where} is there already.", "Name a new one.") from error
        raise HashiyaError(f"{where} can't be written: {reason_of(error)}.") from error


def report_beside(output: Path) -> Path:
    """Name the report of an export that goes to a file or folder."""
    output = spelled_out(output)
    return output.with_name(f"{output.name}{REPORT}")


@contextmanager
def report_to(path: Path) -> Iterator[IO[bytes]]:
    """Open a report, a file that appears when all is written.

    Raises:
        HashiyaError: It can't be written.
    """
    try:
        with whole_file(path) as stream:
            yield stream
    except OSError as error:
        raise HashiyaError(f"{path} can't be written: {reason_of(error)}.") from error


def refuse_report_in_export(output: Path | None, report: Path | None) -> None:
    """Refuse a report in the place of a file of the export.

    Raises:
        FormatError: It is in such a place.
    """
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
        raise FormatError("--report names a file of the export itself.")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Do without the collector of cycles: millions of small values come and go, none in a cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _spool() -> IO[bytes]:
    """Make a place to keep what may not be wanted in the end."""
    return tempfile.TemporaryFile()


class _Refused(Exception):  # noqa: N818 - no error: what a strict order asks for
    """Something would be lost, and nothing is to be written then."""


def _written(exporter: Exporter, order: Order) -> Exported:
    """Write everything, or nothing if that was asked for and something would be lost."""
    output = exporter.job.output
    done = Exported(Tally(), {}, exporter.selection.haul, None, is_written=True)
    try:
        with output:
            done.tally = exporter.run()
            if "all" not in order.allowed:
                done.losses = done.tally.not_allowed(order.allowed)
            if order.is_strict and done.losses:
                raise _Refused
    except _Refused:
        done.is_written = False
    except OSError as error:
        raise HashiyaError(
            f"{output.path or 'The output'} can't be written: {reason_of(error)}."
        ) from error
    return done


def _split(
    corpus: Corpus, store: Store, order: Order, shares: Shares, kept: dict[str, str]
) -> dict[str, str]:
    """Choose a split for every article that is exported."""
    counts: dict[str, dict[str, int]] = {}
    labels = order.choices.labels
    for document, layer in Selection(store, corpus, order.wanted):
        found = counts.setdefault(document.sha256, {})
        for label, count in layer.counts().items():
            if not labels or label in labels:
                found[label] = found.get(label, 0) + count
    return split(counts, shares, order.seed, kept)


def _placed_report(
    spool: IO[bytes], order: Order, done: Exported, together: Transaction
) -> Path | None:
    """Write the report beside the output if it says anything, or replaces one that did.

    Returns:
        Where the report is, if there is one.
    """
    output = order.output
    if order.report:
        if output and done.is_written and is_taken(resolved(report_beside(output))):
            together.remove(resolved(report_beside(output)))  # it told of what was there before
        path = order.report
    else:
        if output is None or not (done.is_written or not output.exists()):
            return None
        path = report_beside(output)
        is_plain = not done.tally.losses and (order.choices, order.wanted) == (Choices(), Wanted())
        if is_plain and not path.is_file():
            return None
    spool.seek(0)
    try:
        with open_within(together, path) as stream:
            shutil.copyfileobj(spool, stream)
    except OSError as error:
        raise HashiyaError(f"{path} can't be written: {reason_of(error)}.") from error
    return path
