"""How a TinyDB file reaches the disk: whole, at once, or not at all.

TinyDB's own JSONStorage rewrites a file in place and can be torn by a kill or a full disk. Here
each write goes to a temporary file in the same folder, is synced, takes the old file's place,
and the folder is synced. Inside `transaction` many writes of TinyDB become one.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from tinydb.storages import Storage

Tables: TypeAlias = dict[str, dict[str, Any]]
"""Table name to row number to row, as TinyDB hands them over."""


def dump_tables(tables: Tables) -> str:
    """Write tables as JSON with one row a line, so that a change shows as a line in a diff."""
    parts: list[str] = []
    for name, rows in tables.items():
        body = ",\n".join(
            f"{json.dumps(str(number))}: {json.dumps(row, ensure_ascii=False)}"
            for number, row in rows.items()
        )
        parts.append(f"{json.dumps(name)}: {{\n{body}\n}}" if body else f"{json.dumps(name)}: {{}}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def write_atomically(path: Path, content: bytes) -> None:
    """Put content into a file so that a crash leaves either the old file or the new one.

    Raises:
        OSError: It could not be written; the old file stands as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep_temporary_files(path: Path) -> None:
    """Remove what a killed writer of this file left; call it only while holding its lock."""
    for stale in path.parent.glob(f".{path.name}.*.tmp"):
        with suppress(OSError):
            stale.unlink()


class AtomicJSONStorage(Storage):
    """A TinyDB storage on one JSON file that is only ever replaced whole.

    Args:
        path: The file; its folder exists.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._pending: Tables | None = None
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
        try:
            tables = json.loads(content)
        except RecursionError as error:
            raise ValueError("it is nested without end") from error
        if not isinstance(tables, dict) or not all(
            isinstance(rows, dict) for rows in tables.values()
        ):
            raise ValueError("it is not an object of tables")
        return tables

    def write(self, data: Tables) -> None:
        """Replace the file, or keep the tables for the end of the transaction.

        Raises:
            OSError: It could not be written.
        """
        if self._in_transaction:
            self._pending = data
        else:
            write_atomically(self.path, dump_tables(data).encode())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Gather the writes inside into one; an exception drops them all."""
        self._in_transaction = True
        try:
            yield
            self._in_transaction = False
            if self._pending is not None:
                write_atomically(self.path, dump_tables(self._pending).encode())
        finally:
            self._in_transaction = False
            self._pending = None
