"""How files reach the disk: whole, at once, or not at all.

Each write goes to a temporary file in the same folder, is synced, takes the old file's place, and
the folder is synced. What is made gets the permissions of the folder it is made in, and is never
writable by everybody.
"""

import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_FOLDER_MODE: Final = 0o775 | stat.S_ISGID
_FILE_MODE: Final = 0o664
TEMPORARY: Final = ".tmp"
_WRITER: Final = re.compile(r"\.(?P<process>[0-9]+)(?:@(?P<host>.+))?\.tmp$")


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
    """Sync the names in a folder to the disk."""
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
    """Write content to a file so that a crash leaves either the old file or the new one.

    Raises:
        OSError: It could not be written; the old file stands as it was.
    """
    with atomic_file(path) as descriptor:
        write_all(descriptor, content)


def is_alive(process: int) -> bool:
    """Return whether a process of this machine runs."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def is_stale(temporary: Path) -> bool:
    """Return whether a temporary file was left by a writer of this machine that has ended."""
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
