"""Where an export goes: a file, several beside each other, a folder, or a stream.

Nothing of it is there before all of it is: files are written beside their place and take it at the
end, a folder is filled under another name. Whatever goes wrong leaves what was there before.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Protocol, Self

from annotations.errors import FormatError
from annotations.storage import TEMPORARY, atomic_file, make_folder, sync_folder

REPORT: Final = ".report.jsonl"
"""How the report of an export ends, which stands beside it."""

SIDECAR: Final = "hashiya.jsonl"
"""A file in a folder of an export that says what the others have no place for."""


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, content: bytes, /) -> object:
        """Write all of a content."""


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears when all is written; a link stays a link, a device a device.

    Raises:
        OSError: It can't be written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path = path.resolve()
    with atomic_file(path) as descriptor, open(descriptor, "wb", closefd=False) as stream:
        yield stream


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Make a folder that appears when all is written.

    Yields:
        Where to write for now.

    Raises:
        FormatError: There is something in its place.
        OSError: It can't be written.
    """
    path = path.resolve()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FormatError(f"{path} is there already.", "Name a folder that is new or empty.")
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}@{socket.gethostname()}{TEMPORARY}")
    shutil.rmtree(temporary, ignore_errors=True)
    make_folder(temporary)
    try:
        yield temporary
        for folder in {file.parent for file in temporary.rglob("*")} | {temporary}:
            sync_folder(folder)
        if path.exists():
            path.rmdir()
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(path.parent)


def parts_of(path: Path) -> list[Path]:
    """List the files of an export by the path that it was given: itself, or its parts beside it."""
    if path.exists():
        return [path]
    stem = path.name.removesuffix(path.suffix)
    found = (
        file
        for file in sorted(path.parent.glob("*"))
        if file.name.startswith(f"{stem}.") and file.suffix == path.suffix
    )
    return [file for file in found if not file.name.endswith(REPORT)]


class Output:
    """The files of an export, opened as they are needed.

    Args:
        path: The file or folder; None for a stream.
        stream: Where everything goes if there is no path.
        splits: Names of the parts that articles are split into; none for a single part.
        is_folder: Whether it is a folder of files.
    """

    def __init__(
        self,
        path: Path | None,
        stream: Sink | None,
        splits: tuple[str, ...] = (),
        *,
        is_folder: bool = False,
    ) -> None:
        self.path = path
        self.splits = splits
        self.is_folder = is_folder
        self.folder = Path()
        """Where the files of a folder are written for now."""
        self._stream = stream
        self._open: dict[Path, Sink] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self.is_folder:
            if self.path is None:
                raise FormatError("The format is a folder of files.", "Name it with -o FOLDER.")
            self.folder = self._stack.enter_context(whole_folder(self.path))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return self._stack.__exit__(kind, error, trace)

    def beside(self, *parts: str, suffix: str | None = None) -> Path:
        """Name a file of the export: that of its path, with parts put before the suffix."""
        assert self.path is not None
        named = [part for part in parts if part]
        ending = self.path.suffix if suffix is None else suffix
        stem = self.path.name.removesuffix(self.path.suffix)
        return self.path.with_name(".".join([stem, *named]) + ending)

    def file(self, *parts: str, suffix: str | None = None) -> Sink:
        """Open a file of the export once.

        Args:
            parts: What tells it from the others, such as the split; none for the file itself.
            suffix: Its ending, if it is not that of the path.

        Raises:
            FormatError: There is only a stream, and this is a second file.
        """
        if self.path is None:
            if any(parts):
                raise FormatError("The export has several files.", "Name them with -o PATH.")
            assert self._stream is not None
            return self._stream
        path = (
            self.path if not any(parts) and suffix is None else self.beside(*parts, suffix=suffix)
        )
        if path not in self._open:
            self._open[path] = self._stack.enter_context(whole_file(path))
        return self._open[path]

    def inside(self, *parts: str) -> Path:
        """Name a file inside the folder, whose own folder is made."""
        path = self.folder.joinpath(*(part for part in parts if part))
        make_folder(path.parent)
        return path
