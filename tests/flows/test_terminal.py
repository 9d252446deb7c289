"""The installed command in real terminals: the main job, the Arabic layout, and kill -9."""

import random
import re
import signal
import time
from pathlib import Path

import pytest

from tests.command import exported, spans
from tests.terminal import AT_ONCE, Pty, Tmux, hashiya_command, needs_proc, needs_tmux

pytestmark = pytest.mark.terminal


@needs_tmux
def test_the_main_job_from_opening_to_the_export(small_corpus: Path, terminals: list[Tmux]) -> None:
    terminal = Tmux(hashiya_command(str(small_corpus)), HASHIYA_ANNOTATOR="layla")
    terminals.append(terminal)
    terminal.wait_for("3 articles")
    terminal.press("Enter")
    screen = terminal.wait_for("article 1 of 3")
    assert (
        "\ufeb6\ufef4\ufea0\ufedf\ufe8d \ufedd\ufe8e\ufed7" in screen
    )  # shaped, from right to left
    terminal.press("Space", "a")
    terminal.wait_for("1 span ")
    terminal.press("Right", "w", "w", "Space", "Space", "c")
    terminal.wait_for("2 spans")
    terminal.press("w", "v", "w", "l")
    terminal.wait_for("3 spans")
    terminal.press("u")
    terminal.wait_for("Undone: tagged location")
    terminal.press("C-r")
    terminal.wait_for("Redone: tagged location")
    terminal.press("d")
    terminal.wait_for("article 2 of 3")
    terminal.press("q")
    terminal.wait_for("1 finished")
    terminal.press("q")
    terminal.wait_for("EXIT=0")
    (record,) = exported(small_corpus)
    assert (record["id"], record["annotator"], record["status"]) == ("a", "layla", "done")
    text = record["text"]
    assert isinstance(text, str)
    clause = text[: text.index("\u060c")]
    after = text[len(clause) + 2 :].split()[0]
    assert spans(record) == [("claim", clause), ("actor", clause.split()[0]), ("location", after)]


@needs_tmux
def test_the_same_keys_work_with_the_arabic_layout_on(
    small_corpus: Path, terminals: list[Tmux]
) -> None:
    terminal = Tmux(hashiya_command(str(small_corpus / "a.txt")), HASHIYA_ANNOTATOR="layla")
    terminals.append(terminal)
    terminal.wait_for("article 1 of 1")
    for key in (" ", "\u0634", "\u0635", " ", "\u0645"):  # Space a w Space l
        terminal.type(key)
    terminal.wait_for("2 spans")
    terminal.type("\ufefb")  # b
    terminal.type(" ")
    terminal.type("\u0624")  # c: relabels the first word
    terminal.wait_for("actor \u2192 claim")
    terminal.type("\u0636")  # q
    terminal.type("\u0636")
    terminal.wait_for("EXIT=0")
    (record,) = exported(small_corpus / "a.txt")
    assert [label for label, _ in spans(record)] == ["claim", "location"]


@needs_tmux
def test_it_resumes_at_the_article_and_cursor_it_was_left_at(
    small_corpus: Path, terminals: list[Tmux]
) -> None:
    (small_corpus / ".hashiya" / "layers").mkdir(parents=True)  # no newcomer: sees where she is
    for keys, wanted in ((["Down", "Enter", "w", "w"], "52 %"), ([], "where you left")):
        terminal = Tmux(hashiya_command(str(small_corpus)), HASHIYA_ANNOTATOR="layla")
        terminals.append(terminal)
        terminal.wait_for("article")
        terminal.press(*keys) if keys else None
        assert "article 2 of 3" in terminal.wait_for(wanted)
        terminal.press("t", "t")  # whatever was said is gone with the next key
        terminal.wait_for("52 %")
        terminal.press("C-q")
        terminal.wait_for("EXIT=0")


@needs_tmux
def test_a_second_session_of_one_annotator_is_read_only_and_says_so(
    small_corpus: Path, terminals: list[Tmux]
) -> None:
    command = hashiya_command(str(small_corpus / "a.txt"))
    first = Tmux(command, HASHIYA_ANNOTATOR="layla")
    terminals.append(first)
    assert "READ ONLY" not in first.wait_for(" saved")
    second = Tmux(command, HASHIYA_ANNOTATOR="layla")
    other = Tmux(command, HASHIYA_ANNOTATOR="omar")
    terminals += [second, other]
    second.wait_for("another session")  # on a page of its own, since 80 columns are too few
    second.press("Escape")
    second.wait_for("READ ONLY")
    assert "READ ONLY" not in other.wait_for(" saved")


@needs_tmux
@pytest.mark.parametrize(("columns", "rows"), [(40, 12), (20, 5), (200, 60), (100, 30)])
def test_every_size_of_terminal_opens_and_tags(
    small_corpus: Path, terminals: list[Tmux], columns: int, rows: int
) -> None:
    terminal = Tmux(
        hashiya_command(str(small_corpus / "a.txt")), columns, rows, HASHIYA_ANNOTATOR="layla"
    )
    terminals.append(terminal)
    terminal.wait_for("saved")
    terminal.press("Space", "a", "p", "p", "?", "Escape", "z", "z", "C-q")
    terminal.wait_for("EXIT=0")
    assert len(spans(exported(small_corpus / "a.txt")[0])) == 1


