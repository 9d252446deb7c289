"""What the reader of a format found, before it is held against the corpus.

A reader yields a `Record` for each layer of a file and a `Refused` for whatever it can't read, and
never raises for a single bad record. Nothing is read that is longer than `MOST_BYTES`, so a file
of one endless line takes no more memory than an honest one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, Literal, TypeAlias

from msgspec import Struct, field

from annotations.disk.bounded import LONGEST, bounded_lines
from annotations.disk.codec import check_count, decode
from annotations.disk.files import open_named
from annotations.errors import FormatError, ImportRefusedError
from annotations.formats.parts import REPORT, SIDECAR, parts_of
from annotations.model.layer import Relation, Span

Unit: TypeAlias = Literal["codepoint", "utf16", "token"]

MOST_BYTES: Final = LONGEST
"""Bytes of the longest record that is read."""


class Record(Struct):
    """A layer as a file tells it. A reader fills in what the format says, and nothing else."""

    where: str
    """The line or file, for messages."""
    document: str | None = None
    file: str | None = None
    sha256: str | None = None
    """Id, file name and hash that the article may be found by; at least one, or its text."""
    text: str | None = None
    tokens: Sequence[str] = ()
    """Its tokens, white space left out, if it has those in place of a text."""
    annotator: str | None = None
    status: str | None = None
    kind: str | None = None
    note: str = ""
    spans: list[Span] = field(default_factory=list)
    """Offsets are in `unit`; a span whose id is empty is given one."""
    relations: list[Relation] = field(default_factory=list)
    unit: Unit = "codepoint"
    covers: Mapping[str, str] = field(default_factory=dict)
    """What a span is said to cover, by its id."""
    pieces: Sequence[tuple[int, int, str]] = ()
    """Stretches that the text has to have, in `unit`."""
    not_kept: set[str] = field(default_factory=set)
    """Names of fields that a layer has no place for."""
    gaps: set[str] = field(default_factory=set)
    """Ids of spans that had gaps, which are read as one stretch."""
    part: str = ""
    """The file, if others may hold other spans of the same layer."""


class Refused(Struct, frozen=True):
    """What can't be read."""

    where: str
    reason: str
    part: str = ""
    """The file, if others may hold other spans of the same layer."""


def files_of(
    paths: Iterable[Path], suffixes: Sequence[str], *, layers: bool = False
) -> Iterator[Path]:
    """List the files of an export: those given or their parts, and those inside folders given.

    Args:
        paths: Files and folders.
        suffixes: How the files in folders end.
        layers: Whether each flat layer may have a file of its own.

    Raises:
        FormatError: A path is not there, or a folder holds no such file.
    """
    for path in map(Path.absolute, paths):
        if not path.is_dir():
            parts = parts_of(path, layers=layers)
            if not parts:
                raise FormatError(f"{path} is not there.")
            yield from parts
            continue
        found = [file for file in sorted(path.rglob("*")) if file.name.endswith(tuple(suffixes))]
        found = [file for file in found if file.is_file()]
        found = [file for file in found if not file.name.endswith((REPORT, SIDECAR))]
        if not found:
            raise FormatError(f"{path} holds no {' or '.join(suffixes)} file.")
        yield from found


def read_whole(path: Path) -> bytes:
    """Read a file that holds one record.

    Raises:
        ImportRefusedError: It is too long, or can't be read.
    """
    try:
        with open_named(path) as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise ImportRefusedError(f"it can't be read ({error.strerror or error})") from error
    if len(content) > MOST_BYTES:
        raise ImportRefusedError(f"it is longer than {MOST_BYTES >> 20} MB")
    return content


def read_text(path: Path) -> str:
    """Read a file that holds one record as UTF-8, line ends as they are.

    Raises:
        ImportRefusedError: It is too long, not UTF-8, or can't be read.
    """
    try:
        return read_whole(path).decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ImportRefusedError(f"it is not UTF-8 (byte {error.start})") from error


