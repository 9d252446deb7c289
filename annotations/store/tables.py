"""The tables of TinyDB in one JSON file, a row a line, replaced whole or not at all.

TinyDB's own JSONStorage rewrites a file in place and can be torn by a kill or a full disk. Inside
`transaction` many writes of TinyDB become one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import orjson
from tinydb.storages import Storage

from annotations.disk.files import write_atomically

Tables: TypeAlias = dict[str, dict[str, Any]]
"""Table name to row number to row, as TinyDB hands them over."""


def dump_tables(tables: Tables) -> bytes:
    """Write tables as JSON with one row a line, so that a change shows as a line in a diff."""
    parts: list[bytes] = []
    for name, rows in tables.items():
        body = b",\n".join(
            b'"%d": %b' % (int(number), orjson.dumps(row)) for number, row in rows.items()
        )
        parts.append(
            b"%b: {\n%b\n}" % (orjson.dumps(name), body) if body else b'"%b": {}' % name.encode()
        )
    return b"{\n" + b",\n".join(parts) + b"\n}\n"


def parse_tables(content: bytes) -> Tables:
    """Read what `dump_tables` wrote.

    Raises:
        ValueError: It is not JSON, or not an object of tables.
    """
    tables = orjson.loads(content)
    if not isinstance(tables, dict) or not all(isinstance(rows, dict) for rows in tables.values()):
        raise ValueError("it is not an object of tables")
    return tables


class AtomicJSONStorage(Storage):
    """A TinyDB storage on one JSON file that is only ever replaced whole.

    Args:
        path: The file; its folder exists.
        tables: What is in it, if that was read already.
    """

    def __init__(self, path: str | Path, tables: Tables | None = None) -> None:
        self.path = Path(path)
        self._pending = tables
        self._in_transaction = False

    def read(self) -> Tables | None:
        """Return the tables, or None if there is no file.

        Raises:
            ValueError: The file is not JSON, or not an object of tables.
        """
        if self._pending is not None:
            return self._pending
        try:
            content = self.path.read_bytes()
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
            write_atomically(self.path, dump_tables(data))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Gather the writes inside into one; an exception drops them all."""
        self._in_transaction = True
        try:
            yield
            self._in_transaction = False
            if self._pending is not None:
                write_atomically(self.path, dump_tables(self._pending))
        finally:
            self._in_transaction = False
            self._pending = None
