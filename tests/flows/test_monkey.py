"""Whatever is pressed, in any screen, in any order and however fast: no fault, and no work lost."""

import fcntl
import os
import random
import struct
import termios
import time
from pathlib import Path

import pytest

from tests.command import hashiya
from tests.terminal import Pty, hashiya_command

pytestmark = [pytest.mark.terminal, pytest.mark.slow]

SCREENS = {
    "library": "", "reader": "\r", "search": "\r/", "filter": "f", "keys": "?", "hints": "\rf",
    "tagging": "\ra", "repeats": "\r a;", "relation": "\r ac", "note": "\rN", "palette": "\x10",
    "selection": "\rv", "review": "\ra", "file page": "i",
}  # fmt: skip
KEYS = [
    *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ;:,.-=+/\\?!@#$%^&*()[]{}<>|~`'\"",
    *"ضصثقفغعهخحجدشسيبلاتنمكطئءؤرلاىةوزظًٌٍَُِّْ؟؛،",
    *(chr(code) for code in range(1, 27) if code not in (3, 17, 19, 26)), "\x7f", "\x1b", "\r", "\t",
    *(f"\x1b[{end}" for end in ("A", "B", "C", "D", "H", "F", "Z", "5~", "6~", "3~", "1;2A", "1;2B",
                                "1;2C", "1;2D", "1;5A", "1;5C", "1;3D", "1;3C", "1;4C", "15~")),
    "\x1bOQ", "\x1bOP", "\x1bw", "\x1b[200~pasted نص\nنص\x1b[201~", "\x1b[200~" + "ق" * 900 + "\x1b[201~",
    "\x1b[<0;9;5M\x1b[<0;9;5m", "\x1b[<0;3;3M\x1b[<32;30;4M\x1b[<0;30;4m", "\x1b[<64;5;5M",
    "\x1b[<65;5;5M", "\x1b[<0;999;999M", "\x1b[?1;2c", "\x1b[8;1$y", "\x1b[I", "\x1b[O", "\ufffd",
]  # fmt: skip
TIMES = int(os.environ.get("HASHIYA_TORTURE", "1"))
LEAVING = ("\x11", "q")
"""Pressed with the rest, these would end it at once."""


def resize(terminal: Pty, columns: int, rows: int) -> None:
    size = struct.pack("HHHH", rows, columns, 0, 0)
    fcntl.ioctl(terminal._descriptor, termios.TIOCSWINSZ, size)


def begin(corpus: Path, way: str) -> Pty:
    terminal = Pty(hashiya_command(str(corpus), "--annotator", "layla"))
    terminal.wait_for("article")
    for key in way:
        terminal.press(key)
        terminal.read(0.05)
    return terminal


def typed(terminal: Pty, keys: bytes) -> bool:
    """Type as much as the app takes, reading what it writes; return whether it still runs."""
    while keys:
        terminal.read(0)
        try:
            sent = os.write(terminal._descriptor, keys[:512])
        except OSError:
            return False
        keys = keys[sent:]
        if terminal._has_ended():
            return False
    return True


@pytest.mark.parametrize(
    "count", [400, pytest.param(3000 * TIMES, marks=pytest.mark.torture)], ids=["some", "many"]
)
@pytest.mark.parametrize("name", SCREENS)
def test_no_key_in_any_screen_ends_the_app_with_a_fault(
    small_corpus: Path, name: str, count: int
) -> None:
    choose = random.Random(name)
    way = SCREENS[name]
    terminal = begin(small_corpus, way)
    until = time.monotonic() + 60 * TIMES
    pressed = 0
    while pressed < count and time.monotonic() < until:
        burst = choose.choices(KEYS, k=choose.choice([1, 3, 25]))
        if choose.random() < 0.97:
            burst = [key for key in burst if key not in LEAVING]
        pressed += len(burst)
        runs = typed(terminal, "".join(burst).encode())
        if choose.random() < 0.05:
            resize(terminal, choose.choice([1, 20, 40, 80, 200]), choose.choice([1, 5, 12, 24, 60]))
        if choose.random() < 0.1 and runs:
            runs = typed(terminal, ("\x1b\x1b" + way.replace("\r", "")).encode())
        if not runs or terminal._has_ended():
            assert terminal._exit_code == 0, terminal.received[-2000:].decode("utf-8", "replace")
            terminal = begin(small_corpus, way)
    resize(terminal, 80, 24)
    typed(terminal, b"\x1b\x1b\x1b\x11")
    code = terminal.wait_for_end()
    assert code == 0, terminal.received[-2000:].decode("utf-8", "replace")
    checked = hashiya("check", small_corpus)
    assert checked.returncode == 0, checked.stdout
    assert b": 0 faults" in checked.stderr


@pytest.mark.parametrize(
    "keys",
    [
        "q?",
        "qf",
        "q\r",
        "q\x10",
        "\r\x11?",
        "q\x1b[200~x\x1b[201~",
        "qqqqqq",
        "q\x1b[<0;9;5M",
        "\x11\x11",
        "qi",
        "q/",
    ],
)
def test_what_is_typed_right_after_the_key_that_leaves_is_nobodys(
    small_corpus: Path, keys: str
) -> None:
    terminal = Pty(hashiya_command(str(small_corpus), "--annotator", "layla"))
    terminal.wait_for("3 articles")
    os.write(terminal._descriptor, keys.encode())
    if not keys.startswith("q"):
        time.sleep(0.3)
        typed(terminal, b"\x11")
    assert terminal.wait_for_end() == 0
    assert b"foresaw" not in terminal.received
