"""Real terminals for tests: tmux, and a pty whose screen pyte keeps."""

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

from tests.debian import needs

QUERIES = b"\x1b[8$p\x1b[>0q\x1b[>c\x1b[=c\x1b[c"
"""What the app asks a terminal."""
PATIENCE = 20.0
"""Seconds until a screen that doesn't come is a failure."""
needs_tmux = needs("tmux", command="tmux")

KEYS = {
    "Enter": "\r", "Tab": "\t", "Escape": "\x1b", "Space": " ", "C-r": "\x12", "C-q": "\x11",
    "Left": "\x1b[D", "Right": "\x1b[C", "Up": "\x1b[A", "Down": "\x1b[B", "Home": "\x1b[H", "End": "\x1b[F",
}  # fmt: skip


def hashiya_command(*args: str) -> list[str]:
    """The command as it is installed beside this Python."""
    return [str(Path(sys.executable).parent / "hashiya"), *args]


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
        shown = ""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(0.25)
            again = self._tmux("capture-pane", "-p", "-e", "-N")
            if again == shown:
                break
            shown = again
        return seen_cells(shown)

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
        """Take in what the command wrote, waiting so long for the first of it."""
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
        self.read(0.02)
        return "\n".join(self._screen.display)

    def wait_for(self, words: str) -> str:
        return _wait(self.screen, lambda screen: words in screen, words)

    def signal(self, number: int) -> None:
        os.kill(self.process, number)

    def wait_for_bytes(self, wanted: bytes) -> None:
        _wait(self.screen, lambda _: wanted in self.received, repr(wanted))

    def wait_for_end(self) -> None:
        """Read until the command has ended."""
        until = time.monotonic() + PATIENCE
        while os.waitpid(self.process, os.WNOHANG)[0] == 0:
            assert time.monotonic() < until, "the command did not end"
            self.read(0.05)
        self.read()
        os.close(self._descriptor)

    def hang_up(self) -> None:
        """Close the terminal as a line does that drops, and wait for the command to end."""
        os.close(self._descriptor)
        until = time.monotonic() + PATIENCE
        while os.waitpid(self.process, os.WNOHANG)[0] == 0:
            assert time.monotonic() < until, "the command goes on without a terminal"
            time.sleep(0.05)

    def end(self, number: int) -> None:
        self.signal(number)
        os.waitpid(self.process, 0)
        self.read()
        os.close(self._descriptor)


def _wait(screen: Callable[[], str], right: Callable[[str], bool], words: str) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        shown = screen()
        if right(shown):
            return shown
        time.sleep(0.02)
    raise AssertionError(f"{words!r} never came; the screen was:\n{screen()}")
