"""Where the articles of a corpus are: a file each, or records of one file.

A source lists its articles without reading more than it must, and reads one when it is asked for.
Offsets here are bytes of the file, decompressed where it is compressed.
"""

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from msgspec import Struct

from annotations.corpus.decoding import decode
from annotations.disk.files import read_named
from annotations.disk.folders import resolved
from annotations.errors import CorpusError
from annotations.model.layer import Document

SUFFIX: Final = ".txt"
MOST_BYTES: Final = 128 << 20
"""Bytes of the longest article that is a file."""


class BadFile(Struct, frozen=True):
    """A file or a record of the corpus that can't be opened, and why."""

    file: str
    reason: str


class Entry(Struct, frozen=True):
    """Where an article is."""

    id: str
    file: str
    """Name of its file, relative to the corpus."""
    offset: int = 0
    """Byte at which its record begins; 0 for an article that is a file."""
    size: int = 0
    """Bytes of its file or record."""
    stamp: int = 0
    """When its file was changed, in nanoseconds."""


Listed: TypeAlias = Entry | BadFile


class FieldNames(Struct, frozen=True):
    """Names of the fields of a record that make an article."""

    text: str = "text"
    id: str = "id"


class Source(ABC):
    """Lists articles, and reads them."""

    @abstractmethod
    def entries(self) -> Iterator[Listed]:
        """List the articles in their order, and what can't be one."""

    @abstractmethod
    def read(self, entry: Entry) -> Document:
        """Read an article.

        Raises:
            CorpusError: It can't be read, or is not there any more.
        """

    @property
    def stamp(self) -> str:
        """What changes when the list of articles does; empty if only listing them can tell."""
        return ""


class TextFolder(Source):
    """A folder, in which every .txt file at any depth is an article."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding

    def entries(self) -> Iterator[Listed]:
        """List the files, folder by folder in the order of their names."""
        yield from self._in_folder("")

    def _in_folder(self, folder: str) -> Iterator[Listed]:
        try:
            with os.scandir(self.path / folder) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            name = str(self.path / folder)
            yield BadFile(name, f"{name} can't be read: {error.strerror or error}.")
            return
        for item in items:
            name = folder + item.name
            if item.name.startswith("."):
                continue
            if item.is_dir(follow_symlinks=False):
                yield from self._in_folder(f"{name}/")
            elif name.endswith(SUFFIX):
                listed = self._entry(item, name)
                if listed:
                    yield listed

    @staticmethod
    def _entry(item: "os.DirEntry[str]", name: str) -> Listed | None:
        bad = _unreadable_name(name)
        if bad:
            return bad
        try:
            if item.is_symlink():
                resolved(Path(item.path))  # through nobody else's link
            found = item.stat()
        except OSError as error:
            return BadFile(name, f"{name} can't be read: {error.strerror or error}.")
        if not stat.S_ISREG(found.st_mode):
            return None
        return Entry(name[: -len(SUFFIX)], name, 0, found.st_size, found.st_mtime_ns)

    def read(self, entry: Entry) -> Document:
        """Read a file."""
        return read_text_file(self.path / entry.file, entry, self.encoding)


class TextFile(Source):
    """A single .txt file, or any other that is text."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding

    def entries(self) -> Iterator[Listed]:
        """List the one article."""
        bad = _unreadable_name(self.path.name)
        if bad:
            yield bad
            return
        try:
            found = self.path.stat()
        except OSError as error:
            yield BadFile(self.path.name, f"{self.path.name} can't be read: {error.strerror}.")
            return
        yield Entry(self.path.stem, self.path.name, 0, found.st_size, found.st_mtime_ns)

    def read(self, entry: Entry) -> Document:
        """Read the file."""
        return read_text_file(self.path, entry, self.encoding)


def _unreadable_name(name: str) -> BadFile | None:
    """Refuse a name that is not UTF-8, which no JSON can say."""
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "replace").decode()
        return BadFile(shown, f"{shown} has a name that is not UTF-8; rename it.")
    return None


def read_text_file(path: Path, entry: Entry, encoding: str) -> Document:
    """Read an article that is a file.

    Raises:
        CorpusError: It can't be read or decoded.
    """
    try:
        content = read_named(path, MOST_BYTES)
    except OSError as error:
        raise CorpusError(f"{entry.file} can't be read: {error.strerror or error}.") from error
    text, had_bom = decode(content, entry.file, encoding)
    return Document(entry.id, text, entry.file, had_bom)
