"""What a format is: a name, what it carries, a writer and a reader."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct

from annotations.formats.carries import Carries
from annotations.formats.reading.records import Record, Refused
from annotations.formats.writing.choices import Choices
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.output import Output, Sink
from annotations.model.layer import Document
from annotations.model.scheme import Scheme


class Job(Struct, frozen=True):
    """What a writer has to know: where to write, and how."""

    output: Output
    scheme: Scheme
    choices: Choices


class Writer(Protocol):
    """Writes layers in one format.

    `encode` needs nothing but its arguments and may run in another process, so what it returns
    can be pickled; `add` and `finish` run where the output is.
    """

    def encode(self, document: Document, fitted: Fitted) -> Any:  # noqa: ANN401 - the format's own
        """Make a layer into whatever `add` takes."""

    def add(self, encoded: Any, split: str) -> None:  # noqa: ANN401 - what encode returned
        """Write a layer into the part of its split, empty if there is only one."""

    def finish(self) -> None:
        """Write what comes after the last layer."""


Target: TypeAlias = Literal["file", "folder"]
Reader: TypeAlias = Callable[[Sequence[Path]], Iterator[Record | Refused]]
JsonRow: TypeAlias = dict[str, Any]


class Format(Struct, frozen=True):
    """A format that layers can be written in."""

    name: str
    about: str
    """What reads it, in a few words."""
    carries: Carries
    """What it has room for, as it is written unless chosen otherwise."""
    writer: Callable[[Job], Writer]
    reader: Reader | None = None
    target: Target = "file"
    suffix: str = ".jsonl"
    """How its files end."""
    offsets: str = "code points"
    """What its offsets count."""
    options: tuple[str, ...] = ()
    """Options of the export that it alone, or it and some others, obeys."""
    extra: str = ""
    """The extra that its library comes with, if it needs one."""
    advice: str = ""
    """What to mind in the program that reads it."""
    parallel: bool = True
    """Whether layers are encoded one by one, so that many processes can do it."""
    holds_texts: bool = False
    """Whether .txt files are among its files, which a corpus would take for articles."""
    has_layer_files: bool = False
    """Whether each flat layer has a file of its own, named after it."""
    adapted: Callable[[Carries, Choices], Carries] | None = None
    """What it has room for with other choices, if that differs."""

    def carries_with(self, choices: Choices) -> Carries:
        """Return what it has room for as it is written with these choices."""
        return self.adapted(self.carries, choices) if self.adapted else self.carries


class ArrayFile:
    """A file that is one JSON array, an element a line.

    Args:
        sink: The file.
    """

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.is_empty = True

    def add(self, element: bytes) -> None:
        """Write an element."""
        self.sink.write((b"[\n" if self.is_empty else b",\n") + element)
        self.is_empty = False

    def close(self) -> None:
        """Write the end of the array."""
        self.sink.write(b"[]\n" if self.is_empty else b"\n]\n")


class LineWriter:
    """Writes one line a layer.

    Args:
        job: Where to write, and how.
        to_line: Makes a layer into a line with its newline.
    """

    def __init__(self, job: Job, to_line: Callable[[Document, Fitted], bytes]) -> None:
        self.job = job
        self.to_line = to_line

    def encode(self, document: Document, fitted: Fitted) -> bytes:
        """Make a layer into a line."""
        return self.to_line(document, fitted)

    def add(self, encoded: bytes, split: str) -> None:
        """Write a line into the file of its split."""
        self.job.output.file(split).write(encoded)

    def finish(self) -> None:
        """Create the file of every split, even if nothing went there."""
        for split in self.job.output.splits or ("",):
            self.job.output.file(split)
