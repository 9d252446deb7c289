"""Files that are replaced whole, at once, or not at all.

What is written goes to a temporary file in the same folder, whose name can't be guessed, is
synced, takes the old file's place, and the folder is synced.
"""

import errno
import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from annotations.disk.files import open_new, remove_file, rename_file, status, write_all
from annotations.disk.folders import names_in, sync_folder
from annotations.disk.processes import is_alive

TEMPORARY: Final = ".tmp"
_WRITER: Final = re.compile(r"\.(?P<process>[0-9]+)(?:@(?P<host>.+?))?(?:\.[0-9a-f]{16})?\.tmp$")


def temporary_beside(path: Path) -> Path:
    """Name a temporary file, or folder, beside a path; the name tells its writer."""
    writer = f"{os.getpid()}@{socket.gethostname()}.{secrets.token_hex(8)}"
    return path.with_name(f".{path.name}.{writer}{TEMPORARY}")


@contextmanager
def atomic_file(path: Path) -> Iterator[int]:
    """Open a file to be written whole: it takes its place at the end, or not at all.

    Yields:
        A descriptor to write to.

    Raises:
        OSError: It could not be written; the old file stands as it was.
    """
    temporary = temporary_beside(path)
    descriptor = open_new(temporary, os.O_WRONLY | os.O_EXCL)
    try:
        try:
            yield descriptor
            os.fsync(descriptor)
            if not os.path.samestat(os.fstat(descriptor), status(temporary)):
                raise OSError(errno.ESTALE, "somebody put another file in its place", str(path))
        finally:
            os.close(descriptor)
        rename_file(temporary, path)
    except BaseException:
        with suppress(OSError):
            remove_file(temporary)
        raise
    sync_folder(path.parent)


def write_atomically(path: Path, content: bytes) -> None:
    """Write content to a file so that a crash leaves either the old file or the new one.

    Raises:
        OSError: It could not be written; the old file stands as it was.
    """
    with atomic_file(path) as descriptor:
        write_all(descriptor, content)


def is_stale(temporary: Path) -> bool:
    """Return whether a temporary file was left by a writer of this machine that has ended."""
    writer = _WRITER.search(temporary.name)
    if writer is None or writer["host"] not in (None, socket.gethostname()):
        return False
    return not is_alive(int(writer["process"]))


def sweep_temporary_files(path: Path) -> None:
    """Remove what killed writers of this file left; call it only while holding its lock."""
    with suppress(OSError):
        for name in names_in(path.parent):
            if name.startswith(f".{path.name}.") and name.endswith(TEMPORARY):
                with suppress(OSError):
                    remove_file(path.with_name(name))
