"""The right to write one layer: by flock, or by a lock file where flock tells nothing.

Some network file systems have no flock, or one that is known on this machine alone. There a file
beside the lock, made by one process only, says who holds it; it is taken over only if its holder
ran on this machine and has ended.
"""

import errno
import fcntl
import os
import socket
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from annotations.disk.codec import decode_as, encode
from annotations.disk.files import (
    is_taken,
    link_file,
    open_new,
    read_file,
    read_named,
    remove_file,
    rename_file,
    status,
    write_all,
)
from annotations.disk.folders import make_folder
from annotations.disk.processes import is_gone, started_at
from annotations.errors import NotSavedError, StoreError, reason_of

_NO_FLOCK: Final = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
_MOST_BYTES: Final = 64 << 10
"""Bytes of the largest lock that is read."""
_LOCAL_KINDS: Final = ("fuse.sshfs", "9p", "vboxsf", "fuse.rclone", "fuse.s3fs")
"""File systems whose flock other machines don't see."""
_LOCAL_OPTIONS: Final = ("nolock", "local_lock=all", "local_lock=flock")


class LockedError(StoreError):
    """Somebody else may write the layer."""


class Holder(Struct, frozen=True):
    """Who holds a lock."""

    annotator: str
    host: str
    process: int
    since: str
    """ISO 8601, UTC."""
    started: str = ""
    """When the process was started, in the system's own count; tells a reused number."""
    token: str = ""
    """Tells one taking from the next."""

    @property
    def sentence(self) -> str:
        """Who holds it, where and since when, in words."""
        since = self.since[:16].replace("T", " ")
        return f"{self.annotator} on {self.host} since {since} UTC (process {self.process})"

    @property
    def is_here(self) -> bool:
        """Whether it is this very process."""
        return self.process == os.getpid() and self.host == socket.gethostname()

    @property
    def is_gone(self) -> bool:
        """Whether it surely ended; of another machine nothing is known."""
        return is_gone(self.host, self.process, self.started)


def read_holder(path: Path) -> Holder | None:
    """Read who holds a lock, or held it last; None if the file doesn't tell."""
    try:
        return decode_as(Holder, read_file(path, _MOST_BYTES))
    except (OSError, ValueError):
        return None


def read_live_holder(path: Path) -> Holder | None:
    """Read who holds a lock just now; None if nobody does, as far as its files tell."""
    held = held_path(path)
    holder = read_holder(held if is_taken(held) else path)
    return None if holder is None or holder.is_gone else holder


def _link(own: Path, held: Path) -> None:
    """Link a whole file to a second name, or write a new one where links can't be made.

    Raises:
        FileExistsError: The name is taken.
        OSError: It can't be written.
    """
    try:
        link_file(own, held)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        _write_new(held, read_file(own, _MOST_BYTES))


def _write_new(path: Path, content: bytes) -> None:
    """Write a file whose name is free.

    Raises:
        FileExistsError: The name is taken.
        OSError: It can't be written.
    """
    descriptor = open_new(path, os.O_WRONLY | os.O_EXCL)
    try:
        write_all(descriptor, content)
    finally:
        os.close(descriptor)


def held_path(path: Path) -> Path:
    """Return the file that stands for a lock where flock tells nothing."""
    return path.with_name(f"{path.name}.held")


def flock_is_shared(path: Path, mounts: str | None = None) -> bool:
    """Return whether the file system of a path lets every machine see a flock.

    Args:
        path: A path on it.
        mounts: What /proc/self/mountinfo says; None to read it.
    """
    if mounts is None:
        try:
            mounts = read_named(Path("/proc/self/mountinfo")).decode("utf-8", "replace")
        except OSError:
            return True
    device = status(path).st_dev
    name = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        words = fields.split()
        if len(words) > 5 and words[2] == name:
            kind, _, options = rest.partition(" ")
            said = [*words[5].split(","), *options.split(" ")[-1].split(",")]
            return kind not in _LOCAL_KINDS and not any(word in _LOCAL_OPTIONS for word in said)
    return True


