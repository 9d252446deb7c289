"""How files reach the disk: whole, at once, or not at all.

TinyDB's own JSONStorage rewrites a file in place and can be torn by a kill or a full disk. Here
each write goes to a temporary file in the same folder, is synced, takes the old file's place,
and the folder is synced. Inside `transaction` many writes of TinyDB become one. What is made gets
the permissions of the folder it is made in, and is never writable by everybody.
"""

import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

import orjson
from tinydb.storages import Storage

Tables: TypeAlias = dict[str, dict[str, Any]]
"""Table name to row number to row, as TinyDB hands them over."""

_FOLDER_MODE: Final = 0o775 | stat.S_ISGID
_FILE_MODE: Final = 0o664
TEMPORARY: Final = ".tmp"
_WRITER: Final = re.compile(r"\.(?P<process>[0-9]+)(?:@(?P<host>.+))?\.tmp$")


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


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each with the permissions and group of its parent.

    Raises:
        OSError: It can't be made.
    """
    if path.is_dir():
        return
    make_folder(path.parent)
    with suppress(FileExistsError):
        path.mkdir()
        above = path.parent.stat()
        with suppress(PermissionError):
            os.chown(path, -1, above.st_gid)
        path.chmod(above.st_mode & _FOLDER_MODE)


def open_new(path: Path, flags: int) -> int:
    """Open a file that may have to be made, with the permissions of its folder.

    Returns:
        A descriptor.

    Raises:
        OSError: It can't be opened.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        made = os.fstat(descriptor)
        if made.st_uid == os.geteuid():
            above = path.parent.stat()
            wanted = above.st_mode & _FILE_MODE
            if made.st_gid != above.st_gid:
                with suppress(PermissionError):
                    os.fchown(descriptor, -1, above.st_gid)
            if stat.S_IMODE(made.st_mode) != wanted:
                os.fchmod(descriptor, wanted)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of a content, however many pieces the system takes it in."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: Path) -> None:
    """Have the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def atomic_file(path: Path) -> Iterator[int]:
    """Open a file to be written whole: it takes its place at the end, or not at all.

    Yields:
        A descriptor to write to.

    Raises:
        OSError: It could not be written; the old file stands as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}@{socket.gethostname()}{TEMPORARY}")
    descriptor = open_new(temporary, os.O_WRONLY | os.O_TRUNC)
    try:
        try:
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def write_atomically(path: Path, content: bytes) -> None:
    """Put content into a file so that a crash leaves either the old file or the new one.

    Raises:
        OSError: It could not be written; the old file stands as it was.
    """
    with atomic_file(path) as descriptor:
        write_all(descriptor, content)


def is_alive(process: int) -> bool:
    """Tell whether a process of this machine runs."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def is_stale(temporary: Path) -> bool:
    """Tell whether a temporary file was left by a writer of this machine that has ended."""
    writer = _WRITER.search(temporary.name)
    if writer is None or writer["host"] not in (None, socket.gethostname()):
        return False
    return not is_alive(int(writer["process"]))


def sweep_temporary_files(path: Path) -> None:
    """Remove what killed writers of this file left; call it only while holding its lock."""
    for stale in path.parent.glob(f".{_literal(path.name)}.*{TEMPORARY}"):
        with suppress(OSError):
            stale.unlink()


def _literal(name: str) -> str:
    return name.replace("[", "[[]")


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
