"""Hints: unique, prefix-free, stable, one for every word."""

from itertools import pairwise

import regex
from hypothesis import given
from hypothesis import strategies as st

from annotations.language.clitics import Vocabulary
from annotations.language.segmentation import Segments, words
from tests.strategies import texts
from tui.desk.hints import Hinting, Target, hint_keys, make_hints
from tui.desk.units import Units

LETTERS = "jfkdhgsuieownmvtpybxzq"


@given(st.integers(0, 600), st.integers(2, 26))
def test_hints_are_unique_and_none_begins_another(count: int, size: int) -> None:
    keys = hint_keys(count, "abcdefghijklmnopqrstuvwxyz"[:size])
    assert len(keys) == min(count, len(keys))
    if count <= size * size:
        assert len(keys) == count
    assert len(set(keys)) == len(keys)
    assert not any(one != other and other.startswith(one) for one in keys for other in keys)


@given(st.integers(1, 120), st.integers(0, 800))
def test_the_nearest_targets_ahead_have_one_key(count: int, cursor: int) -> None:
    targets = [Target(8 * index, 8 * index + 5) for index in range(count)]
    hints = make_hints(targets, cursor, "alcr")
    assert [hint.target for hint in hints] == targets
    ahead = [hint for hint in hints if hint.target.end > cursor][:9]
    assert all(len(hint.keys) == 1 for hint in ahead)
    assert not set("alcr") & set("".join(hint.keys for hint in hints))


@given(st.integers(1, 200), st.data())
def test_typing_a_hint_chooses_its_target_and_backspace_steps_back(
    count: int, data: st.DataObject
) -> None:
    targets = [Target(index, index + 1) for index in range(count)]
    hints = make_hints(targets, 0, "")
    hint = data.draw(st.sampled_from(hints))
    state: Hinting | Target | None = Hinting(hints)
    for letter in hint.keys:
        assert isinstance(state, Hinting)
        before = state
        state = state.type(letter)
        if isinstance(state, Hinting):
            assert state.hints == before.hints
            assert state.back() == before
    assert state == hint.target


@given(texts.filter(bool))
def test_every_word_is_offered_with_whole_letters(text: str) -> None:
    segments = Segments(text)
    units = Units(segments, Vocabulary([text])).between(0, len(text))
    stops = [match.start() for match in regex.finditer(r"\X", text)] + [len(text)]
    offered = {offset for unit in units for offset in range(unit.start, unit.end)}
    for start, end in words(text, 0, len(text)):
        assert offered >= set(range(start, end))
    for unit in units:
        assert unit.start <= unit.cut < unit.end
        assert {unit.start, unit.cut, unit.end} <= set(stops)
    for one, other in pairwise(units):
        assert one.end <= other.start
