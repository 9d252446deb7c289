"""Folding for search and repeats, with the way back to raw offsets."""

import pytest
from hypothesis import given

from annotations.language.folding import fold, fold_with_origins
from tests.paths import SEEDS
from tests.strategies import texts

ARTICLES = sorted(SEEDS.glob("*.txt"))


@pytest.mark.parametrize(
    ("word", "hits"),
    [
        ("\u0633\u0648\u0631\u064a\u0627", (7, 0, 5, 5, 0)),
        ("\u0633\u0648\u0631\u064a\u0629", (0, 11, 2, 3, 4)),
        ("\u0627\u0644\u064a", (7, 25, 4, 12, 8)),
        ("\u0625\u0644\u0649", (7, 25, 4, 12, 8)),
        ("\u0627\u0644\u0646\u0638\u0627\u0645", (0, 0, 3, 1, 14)),
    ],
)
def test_a_word_is_found_however_it_is_spelled(word: str, hits: tuple[int, ...]) -> None:
    counts = tuple(fold(path.read_text("utf-8")).count(fold(word)) for path in ARTICLES)
    assert counts == hits


def test_marked_text_is_found_at_its_raw_offsets() -> None:
    text = ARTICLES[4].read_text("utf-8")
    folded = fold_with_origins(text)
    needle = fold("\u0634\u0643 \u0623\u0646")
    at = folded.folded.index(needle)
    start, end = folded.raw_range(at, at + len(needle))
    assert text[start:end] == "\u0634\u0643\u064e\u0651 \u0623\u0646\u064e\u0651"


def test_one_ligature_folds_to_many_letters_and_back_to_itself() -> None:
    folded = fold_with_origins("a\ufdfab")
    assert len(folded.folded) == 20
    assert folded.raw_range(1, 19) == (1, 2)


@given(texts)
def test_folding_in_parts_is_folding_the_whole(text: str) -> None:
    folded = fold_with_origins(text)
    assert folded.folded == fold(text)
    assert len(folded.origins) == len(folded.folded) + 1
    assert list(folded.origins) == sorted(folded.origins)
