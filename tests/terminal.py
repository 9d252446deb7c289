"""Real terminals for tests: tmux, and a pty whose screen pyte keeps.

A screen is complete when the command has read every key and has nothing left to do, which Linux
tells in /proc; how long that takes is no matter.
"""

import array
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte
import pytest

from tests.debian import needs

QUERIES = b"\x1b[8$p\x1b[>0q\x1b[>c\x1b[=c\x1b[c"
"""What the app asks a terminal."""
PATIENCE = 20.0
"""Seconds until a screen that doesn't come is a failure."""
PAUSE = 0.04
"""Seconds between two looks: twice what Textual waits before it draws what has changed, since on a
busy machine its timer is late."""
AT_ONCE = "10"
"""As ESCDELAY: milliseconds until Escape is a key, so few that the app is not idle before."""
needs_tmux = needs("tmux", command="tmux")
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(), reason="needs what Linux tells of a process in /proc"
)

KEYS = {
    "Enter": "\r", "Tab": "\t", "Escape": "\x1b", "Space": " ", "C-r": "\x12", "C-q": "\x11",
    "Left": "\x1b[D", "Right": "\x1b[C", "Up": "\x1b[A", "Down": "\x1b[B", "Home": "\x1b[H", "End": "\x1b[F",
}  # fmt: skip


def hashiya_command(*args: str) -> list[str]:
    """The command as it is installed beside this Python."""
    return [str(Path(sys.executable).parent / "hashiya"), *args]


def work_of(process: int) -> int | None:
    """Return how long a process and those it started have run, in nanoseconds.

    Returns:
        None while one of them runs, waits for a disk, or has input that it has not read.
    """
    total = 0
    try:
        if _unread(process):
            return None
        for thread in Path(f"/proc/{process}/task").iterdir():
            if thread.joinpath("stat").read_text().rpartition(") ")[2][0] != "S":
                return None
            total += int(thread.joinpath("schedstat").read_text().split()[0])
            for child in thread.joinpath("children").read_text().split():
                work = work_of(int(child))
                if work is None:
                    return None
                total += work
    except (FileNotFoundError, ProcessLookupError):
        return None  # it has just ended
    return total


def _unread(process: int) -> bool:
    """Return whether there is input in the terminal of a process that nobody has read."""
    terminal = Path(f"/proc/{process}/fd/0")
    if not terminal.resolve().is_relative_to("/dev/pts"):
        return False
    count = array.array("i", [0])
    try:
        descriptor = os.open(terminal, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return False  # it has been closed
    try:
        fcntl.ioctl(descriptor, termios.FIONREAD, count)
    finally:
        os.close(descriptor)
    return count[0] > 0


def wait_until_idle(*processes: int, look: Callable[[], object] = lambda: None) -> None:
    """Wait until processes have nothing left to do and what they show stays the same.

    Args:
        processes: Their numbers.
        look: Returns what they show.
    """
    before: object = None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        shown = look()
        work = [work_of(process) for process in processes]
        if (work, shown) == before and None not in work:
            return
        before = (work, shown)
        time.sleep(PAUSE)
    raise AssertionError(f"{processes} never came to rest; they show:\n{look()}")


class Tmux:
    """A tmux of its own, in which a command runs."""

    def __init__(
        self, command: Sequence[str], columns: int = 80, rows: int = 24, **env: str
    ) -> None:
        self.socket = f"hashiya-{uuid.uuid4().hex[:8]}"
        words = [f"{name}={value}" for name, value in env.items()]
        shell = " ".join(["env", *map(_quoted, words), *map(_quoted, command)])
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
            f"{shell}; echo EXIT=$?; sleep 60",
        )  # fmt: skip

    def _tmux(self, *args: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, *args], capture_output=True, check=True
        )
        return done.stdout.decode()

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def settled(self) -> list[str]:
        """The screen with its colours, once nothing more comes, blanks as they are seen."""
        shell = int(self._tmux("display-message", "-p", "#{pane_pid}"))
        wait_until_idle(shell, look=self._coloured)
        return seen_cells(self._coloured())

    def _coloured(self) -> str:
        return self._tmux("capture-pane", "-p", "-e", "-N")

    def wait_for(self, words: str) -> str:
        return _wait(self.screen, lambda screen: words in screen, words)

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], capture_output=True, check=False)


