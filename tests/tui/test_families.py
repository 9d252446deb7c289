"""The terminal is told from its replies, left as it was, and sent rows that come out in order."""

import itertools
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import SEEDS
from tests.debian import needs
from tests.terminal import Pty, hashiya_command
from tests.tui.test_terminal import exported, spans
from tui.terminal.display import Cell
from tui.terminal.families import CHOICES, FAMILIES, Mode, Replies, family_of, mode_for
from tui.terminal.order import column_seen, column_sent, order_for, places_for
from tui.terminal.pen import DEFAULT
from tui.terminal.probe import LateReplies, ask, is_complete, read_replies
from tui.text.layout import Layout

DA1 = b"\x1b[?62;c"
SEEN = {
    "vte 0.70": ("vte", b"\x1b[8;1$y\x1b[>65;7006;1c\x1bP!|7E565445\x1b\\" + DA1),
    "vte 0.80": ("vte", b"\x1b[8;1$y\x1bP>|VTE(8001)\x1b\\\x1b[>61;8001;1c\x1bP!|7E565445\x1b\\" + DA1),
    "konsole 22.12": ("konsole", b"\x1bP>|Konsole 22.12.3\x1b\\\x1b[>1;115;0c\x1bP!|7E4B4445\x1b\\" + DA1),
    "konsole 25.04": ("konsole", b"\x1bP>|Konsole 25.04.2\x1b\\\x1b[>1;115;0c\x1bP!|7E4B4445\x1b\\" + DA1),
    "mlterm 3.9": ("mlterm", b"\x1b[8;0$y\x1b[>24;279;0c\x1bP!|000000\x1b\\" + DA1),
    "kitty 0.26": ("kitty", b"\x1b[8;0$y\x1bP>|kitty(0.26.5)\x1b\\\x1b[>1;4000;26c" + DA1),
    "kitty 0.41": ("kitty", b"\x1b[8;0$y\x1bP>|kitty(0.41.1)\x1b\\\x1b[>1;4000;41c" + DA1),
    "xterm 379": ("plain", b"\x1b[8;0$y\x1bP>|XTerm(379)\x1b\\\x1b[>41;379;0c\x1bP!|00000000\x1b\\" + DA1),
    "urxvt": ("plain", b"\x1b[>85;95;0c" + DA1),
    "alacritty": ("plain", b"\x1b[>0;1700;1c" + DA1),
    "st": ("plain", DA1),
    "qterminal": ("qterminal", b"\x1b[>0;115;0c" + DA1),
    "pterm": ("putty", b"\x1b[>0;136;0c" + DA1),
    "tmux": ("tmux", b"\x1bP>|tmux 3.3a\x1b\\\x1b[>84;0;0c" + DA1),
    "screen": ("screen", b"\x1b[>83;40900;0c" + DA1),
    "another that has mode 8": ("switchable", b"\x1b[8;2$y" + DA1),
    "silence": ("plain", b""),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_each_terminal_is_known_by_what_it_answered(name: str) -> None:
    wanted, replies = SEEN[name]
    answer = read_replies(replies)
    assert family_of(answer.replies).name == wanted
    assert answer.typed == b""


@pytest.mark.parametrize("name", SEEN)
def test_what_is_typed_among_the_replies_is_kept_and_a_cut_reply_breaks_nothing(name: str) -> None:
    _, replies = SEEN[name]
    for cut in range(len(replies) + 1):
        answer = read_replies(replies[:cut])
        family_of(answer.replies)
        assert answer.typed in (b"", b"\x1b")
        late = LateReplies(read_replies(replies[:cut]))
        if cut > 0 and not is_complete(replies[:cut]) and answer.typed == b"":
            assert late.take(replies[cut:]) == b""
        typed = read_replies(b"w\xd8\xb4" + replies).typed
        assert typed == b"w\xd8\xb4"


def test_garbage_is_no_known_terminal() -> None:
    assert (
        family_of(read_replies(b"\x00\xff\x1b[\x1bP>|\x07\x1b[>c\x9b8;1$y" * 9).replies).name
        == "plain"
    )


def test_the_name_of_the_terminal_counts_only_where_it_was_silent() -> None:
    assert family_of(Replies(), "xterm-kitty").name == "kitty"
    assert family_of(Replies(version="tmux 3.5a"), "mlterm").name == "tmux"
    assert family_of(Replies(), "xterm-256color").name == "plain"


def test_what_a_user_chose_goes_before_what_was_found() -> None:
    for family in FAMILIES:
        for choice in CHOICES:
            wanted = family.mode if choice == "auto" else choice
            if (family.name, choice) == ("putty", "inverse"):
                wanted = "inverse_first"
            assert mode_for(choice, family) == wanted


def test_a_silent_terminal_is_waited_for_no_longer_than_said_and_keys_are_kept() -> None:
    master, slave = pty.openpty()
    threading.Timer(0.05, os.write, (master, b"wa")).start()
    began = time.monotonic()
    answer = ask(slave, 0.3)
    assert time.monotonic() - began >= 0.3
    assert answer.typed == b"wa"
    os.close(master)
    os.close(slave)


# Rows that a terminal turns round


def cells(text: str) -> list[Cell]:
    return [(char, DEFAULT) for char in text]


def rows_of_the_seeds() -> list[list[Cell]]:
    found = []
    for seed, width in itertools.product(sorted(SEEDS.glob("*.txt")), (58, 76)):
        layout = Layout(seed.read_text("utf-8"), width)
        for _, line in layout.lines():
            glyphs = [(cluster.glyph, DEFAULT) for cluster in line.clusters() if cluster.cells]
            margin = width - len(glyphs) + 2
            found.append([*cells(" " * margin), *glyphs, *cells("  \u2502")])
    return found


@needs("libfribidi-bin", command="fribidi")
@pytest.mark.parametrize("mode", ["inverse", "inverse_first"])
def test_fribidi_turns_the_rows_that_are_sent_into_those_that_should_be_seen(mode: Mode) -> None:
    """FriBidi plays the terminal: base left to right, or by the first strong letter."""
    rows = [row for row in rows_of_the_seeds() if "".join(glyph for glyph, _ in row).strip()]
    order = order_for(mode)
    assert order
    sent = ["".join(glyph for glyph, _ in order.row(row)) for row in rows]
    direction = [] if mode == "inverse_first" else ["--ltr"]
    done = subprocess.run(
        ["fribidi", "--nopad", "--nobreak", "--reordernsm", "--width", "1000000", *direction],
        input="\n".join(sent), capture_output=True, check=True, text=True,
    )  # fmt: skip
    shown = done.stdout.split("\n")
    wanted = ["".join(glyph for glyph, _ in row) for row in rows]
    right = sum(a.strip() == b.strip() for a, b in zip(shown, wanted, strict=False))
    assert right >= 0.99 * len(rows), f"{right} of {len(rows)}"


def kitty(row: list[Cell]) -> str:
    """What kitty shows of a row: each word with a right-to-left letter the other way round."""
    mirror = str.maketrans("()[]\u00ab\u00bb", ")(][\u00bb\u00ab")
    words = "".join(glyph for glyph, _ in row).split(" ")
    return " ".join(
        word[::-1].translate(mirror)
        if any(char > "\u058f" and char.isalpha() for char in word)
        else word
        for word in words
    )


def test_kitty_turns_the_words_that_are_sent_into_those_that_should_be_seen() -> None:
    order = order_for("kitty")
    assert order
    for row in rows_of_the_seeds():
        if all(len(glyph) == 1 for glyph, _ in row):  # marks: kitty puts them elsewhere
            assert kitty(order.row(row)) == "".join(glyph for glyph, _ in row)


@pytest.mark.parametrize("mode", ["kitty", "inverse", "inverse_first"])
def test_a_click_is_taken_back_to_the_cell_that_was_seen_and_colours_move_along(mode: Mode) -> None:
    for number, row in enumerate(rows_of_the_seeds()[:60]):
        places = places_for(row, mode)
        assert sorted(place if place >= 0 else -1 - place for place in places) == list(
            range(len(row))
        )
        for column in range(len(row)):
            sent = column_sent(row, column, mode)
            assert column_seen(row, sent, mode) == column, number


def test_a_wide_glyph_keeps_its_two_cells_together() -> None:
    row = [*cells("\ufe8e\ufe91"), ("\u4e2d", DEFAULT), ("", DEFAULT), *cells("\ufe8e ")]
    modes: list[Mode] = ["kitty", "inverse", "inverse_first"]
    for mode in modes:
        order = order_for(mode)
        assert order
        glyphs = [glyph for glyph, _ in order.row(row)]
        assert glyphs[glyphs.index("\u4e2d") + 1] == ""


# Ways in and out

VTE = SEEN["vte 0.70"][1]
KONSOLE = SEEN["konsole 22.12"][1]


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
ReaderScreen.action_help = crash
main([sys.argv[1]])
"""


def test_what_was_switched_off_is_switched_on_again_after_a_crash(small_corpus: Path) -> None:
    command = [sys.executable, "-c", CRASHES, str(small_corpus / "a.txt")]
    terminal = Pty(command, HASHIYA_ANNOTATOR="layla", replies=VTE)
    terminal.wait_for(" saved")
    terminal.press("?")
    terminal.wait_for_end()
    received = terminal.received
    assert b"on purpose" in received
    assert received.rindex(b"\x1b[8h") > received.rindex(b"\x1b[?1049l")


def test_a_dropped_line_ends_the_app_and_gives_the_article_free(small_corpus: Path) -> None:
    terminal = opened(small_corpus, VTE)
    terminal.press(" ", "a")
    terminal.wait_for("1 span")
    terminal.hang_up()
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
    terminal.wait_for(" saved")
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