@needs_tmux
@pytest.mark.parametrize("term", ["vt100", "linux", "screen", "xterm", "dumb"])
def test_every_kind_of_terminal_opens_and_tags(
    small_corpus: Path, terminals: list[Tmux], term: str
) -> None:
    terminal = Tmux(
        hashiya_command(str(small_corpus / "a.txt")), HASHIYA_ANNOTATOR="layla", TERM=term
    )
    terminals.append(terminal)
    terminal.wait_for("saved")
    terminal.press("Space", "a", "C-q")
    terminal.wait_for("EXIT=0")
    assert len(spans(exported(small_corpus / "a.txt")[0])) == 1


@needs_tmux
def test_control_characters_of_an_article_never_reach_the_terminal(
    tmp_path: Path, terminals: list[Tmux]
) -> None:
    article = tmp_path / "evil.txt"
    article.write_text("one\x1b[2J\x1b]0;owned\x07\x9b31m two\u202e three\r\nfour\x85five", "utf-8")
    terminal = Tmux(hashiya_command(str(article)), HASHIYA_ANNOTATOR="layla")
    terminals.append(terminal)
    screen = terminal.wait_for("five")
    assert "one\u241b[2J\u241b]0;owned\u2407\ufffd31m two" in screen
    assert "article 1 of 1" in screen


@needs_tmux
@needs_proc
def test_a_screen_that_came_about_step_by_step_is_as_one_that_is_drawn_anew(
    corpus_path: Path, terminals: list[Tmux]
) -> None:
    terminal = Tmux(
        hashiya_command(str(corpus_path)), 100, 30, HASHIYA_ANNOTATOR="layla", ESCDELAY=AT_ONCE
    )
    terminals.append(terminal)
    terminal.wait_for("5 articles")
    choose = random.Random(4)
    keys = [
        "Enter", "Down", "Down", "Left", "Right", "NPage", "PPage", "a", "j", "k", "Space", "w", "Tab", "u",
        "Escape", "p", "z", "?", "Escape", ";", "c", "d", "f", "l", "]", "/", "C-n", "C-o", "G", "g", "v", "BTab",
    ]  # fmt: skip
    for step in range(1, 161):
        key = choose.choice(keys)
        terminal.press(key)
        if key == "Escape":
            terminal.settled()  # or it would belong to the next key
        if step % 40 == 0:
            terminal.resize(choose.randint(60, 120), choose.randint(15, 40))
        if step % 8 == 0:
            before = terminal.settled()
            terminal.press("C-l")
            after = terminal.settled()
            differing = [y for y in range(len(before)) if before[y] != after[y]]
            assert not differing, f"after {step} keys:\n{terminal.screen()}"


@pytest.mark.slow
@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.torture)])
def test_nothing_that_the_status_bar_called_saved_is_lost_by_a_kill(
    tmp_path: Path, kills: int
) -> None:
    choose = random.Random(9)
    corpus = tmp_path / "k.txt"
    corpus.write_text(" ".join(f"word{number}" for number in range(3000)), "utf-8")
    command = hashiya_command(str(corpus))
    said = 0
    for _ in range(kills):
        terminal = Pty(command, HASHIYA_ANNOTATOR="layla")
        terminal.wait_for(" saved")
        before = _said(terminal.screen())
        assert before >= said, "a span that was said to be saved is gone"
        terminal.press("\x1b[Z")  # Shift+Tab: to the last span
        until = time.monotonic() + choose.uniform(0.0, 0.3)
        while time.monotonic() < until:
            terminal.press("w", "Space", "a", "Escape")
            terminal.read(0.001)
        said = max(said, _said(terminal.screen()))
        terminal.end(signal.SIGKILL)
    assert said > 0, "no kill came after a span was saved"
    (record,) = exported(corpus)
    assert len(spans(record)) >= said
    folder = tmp_path / "k.txt.hashiya"
    assert not list(folder.rglob("*damaged*"))


def _said(screen: str) -> int:
    """Read the number of spans off a status bar that says saved."""
    found = re.search(r"^ saved .* (\d+) spans?", screen, re.MULTILINE)
    return int(found[1]) if found else 0


@needs_proc
def test_a_step_of_the_cursor_takes_few_bytes_in_the_real_app(corpus_path: Path) -> None:
    seed = min(corpus_path.glob("*.txt"))
    terminal = Pty(hashiya_command(str(seed)), 100, 30, HASHIYA_ANNOTATOR="layla")
    terminal.wait_for(" saved")
    terminal.settled()
    before = len(terminal.received)
    for _ in range(10):
        terminal.press("Left")
        terminal.settled()
    sent = (len(terminal.received) - before) / 10
    terminal.end(signal.SIGKILL)
    assert 0 < sent < 80, terminal.received[before:]
