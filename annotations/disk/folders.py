"""Folders by descriptor: gone down to from the root, through no link on the way.

Others may write in the same folders and plant a link at any name, also while somebody looks. So a
path is gone down step by step, each step from the folder before, and a link is never a step.
Whoever takes a path from a user follows the links in it first, by `resolved`.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_MODE: Final = 0o775 | stat.S_ISGID | stat.S_ISVTX
_STEP: Final = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_LINKS: Final = 40
"""Links that a path may lead through, as many as Linux has it."""


def resolved(path: Path) -> Path:
    """Follow the links on the way to a path and at its end, but for those of other accounts.

    Returns:
        The path from the root without links, `.` and `..`; what is not there stays as it is named.

    Raises:
        OSError: There is a link of another account, which the error names, or too many links.
    """
    rest = _steps(f"{Path.cwd()}/{path}" if not path.is_absolute() else str(path))
    done = ""
    links = 0
    while rest:
        step = rest.pop()
        if step == "..":
            done = done.rpartition("/")[0]
            continue
        here = f"{done}/{step}"
        try:
            found = os.lstat(here)
        except OSError:
            done = here  # it is not there yet
            continue
        if not stat.S_ISLNK(found.st_mode):
            done = here
            continue
        links += 1
        if found.st_uid not in (0, os.geteuid()):
            raise OSError(errno.ELOOP, "it is reached through a link of another account", here)
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, "it is reached through too many links", str(path))
        target = os.readlink(here)  # noqa: PTH115 - text, for `_steps`
        done = "" if target.startswith("/") else done
        rest += _steps(target)
    return Path(done or "/")


def _steps(path: str) -> list[str]:
    """Split a path into its steps, the first one last."""
    return [step for step in reversed(path.split("/")) if step not in ("", ".")]


def open_folder(path: Path, flags: int = _STEP) -> int:
    """Open a folder, through no link.

    Args:
        path: The folder.
        flags: How its descriptor is opened; as it stands, it serves to name what is inside.

    Returns:
        A descriptor.

    Raises:
        OSError: A step of the path is a link or no folder, is not there, or can't be entered.
    """
    name = os.fspath(path)
    steps = [step for step in name.split("/") if step not in ("", ".")]
    start = "/" if name.startswith("/") else "."
    here = os.open(start, _STEP if steps else flags)
    for number, step in enumerate(steps, 1):
        try:
            below = os.open(step, _STEP if number < len(steps) else flags, dir_fd=here)
        except OSError as error:
            raise _named(error, here, step, path) from error
        finally:
            os.close(here)
        here = below
    return here


def _named(error: OSError, folder: int, step: str, path: Path) -> OSError:
    """Name a link as one, where the system calls it no folder."""
    if error.errno in (errno.ENOTDIR, errno.ELOOP):
        with suppress(OSError):
            if stat.S_ISLNK(os.lstat(step, dir_fd=folder).st_mode):
                return OSError(errno.ELOOP, "it is reached through a link", str(path))
    return OSError(error.errno, error.strerror, str(path))


@contextmanager
def folder_of(path: Path) -> Iterator[int]:
    """Open the folder that a path is in, for as long as it is worked on.

    Raises:
        OSError: As for `open_folder`.
    """
    descriptor = open_folder(path.parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def make_folder(path: Path, *, private: bool = False) -> None:
    """Make a folder and those above it, each with the permissions and group of its parent.

    Args:
        path: The folder; one that is there is left as it is.
        private: Whether what is made is for the eyes of its owner alone instead.

    Raises:
        OSError: It can't be made.
    """
    try:
        there = open_folder(path)
    except FileNotFoundError:
        make_folder(path.parent, private=private)
    else:
        os.close(there)
        return
    with folder_of(path) as above:
        try:
            os.mkdir(path.name, 0o700 if private else 0o777, dir_fd=above)
        except FileExistsError:
            return  # another process was quicker
        if not private:
            _open_up(path.name, above)


def _open_up(name: str, above: int) -> None:
    """Set permissions and group of a folder that was just made to those of its parent."""
    made = os.open(name, _READ, dir_fd=above)
    try:
        found = os.fstat(above)
        with suppress(PermissionError):
            os.fchown(made, -1, found.st_gid)
        os.fchmod(made, found.st_mode & _MODE)
    finally:
        os.close(made)


def is_private(path: Path) -> bool:
    """Return whether a folder is one's own, and nobody else may write in it.

    Raises:
        OSError: It is not there, or is reached through a link.
    """
    descriptor = open_folder(path)
    try:
        found = os.fstat(descriptor)
        return found.st_uid == os.geteuid() and not found.st_mode & 0o022
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Sync the names in a folder to the disk."""
    descriptor = open_folder(path, _READ)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_empty_folder(path: Path) -> None:
    """Remove a folder that holds nothing.

    Raises:
        OSError: It is not empty, is not there, or can't be removed.
    """
    with folder_of(path) as above:
        os.rmdir(path.name, dir_fd=above)


def names_in(path: Path) -> list[str]:
    """List the names in a folder, in their order.

    Raises:
        OSError: As for `open_folder`; also if it may not be looked into.
    """
    descriptor = open_folder(path, _READ)
    try:
        return sorted(os.listdir(descriptor))  # noqa: PTH208 - names by descriptor
    finally:
        os.close(descriptor)


def walk(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Look at a folder and all that is below, through no link; what can't be seen is left out.

    Yields:
        Each path, and what the system tells of it; of a link, of the link itself.
    """
    try:
        descriptor = open_folder(path, _READ)
    except OSError:
        return
    try:
        yield path, os.fstat(descriptor)
        for name in sorted(os.listdir(descriptor)):  # noqa: PTH208 - names by descriptor
            try:
                found = os.lstat(name, dir_fd=descriptor)
            except OSError:
                continue
            if stat.S_ISDIR(found.st_mode):
                yield from walk(path / name)
            else:
                yield path / name, found
    finally:
        os.close(descriptor)
