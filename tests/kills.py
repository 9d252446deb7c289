"""Commands that are stopped inside a call of the system: killed, asked to end, or refused.

A command runs in a process of its own, in which every call that writes, syncs, renames, links or
removes is counted; at the n-th something happens. So all moments at which a command can be stopped
are gone through, one after the other, and no luck is needed.
"""

import errno
import os
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tui.cli.main import main

CALLS = (
    "write", "fsync", "replace", "link", "unlink", "mkdir", "rmdir", "ftruncate", "rename",
)  # fmt: skip
EVENTS = ("kill", "torn", "after", "TERM", "HUP", "INT", "ENOSPC", "EIO")
"""What happens: a kill before the call, in the middle of a write, after it; a signal; an error."""


def _happen(event: str) -> None:
    if event in ("kill", "torn", "after"):
        os.kill(os.getpid(), signal.SIGKILL)
    elif event in ("TERM", "HUP", "INT"):
        os.kill(os.getpid(), getattr(signal, f"SIG{event}"))
    else:
        raise OSError(getattr(errno, event), os.strerror(getattr(errno, event)))


def arm(event: str, at: int, tell: int) -> None:
    """Let something happen in this process at a call; a full or broken disk stays so.

    Args:
        event: What.
        at: The number of the call, from 0.
        tell: A pipe to which a byte is written when it happens.
    """
    say = os.write
    count = [0]
    stays = event in ("ENOSPC", "EIO")
    refused = {"ENOSPC": ("write", "mkdir", "fsync", "link"), "EIO": CALLS}.get(event, CALLS)

    def wrapped(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def stopping(*args: Any, **kwargs: Any) -> Any:
            number, count[0] = count[0], count[0] + 1
            due = number == at or (stays and number > at)
            if not due or name not in refused:
                return call(*args, **kwargs)
            say(tell, b"x")
            if event == "torn" and name == "write":
                call(args[0], bytes(args[1])[: len(args[1]) // 2])
            elif event == "after":
                call(*args, **kwargs)
            _happen(event)
            return call(*args, **kwargs)

        return stopping

    for name in CALLS:
        setattr(os, name, wrapped(name, getattr(os, name)))


def stopped(args: Iterable[object], event: str, at: int) -> int | None:
    """Run a command, stop it at a call, and return how it ended: an exit code, or -9.

    Returns:
        None if it ended before that call.
    """
    tempfile.gettempdir()  # else the child would look for a folder that can be written
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        code = 70
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nowhere, number)
            # whatever started the tests may have these ignored, as a shell does in the background
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            arm(event, at, writer)
            main([str(arg) for arg in args])
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    os.close(writer)
    happened = os.read(reader, 1)
    os.close(reader)
    return os.waitstatus_to_exitcode(status) if happened else None


def moments(args: Iterable[object], event: str, restore: Callable[[], None]) -> Iterator[int]:
    """Stop a command at its first call, its second and so on, until it ends by itself.

    Args:
        args: The command.
        event: What happens.
        restore: Puts everything back as it was; called before each run.

    Yields:
        How each run ended that was stopped.
    """
    for at in range(5000):
        restore()
        code = stopped(args, event, at)
        if code is None:
            return
        yield code
    raise AssertionError("it never ended by itself")


@contextmanager
def home(folder: Path) -> Iterator[None]:
    """Let a folder be home, and where state is kept."""
    names = ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HASHIYA_ANNOTATOR")
    before = {name: os.environ.get(name) for name in names}
    os.environ["HOME"] = str(folder)
    os.environ["HASHIYA_ANNOTATOR"] = "layla"
    for name in names[1:3]:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
