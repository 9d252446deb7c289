"""Opening, making, naming and removing files, for all of the program.

Whatever a name in a shared folder says it is, only regular files are opened, through no link,
without waiting for anybody, and up to a size; owner and mode are set only of what was just made.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from annotations.disk.folders import folder_of, resolved

_MODE: Final = 0o664
MOST_BYTES: Final = 64 << 20
"""Bytes of the largest file that is read whole, unless its reader says otherwise."""
_UNASKED: Final = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
"""A pipe is not waited for, a link not followed."""
_STREAMS: Final = ("/dev/", "/proc/self/fd/")
"""Where the streams of a process have names, which only the process itself can mean."""


def _open(path: Path, flags: int, folder: int) -> int:
    """Open a regular file in a folder that is open.

    Raises:
        OSError: It is a link or no regular file, or can't be opened.
    """
    try:
        descriptor = os.open(path.name, flags | _UNASKED, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link", str(path)) from error
        if error.errno == errno.ENXIO:  # a pipe that nobody reads
            raise OSError(errno.EINVAL, "it is not a regular file", str(path)) from error
        raise OSError(error.errno, error.strerror, str(path)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return descriptor


def open_file(path: Path) -> IO[bytes]:
    """Open a file to be read.

    Raises:
        OSError: It is a link, is reached through one or is no regular file, or can't be read.
    """
    with folder_of(path) as folder:
        return open(_open(path, os.O_RDONLY, folder), "rb")


def open_named(path: Path) -> IO[bytes]:
    """Open what a user named to be read: links of one's own are followed, and streams are read.

    Raises:
        OSError: It is a link of another account or no regular file, or can't be read.
    """
    if _is_stream(path):
        stream = path.open("rb")
        kind = os.fstat(stream.fileno()).st_mode
        if not stat.S_ISCHR(kind) or stream.isatty():
            return stream
        stream.close()
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    try:
        return open_file(path)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
    return open_file(resolved(path))


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a file whole.

    Raises:
        OSError: It is too large, or as for `open_file`.
    """
    with open_file(path) as stream:
        return _whole(stream, path, most)


def read_named(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read what a user named whole.

    Raises:
        OSError: It is too large, or as for `open_named`.
    """
    with open_named(path) as stream:
        return _whole(stream, path, most)


def _whole(stream: IO[bytes], path: Path, most: int) -> bytes:
    found = os.fstat(stream.fileno())
    if not stat.S_ISREG(found.st_mode) or found.st_size <= most:
        content = stream.read(most + 1) if found.st_size > most >> 1 else stream.read()
        if len(content) <= most:
            return content
    raise OSError(errno.EFBIG, f"it is larger than {most >> 10:,} kB", str(path))


def read_head(path: Path, count: int) -> bytes:
    """Read the first bytes of a file, as many as there are.

    Raises:
        OSError: As for `open_file`.
    """
    with open_file(path) as stream:
        return stream.read(count)


def open_new(path: Path, flags: int) -> int:
    """Open a file that may have to be made, with the permissions of its folder.

    Returns:
        A descriptor.

    Raises:
        OSError: It is a link or no regular file, or can't be opened.
    """
    with folder_of(path) as folder:
        try:
            descriptor = _open(path, flags | os.O_CREAT | os.O_EXCL, folder)
        except FileExistsError:
            if flags & os.O_EXCL:
                raise
            return _open(path, flags, folder)
        try:
            made, above = os.fstat(descriptor), os.fstat(folder)
            if made.st_gid != above.st_gid:
                with suppress(PermissionError):
                    os.fchown(descriptor, -1, above.st_gid)
            os.fchmod(descriptor, above.st_mode & _MODE)
        except BaseException:
            os.close(descriptor)
            raise
    return descriptor


def new_file(path: Path) -> IO[bytes]:
    """Make a file and open it to be written, as in a folder that is being filled.

    Raises:
        FileExistsError: The name is taken.
        OSError: It can't be made.
    """
    return open(open_new(path, os.O_WRONLY | os.O_EXCL), "wb")


def make_private(path: Path) -> None:
    """Make sure that a file is there, is one's own, and can be read and replaced by nobody else.

    Raises:
        OSError: It is a link, no regular file or somebody else's, others may write in its folder,
            or it can't be made.
    """
    with folder_of(path) as folder:
        around = os.fstat(folder)
        if around.st_uid != os.geteuid() or around.st_mode & 0o022:
            raise OSError(errno.EPERM, "others may write in its folder", str(path))
        try:
            os.close(_open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, folder))
        except FileExistsError:
            found = os.lstat(path.name, dir_fd=folder)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
                why = "it is not a regular file of one's own"
                raise OSError(errno.EINVAL, why, str(path)) from None
        os.chmod(path.name, 0o600, dir_fd=folder)


def open_stream(path: Path) -> IO[bytes] | None:
    """Open what is there and is no file to be written: a device, or a pipe of one's own.

    Returns:
        None if it is a file or a folder, or there is nothing.

    Raises:
        OSError: It is another account's, or can't be opened.
    """
    if _is_stream(path):
        return None if not path.exists() or path.is_file() else path.open("wb")
    try:
        found = status(resolved(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode):
        return None
    if found.st_uid != os.geteuid():
        raise OSError(errno.EPERM, "it is a pipe of another account", str(path))
    return resolved(path).open("wb")


def _is_stream(path: Path) -> bool:
    return os.path.abspath(path).startswith(_STREAMS)  # noqa: PTH100 - links stay


def status(path: Path) -> os.stat_result:
    """Return what the system tells of a file, or of a link at its place.

    Raises:
        OSError: It is not there, or is reached through a link.
    """
    with folder_of(path) as folder:
        return os.lstat(path.name, dir_fd=folder)


def is_taken(path: Path) -> bool:
    """Return whether there is anything under a name, be it a link that leads nowhere."""
    try:
        status(path)
    except OSError:
        return False
    return True


def is_folder(path: Path) -> bool:
    """Return whether there is a folder under a name, which is no link."""
    try:
        return stat.S_ISDIR(status(path).st_mode)
    except OSError:
        return False


def remove_file(path: Path, *, missing_ok: bool = False) -> None:
    """Remove a file; of a link the link itself.

    Raises:
        OSError: It can't be removed, or is not there.
    """
    try:
        with folder_of(path) as folder:
            os.unlink(path.name, dir_fd=folder)
    except FileNotFoundError:
        if not missing_ok:
            raise


def rename_file(old: Path, new: Path) -> None:
    """Rename a file, perhaps into another folder; what has the new name is replaced.

    Raises:
        OSError: It can't be renamed.
    """
    with folder_of(old) as here, folder_of(new) as there:
        os.replace(old.name, new.name, src_dir_fd=here, dst_dir_fd=there)


def link_file(old: Path, new: Path) -> None:
    """Link a file to a second name, perhaps in another folder.

    Raises:
        FileExistsError: The name is taken.
        OSError: The file system has no such links, or it can't be made.
    """
    with folder_of(old) as here, folder_of(new) as there:
        os.link(old.name, new.name, src_dir_fd=here, dst_dir_fd=there, follow_symlinks=False)


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of a content, however many pieces the system takes it in."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
