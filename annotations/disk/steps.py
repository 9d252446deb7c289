"""The steps of a transaction: done, completed or undone one file at a time, again if need be.

Each may be repeated after it was stopped at any moment: what is done already is left alone.
"""

import io
import os
import re
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final

from msgspec import Struct

from annotations.disk.files import (
    is_folder,
    is_taken,
    link_file,
    open_new,
    read_file,
    remove_file,
    rename_file,
    status,
    write_all,
)
from annotations.disk.replacing import write_atomically

_BESIDE: Final = re.compile(r"\.(?P<name>.+)\.[0-9]+@[^/]*\.[0-9a-f]{16}\.tmp", re.DOTALL)
_WAITS: Final = re.compile(r"[0-9a-f]{16}\.wait")
_SIGNALS: Final[tuple[int, ...]] = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Step(Struct, frozen=True, omit_defaults=True):
    """What becomes of one file. Names are relative to the root."""

    path: str
    new: str = ""
    """Where its new content waits; empty for a file that is only removed or added to."""
    old: str = ""
    """The second name of what was there before; empty if there was nothing."""
    keeps: bool = False
    """Whether the old file keeps that second name."""
    size: int = -1
    """Bytes of a file before it was added to; -1 if it was not there."""
    added: int = 0
    """How many bytes were added."""


class SyncedFile(io.FileIO):
    """A new file that is on the disk once it is closed."""

    def write(self, content: Any) -> int:  # noqa: ANN401 - as io has it
        """Write all of a content."""
        write_all(self.fileno(), content)
        return len(content)

    def close(self) -> None:
        """Sync it to the disk."""
        if not self.closed:
            try:
                os.fsync(self.fileno())
            finally:
                super().close()


def add_bytes(path: Path, content: bytes) -> None:
    """Add bytes to the end of a file, which is made if it isn't there.

    Raises:
        OSError: They can't be written whole; what was written is for `undo`.
    """
    descriptor = open_new(path, os.O_WRONLY | os.O_APPEND)
    try:
        write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_old(path: Path, old: Path) -> None:
    """Link a file to a second name, or copy it where files have one name only."""
    try:
        link_file(path, old)
    except FileExistsError:
        raise
    except OSError:
        write_atomically(old, read_file(path))


def redo(root: Path, steps: Sequence[Step]) -> None:
    """Move everything to its place, as far as it isn't there; then remove the old."""
    for step in steps:
        if step.new:
            if is_taken(root / step.new):
                rename_file(root / step.new, root / step.path)
        elif step.old:
            remove_file(root / step.path, missing_ok=True)
    for step in steps:
        if step.old and not step.keeps:
            with suppress(OSError):
                remove_file(root / step.old, missing_ok=True)


def drop(root: Path, steps: Sequence[Step]) -> None:
    """Remove what was begun before it was decided: nothing has been moved yet."""
    for step in reversed(steps):
        path = root / step.path
        if step.added:
            _cut(path, step)
        if step.new and not is_folder(root / step.new):
            remove_file(root / step.new, missing_ok=True)
        if step.old and _is_same(path, root / step.old, copied=not step.keeps):
            remove_file(root / step.old, missing_ok=True)


def _is_same(path: Path, old: Path, *, copied: bool) -> bool:
    """Return whether a second name is that of a file, or may be its copy."""
    try:
        return copied or os.path.samestat(status(path), status(old))
    except OSError:
        return False


def undo(root: Path, steps: Sequence[Step]) -> None:
    """Move everything back, as far as it was moved."""
    for step in reversed(steps):
        path = root / step.path
        if step.added:
            _cut(path, step)
        elif step.old and is_taken(root / step.old):
            rename_file(root / step.old, path)
            remove_file(root / step.old, missing_ok=True)  # two names of one file stay as they are
        elif not step.old and not is_taken(root / step.new) and is_taken(path):
            rename_file(path, root / step.new)
        if step.new and not is_folder(root / step.new):
            remove_file(root / step.new, missing_ok=True)


def _cut(path: Path, step: Step) -> None:
    """Cut off what was added to a file, unless somebody has added to it since."""
    try:
        size = status(path).st_size
    except (FileNotFoundError, NotADirectoryError):
        return
    if size > max(step.size, 0) + step.added:
        return
    if step.size < 0:
        remove_file(path, missing_ok=True)
    elif size > step.size:
        descriptor = open_new(path, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, step.size)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Delay signals while files take their places, which is quick."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python lets only the main thread be disturbed
        return
    waiting: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        waiting.append(number)

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in waiting:
            signal.raise_signal(number)


def check_step(step: Step, waiting: str) -> None:
    """Refuse a step that leads out of the root, or by names that nobody here would choose.

    Args:
        step: The step, from a plan that anybody may have written.
        waiting: The folder in which the files of its transaction wait.

    Raises:
        ValueError: It is such a step.
    """
    folder, _, name = step.path.rpartition("/")
    if not name or step.path.startswith("/") or {"", ".", ".."} & set(step.path.split("/")):
        raise ValueError("it leads elsewhere")
    for other in filter(None, (step.new, step.old)):
        beside, _, waits = other.rpartition("/")
        found = _BESIDE.fullmatch(waits)
        is_aside = step.keeps and other == step.old and waits.startswith(f"{name}.")
        is_beside = beside == folder and (is_aside or (found and found["name"] == name))
        above, _, named = beside.rpartition("/")
        apart = _BESIDE.fullmatch(named)  # all that a folder is to hold
        is_inside = apart and waits == name and f"{above}/{apart['name']}" == folder
        if is_inside:
            continue
        if not (is_beside or (beside == waiting and _WAITS.fullmatch(waits))):
            raise ValueError("it names files that it can't have made")
