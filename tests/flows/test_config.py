"""The config file at work: its keys in the app, and all of it as the command shows it."""

from pathlib import Path

from annotations.corpus.corpus import open_corpus
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.location import store_path
from annotations.store.store import Store
from tests.app import reader, row
from tests.command import hashiya, refused
from tui.app import HashiyaApp
from tui.config import load_config


async def test_a_command_answers_to_its_new_key_and_no_longer_to_the_old(
    small_corpus: Path, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"edit.undo" = "k"\n"nonsense" = "z"\n')
    config, notices = load_config(file, DEFAULT_SCHEME)
    corpus = open_corpus(small_corpus / "a.txt")
    store = Store(store_path(corpus))
    app = HashiyaApp(corpus, store, DEFAULT_SCHEME, "layla", keymap=config.keymap, notices=notices)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("escape", "space", "a", "u")
        assert len(reader(app).reading.layer.spans) == 1
        await pilot.press("escape")
        assert "k undo" in row(app, "status-bar")
        await pilot.press("k")
        assert len(reader(app).reading.layer.spans) == 0


def test_the_config_can_be_found_and_shown(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert (
        hashiya("config", "path", HASHIYA_CONFIG=folder).stdout.decode().strip()
        == f"{folder}/config.toml"
    )
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"edit.undo" = "k"\n')
    assert hashiya("config", "show", HASHIYA_CONFIG=folder).stdout.decode() == (
        'keyboard = "auto"\nbidi = "auto"\ntheme = "dark"\nedit.undo = ["k"]\n'
    )
    file.write_text('[keys]\n"edit.undo" = "w"\n')
    refused(hashiya("config", "show", HASHIYA_CONFIG=folder), "line 2")


async def test_a_command_may_have_no_key_and_is_then_found_by_its_name(
    small_corpus: Path, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"span.repeats" = []\n"edit.undo" = []\n"article.done" = []\n')
    app = configured(small_corpus, file)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("enter", "space", "a", "x")
        assert "Ctrl+p edit.undo brings it back" in row(app, "status-bar")
        await pilot.press("ctrl+p", *"edit.undo", "enter")
        assert len(reader(app).reading.layer.spans) == 1
        await pilot.press("q", "f1")
        await pilot.press("escape")


async def test_a_message_names_the_key_that_was_chosen(small_corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\n"edit.undo" = "ctrl+y"\n')
    app = configured(small_corpus, file)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("enter", "space", "a", "x")
        assert "Ctrl+y brings it back" in row(app, "status-bar")
        await pilot.press("ctrl+y")
        assert len(reader(app).reading.layer.spans) == 1


def configured(folder: Path, file: Path) -> HashiyaApp:
    config, notices = load_config(file, DEFAULT_SCHEME)
    corpus = open_corpus(folder)
    store = Store(store_path(corpus))
    return HashiyaApp(corpus, store, DEFAULT_SCHEME, "layla", keymap=config.keymap, notices=notices)
