"""Words, clauses, sentences, paragraphs and grapheme boundaries."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from annotations.language import graphemes, segmentation
from annotations.language.segmentation import Segments
from tests.strategies import texts


def cut(text: str, unit: str) -> list[str]:
    finder = {
        "clause": segmentation.clauses,
        "sentence": segmentation.sentences,
        "word": segmentation.words,
    }
    return [text[start:end] for start, end in finder[unit](text, 0, len(text))]


@given(texts.filter(bool), st.data())
def test_a_grapheme_is_found_from_any_offset_in_it(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text) - 1))
    start, end = graphemes.grapheme_at(text, offset)
    wanted = [match.span() for match in regex.finditer(r"\X", text)]
    assert (start, end) in wanted
    assert start <= offset < end
    assert graphemes.is_boundary(text, start)
    assert graphemes.is_boundary(text, offset) == (start == offset)


@given(texts)
def test_paragraphs_cover_the_text(text: str) -> None:
    assert "".join(text[start:end] for start, end in segmentation.paragraphs(text)) == text


def test_both_commas_and_both_semicolons_end_a_clause() -> None:
    assert cut("a, b\u060c c; d\u061b e: f", "clause") == ["a", "b", "c", "d", "e", "f"]


def test_numbers_times_and_initials_end_nothing() -> None:
    assert cut("at 3.5 and 12:30, 1,000 men of Dr. X. Smith left. Then", "sentence") == [
        "at 3.5 and 12:30, 1,000 men of Dr",
        "X. Smith left",
        "Then",
    ]
    assert cut("at 12:30 1,000 men", "clause") == ["at 12:30 1,000 men"]


def test_quotes_and_brackets_part_clauses_but_not_sentences() -> None:
    assert cut("he said \u00abno\u00bb (twice) today!", "clause") == [
        "he said",
        "no",
        "twice",
        "today",
    ]
    assert cut("he said \u00abno\u00bb (twice) today! Yes\u061f", "sentence") == [
        "he said \u00abno\u00bb (twice) today",
        "Yes",
    ]


def test_a_word_keeps_its_marks_joiners_and_decimals() -> None:
    marked = "\u0628\u0650\u0633\u0652\u0645\u0650"
    assert cut(f"{marked} \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 3.5 46%", "word") == [
        marked, "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "3.5", "46",
    ]  # fmt: skip


def test_motions_cross_paragraphs_and_stop_at_the_ends() -> None:
    text = "one two\n\nthree"
    segments = Segments(text)
    assert [segments.next_start("word", offset) for offset in (0, 4, 8, 9)] == [4, 9, 9, None]
    assert [segments.previous_start("word", offset) for offset in (13, 9, 4, 0)] == [9, 4, 0, None]
    assert segments.at("word", 3) == (4, 7)
    assert segments.at("word", 8) is None
