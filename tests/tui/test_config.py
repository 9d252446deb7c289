"""A keymap of one's own: what it changes, and how its faults are told."""

import random
from pathlib import Path

import pytest

from annotations.model.scheme import DEFAULT_SCHEME
from tests.damage import TIMES, mutated
from tui.config import load_config


def keymap_file(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('"span.fly" = "k"', "no command"),
        ('"span.repeats" = "hyper+y"', "no key"),
        ('"span.repeats" = "w"', "taken by move.word_forward"),
        ('"span.repeats" = "a"', "label actor"),
        ('"span.repeats" = 3', "needs a key"),
        ('"span.repeats" = ["k", 3]', "needs a key"),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_rest_applies(
    tmp_path: Path, entry: str, words: str
) -> None:
    file = keymap_file(tmp_path, f'[keys]\n"edit.undo" = "k"\n{entry}\n"help" = ["f1", "ctrl+g"]\n')
    config, faults = load_config(file, DEFAULT_SCHEME)
    assert dict(config.keymap.overrides) == {"edit.undo": ("k",), "help": ("f1", "ctrl+g")}
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


SETTINGS = b"""keyboard = "persian"
bidi = "visual"
theme = "light"

[keys]
"span.repeats" = "ctrl+g"
"move.word_forward" = ["w", "ctrl+o"]
"""


def test_damaged_settings_are_told_and_the_rest_holds(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for seed in range(400 * TIMES):
        path.write_bytes(mutated(SETTINGS, random.Random(f"config {seed}")))
        config, faults = load_config(path, DEFAULT_SCHEME)
        assert config.keymap.commands_of("reader")
        assert all(isinstance(fault, str) for fault in faults)
