"""The command table: every key means one thing in its place, and every command does something."""

from typing import Any

import pytest

from annotations.model.scheme import DEFAULT_SCHEME
from tui.desk.commands import keymap_of, table
from tui.keys.command import PLACES, Place
from tui.keys.keyboard import Press


@pytest.mark.parametrize("place", PLACES)
def test_no_two_commands_of_a_place_share_a_key(place: Place) -> None:
    keymap = keymap_of()
    keys = [
        key
        for item in {item.id: item for item in keymap.commands_of(place)}.values()
        for key in keymap.keys_of(item.id)
    ]
    assert len(keys) == len(set(keys))


def test_every_command_has_an_id_of_its_own_and_says_what_it_does() -> None:
    commands = table(DEFAULT_SCHEME)
    assert len({command.id for command in commands}) == len(commands)
    assert all(command.help and command.group for command in commands)


def test_every_place_has_commands_and_every_key_leads_to_its_own() -> None:
    keymap = keymap_of()
    for command in table(DEFAULT_SCHEME):
        for key in command.keys:
            found = keymap.command_at(command.place, Press(key, key if len(key) == 1 else ""))
            assert found, (command.id, key)
            assert found.id == command.id
    for place in PLACES:
        assert keymap.own_commands(place), place


def test_a_command_without_keys_is_named_by_the_palette() -> None:
    keymap = keymap_of(overrides={"edit.undo": ()})
    assert keymap.cap("edit.undo") == "Ctrl+p edit.undo"
    assert keymap.fill("{edit.undo} brings {it} back", {"it": "{x}"}) == (
        "Ctrl+p edit.undo brings {x} back"
    )
    assert "edit.undo" not in [item[0] for item in keymap.hints(["edit.undo"])]


def test_a_key_that_was_changed_is_named_wherever_keys_are_named() -> None:
    keymap = keymap_of(overrides={"edit.undo": ("ctrl+y",), "hints.take": ("tab",)})
    assert keymap.cap("edit.undo") == "Ctrl+y"
    assert [hint[:2] for hint in keymap.hints(["edit.undo"])] == [("Ctrl+y", "undo")]
    assert keymap.command_at("reader", Press("u", "u")) is None
    found: Any = keymap.command_at("hints", Press("tab"))
    assert found.id == "hints.take"
