"""Reading, fitting and encoding chosen layers, with a report of what is not carried as it was.

Many layers are read, fitted and encoded in as many processes as the machine has cores; they are
written in one, in the order of the corpus, so the result is the same however many there are.
"""

import logging
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import IO, Any, Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import asdict

from annotations.disk.codec import encode_line
from annotations.errors import FormatError
from annotations.exchange.selection import Haul, Pair, Selection, Task, Wanted
from annotations.formats.base import Format, Job, Writer
from annotations.formats.losses import Reasons, Tally, judge, report_lines
from annotations.formats.writing.choices import Choices
from annotations.formats.writing.fitting import chosen, fit
from annotations.model.layer import Document, Layer

_log = logging.getLogger(__name__)

MANY: Final = 1000
"""From how many layers on other processes help."""
_CHUNK: Final = 32
"""Articles that a process takes at a time."""


class _Done(NamedTuple):
    """A layer that is ready to be written."""

    sha256: str
    annotator: str
    encoded: Any
    tally: Tally
    report: bytes


class Reporting(Struct):
    """Where the report goes, and how much of it.

    Attributes:
        stream: Where; None for nowhere.
        full: Whether what was carried as it is has a line too.
    """

    stream: IO[bytes] | None = None
    full: bool = False

    def head(self, format_name: str, choices: Choices, wanted: Wanted) -> None:
        """Write the first line: what was exported how."""
        record = {"format": format_name, "offset_unit": "codepoint"}
        self._write(record | {"choices": choices.record(), "wanted": asdict(wanted)})

    def foot(self, tally: Tally) -> None:
        """Write the last line: the counts."""
        self._write({"summary": tally.record()})

    def _write(self, record: dict[str, Any]) -> None:
        if self.stream:
            self.stream.write(encode_line(record))


class Exporter(Struct, frozen=True):
    """Reads, fits and encodes layers, and has them written.

    Attributes:
        selection: Which layers.
        format: In which format.
        job: Where to, and how.
        reporting: Where the report goes.
        split_of: Tells the split of an article by the hash of its text.
        progress: Called with the number of layer files looked at since the last call.
        workers: How many processes at most; what is one or less means none beside this.
    """

    selection: Selection
    format: Format
    job: Job
    reporting: Reporting = field(default_factory=Reporting)
    split_of: Callable[[str], str] = lambda _: ""
    progress: Callable[[int], None] = lambda _: None
    workers: int = 1

    def run(self) -> Tally:
        """Write everything.

        Returns:
            What became of all items. The selection's haul says what was left out.

        Raises:
            FormatError: The format can't take it.
            OSError: The output can't be written.
        """
        tally = Tally()
        self.reporting.head(self.format.name, self.job.choices, self.selection.wanted)
        writer = self.format.writer(self.job)
        annotators: set[str] = set()
        for done in self._done(writer):
            annotators.add(done.annotator)
            writer.add(done.encoded, self.split_of(done.sha256))
            tally.merge(done.tally)
            if self.reporting.stream:
                self.reporting.stream.write(done.report)
        writer.finish()
        if len(annotators) > 1 and "annotator" not in self.format.carries.keeps:
            tally.losses["annotators"] += tally.layers
        self.reporting.foot(tally)
        return tally

    def _done(self, writer: Writer) -> Iterator[_Done]:
        selection = self.selection
        if self.workers > 1 and self.format.parallel and selection.size >= MANY:
            yield from self._by_many(writer)
        else:
            for task in selection.tasks():
                for pair in selection.load(task, selection.haul):
                    yield self._one(writer, pair)
                self.progress(len(task.paths))
        for pair in selection.rest():
            yield self._one(writer, pair)

    def _one(self, writer: Writer, pair: Pair) -> _Done:
        document, layer = pair
        choices, scheme = self.job.choices, self.job.scheme
        layer = chosen(layer, choices)
        fitted = fit(document, layer, scheme, self.format.carries_with(choices), choices)
        tally, report = self._judged(document, layer, fitted.layer, fitted.reasons)
        return _Done(
            document.sha256, layer.annotator, writer.encode(document, fitted), tally, report
        )

    def _judged(
        self,
        document: Document,
        before: Layer,
        after: Layer,
        reasons: Reasons,
    ) -> tuple[Tally, bytes]:
        tally = Tally()
        full = self.reporting.full
        if not reasons and not full and before == after:
            tally.carry(before)
            return tally, b""
        verdicts = list(judge(before, after, reasons))
        tally.add(verdicts)
        return tally, report_lines(document.id, before.annotator, verdicts, full=full)

    def _by_many(self, writer: Writer) -> Iterator[_Done]:
        """Share the chunks out among other processes; return the results in order."""
        context = get_context("fork")
        chunks = list(_chunked(self.selection.tasks(), _CHUNK))
        count = min(self.workers, len(chunks))
        pipes: list[Connection] = []
        processes = []
        for number in range(count):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=self._work, args=(writer, chunks[number::count], theirs), daemon=True
            )
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        try:
            for number, chunk in enumerate(chunks):
                yield from self._received(pipes[number % count])
                self.progress(sum(len(task.paths) for task in chunk))
        finally:
            for process in processes:
                process.terminate()
                process.join()

    def _received(self, pipe: Connection) -> list[_Done]:
        try:
            done, haul = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from our own process
        except EOFError as error:
            raise FormatError("A process of the export ended before it was done.") from error
        if isinstance(haul, BaseException):
            raise haul
        self.selection.haul.merge(haul)
        return list(done)

    def _work(self, writer: Writer, chunks: Iterable[list[Task]], pipe: Connection) -> None:
        """Do some of the chunks, in another process."""
        for chunk in chunks:
            haul = Haul()
            try:
                done = [
                    self._one(writer, pair)
                    for task in chunk
                    for pair in self.selection.load(task, haul)
                ]
                content = pickle.dumps((done, haul), pickle.HIGHEST_PROTOCOL)
            except Exception as error:  # noqa: BLE001 - it is raised again where it can be told
                _log.exception("A part of the export failed")
                content = pickle.dumps(([], error))
            try:
                pipe.send_bytes(content)
            except BrokenPipeError:
                return
        pipe.close()


def _chunked(tasks: Iterator[Task], size: int) -> Iterator[list[Task]]:
    while chunk := list(islice(tasks, size)):
        yield chunk


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
