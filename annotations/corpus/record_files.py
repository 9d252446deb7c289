"""Corpora that are one file with an article in each record: JSON lines and tables.

A record is found by its offset, in bytes of the file, decompressed where it is compressed, and
must have the id that it was listed with. One stream serves all readers, one at a time.
"""

import csv
import hashlib
import io
import threading
import zlib
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from annotations.corpus.decoding import check_text, codec_name, decode
from annotations.corpus.sources import BadFile, Entry, FieldNames, Listed, Source
from annotations.disk import codec
from annotations.disk.bounded import LONGEST, bounded_lines, unpacked
from annotations.disk.files import open_named, read_named
from annotations.errors import CorpusError, reason_of
from annotations.model.layer import Document

_DELIMITERS: Final = ",;\t|"
_MOST_BYTES: Final = 512 << 20
"""Bytes of the largest file of UTF-16 or UTF-32, which is read whole."""
_MOST_BLANK: Final = 1_000_000
"""Empty lines on end after which nothing is looked for any more."""


class RecordRead(NamedTuple):
    """A record as it was met in the file."""

    offset: int
    """Byte at which it begins."""
    size: int
    """Bytes of it."""
    line: int
    """Number of its line, from 1."""
    found: "dict[str, Any] | CorpusError"
    """Its fields, or what is wrong with it."""


class Records(Source):
    """A file with an article in each record."""

    _stream: IO[bytes] | None = None
    """The file while records are read one by one."""

    def __init__(self, path: Path, encoding: str, fields: FieldNames) -> None:
        self.path = path
        self.encoding = encoding
        self.fields = fields
        self._opened_at = 0
        self._reads = threading.Lock()

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
            return unpacked(open_named(self.path))
        if codec_name(self.encoding).startswith(("utf-16", "utf-32")):
            text, _ = decode(read_named(self.path, _MOST_BYTES), self.path.name, self.encoding)
            return io.BytesIO(text.encode())
        return open_named(self.path)

    @property
    def _line_encoding(self) -> str:
        wide = codec_name(self.encoding).startswith(("utf-16", "utf-32"))
        return "utf-8" if wide else self.encoding

    def entries(self) -> Iterator[Listed]:
        """List the records; of those with the same id the first is the article."""
        seen: set[str] = set()
        name = self.path.name.encode("utf-8", "replace").decode()
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
            yield BadFile(name, f"{name} can't be read to its end: {reason_of(error)}.")

    @abstractmethod
    def _records(self, stream: IO[bytes]) -> Iterator[RecordRead]:
        """Read records, one after the other."""

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
            raise CorpusError(f"{where} can't be read: {reason_of(error)}.") from error
        if record_id != entry.id:
            raise CorpusError(f"{where} is not where it was: {entry.file} has changed.")
        return Document(entry.id, text, entry.file)

    def _bytes(self, entry: Entry) -> bytes:
        """Read the bytes of a record, going on from where the last was read."""
        stamp = self.path.stat().st_mtime_ns
        with self._reads:  # the index is filled by another thread
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

    def _records(self, stream: IO[bytes]) -> Iterator[RecordRead]:
        offset = blank = 0
        for number, (line, size) in enumerate(bounded_lines(stream), 1):
            where = f"{self.path.name}, line {number}"
            if line is None or line.strip():
                blank = 0
                found: dict[str, Any] | CorpusError
                try:
                    if line is None:
                        raise CorpusError(f"{where} is longer than {LONGEST >> 20} MB.")
                    found = self._record(line, where)
                except CorpusError as error:
                    found = error
                yield RecordRead(offset, size, number, found)
            else:
                blank += 1
                if blank > _MOST_BLANK:
                    raise CorpusError(f"{where}: more than {_MOST_BLANK:,} lines are empty.")
            offset += size

    def _record(self, content: bytes, where: str) -> dict[str, Any]:
        if codec_name(self._line_encoding) != "utf-8":
            content = decode(content, where, self._line_encoding)[0].encode()
        elif content.startswith(b"\xef\xbb\xbf"):
            content = content[3:]
        try:
            record = codec.decode(content)
        except ValueError as error:
            raise CorpusError(f"{where} is not JSON ({error}).") from error
        if not isinstance(record, dict):
            raise CorpusError(f"{where} is not a JSON object.")
        return record


class Table(Records):
    """A .csv or .tsv file with a head line that names the columns."""

    def __init__(self, path: Path, encoding: str, fields: FieldNames) -> None:
        super().__init__(path, encoding, fields)
        csv.field_size_limit(LONGEST)
        self._columns: list[str] = []
        self._delimiter = ","

    def _records(self, stream: IO[bytes]) -> Iterator[RecordRead]:
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
                yield RecordRead(offset, lines.offset - offset, number, reason)
                continue
            except CorpusError as error:
                yield RecordRead(offset, lines.offset - offset, number, error)
                rows = csv.reader(lines, delimiter=self._delimiter)
                continue
            if row is None:
                return
            if row:
                named = dict(zip(self._columns, row, strict=False))
                yield RecordRead(offset, lines.offset - offset, number, named)

    def _read_head(self, stream: IO[bytes]) -> None:
        """Find out the columns, and what parts them."""
        head = decode(stream.readline(LONGEST), self.path.name, self._line_encoding)[0]
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
    """Split a line into columns; a malformed one has none."""
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
        line, size = next(bounded_lines(self._stream), (b"", 0))
        if not size:
            raise StopIteration
        self.offset += size
        self.number += 1
        if line is None:
            raise CorpusError(
                f"{self._name}, line {self.number} is longer than {LONGEST >> 20} MB."
            )
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
