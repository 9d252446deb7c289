"""Where a word may be cut: the examples of the annotation guide."""

import pytest

from annotations.language.clitics import Vocabulary, default_cut, glued_parts, possible_cuts

ATTESTED = Vocabulary(
    [
        "\u0627\u0644\u0642\u0627\u0647\u0631\u0629 \u0633\u0648\u0631\u064a\u0627 \u0627\u0644\u0639\u0631\u0627\u0642 \u0625\u064a\u0631\u0627\u0646 \u0627\u0644\u062c\u0645\u0627\u0639\u0627\u062a \u0643\u0627\u0646 \u0623\u0646 \u0648\u0632\u064a\u0631"
    ]
)


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("\u0648\u0627\u0644\u0642\u0627\u0647\u0631\u0629", 1),  # and + Cairo
        ("\u0648\u0628\u0627\u0644\u0642\u0627\u0647\u0631\u0629", 2),  # and + in + Cairo
        ("\u0644\u0625\u064a\u0631\u0627\u0646", 1),  # to + Iran
        (
            "\u0644\u0644\u062c\u0645\u0627\u0639\u0627\u062a",
            1,
        ),  # to + the groups, whose alef is gone
        ("\u0648\u0632\u064a\u0631", 0),  # minister, which only begins like an and
        ("\u0643\u0627\u0646", 0),
        ("\u0633\u0648\u0631\u064a\u0627", 0),
    ],
)
def test_a_proclitic_is_cut_off_where_the_rest_is_a_word(word: str, cut: int) -> None:
    assert default_cut(word, ATTESTED) == cut


def test_a_marked_word_is_cut_between_letters() -> None:
    assert possible_cuts("\u0648\u064e\u0628\u0650\u0633\u0648\u0631\u064a\u0627") == [0, 2, 4]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("\u0633\u0648\u0631\u064a\u0627\u0648\u0627\u0644\u0639\u0631\u0627\u0642", [5]),
        ("\u0639\u0627\u06452011", [3]),
        ("\u0644\u0645\u062f\u062910", [4]),
        ("\u0627\u0644\u0642\u0627\u0647\u0631\u0629", []),
        ("T4", []),
    ],
)
def test_words_written_together_are_offered_apart(word: str, parts: list[int]) -> None:
    assert glued_parts(word, ATTESTED) == parts
