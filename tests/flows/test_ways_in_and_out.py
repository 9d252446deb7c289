"""The terminal is asked who it is when the app begins, and left as it was however it ends."""

import signal
import sys
from pathlib import Path

import pytest

from tests.command import exported, spans
from tests.replies import KONSOLE, SEEN, VTE
from tests.terminal import Pty, hashiya_command

pytestmark = pytest.mark.terminal


def opened(corpus: Path, replies: bytes, *options: str) -> Pty:
    terminal = Pty(
        hashiya_command(str(corpus / "a.txt"), *options), HASHIYA_ANNOTATOR="layla", replies=replies
    )
    terminal.wait_for(" saved")
    return terminal


@pytest.mark.parametrize(
    ("replies", "enter", "leave"),
    [
        (VTE, b"\x1b[8l", b"\x1b[8h"),
        (
            KONSOLE,
            b"\x1b]50;BidiRenderingEnabled=false\x07",
            b"\x1b]50;BidiRenderingEnabled=true\x07",
        ),
        (SEEN["mlterm 3.9"][1], b"\x1b]5379;use_ctl=false\x07", b"\x1b]5379;use_ctl=true\x07"),
    ],
)
@pytest.mark.parametrize("way", ["quit", "SIGTERM", "SIGHUP"])
def test_what_was_switched_off_is_switched_on_again_on_every_way_out(
    small_corpus: Path, replies: bytes, enter: bytes, leave: bytes, way: str
) -> None:
    terminal = opened(small_corpus, replies)
    received = terminal.received
    assert received.index(enter) < received.index(b"\x1b[?1049h")
    assert leave not in received
    if way == "quit":
        terminal.press("C-q")
    else:
        terminal.signal(getattr(signal, way))
    terminal.wait_for_end()
    received = terminal.received
    assert received.rindex(leave) > received.rindex(b"\x1b[?1049l")
    assert received.count(enter) == received.count(leave) == 1


CRASHES = """
import sys
from tui.cli import main
from tui.screens.reader import ReaderScreen
def crash(self):
    raise RuntimeError("on purpose")
ReaderScreen.update_after_key = crash
main([sys.argv[1]])
"""


def test_what_was_switched_off_is_switched_on_again_after_a_crash(small_corpus: Path) -> None:
    command = [sys.executable, "-c", CRASHES, str(small_corpus / "a.txt")]
    terminal = Pty(command, HASHIYA_ANNOTATOR="layla", replies=VTE)
    terminal.wait_for(" saved")
    terminal.press("?")
    terminal.wait_for_end()
    received = terminal.received
    assert b"nobody foresaw (RuntimeError)" in received
    assert received.rindex(b"\x1b[8h") > received.rindex(b"\x1b[?1049l")


def test_a_dropped_line_ends_the_app_and_gives_the_article_free(small_corpus: Path) -> None:
    terminal = opened(small_corpus, VTE)
    terminal.press(" ", "a")
    terminal.wait_for("1 span")
    terminal.hang_up()
    terminal.wait_for_end_unseen()
    assert len(spans(exported(small_corpus / "a.txt")[0])) == 1
    again = opened(small_corpus, VTE)
    assert "READ ONLY" not in again.screen()
    again.press("C-q")
    again.wait_for_end()


def test_a_suspended_app_gives_the_terminal_back_and_takes_it_again(small_corpus: Path) -> None:
    terminal = opened(small_corpus, VTE)
    terminal.press("\x1a")  # Ctrl+Z
    terminal.wait_for_bytes(b"\x1b[8h")
    terminal.signal(signal.SIGCONT)
    terminal.wait_for_bytes(b"\x1b[8h\x1b[8l")
    terminal.settled()  # before it is raw again the terminal itself would take Ctrl+Q
    assert " saved" in terminal.screen()
    terminal.press("C-q")
    terminal.wait_for_end()
    assert terminal.received.count(b"\x1b[8l") == terminal.received.count(b"\x1b[8h") == 2


def test_nothing_is_asked_or_switched_where_the_user_wants_nothing(small_corpus: Path) -> None:
    terminal = opened(small_corpus, VTE, "--bidi", "off")
    assert b"\x1b[8l" not in terminal.received
    assert b"\x1b[>0q" not in terminal.received
    terminal.press("C-q")
    terminal.wait_for_end()


def test_keys_typed_while_the_terminal_is_asked_reach_the_app(small_corpus: Path) -> None:
    terminal = opened(small_corpus, b" a" + VTE)
    terminal.wait_for("1 span")
    terminal.press("C-q")
    terminal.wait_for_end()
    assert len(spans(exported(small_corpus / "a.txt")[0])) == 1


def test_replies_that_come_too_late_are_not_read_as_keys(small_corpus: Path) -> None:
    terminal = opened(small_corpus, b"\x1bP>|VT")  # and the rest after the patience has ended
    terminal.press(SEEN["vte 0.80"][1].decode().split("|VT", 1)[1])
    terminal.press("w", " ", "a")
    terminal.wait_for("1 span")
    terminal.press("C-q")
    terminal.wait_for_end()
    (span,) = spans(exported(small_corpus / "a.txt")[0])
    text = (small_corpus / "a.txt").read_text("utf-8")
    assert span == ("actor", text.split()[1])


def test_f2_goes_through_the_modes_with_a_sample(small_corpus: Path) -> None:
    terminal = opened(small_corpus, VTE)
    for name in ("kitty", "inverse", "inverse first", "visual"):
        terminal.press("\x1bOQ")
        terminal.wait_for(f"--bidi {name}: does this read right?")
    terminal.press("C-q")
    terminal.wait_for_end()


def test_the_doctor_tells_what_it_saw() -> None:
    terminal = Pty(hashiya_command("doctor"), rows=40, replies=KONSOLE)
    shown = terminal.wait_for("path' names")
    assert "Terminal: konsole" in shown
    assert "Konsole 22.12.3" in shown
    assert "BidiRenderingEnabled=false" in shown
    terminal.wait_for_end()
