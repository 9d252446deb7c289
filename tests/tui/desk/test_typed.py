"""A line that is typed, in logical order, whatever the terminal sends for a letter."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.desk.commands import keymap_of
from tui.desk.typed import Typed, TypedLine
from tui.keys.keyboard import Press

KEYMAP = keymap_of()
ALEPPO = "\u062d\u0644\u0628"


def after(line: Typed, keys: Iterable[str]) -> Typed:
    """Press keys in a line that is typed."""
    holder = TypedLine()
    holder.typed = line
    for key in keys:
        press = Press(key, key if len(key) == 1 else "")
        command = KEYMAP.command_at("typing", press)
        if command:
            command.run(holder)
        else:
            holder.type(press)
    return holder.typed


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("abc", "abc"),
        (ALEPPO, ALEPPO),
        ("\ufefb", "\u0644\u0627"),  # one key sends lam and alef as one form
        ("\ufef7", "\u0644\u0623"),
        ("\ufea3\ufee0\ufe90", ALEPPO),  # shaped letters, pasted
        ("\u0645\u064e", "\u0645\u064e"),
        (
            "\u0646\u0645\u06cc\u200c\u062e",
            "\u0646\u0645\u06cc\u200c\u062e",
        ),  # a joiner is spelling
        ("a\nb\tc\x1b[31m\0", "abc[31m"),
        ("\u202ea\u2067", "a"),
        ("\uff21\u00bd", "\uff21\u00bd"),  # only Arabic forms are put right
    ],
)
def test_what_is_typed_is_what_the_letters_stand_for(sent: str, text: str) -> None:
    assert Typed().insert(sent) == Typed(text, len(text))


@pytest.mark.parametrize(
    ("line", "keys", "text", "cursor"),
    [
        (Typed("abc", 3), ["backspace"], "ab", 2),
        (Typed("abc", 0), ["backspace"], "abc", 0),
        (Typed("\u0645\u064e", 2), ["backspace"], "\u0645", 1),  # the mark goes before its letter
        (Typed("abc", 1), ["x", "space"], "ax bc", 3),
        (Typed("abc", 1), ["end", "x"], "abcx", 4),
        (Typed("abc", 3), ["home", "x"], "xabc", 1),
        (Typed("abc", 3), ["left", "left", "right"], "abc", 2),
        # in Arabic the letter at the left is the next one
        (Typed(ALEPPO, 0), ["left"], ALEPPO, 1),
        (Typed(ALEPPO, 2), ["right"], ALEPPO, 1),
        (Typed(ALEPPO, 2), ["left"], ALEPPO, 3),
        (Typed(ALEPPO, 3), ["right"], ALEPPO, 2),
        # the two letters of a lam-alef are stepped through one by one
        (Typed("\u0644\u0627", 0), ["left"], "\u0644\u0627", 1),
        (Typed("abc", 1), ["f5", "ctrl+a"], "abc", 1),
    ],
)
def test_what_keys_do_to_a_line(line: Typed, keys: list[str], text: str, cursor: int) -> None:
    line = after(line, keys)
    assert (line.text, line.cursor) == (text, cursor)


@given(st.text("ab \u062d\u0644\u0627\u064e", max_size=20), st.data())
def test_what_is_typed_in_the_middle_and_erased_leaves_the_line_as_it_was(
    text: str, data: st.DataObject
) -> None:
    line = Typed(text, data.draw(st.integers(0, len(text))))
    typed = data.draw(st.text("xy\u0645\u064b", max_size=8))
    longer = after(line, typed)
    assert longer.text == text[: line.cursor] + typed + text[line.cursor :]
    assert after(longer, ["backspace"] * len(typed)) == line