class LayerLock:
    """The right to write one layer, held until `release` or the end of the process.

    Args:
        path: The lock file.
        root: The folder of the store, which is never made again if it has gone.
        annotator: Who takes it.
        now: Returns the present time.

    Raises:
        LockedError: Another process holds it.
        OSError: The lock file can't be opened.
    """

    def __init__(self, path: Path, root: Path, annotator: str, now: Callable[[], datetime]) -> None:
        self.path = path
        self._root = root
        self.holder = Holder(
            annotator,
            socket.gethostname(),
            os.getpid(),
            now().isoformat(timespec="seconds"),
            started_at(os.getpid()),
            uuid.uuid4().hex,
        )
        make_folder(path.parent)
        self._descriptor: int | None = open_new(path, os.O_RDWR)
        try:
            self._by_flock = self._take_flock()
            if not self._by_flock:
                self._take_file()
            self._sign()
        except BaseException:
            os.close(self._descriptor)
            raise

    def _take_flock(self) -> bool:
        """Acquire the flock; return whether that means anything here."""
        assert self._descriptor is not None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise self._locked(read_holder(self.path)) from error
        except OSError as error:
            if error.errno not in _NO_FLOCK:
                raise
            return False
        second = open_new(self.path, os.O_RDWR)
        try:
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return flock_is_shared(self.path)
        else:
            return False  # it locks nothing
        finally:
            os.close(second)

    def _take_file(self) -> None:
        """Make the file that stands for the lock, taking it from a holder who is gone."""
        held = held_path(self.path)
        content = encode(self.holder)
        own = held.with_name(f"{held.name}.{self.holder.token}")
        _write_new(own, content)  # linked when it is whole, so that nobody reads half of it
        try:
            for _ in range(3):
                with suppress(FileExistsError):
                    _link(own, held)
                    return
                holder = read_holder(held)
                if holder is None or not holder.is_gone or not self._take_away(held, holder):
                    raise self._locked(holder)
            raise self._locked(read_holder(held))
        finally:
            remove_file(own)

    def _take_away(self, held: Path, gone: Holder) -> bool:
        """Remove the file of a holder who is gone; tell whether it was still there."""
        aside = held.with_name(f"{held.name}.{self.holder.token}.gone")
        try:
            rename_file(held, aside)
        except OSError:
            return False
        was = read_holder(aside)
        if was != gone:
            with suppress(OSError):
                link_file(aside, held)  # somebody else was quicker: it is theirs
        remove_file(aside)
        return was == gone

    def _sign(self) -> None:
        """Write who holds it, for whoever finds it locked; a full disk is no hindrance."""
        assert self._descriptor is not None
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            write_all(self._descriptor, encode(self.holder))

    def _locked(self, holder: Holder | None) -> LockedError:
        who = holder.sentence if holder else self.holder.annotator
        hint = ""
        if holder and holder.host != self.holder.host:
            hint = f"If that session is gone, remove {held_path(self.path)}."
            hint = hint if is_taken(held_path(self.path)) else ""
        return LockedError(f"Read only: another session has this article open, {who}.", hint)

    def check(self) -> None:
        """Check that the lock is still held; call it before each write.

        Raises:
            StoreError: Somebody removed it, and another session may write by now.
        """
        if self._descriptor is None:
            raise NotSavedError("the article was given back.")
        if not self._by_flock:
            holder = read_holder(held_path(self.path))
            if holder is None or holder.token != self.holder.token:
                raise NotSavedError("another session has taken the lock of this article.")
            return
        try:
            same = os.path.samestat(os.fstat(self._descriptor), status(self.path))
        except FileNotFoundError:
            same = False
        except OSError as error:
            raise NotSavedError(f"{reason_of(error)} ({self.path}).") from error
        if not same:
            self._take_again()

    def _take_again(self) -> None:
        """Lock a file that was removed, or removed and made by another session."""
        assert self._descriptor is not None
        if not self._root.is_dir():
            raise NotSavedError(f"{self._root} is gone.", "Is its disk still there?")
        try:
            make_folder(self.path.parent)
            descriptor = open_new(self.path, os.O_RDWR)
        except OSError as error:
            raise NotSavedError(f"{reason_of(error)} ({self.path}).") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise NotSavedError(
                "the lock of this article was removed, and another session has it."
            ) from error
        os.close(self._descriptor)
        self._descriptor = descriptor
        self._sign()

    def release(self) -> None:
        """Release the lock, so that another session can write the layer."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        if not self._by_flock:
            held = held_path(self.path)
            holder = read_holder(held)
            if holder and holder.token == self.holder.token:
                with suppress(OSError):
                    remove_file(held)
        os.close(self._descriptor)
        self._descriptor = None
