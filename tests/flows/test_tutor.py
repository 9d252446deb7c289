"""The tutor ticks off what was done, and a newcomer is shown five keys until they were used."""

from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.location import store_path
from annotations.store.store import Store
from tests.app import app_for, hint_for, reader, row
from tests.terminal import Tmux, hashiya_command, needs_tmux
from tui.app import HashiyaApp
from tui.desk.commands import keymap_of
from tui.desk.tutor import ARTICLE, CLOSING, TASKS, Tutor
from tui.screens.reader import ReaderScreen


async def test_each_task_ticks_off_when_it_is_done_and_not_before(tmp_path: Path) -> None:
    (tmp_path / "tutor.txt").write_text(ARTICLE, "utf-8")
    corpus = open_corpus(tmp_path / "tutor.txt")
    tutor = Tutor(keymap_of())
    app = HashiyaApp(corpus, Store(store_path(corpus)), DEFAULT_SCHEME, "layla", tutor=tutor)
    army, troops = ARTICLE.index("الجيش"), ARTICLE.index("قواته")
    async with app.run_test(size=(80, 24)) as pilot:
        assert tutor.done == 0
        await pilot.press("w")
        assert tutor.done == 1
        await pilot.press("a")
        await pilot.press(*hint_for(app, army))
        assert tutor.done == 1
        await pilot.press("enter")
        assert tutor.done == 2
        await pilot.press("=")
        assert tutor.done == 3
        await pilot.press(";")
        assert tutor.done == 3
        await pilot.press("enter")
        assert tutor.done == 4
        await pilot.press("c")
        await pilot.press(*hint_for(app, troops), "]")
        assert tutor.done == 5
        await pilot.press("r", "enter")
        assert tutor.done == 6
        layer = reader(app).reading.layer
        head = layer.span(layer.relations[0].head)
        assert head is not None
        assert head.start == army
        await pilot.press("u")
        assert tutor.done == 7
        assert "d marks" in tutor.text
        await pilot.press("d")
        assert tutor.done == len(TASKS)
        assert tutor.text.startswith(CLOSING.split("{", maxsplit=1)[0])


def test_the_tutor_names_the_keys_that_the_user_has_set() -> None:
    assert Tutor(keymap_of(overrides={"move.word_forward": ("y",)})).text.startswith("y goes")


@pytest.mark.terminal
@needs_tmux
def test_the_tutor_leaves_nothing_behind(tmp_path: Path, terminals: list[Tmux]) -> None:
    terminal = Tmux(hashiya_command("tutor"), TMPDIR=str(tmp_path))
    terminals.append(terminal)
    terminal.wait_for("0 of 8 done")
    terminal.press("w")
    terminal.wait_for("1 of 8 done")
    assert list(tmp_path.iterdir())
    terminal.press("Space", "a", "C-q")
    terminal.wait_for("EXIT=0")
    assert list(tmp_path.iterdir()) == []


async def test_a_newcomer_sees_five_keys_until_each_was_used(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert "a tag as actor  Tab next span  u undo  ? keys" in row(app, "status-bar")
        await pilot.press("space", "a", "escape")
        assert "Tab next span  u undo  d done  ? keys" in row(app, "status-bar")
        await pilot.press("?", "escape", "tab", "escape", "ctrl+q")
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.screen, ReaderScreen)
        await pilot.press("w")
        assert "  u undo  d done  a/l/c tag a word  ? keys" in row(app, "status-bar")
        await pilot.press("u", "u", "d", "w")
        assert "   a/l/c tag a word" in row(app, "status-bar")


async def test_who_has_annotated_before_is_not_taught(small_corpus: Path) -> None:
    (small_corpus / ".hashiya" / "layers").mkdir(parents=True)
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert "   a/l/c tag a word" in row(app, "status-bar")