def seen_cells(captured: str) -> list[str]:
    """Write a capture with colours cell by cell, of a blank only what is behind it.

    Blanks at the end of a row are left out: tmux doesn't tell erased cells from any others.
    """
    rows = captured.split("\n")
    screen = pyte.Screen(200, len(rows) + 1)
    pyte.Stream(screen).feed("\r\n".join(rows))
    lines = []
    for y in range(len(rows)):
        found = [screen.buffer[y][x] for x in range(screen.columns)]
        while found and found[-1].data == " " and not found[-1].reverse:
            found.pop()
        lines.append(
            " ".join(
                f"{char.bg}" if char.data == " " and not char.reverse else f"{tuple(char)}"
                for char in found
            )
        )
    return lines


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


class Pty:
    """A command in a pty of its own."""

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 80,
        rows: int = 24,
        *,
        replies: bytes = b"\x1b[?1;2c",
        **env: str,
    ) -> None:
        self.received = b""
        self._exit_code = 0
        self._is_over = False
        self._replies = replies
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.process, self._descriptor = pty.fork()
        size = struct.pack("HHHH", rows, columns, 0, 0)
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.environ.update({"TERM": "xterm-256color", **env})
            os.execv(command[0], list(command))

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self._descriptor, KEYS.get(key, key).encode())

    def read(self, seconds: float = 0.0) -> None:
        """Read what the command wrote, waiting so long for the first of it."""
        while select.select([self._descriptor], [], [], seconds)[0]:
            try:
                chunk = os.read(self._descriptor, 65536)
            except OSError:
                return
            if not chunk:
                return
            if QUERIES in self.received + chunk and QUERIES not in self.received:
                os.write(self._descriptor, self._replies)
            self.received += chunk
            self._stream.feed(chunk.replace(QUERIES, b""))
            seconds = 0.0

    def screen(self) -> str:
        self.read()
        return "\n".join(self._screen.display)

    def read_all(self) -> int:
        """Read what the command has written, and count all that it ever wrote."""
        self.read()
        return len(self.received)

    def settled(self) -> str:
        """The screen once nothing more comes."""
        return settled([self])[0]

    def wait_for(self, words: str) -> str:
        return _wait(self.screen, lambda screen: words in screen, words)

    def signal(self, number: int) -> None:
        os.kill(self.process, number)

    def wait_for_bytes(self, wanted: bytes) -> None:
        _wait(self.screen, lambda _: wanted in self.received, repr(wanted))

    def wait_for_end(self) -> int:
        """Read until the command has ended, and return its exit code."""
        wait_for(self._has_ended_and_said_all, "the command did not end")
        self.read()
        os.close(self._descriptor)
        return self._exit_code

    def hang_up(self) -> None:
        """Close the terminal as a line does that drops."""
        os.close(self._descriptor)

    def wait_for_end_unseen(self) -> None:
        """Wait until the command has ended whose terminal was closed."""
        wait_for(self._has_ended, "the command goes on without a terminal")

    def _has_ended(self) -> bool:
        if not self._is_over:
            ended, status = os.waitpid(self.process, os.WNOHANG)
            if ended:
                self._is_over = True
                self._exit_code = os.waitstatus_to_exitcode(status)
        return self._is_over

    def _has_ended_and_said_all(self) -> bool:
        self.read()  # or it could not write its last words
        return self._has_ended()

    def end(self, number: int) -> None:
        self.signal(number)
        os.waitpid(self.process, 0)
        self.read()
        os.close(self._descriptor)


def settled(terminals: Sequence[Pty]) -> list[str]:
    """The screens of terminals once nothing more comes to any of them."""
    wait_until_idle(
        *(terminal.process for terminal in terminals),
        look=lambda: [terminal.read_all() for terminal in terminals],
    )
    return [terminal.screen() for terminal in terminals]


def wait_for(happened: Callable[[], bool], otherwise: str) -> None:
    """Wait until something has happened, or fail with what is said otherwise."""
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, otherwise
        time.sleep(PAUSE)


def _wait(screen: Callable[[], str], right: Callable[[str], bool], words: str) -> str:
    shown = ""

    def is_right() -> bool:
        nonlocal shown
        shown = screen()
        return right(shown)

    try:
        wait_for(is_right, "")
    except AssertionError:
        raise AssertionError(f"{words!r} never came; the screen was:\n{shown}") from None
    return shown
