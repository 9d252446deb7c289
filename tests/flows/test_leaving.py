"""Leaving while a slow disk still writes: whatever ends the app, what was done is saved."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotations.store.store import Store
from tests.terminal import KEYS, Pty, needs_proc, wait_until_idle

pytestmark = pytest.mark.terminal

SLOW = """
import os, sys
from annotations.disk import replacing
rename = replacing.rename_file
def slow(old, new):
    if new.parts[-4] == "layers":
        os.read({descriptor}, 1)
    rename(old, new)
replacing.rename_file = slow
from tui.cli import main
sys.argv[0] = "hashiya"
main()
"""


class SlowDisk:
    """A disk that takes no layer before it is told to go on."""

    def __init__(self) -> None:
        self.waits, self._go = os.pipe()
        os.set_inheritable(self.waits, True)

    def go_on(self) -> None:
        os.close(self._go)

    def hashiya(self, corpus: Path) -> Pty:
        """Open the first article of a corpus that is on this disk, and tag two words."""
        command = [sys.executable, "-c", SLOW.format(descriptor=self.waits), str(corpus)]
        terminal = Pty(command, HASHIYA_ANNOTATOR="layla")
        terminal.wait_for("3 articles")
        terminal.press("Enter")
        terminal.wait_for("article 1 of 3")
        terminal.press("Space", "a")
        terminal.wait_for("saving")
        assert tagged(corpus) == 0
        terminal.press("Escape", "w", "Space", "l")
        assert "saving" in terminal.wait_for(" l  1")
        return terminal


@pytest.fixture
def disk() -> Iterator[SlowDisk]:
    made = SlowDisk()
    yield made
    os.close(made.waits)


def tagged(corpus: Path) -> int:
    layer = Store(corpus / ".hashiya").read("a", "layla")
    return len(layer.spans) if layer else 0


def test_a_slow_disk_delays_no_key_and_the_status_bar_says_when_all_is_saved(
    small_corpus: Path, disk: SlowDisk
) -> None:
    terminal = disk.hashiya(small_corpus)
    disk.go_on()
    screen = terminal.wait_for("saved")
    assert tagged(small_corpus) == 2
    assert "NOT SAVED" not in screen
    terminal.end(signal.SIGKILL)


@needs_proc
@pytest.mark.parametrize("way", ["SIGHUP", "SIGTERM", "SIGINT", "hang up", "Ctrl+C", "Ctrl+Q"])
def test_what_is_being_saved_when_the_app_is_ended_gets_to_the_disk(
    small_corpus: Path, disk: SlowDisk, way: str
) -> None:
    terminal = disk.hashiya(small_corpus)
    if way == "hang up":
        terminal.hang_up()
        wait_until_idle(terminal.process)
    else:
        if way.startswith("SIG"):
            os.kill(terminal.process, getattr(signal, way))
        else:
            terminal.press("\x03" if way == "Ctrl+C" else KEYS["C-q"])
        terminal.settled()
    assert tagged(small_corpus) == 0  # it has seen that it is to end, and waits for the disk
    disk.go_on()
    if way == "hang up":
        terminal.wait_for_end_unseen()
    else:
        terminal.wait_for_end()
        assert b"\x1b[?1049l" in terminal.received, "the terminal was not given back"
    assert tagged(small_corpus) == 2


STUCK = """
import os, sys, time
from tui.desk.reading import Reading
def for_ever(self, *_):
    os.write(1, {said!r})
    {how}
Reading.{what} = for_ever
from tui.cli import main
sys.argv[0] = "hashiya"
main()
"""
SAID = b"\x1b]0;stuck\x07"
"""What a stuck app writes first: the title of a window, which changes no cell."""
BUSY = {
    "in Python": "while True: pass",
    "in a call": "time.sleep(1000)",
}


@needs_proc
@pytest.mark.parametrize("how", ["in Python", "in a call"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_app_that_is_stuck_is_ended_with_what_was_done_saved(
    small_corpus: Path, how: str, number: int
) -> None:
    script = STUCK.format(said=SAID, how=BUSY[how], what="undo")
    terminal = Pty([sys.executable, "-c", script, str(small_corpus)], HASHIYA_ANNOTATOR="layla")
    terminal.wait_for("3 articles")
    terminal.press("Enter")
    terminal.wait_for("article 1 of 3")
    terminal.press("Space", "a")
    assert " a  1" in terminal.settled()
    terminal.press("Escape")
    assert " saved " in terminal.settled()
    terminal.press("u")
    terminal.wait_for_bytes(SAID)
    os.kill(terminal.process, number)
    assert terminal.wait_for_end() == 128 + number
    assert b"\x1b[?1049l" in terminal.received, "the terminal was not given back"
    assert tagged(small_corpus) == 1
