"""Leaving while a slow disk still writes: whatever ends the app, what was done is saved."""

import os
import signal
import sys
from pathlib import Path

import pytest

from annotations.store.store import Store
from tests.terminal import KEYS, Pty

SLOW = """
import sys, time
from annotations.store import tables
write = tables.write_atomically
def slow(path, content):
    if path.parts[-4] == "layers":
        time.sleep({seconds})
    write(path, content)
tables.write_atomically = slow
from tui.cli import main
sys.argv[0] = "hashiya"
main()
"""


def slow_hashiya(corpus: Path, seconds: float) -> Pty:
    """The app on a disk that takes its time over each layer."""
    command = [sys.executable, "-c", SLOW.format(seconds=seconds), str(corpus)]
    return Pty(command, HASHIYA_ANNOTATOR="layla")


def tagged(corpus: Path) -> int:
    layer = Store(corpus / ".hashiya").read("a", "layla")
    return len(layer.spans) if layer else 0


def test_a_slow_disk_delays_no_key_and_the_status_bar_says_when_all_is_saved(
    small_corpus: Path,
) -> None:
    terminal = slow_hashiya(small_corpus, 1.5)
    terminal.wait_for("3 articles")
    terminal.press("Enter")
    terminal.wait_for("article 1 of 3")
    terminal.press("Space", "a")
    terminal.wait_for("saving")
    assert tagged(small_corpus) == 0
    terminal.press("Escape", "w", "Space", "l")
    screen = terminal.wait_for("location 1")
    assert "saving" in screen
    screen = terminal.wait_for("saved")
    assert tagged(small_corpus) == 2
    assert "NOT SAVED" not in screen
    terminal.end(signal.SIGKILL)


@pytest.mark.parametrize("way", ["SIGHUP", "SIGTERM", "SIGINT", "hang up", "Ctrl+C", "Ctrl+Q"])
def test_what_is_being_saved_when_the_app_is_ended_gets_to_the_disk(
    small_corpus: Path, way: str
) -> None:
    terminal = slow_hashiya(small_corpus, 1.0)
    terminal.wait_for("3 articles")
    terminal.press("Enter")
    terminal.wait_for("article 1 of 3")
    terminal.press("Space", "a")
    terminal.wait_for("saving")
    terminal.press("Escape", "w", "Space", "l")
    terminal.wait_for("location 1")
    assert tagged(small_corpus) < 2
    if way == "hang up":
        terminal.hang_up()
    else:
        if way.startswith("SIG"):
            os.kill(terminal.process, getattr(signal, way))
        else:
            terminal.press("\x03" if way == "Ctrl+C" else KEYS["C-q"])
        terminal.wait_for_end()
        assert b"\x1b[?1049l" in terminal.received, "the terminal was not given back"
    assert tagged(small_corpus) == 2
