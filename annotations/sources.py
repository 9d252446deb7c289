"""Where the articles of a corpus are: a file each, or records of one file.

A source lists its articles without reading more than it must, and reads one when it is asked for.
Offsets here are bytes of the file, decompressed where it is compressed.
"""

import csv
import gzip
import hashlib
import io
import os
import stat
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import orjson

from annotations.decoding import check_text, codec_name, decode
from annotations.errors import CorpusError
from annotations.model import Document

SUFFIX: Final = ".txt"
RECORDS: Final = (".jsonl", ".jsonl.gz", ".csv", ".tsv")
"""Endings of the files that hold an article in each record."""
_DELIMITERS: Final = ",;\t|"
_LONGEST_FIELD: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file or a record of the corpus that can't be opened, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
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


@dataclass(frozen=True, slots=True)
class Fields:
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
        try:
            name.encode()
        except UnicodeEncodeError:
            shown = name.encode("utf-8", "replace").decode()
            return BadFile(shown, f"{shown} has a name that is not UTF-8; rename it.")
        try:
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
        try:
            found = self.path.stat()
        except OSError as error:
            yield BadFile(self.path.name, f"{self.path.name} can't be read: {error.strerror}.")
            return
        yield Entry(self.path.stem, self.path.name, 0, found.st_size, found.st_mtime_ns)

    def read(self, entry: Entry) -> Document:
        """Read the file."""
        return read_text_file(self.path, entry, self.encoding)


