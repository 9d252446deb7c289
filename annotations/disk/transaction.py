"""Several files that change together: all of them, or none, whatever happens in between.

Everything is written first where nobody looks for it; a plan says what is to take which place.
Renaming the plan decides: before that, whatever was begun is undone; after it, it is completed,
which needs no room. The old files are kept under second names until the last new one is in place.
A plan whose process has ended is undone or completed by whoever opens the files next.

Plans lie in a folder that others may write, so a plan that names anything outside of its root, or
names that no transaction would choose, is refused.
"""

import errno
import io
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Final, Literal, cast

from msgspec import Struct

from annotations.disk.codec import decode_as, encode
from annotations.disk.files import is_taken, open_new, read_file, remove_file, rename_file, status
from annotations.disk.folders import make_folder, names_in, remove_empty_folder, sync_folder
from annotations.disk.processes import is_gone, started_at
from annotations.disk.replacing import temporary_beside, write_atomically
from annotations.disk.steps import (
    Step,
    SyncedFile,
    add_bytes,
    check_step,
    drop,
    keep_old,
    redo,
    undisturbed,
    undo,
)

_UNDO: Final = ".undo"
_REDO: Final = ".redo"
_BACK: Final = ".back"
_UNWIND: Final = {_UNDO: drop, _REDO: redo, _BACK: undo}
"""What finishes a transaction, by how its plan's name ends."""
Outcome = Literal["completed", "undone"]


class Plan(Struct, frozen=True):
    """What a transaction is to do, as its file says it."""

    what: str
    """For messages: what is being done."""
    host: str
    process: int
    started: str
    steps: tuple[Step, ...]

    @property
    def is_abandoned(self) -> bool:
        """Whether its process surely ended."""
        return is_gone(self.host, self.process, self.started)


