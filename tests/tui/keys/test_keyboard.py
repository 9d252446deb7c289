"""The keys of other layouts, compared with X.Org's layout files."""

import pytest

from tests.keyboards import BARE, XKB, needs_layouts, needs_names
from tui.keys.keyboard import Keyboard, KeyboardLayout

FILES: dict[KeyboardLayout, str] = {"arabic": "ara", "persian": "ir"}


@needs_layouts
@needs_names
@pytest.mark.parametrize("layout", ["arabic", "persian"])
def test_a_key_is_known_by_what_it_sends_under_a_layout(layout: KeyboardLayout) -> None:
    """Except where it sends ASCII, which means what it says whatever key it came from."""
    for key, sent in XKB[FILES[layout]].items():
        for keyboard in (Keyboard(layout), told_by_its_letters(layout)):
            if sent.isascii() and sent not in "<>":
                assert keyboard.latin(sent) == sent
            elif key.islower() or key in BARE:
                assert keyboard.latin(sent) == key, f"{key} sends {sent!r}"


def told_by_its_letters(layout: KeyboardLayout) -> Keyboard:
    keyboard = Keyboard()
    keyboard.latin("\u06cc" if layout == "persian" else "\u064a")  # both kinds of yeh
    return keyboard


@needs_layouts
@needs_names
@pytest.mark.parametrize("layout", ["arabic", "persian"])
def test_every_bare_command_key_can_be_typed_under_a_layout(layout: KeyboardLayout) -> None:
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