def lines_of(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Read lines with their numbers, from 1; one that is too long comes as None."""
    for number, (line, _) in enumerate(bounded_lines(stream, MOST_BYTES), 1):
        yield number, line


def with_folder(path: Path) -> str:
    """Name a file of a folder with the folder that it is in."""
    return f"{path.parent.name}/{path.name}"


def where_in(path: Path, number: int, *, several: bool) -> str:
    """Return where a line stands, with its file if there are several."""
    return f"{path.name}, line {number}" if several else f"line {number}"


def json_lines(
    paths: Sequence[Path], *, several: bool = False
) -> Iterator[tuple[str, dict[str, Any]] | Refused]:
    """Read JSON lines: where each object stands, and the object.

    Args:
        paths: Files or folders.
        several: Whether a place is told with its file even if there is one file alone.
    """
    files = list(files_of(paths, (".jsonl", ".json", ".ndjson")))
    several = several or len(files) > 1
    for path in files:
        with opened(path) as stream:
            for number, line in lines_of(stream):
                where = where_in(path, number, several=several)
                if line is None:
                    yield Refused(where, f"it is longer than {MOST_BYTES >> 20} MB")
                    continue
                content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if not content.strip():
                    continue
                try:
                    yield where, parse_object(content)
                except ImportRefusedError as error:
                    yield Refused(where, error.message)


def opened(path: Path) -> IO[bytes]:
    """Open a file.

    Raises:
        FormatError: It can't be opened.
    """
    try:
        return open_named(path)
    except OSError as error:
        raise FormatError(f"{path} can't be read: {error.strerror or error}.") from error


def parse_object(content: bytes) -> dict[str, Any]:
    """Read one JSON object.

    Raises:
        ImportRefusedError: It is something else.
    """
    try:
        check_count(content)
    except ValueError as error:
        raise ImportRefusedError(str(error)) from error
    try:
        found = decode(content)
    except (ValueError, RecursionError) as error:
        if b"\\ud" in content or b"\\uD" in content:
            raise ImportRefusedError(
                f"it is not JSON, or holds half of a surrogate pair ({error})"
            ) from error
        raise ImportRefusedError(f"it is not JSON ({error})") from error
    if not isinstance(found, dict):
        raise ImportRefusedError("it is not a JSON object")
    return found


def read_json_lines(
    paths: Sequence[Path], make: Callable[[str, "Fields"], Record], *, several: bool = False
) -> Iterator[Record | Refused]:
    """Read JSON lines with a function that makes an object into a record, or refuses it."""
    for found in json_lines(paths, several=several):
        if isinstance(found, Refused):
            yield found
        else:
            where, values = found
            yield made(where, lambda: make(where, Fields(values)))  # noqa: B023 - called at once


def made(where: str, make: Callable[[], Record]) -> Record | Refused:
    """Make a record, or say why that can't be."""
    try:
        return make()
    except ImportRefusedError as error:
        return Refused(where, error.message)


class Fields:
    """The fields of a JSON object, each asked for by name and type.

    Args:
        values: The object.
        what: What it is called in messages.
    """

    def __init__(self, values: Any, what: str = "it") -> None:  # noqa: ANN401 - from a file
        if not isinstance(values, dict):
            raise ImportRefusedError(f"{what} is not an object")
        self.values: dict[str, Any] = values
        self.what = what
        self._asked: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """Return a text; the default if there is none."""
        found = self.any(name)
        if found is None:
            return default
        if not isinstance(found, str):
            raise ImportRefusedError(f"the {name} of {self.what} is no text")
        return found

    def optional(self, name: str) -> str | None:
        """Return a text, or None if there is none."""
        return None if self.any(name) is None else self.text(name)

    def number(self, name: str) -> int:
        """Return a whole number."""
        found = self.any(name)
        if type(found) is not int:
            raise ImportRefusedError(f"{self.what} has no {name} that is a whole number")
        return found

    def list(self, name: str) -> list[Any]:
        """Return a list; an empty one if there is none."""
        found = self.any(name)
        if found is None:
            return []
        if not isinstance(found, list | tuple):
            raise ImportRefusedError(f"the {name} of {self.what} are not a list")
        return list(found)

    def objects(self, name: str, what: str) -> Iterator["Fields"]:
        """Go through a list of objects."""
        for number, item in enumerate(self.list(name), 1):
            yield Fields(item, f"{what} {number}")

    def any(self, name: str) -> Any:  # noqa: ANN401 - from a file
        """Return whatever there is under a name, or None."""
        self._asked.add(name)
        return self.values.get(name)

    def ignore(self, *names: str) -> None:
        """Leave fields unread that say nothing a layer could keep."""
        self._asked.update(names)

    def unread(self, prefix: str = "") -> set[str]:
        """Name the fields that nobody asked for and that hold something."""
        return {
            prefix + name
            for name, value in self.values.items()
            if name not in self._asked and value not in (None, [], {}, "")
        }
