"""How files reach the disk: whole, at once, or not at all; and what is opened as a file.

Each write goes to a temporary file in the same folder, is synced, takes the old file's place, and
the folder is synced. What is made gets the permissions of the folder it is made in, and is never
writable by everybody.

Others may write in the same folders, and plant a link, a pipe or a device under any name. So only
regular files are opened, never through a link; a folder that is somebody else's link is not gone
through; a temporary name can't be guessed; and owner and mode are set only of what was just made.
"""

import errno
import os
import re
import secrets
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_FOLDER_MODE: Final = 0o775 | stat.S_ISGID | stat.S_ISVTX
_FILE_MODE: Final = 0o664
TEMPORARY: Final = ".tmp"
_WRITER: Final = re.compile(r"\.(?P<process>[0-9]+)(?:@(?P<host>.+?))?(?:\.[0-9a-f]{16})?\.tmp$")
MOST_BYTES: Final = 512 << 20
"""Bytes of the largest file that is read whole."""
_UNASKED: Final = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""A pipe is not waited for, a link not followed."""


def refuse_strange_links(folder: Path) -> None:
    """Refuse a folder that is reached through a link of somebody else.

    Raises:
        OSError: It is; the error names the link.
    """
    for part in (folder, *folder.parents):
        try:
            found = part.lstat()
        except OSError:
            continue  # it is not there yet
        if stat.S_ISLNK(found.st_mode) and found.st_uid not in (0, os.geteuid()):
            raise OSError(errno.ELOOP, "it is reached through a link of another account", str(part))


def _open(path: Path, flags: int) -> int:
    """Open a regular file.

    Raises:
        OSError: It is a link or no regular file, or can't be opened.
    """
    refuse_strange_links(path.parent)
    try:
        descriptor = os.open(path, flags | _UNASKED, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link", str(path)) from error
        if error.errno == errno.ENXIO:  # a pipe that nobody reads
            raise OSError(errno.EINVAL, "it is not a regular file", str(path)) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return descriptor


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a file whole.

    Raises:
        OSError: It is a link, no regular file or too large, or can't be read.
    """
    with open(_open(path, os.O_RDONLY), "rb") as stream:
        if os.fstat(stream.fileno()).st_size > most:
            raise OSError(errno.EFBIG, f"it is larger than {most >> 10:,} kB", str(path))
        return stream.read()


def read_head(path: Path, count: int) -> bytes:
    """Read the first bytes of a file, as many as there are.

    Raises:
        OSError: It is a link or no regular file, or can't be read.
    """
    with open(_open(path, os.O_RDONLY), "rb") as stream:
        return stream.read(count)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each with the permissions and group of its parent.

    Raises:
        OSError: It can't be made.
    """
    if path.is_dir():
        refuse_strange_links(path)
        return
    make_folder(path.parent)
    with suppress(FileExistsError):
        path.mkdir()
        above = path.parent.stat()
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            with suppress(PermissionError):
                os.fchown(descriptor, -1, above.st_gid)
            os.fchmod(descriptor, above.st_mode & _FOLDER_MODE)
        finally:
            os.close(descriptor)


def open_new(path: Path, flags: int) -> int:
    """Open a file that may have to be made, with the permissions of its folder.

    Returns:
        A descriptor.

    Raises:
        OSError: It is a link or no regular file, or can't be opened.
    """
    try:
        descriptor = _open(path, flags | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        if flags & os.O_EXCL:
            raise
        return _open(path, flags)
    try:
        made, above = os.fstat(descriptor), path.parent.stat()
        if made.st_gid != above.st_gid:
            with suppress(PermissionError):
                os.fchown(descriptor, -1, above.st_gid)
        os.fchmod(descriptor, above.st_mode & _FILE_MODE)
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
    writer = f"{os.getpid()}@{socket.gethostname()}.{secrets.token_hex(8)}"
    temporary = path.with_name(f".{path.name}.{writer}{TEMPORARY}")
    descriptor = open_new(temporary, os.O_WRONLY | os.O_EXCL)
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