def read_text_file(path: Path, entry: Entry, encoding: str) -> Document:
    """Read an article that is a file.

    Raises:
        CorpusError: It can't be read or decoded.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{entry.file} can't be read: {error.strerror or error}.") from error
    text, had_bom = decode(content, entry.file, encoding)
    return Document(entry.id, text, entry.file, had_bom)


class Records(Source):
    """A file with an article in each record."""

    _stream: IO[bytes] | None = None
    """The file while records are read one by one."""

    def __init__(self, path: Path, encoding: str, fields: Fields) -> None:
        self.path = path
        self.encoding = encoding
        self.fields = fields
        self._opened_at = 0

    @property
    def stamp(self) -> str:
        """Size and time of the file, and what is read of it."""
        try:
            found = self.path.stat()
        except OSError:
            return ""
        said = (found.st_size, found.st_mtime_ns, self.encoding, self.fields.text, self.fields.id)
        return repr(said)

    def _open(self) -> IO[bytes]:
        """Open the file as bytes in which a line ends with a newline byte."""
        if self.path.name.endswith(".gz"):
            return gzip.open(self.path)  # type: ignore[return-value]  # all that is used of IO
        if codec_name(self.encoding).startswith(("utf-16", "utf-32")):
            text, _ = decode(self.path.read_bytes(), self.path.name, self.encoding)
            return io.BytesIO(text.encode())
        return self.path.open("rb")

    @property
    def _line_encoding(self) -> str:
        wide = codec_name(self.encoding).startswith(("utf-16", "utf-32"))
        return "utf-8" if wide else self.encoding

    def entries(self) -> Iterator[Listed]:
        """List the records; of those with the same id the first is the article."""
        seen: set[str] = set()
        name = self.path.name
        try:
            stamp = self.path.stat().st_mtime_ns
            with self._open() as stream:
                for offset, size, number, found in self._records(stream):
                    where = f"{name}, line {number}"
                    try:
                        if isinstance(found, CorpusError):
                            raise found
                        record_id, _ = self._article(found, where)
                    except CorpusError as error:
                        yield BadFile(where, error.message)
                        continue
                    if record_id in seen:
                        reason = f"{where}: the id {record_id} occurs twice; the first is used."
                        yield BadFile(where, reason)
                        continue
                    seen.add(record_id)
                    yield Entry(record_id, name, offset, size, stamp)
        except CorpusError as error:
            yield BadFile(name, error.message)
        except (OSError, EOFError, zlib.error) as error:
            told = getattr(error, "strerror", None) or error
            yield BadFile(name, f"{name} can't be read to its end: {told}.")

    @abstractmethod
    def _records(
        self, stream: IO[bytes]
    ) -> Iterator[tuple[int, int, int, "dict[str, Any] | CorpusError"]]:
        """Read records: offset, size, line number from 1, and the record or what is wrong."""

    @abstractmethod
    def _record(self, content: bytes, where: str) -> dict[str, Any]:
        """Read one record alone."""

    def _article(self, record: dict[str, Any], where: str) -> tuple[str, str]:
        """Return id and text of a record; one without an id has a piece of its hash."""
        text = check_text(record.get(self.fields.text), where)
        given = record.get(self.fields.id)
        if given is None or given == "":
            return hashlib.sha256(text.encode()).hexdigest()[:16], text
        if type(given) not in (str, int):
            raise CorpusError(f"{where}: its id {given!r} is neither a text nor a number.")
        return check_text(str(given), f"{where}: its id"), text

    def read(self, entry: Entry) -> Document:
        """Read a record."""
        where = f"{entry.id} in {entry.file}"
        try:
            content = self._bytes(entry)
            record_id, text = self._article(self._record(content, where), where)
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or error
            raise CorpusError(f"{where} can't be read: {reason}.") from error
        if record_id != entry.id:
            raise CorpusError(f"{where} is not where it was: {entry.file} has changed.")
        return Document(entry.id, text, entry.file)

    def _bytes(self, entry: Entry) -> bytes:
        """Read the bytes of a record, going on from where the last was read."""
        stamp = self.path.stat().st_mtime_ns
        if self._stream is None or stamp != self._opened_at:
            self.close()
            self._stream, self._opened_at = self._open(), stamp
        self._stream.seek(entry.offset)
        return self._stream.read(entry.size)

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
            self._stream = None


class JsonLines(Records):
    """A .jsonl file, perhaps compressed: {"id": ..., "text": ..., ...} on each line."""

    def _records(
        self, stream: IO[bytes]
    ) -> Iterator[tuple[int, int, int, "dict[str, Any] | CorpusError"]]:
        offset = 0
        for number, line in enumerate(stream, 1):
            if line.strip():
                found: dict[str, Any] | CorpusError
                try:
                    found = self._record(line, f"{self.path.name}, line {number}")
                except CorpusError as error:
                    found = error
                yield offset, len(line), number, found
            offset += len(line)

    def _record(self, content: bytes, where: str) -> dict[str, Any]:
        if codec_name(self._line_encoding) != "utf-8":
            content = decode(content, where, self._line_encoding)[0].encode()
        elif content.startswith(b"\xef\xbb\xbf"):
            content = content[3:]
        try:
            record = orjson.loads(content)
        except ValueError as error:
            raise CorpusError(f"{where} is not JSON ({error}).") from error
        if not isinstance(record, dict):
            raise CorpusError(f"{where} is not a JSON object.")
        return record


class Table(Records):
    """A .csv or .tsv file with a head line that names the columns."""

    def __init__(self, path: Path, encoding: str, fields: Fields) -> None:
        super().__init__(path, encoding, fields)
        csv.field_size_limit(_LONGEST_FIELD)
        self._columns: list[str] = []
        self._delimiter = ","

    def _records(
        self, stream: IO[bytes]
    ) -> Iterator[tuple[int, int, int, "dict[str, Any] | CorpusError"]]:
        self._read_head(stream)
        lines = _Lines(stream, self.path.name, self._line_encoding)
        rows = csv.reader(lines, delimiter=self._delimiter)
        with suppress(csv.Error):
            next(rows, None)  # the head, which was read already
        while True:
            offset, number = lines.offset, lines.number + 1
            try:
                row = next(rows, None)
            except csv.Error as error:
                reason = CorpusError(f"{self.path.name}, line {number} is no row ({error}).")
                yield offset, lines.offset - offset, number, reason
                continue
            if row is None:
                return
            if row:
                named = dict(zip(self._columns, row, strict=False))
                yield offset, lines.offset - offset, number, named

    def _read_head(self, stream: IO[bytes]) -> None:
        """Find out the columns, and what parts them."""
        head = decode(stream.readline(), self.path.name, self._line_encoding)[0]
        head = head.split("\r")[0].rstrip("\n")
        stream.seek(0)
        choices = "\t" if self.path.suffix == ".tsv" else _DELIMITERS
        for delimiter in choices:
            columns = _row(head, delimiter)
            if self.fields.text in columns:
                self._columns, self._delimiter = columns, delimiter
                return
        delimiter = max(choices, key=head.count)
        named = ", ".join(_row(head, delimiter))
        raise CorpusError(
            f"{self.path.name} has no column named {self.fields.text}, but: {named}.",
            "Name the column of the text with --text-field.",
        )

    def _record(self, content: bytes, where: str) -> dict[str, Any]:
        if not self._columns:
            with self._open() as stream:
                self._read_head(stream)
        lines = _Lines(io.BytesIO(content), where, self._line_encoding)
        try:
            row = next(csv.reader(lines, delimiter=self._delimiter), [])
        except csv.Error as error:
            raise CorpusError(f"{where} is no row ({error}).") from error
        return dict(zip(self._columns, row, strict=False))


def _row(line: str, delimiter: str) -> list[str]:
    """Part a line; one that is no row has no columns."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


class _Lines(Iterator[str]):
    """The lines of a stream as text, and how far it is read."""

    def __init__(self, stream: IO[bytes], name: str, encoding: str) -> None:
        self._stream = stream
        self._name = name
        self._encoding = encoding
        self.offset = 0
        self.number = 0

    def __next__(self) -> str:
        line = self._stream.readline()
        if not line:
            raise StopIteration
        self.offset += len(line)
        self.number += 1
        try:
            text = line.decode(self._encoding)
        except UnicodeDecodeError as error:
            name = f"{self._name}, line {self.number}"
            raise CorpusError(
                f"{name} is not {self._encoding.upper()}: byte 0x{line[error.start]:02x} "
                "does not fit.",
                "Name its encoding with --encoding, for instance --encoding windows-1256.",
            ) from error
        return text.removeprefix("\ufeff") if self.number == 1 else text


def source_of(path: Path, encoding: str, fields: Fields) -> Source:
    """Choose how the articles of a path are read, by what it is and how its name ends."""
    if path.is_dir():
        return TextFolder(path, encoding)
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return JsonLines(path, encoding, fields)
    if path.name.endswith((".csv", ".tsv")):
        return Table(path, encoding, fields)
    return TextFile(path, encoding)
