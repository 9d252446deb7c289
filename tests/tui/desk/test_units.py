"""The words that a label offers, with and without their proclitics, however long the article."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.language.clitics import Vocabulary
from annotations.language.segmentation import Segments
from tui.desk.units import Unit, Units

AND_CAIRO = "\u0648\u0627\u0644\u0642\u0627\u0647\u0631\u0629"  # wa + al-qahira
AND_TO_IRAN = "\u0648\u0644\u0625\u064a\u0631\u0627\u0646"  # wa + li + iran
IRAN = AND_TO_IRAN[2:]
ALEPPO = "\u062d\u0644\u0628"


def units_of(text: str, *attested: str) -> Units:
    return Units(Segments(text), Vocabulary(attested))


@pytest.mark.parametrize(
    ("text", "attested", "wanted"),
    [
        ("one two", [], [(0, 3, 0), (4, 7, 4)]),
        # "and" goes off before the article, attested or not
        (AND_CAIRO, [], [(0, 8, 1)]),
        # "and to" goes off where the rest is a word of the corpus
        (AND_TO_IRAN, [], [(0, 7, 0)]),
        (AND_TO_IRAN, [IRAN], [(0, 7, 2)]),
        # a word and a number written together are two units
        (f"{ALEPPO}2016", [], [(0, 3, 0), (3, 7, 3)]),
        # and so are two attested words with an "and" between them
        (
            "\u062f\u0645\u0634\u0642\u0648\u062d\u0645\u0627\u0647",
            ["\u062f\u0645\u0634\u0642", "\u062d\u0645\u0627\u0647"],
            [(0, 4, 0), (4, 9, 5)],
        ),
        ("\u062f\u0645\u0634\u0642\u0648\u062d\u0645\u0627\u0647", [], [(0, 9, 0)]),
        (" ,. \n", [], []),
        ("", [], []),
    ],
)
def test_the_units_of_a_text(
    text: str, attested: list[str], wanted: list[tuple[int, int, int]]
) -> None:
    found = units_of(text, *attested).between(0, len(text)) if text else []
    assert [(unit.start, unit.end, unit.cut) for unit in found] == wanted


def test_a_unit_begins_where_its_label_wants_proclitics() -> None:
    unit = Unit(10, 18, 11)
    assert unit.begin(exclude_clitics=True) == 11
    assert unit.begin(exclude_clitics=False) == 10


@pytest.mark.parametrize(
    ("word", "round_"),
    [(AND_CAIRO, [0, 1, 0]), (AND_TO_IRAN, [0, 1, 2, 0]), (ALEPPO, [0, None]), ("one", [0, None])],
)
def test_the_cuts_of_a_word_go_round(word: str, round_: list[int | None]) -> None:
    units = units_of(f"x {word} x")
    for here, after in pairwise(round_):
        assert here is not None
        found = units.next_cut(2 + here)
        assert found == (None if after is None else 2 + after)


def test_between_words_nothing_can_be_cut() -> None:
    assert units_of(f"{AND_CAIRO} , x").next_cut(9) is None


# for words of Latin letters a plain search finds the same; long enough to be cut into blocks
long_texts = st.builds(
    lambda words, ends, times: "".join(map("".join, zip(words, ends, strict=True))) * times,
    st.lists(st.text("abc", min_size=1, max_size=12), min_size=6, max_size=6),
    st.lists(st.sampled_from([" ", " ", " ", ", ", "\n"]), min_size=6, max_size=6),
    st.sampled_from([1, 40, 400]),
)


@given(long_texts, st.data())
def test_units_are_found_wherever_a_long_text_is_cut_into_blocks(
    text: str, data: st.DataObject
) -> None:
    units = units_of(text)
    wanted = [match.span() for match in re.finditer("[abc]+", text)]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    found = [(unit.start, unit.end) for unit in units.between(start, end)]
    assert found == [span for span in wanted if start <= span[0] < end]
    offset = data.draw(st.integers(0, len(text) - 1))
    later = [span for span in wanted if span[0] >= offset]
    earlier = [span for span in wanted if span[1] <= offset]
    after, before = units.neighbour(offset, 1), units.neighbour(offset, -1)
    assert (after and (after.start, after.end)) == (later[0] if later else None)
    assert (before and (before.start, before.end)) == (earlier[-1] if earlier else None)
    covering = [span for span in wanted if span[0] <= offset < span[1]]
    if covering:
        at = units.at(offset)
        assert at
        assert (at.start, at.end) == covering[0]
