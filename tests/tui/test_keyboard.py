"""The keys of other layouts, compared with X.Org's layout files."""

import pytest
from textual.actions import parse

from tests.keyboards import XKB, needs_layouts, needs_names
from tui.app import HashiyaApp
from tui.desk.commands import COMMANDS, Keymap
from tui.desk.reading import Reading
from tui.keys.keyboard import Keyboard, Layout
from tui.screens.help import HelpScreen
from tui.screens.library import LibraryScreen
from tui.screens.reader import ReaderScreen

FILES: dict[Layout, str] = {"arabic": "ara", "persian": "ir"}
BARE = sorted(
    {
        key
        for place in sorted({command.place for command in COMMANDS})
        for command in Keymap().commands_of(place)
        for key in command.keys
        if len(key) == 1
    }
)


@needs_layouts
@needs_names
@pytest.mark.parametrize("layout", ["arabic", "persian"])
def test_a_key_is_known_by_what_it_sends_under_a_layout(layout: Layout) -> None:
    """Except where it sends ASCII, which means what it says whatever key it came from."""
    for key, sent in XKB[FILES[layout]].items():
        for keyboard in (Keyboard(layout), told_by_its_letters(layout)):
            if sent.isascii() and sent not in "<>":
                assert keyboard.latin(sent) == sent
            elif key.islower() or key in BARE:
                assert keyboard.latin(sent) == key, f"{key} sends {sent!r}"


def told_by_its_letters(layout: Layout) -> Keyboard:
    keyboard = Keyboard()
    keyboard.latin("\u06cc" if layout == "persian" else "\u064a")  # both kinds of yeh
    return keyboard


@needs_layouts
@needs_names
@pytest.mark.parametrize("layout", ["arabic", "persian"])
def test_every_bare_command_key_can_be_typed_under_a_layout(layout: Layout) -> None:
    keyboard = Keyboard(layout)
    typed = {keyboard.latin(sent) for sent in XKB[FILES[layout]].values()}
    assert set(BARE) <= typed


def test_the_first_letter_that_one_layout_alone_has_tells_which_is_on() -> None:
    keyboard = Keyboard()
    before = keyboard.layout
    assert keyboard.latin("\u0634") == "a"  # both have sheen on a
    assert keyboard.layout == before
    assert keyboard.latin("\u0686") == "]"  # tcheh: Persian
    assert keyboard.latin("\u0637") == "x"  # tah
    assert keyboard.latin("\u0649") == "n"  # alef maksura: Arabic
    assert keyboard.latin("\u0637") == "'"


def test_a_layout_that_was_set_is_never_changed() -> None:
    keyboard = Keyboard("persian")
    assert keyboard.latin("\u0649") == "n"
    assert keyboard.latin("\u0637") == "x"
    assert keyboard.latin("\u0624") == "A"  # Shift and a, not the c of the Arabic layout


def test_who_writes_persian_begins_with_the_persian_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fa_IR.UTF-8")
    assert Keyboard().latin("\u0637") == "x"
    monkeypatch.setenv("LC_ALL", "ar_SY.UTF-8")
    assert Keyboard().latin("\u0637") == "'"


def test_digits_of_any_script_are_digits() -> None:
    assert [Keyboard().latin(digit) for digit in "7\u0667\u06f7"] == ["7", "7", "7"]


def test_no_two_commands_of_a_place_share_a_key() -> None:
    for place in {command.place for command in COMMANDS}:
        keys = [key for command in Keymap().commands_of(place) for key in command.keys]
        assert len(keys) == len(set(keys)), place


def test_every_command_leads_somewhere() -> None:
    screens = {"library": LibraryScreen, "reader": ReaderScreen, "page": HelpScreen}
    for command in COMMANDS:
        namespace, name, _ = parse(command.action)
        owner = {"reading": Reading, "app": HashiyaApp}.get(namespace)
        for screen in [screens[command.place]] if command.place in screens else []:
            assert hasattr(owner or screen, name if namespace == "reading" else f"action_{name}")
