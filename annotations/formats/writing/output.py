"""Where an export goes: a file, several beside each other, a folder, or a stream.

Nothing of it is there before all of it is: files are written beside their place and take it at the
end, a folder is filled under another name. Whatever goes wrong leaves what was there before.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from annotations.disk.files import is_folder, new_file, open_stream
from annotations.disk.folders import make_folder, names_in, resolved, sync_folder
from annotations.disk.replacing import TEMPORARY, is_stale, temporary_beside
from annotations.disk.transaction import Transaction
from annotations.errors import FormatError
from annotations.formats.parts import siblings, spelled_out


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, content: bytes, /) -> object:
        """Write all of a content."""


def together_on_disk(plans: Path | None = None) -> Transaction:
    """Begin to write the files of an export, all of them or none.

    Args:
        plans: Where it is noted what is to take which place; None to do without.
    """
    return Transaction(Path("/"), plans, "An export", stages=False)


def open_within(together: Transaction, path: Path) -> IO[bytes]:
    """Open a file that is there once all is; a link of one's own stays one, a device a device.

    Raises:
        OSError: It can't be written.
    """
    special = open_stream(path)
    if special is not None:
        return special
    return together.stream(resolved(path))


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is there when all is written.

    Raises:
        OSError: It can't be written.
    """
    together = together_on_disk()
    try:
        with open_within(together, path) as stream:
            yield stream
        together.commit()
    finally:
        together.abort()


def _new_folder(path: Path) -> Path:
    """Make a folder in which files wait to be in another.

    Raises:
        FormatError: There is something in the other's place.
        OSError: It can't be made.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FormatError(f"{path} is there already.", "Name a folder that is new or empty.")
    make_folder(path.parent)
    for name in names_in(path.parent):  # what a killed export to the same place left
        left = path.with_name(name)
        if name.startswith(f".{path.name}.") and is_stale(left) and is_folder(left):
            shutil.rmtree(left, ignore_errors=True)
    temporary = temporary_beside(path)
    make_folder(temporary)
    return temporary


class Output:
    """The files of an export, opened as they are needed.

    Args:
        path: The file or folder; None for a stream.
        stream: Where everything goes if there is no path.
        splits: Names of the parts that articles are split into; none for a single part.
        is_folder: Whether it is a folder of files.
        ending: How its parts end if the path has no ending.
        layers: Whether flat layers have files of their own.
        together: What else changes with it, and is committed by who began it.
    """

    def __init__(
        self,
        path: Path | None,
        stream: Sink | None,
        splits: tuple[str, ...] = (),
        *,
        is_folder: bool = False,
        ending: str = "",
        layers: bool = False,
        together: Transaction | None = None,
    ) -> None:
        self._is_alone = together is None
        self._together = together or together_on_disk()
        self.path = None if path is None else spelled_out(path)
        self.ending = ending
        self.splits = splits
        self.is_folder = is_folder
        self._layers = layers
        self.folder = Path()
        """Where the files of a folder are written for now."""
        self._stream = stream
        self._open: dict[Path, Sink] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self.is_folder:
            if self.path is None:
                raise FormatError("The format is a folder of files.", "Name it with -o FOLDER.")
            self.path = resolved(self.path)
            self.folder = _new_folder(self.path)
        elif self.path is not None:
            if self.path.is_dir():
                raise FormatError(f"{self.path} is a folder.", "Name a file in it.")
            if not self.path.parent.is_dir():
                raise FormatError(
                    f"{self.path} can't be written: there is no folder {self.path.parent}."
                )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._stack.__exit__(kind, error, trace)
            if error is None and self.is_folder:
                self._place_folder()
            if error is None and self._is_alone:
                self._together.commit()
        finally:
            if self._is_alone:
                self._together.abort()
            if error is not None:
                self.clear()

    def _place_folder(self) -> None:
        """Plan the folder for its place, or what it holds for a folder that is there."""
        assert self.path is not None
        for folder in {file.parent for file in self.folder.rglob("*")} | {self.folder}:
            sync_folder(folder)
        if self.path.exists():  # somebody may stand in it, so it stays
            for item in sorted(self.folder.iterdir()):
                self._together.move(item, self.path / item.name)
        else:
            self._together.move(self.folder, self.path)

    def clear(self) -> None:
        """Remove what waited and is not wanted."""
        if self.is_folder and self.folder.name.endswith(TEMPORARY):
            shutil.rmtree(self.folder, ignore_errors=True)

    def written(self) -> list[Path]:
        """List the files that were opened, but for those of a folder."""
        return list(self._open)

    def left_behind(self) -> list[Path]:
        """List files of another export to the same path, which reading it may take for its own."""
        if self.path is None or self.is_folder:
            return []
        there = [self.path] if self.path.is_file() else []
        return [
            file
            for file in (*there, *siblings(self.path, layers=self._layers))
            if file not in self._open
        ]

    def beside(self, *parts: str, suffix: str | None = None) -> Path:
        """Name a file of the export: that of its path, with parts put before the suffix."""
        assert self.path is not None
        named = [part for part in parts if part]
        ending = (self.path.suffix or self.ending) if suffix is None else suffix
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
            stream = open_within(self._together, path)
            self._open[path] = self._stack.enter_context(stream)
        return self._open[path]

    def new(self, *parts: str) -> IO[bytes]:
        """Open a new file inside the folder, whose own folder is made."""
        path = self.folder.joinpath(*(part for part in parts if part))
        make_folder(path.parent)
        return new_file(path)

    def put(self, content: bytes, *parts: str) -> None:
        """Write a new file inside the folder."""
        with self.new(*parts) as stream:
            stream.write(content)
