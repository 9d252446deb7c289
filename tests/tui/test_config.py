"""A keymap of one's own: what it changes, and how its faults are told."""

from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.store import Store
from tests.tui.test_app import reader, row
from tests.tui.test_cli import hashiya, refused
from tui.app import HashiyaApp
from tui.config import load_config


def keymap_file(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('"span.fly" = "y"', "no command"),
        ('"span.repeats" = "hyper+y"', "no key"),
        ('"span.repeats" = "w"', "taken by move.word_forward"),
        ('"span.repeats" = "a"', "label actor"),
        ('"span.repeats" = 3', "needs a key"),
        ('"span.repeats" = ["y", 3]', "needs a key"),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_rest_applies(
    tmp_path: Path, entry: str, words: str
) -> None:
    file = keymap_file(tmp_path, f'[keys]\n"edit.undo" = "y"\n{entry}\n"help" = ["f1", "ctrl+g"]\n')
    config, faults = load_config(file, DEFAULT_SCHEME)
    assert dict(config.keymap.overrides) == {"edit.undo": ("y",), "help": ("f1", "ctrl+g")}
    assert len(faults) == 1
    assert "line 3" in faults[0]
    assert words in faults[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('bidi = "sideways"', "bidi must be one of"),
        ("theme = 3", "theme must be"),
        ('font = "x"', "no setting"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_with_its_line(
    tmp_path: Path, line: str, words: str
) -> None:
    config, faults = load_config(
        keymap_file(tmp_path, f'keyboard = "persian"\n{line}\n'), DEFAULT_SCHEME
    )
    assert (config.keyboard, config.bidi, config.theme) == ("persian", "auto", "dark")
    assert "line 2" in faults[0]
    assert words in faults[0]


def test_no_file_is_as_good_as_an_empty_one_and_a_broken_one_is_told(tmp_path: Path) -> None:
    assert load_config(tmp_path / "none.toml", DEFAULT_SCHEME)[1] == []
    faults = load_config(keymap_file(tmp_path, "[keys\n"), DEFAULT_SCHEME)[1]
    assert "line 1" in faults[0]


async def test_a_command_answers_to_its_new_key_and_no_longer_to_the_old(
    small_corpus: Path, tmp_path: Path
) -> None:
    file = keymap_file(tmp_path, '[keys]\n"edit.undo" = "y"\n"nonsense" = "z"\n')
    config, notices = load_config(file, DEFAULT_SCHEME)
    corpus = open_corpus(small_corpus / "a.txt")
    store = Store(corpus.store_path)
    app = HashiyaApp(corpus, store, DEFAULT_SCHEME, "layla", keymap=config.keymap, notices=notices)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("escape", "space", "a", "u")
        assert len(reader(app).reading.layer.spans) == 1
        await pilot.press("escape")
        assert "y undo" in row(app, "label-bar")
        await pilot.press("y")
        assert len(reader(app).reading.layer.spans) == 0


def test_the_config_can_be_found_and_shown(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert (
        hashiya("config", "path", HASHIYA_CONFIG=folder).stdout.decode().strip()
        == f"{folder}/config.toml"
    )
    keymap_file(tmp_path, '[keys]\n"edit.undo" = "y"\n')
    assert hashiya("config", "show", HASHIYA_CONFIG=folder).stdout.decode() == (
        'keyboard = "auto"\nbidi = "auto"\ntheme = "dark"\nedit.undo = ["y"]\n'
    )
    keymap_file(tmp_path, '[keys]\n"edit.undo" = "w"\n')
    refused(hashiya("config", "show", HASHIYA_CONFIG=folder), "line 2")
