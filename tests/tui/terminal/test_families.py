"""The terminal is told from its replies, and sent rows that come out in order."""

import itertools
import os
import pty
import subprocess
import threading
import time

import pytest

from tests.debian import needs
from tests.paths import SEEDS
from tests.replies import SEEN
from tui.terminal.display import Cell
from tui.terminal.families import CHOICES, FAMILIES, Mode, Replies, family_of, mode_for
from tui.terminal.order import column_seen, column_sent, order_for, places_for
from tui.terminal.pen import DEFAULT
from tui.terminal.probe import LateReplies, ask, is_complete, read_replies
from tui.text.layout import Layout


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
