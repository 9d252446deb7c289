"""TinyDB on one JSON file a layer: a row a line, replaced whole or not at all.

TinyDB's own JSONStorage rewrites a file in place and can be torn by a kill or a full disk; here
it is replaced by `disk.files`. A table is read and written as a whole, row number to row.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from annotations.disk.codec import decode, encode
from annotations.disk.files import read_file
from annotations.disk.replacing import write_atomically

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, Row]
"""Rows by their number, which JSON writes as text."""
Tables: TypeAlias = dict[str, Rows]
"""Rows by the name of their table, as TinyDB hands them over."""
Write: TypeAlias = Callable[[Path, bytes], None]
"""Writes a file whole, at once or when more is decided."""


def dump_tables(tables: Tables) -> bytes:
    """Write tables as JSON with one row a line, so that a change shows as a line in a diff."""
    parts: list[bytes] = []
    for name, rows in tables.items():
        body = b",\n".join(b'"%d": %b' % (int(number), encode(row)) for number, row in rows.items())
        parts.append(b"%b: {\n%b\n}" % (encode(name), body) if body else b"%b: {}" % encode(name))
    return b"{\n" + b",\n".join(parts) + b"\n}\n"


def parse_tables(content: bytes) -> Tables:
    """Read what `dump_tables` wrote.

    Raises:
        ValueError: It is not JSON, or not an object of tables.
    """
    tables = decode(content)
    if not isinstance(tables, dict) or not all(isinstance(rows, dict) for rows in tables.values()):
        raise ValueError("it is not an object of tables")
    return tables


class AtomicJSONStorage(Storage):
    """A TinyDB storage on one JSON file that is only ever replaced whole.

    Args:
        path: The file; its folder exists.
        tables: What is in it, if that was read already.
        write: Writes the file whole.
    """

    def __init__(
        self, path: str | Path, tables: Tables | None = None, write: Write = write_atomically
    ) -> None:
        self.path = Path(path)
        self._write = write
        self._pending = tables
        self._in_transaction = False

    def read(self) -> Tables | None:
        """Return the tables, or None if there is no file.

        Raises:
            OSError: The file can't be read.
            ValueError: It is not JSON, or not an object of tables.
        """
        if self._pending is not None:
            return self._pending
        try:
            content = read_file(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return parse_tables(content)

    def write(self, data: Tables) -> None:
        """Replace the file, or keep the tables for the end of the transaction.

        Raises:
            OSError: It could not be written.
        """
        if self._in_transaction:
            self._pending = data
        else:
            self._write(self.path, dump_tables(data))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Gather the writes inside into one; an exception drops them all."""
        self._in_transaction = True
        try:
            yield
            self._in_transaction = False
            if self._pending is not None:
                self._write(self.path, dump_tables(self._pending))
        finally:
            self._in_transaction = False
            self._pending = None


class RowTable(Table):
    """A table that is read and written as a whole."""

    def rows(self) -> Mapping[str, Row]:
        """Return the rows by their number."""
        return self._read_table()  # type: ignore[return-value]  # rows are written as dicts

    def replace(self, rows: Mapping[str, Row]) -> None:
        """Replace all rows by these."""

        def put(table: dict[int, Any]) -> None:
            table.clear()
            table.update({int(number): row for number, row in rows.items()})

        self._update_table(put)


class LayerDatabase(TinyDB):
    """The tables of one layer file.

    Args:
        path: The file; its folder exists.
        tables: What is in it, if that was read already.
        write: Writes the file whole.
    """

    table_class = RowTable
    default_storage_class = AtomicJSONStorage  # type: ignore[assignment]  # TinyDB asks for a Storage

    def __init__(
        self, path: Path, tables: Tables | None = None, write: Write = write_atomically
    ) -> None:
        super().__init__(path, tables, write)

    def read(self) -> Tables | None:
        """Return all tables, or None if there is no file.

        Raises:
            OSError: The file can't be read.
            ValueError: It is not JSON, or not an object of tables.
        """
        return self._atomic.read()

    def replace(self, tables: Tables) -> None:
        """Replace all tables by these, in one write.

        Raises:
            OSError: The file could not be written; it stands as it was.
        """
        with self._atomic.transaction():
            for name, rows in tables.items():
                table = self.table(name)
                assert isinstance(table, RowTable)
                table.replace(rows)

    @property
    def _atomic(self) -> AtomicJSONStorage:
        storage = self.storage
        assert isinstance(storage, AtomicJSONStorage)
        return storage