class Transaction:
    """Gathers changes of files; `commit` makes them all.

    Args:
        root: The folder that all files are in.
        plans: Where the plan is kept; None to do without, where nothing could complete it.
        what: What is being done, for messages.
        stages: Whether new files wait in a folder beside the plan, on the disk of the files; else
            they wait beside their places.
    """

    def __init__(self, root: Path, plans: Path | None, what: str, *, stages: bool = True) -> None:
        self.root = root
        self._plans = plans
        self._stages = stages and plans is not None
        self._what = what
        self._writer = f"{os.getpid()}@{socket.gethostname()}.{secrets.token_hex(8)}"
        self._steps: list[Step] = []
        self._additions: list[tuple[Path, bytes]] = []
        self._folders: set[Path] = set()
        self._plan: Path | None = None
        self._is_open = True
        self._held = ExitStack()
        self._unwind = drop
        self.on_done: Callable[[], None] = lambda: None
        """Called once everything is in its place, before any signal that waited is heard."""

    def until_end(self, release: Callable[[], None]) -> None:
        """Do something once it has ended, such as releasing a lock that is held for it."""
        self._held.callback(release)

    def _name(self, path: Path) -> str:
        name = os.path.relpath(path, self.root)
        if not name.isascii():
            try:
                name.encode()
            except UnicodeEncodeError as error:
                raise OSError(errno.EILSEQ, "its name is not UTF-8", str(path)) from error
        return name

    def _apart(self, path: Path) -> Path:
        """Name a place where a file waits that is to be at a path, or was."""
        self._begin()
        if self._plan is None or not self._stages:
            return temporary_beside(path)
        return self._plan.with_suffix("") / f"{secrets.token_hex(8)}.wait"

    def _begin(self) -> None:
        """Write a plan that says nothing yet, so that whatever is begun will be undone."""
        if self._plan is not None or self._plans is None:
            return
        make_folder(self._plans)
        plan = self._plans / f"{self._writer}{_UNDO}"
        write_atomically(plan, encode(self._said()))
        self._plan = plan
        if self._stages:
            make_folder(plan.with_suffix(""))

    def _note(self) -> None:
        """Write down what was added to the steps."""
        if self._plan is not None:
            write_atomically(self._plan, encode(self._said()))

    def _said(self) -> Plan:
        here = os.getpid()
        return Plan(self._what, socket.gethostname(), here, started_at(here), tuple(self._steps))

    def stream(self, path: Path) -> IO[bytes]:
        """Open what is to take the place of a file, or be a new one; the folder exists.

        Returns:
            A stream, to be closed before `commit`.

        Raises:
            OSError: It can't be written.
        """
        new = self._apart(path)
        old = self._apart(path) if is_taken(path) else None
        self._steps.append(Step(self._name(path), self._name(new), self._name(old) if old else ""))
        self._folders.add(path.parent)
        if not self._stages:
            self._note()  # else nobody would find what waits
        descriptor = open_new(new, os.O_WRONLY | os.O_EXCL)
        return cast("IO[bytes]", io.BufferedWriter(SyncedFile(descriptor, "wb")))

    def replace(self, path: Path, content: bytes, aside: Path | None = None) -> None:
        """Write what is to take the place of a file, or be a new one; the folder exists.

        Args:
            path: The file.
            content: What it is to hold.
            aside: The name that the file which is there keeps for good, if it does.

        Raises:
            OSError: It can't be written.
        """
        with self.stream(path) as stream:
            stream.write(content)
        if aside is not None:
            step = self._steps.pop()
            self._steps.append(Step(step.path, step.new, self._name(aside), keeps=True))

    def move(self, waiting: Path, path: Path) -> None:
        """Move a file or a folder that was written apart to a place that is free."""
        self._begin()
        self._steps.append(Step(self._name(path), self._name(waiting)))
        self._folders.add(path.parent)

    def add(self, path: Path, content: bytes) -> None:
        """Add bytes to the end of a file, which is made if it isn't there; the folder exists."""
        self._begin()
        size = status(path).st_size if is_taken(path) else -1
        self._steps.append(Step(self._name(path), size=size, added=len(content)))
        self._additions.append((path, content))
        self._folders.add(path.parent)

    def set_aside(self, path: Path, aside: Path) -> None:
        """Rename a file for good, in its folder."""
        self._begin()
        self._steps.append(Step(self._name(path), old=self._name(aside), keeps=True))
        self._folders.add(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        self._steps.append(Step(self._name(path), old=self._name(self._apart(path))))
        self._folders.add(path.parent)

    def commit(self) -> None:
        """Make all changes, or none.

        Raises:
            OSError: They can't be made; everything is as it was.
        """
        if not self._steps:
            self._end()
            return
        try:
            self._prepare()
        except BaseException:
            self.abort()
            raise
        with undisturbed():
            try:
                self._decide(_REDO)
                redo(self.root, self._steps)
            except BaseException:
                with suppress(OSError):
                    self._decide(_BACK)
                self._unwind = undo
                self.abort()
                raise
            self._end()
            self.on_done()

    def _prepare(self) -> None:
        """Write to the disk all that is needed to complete it, or to undo it."""
        self._note()
        for path, content in self._additions:
            add_bytes(path, content)
        for step in self._steps:
            if step.old:
                keep_old(self.root / step.path, self.root / step.old)
        for folder in self._folders:
            sync_folder(folder)

    def _decide(self, ending: str) -> None:
        if self._plan is not None:
            decided = self._plan.with_suffix(ending)
            rename_file(self._plan, decided)
            self._plan = decided
            sync_folder(decided.parent)

    def abort(self) -> None:
        """Undo whatever was begun; what can't be undone now is so at the next start."""
        if not self._is_open:
            return
        with undisturbed():
            try:
                self._unwind(self.root, self._steps)
            except OSError:
                self._is_open = False
                self._held.close()
                return
            self._end()

    def _end(self) -> None:
        """Remove the plan; the last files that served it are gone then."""
        self._is_open = False
        for folder in self._folders:
            with suppress(OSError):
                sync_folder(folder)
        if self._plan is not None:
            _clear(self._plan)
        self._held.close()


def _clear(plan: Path) -> None:
    """Remove a plan whose work is done, and what waited for it."""
    waited = plan.with_suffix("")
    with suppress(OSError):
        for name in names_in(waited):
            remove_file(waited / name)
        remove_empty_folder(waited)
    with suppress(OSError):
        remove_file(plan)


class Unfinished(Struct, frozen=True):
    """A transaction that was stopped, or is under way."""

    path: Path
    plan: Plan
    ending: str
    """What finishes it."""

    @property
    def is_decided(self) -> bool:
        """Whether it will be completed."""
        return self.ending == _REDO


def unfinished(root: Path, plans: Path, odd: list[Path] | None = None) -> Iterator[Unfinished]:
    """List the transactions of a folder that have not ended.

    Args:
        root: The folder that all their files are in.
        plans: Where the plans are.
        odd: Takes what is there and is no plan that this program would make.

    Raises:
        OSError: The folder can't be looked into.
    """
    try:
        names = names_in(plans)
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        path = plans / name
        if path.suffix not in _UNWIND:
            continue
        try:
            plan = decode_as(Plan, read_file(path))
            for step in plan.steps:
                check_step(step, os.path.relpath(path.with_suffix(""), root))
        except FileNotFoundError:
            continue  # it ended just now
        except (OSError, ValueError):
            if odd is not None:
                odd.append(path)
            continue
        yield Unfinished(path, plan, path.suffix)


def finish(root: Path, found: Unfinished) -> Outcome:
    """Complete a transaction that was stopped after it was decided, or undo one before that.

    Args:
        root: The folder that all its files are in.
        found: The transaction, as `unfinished` lists it, whose process has ended.

    Raises:
        OSError: That can't be done now.
    """
    steps = found.plan.steps
    with undisturbed():
        _UNWIND[found.ending](root, steps)
        for folder in {(root / step.path).parent for step in steps}:
            with suppress(FileNotFoundError, NotADirectoryError):
                sync_folder(folder)
        _clear(found.path)
    return "completed" if found.is_decided else "undone"
