"""Grapheme clusters are those of UAX #29, from wherever they are asked for, up to a length."""

import itertools

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotations.language import graphemes as module
from annotations.language.graphemes import LONGEST, grapheme_at, graphemes, is_boundary, snap

CLUSTER = regex.compile(r"\X")
ODD = "ا\u064b\u200d\U0001f469\U0001f1f8\u1100\u1161\u11a8\u0600\r\n\t\u200b中 a\u0308\u0915\u094d\ufe0f"
odd_texts = st.text(st.sampled_from(ODD), max_size=300)


def by_regex(text: str) -> list[str]:
    """Cut a text with the library regex, and what is too long again and again."""
    return [
        cluster[start : start + LONGEST]
        for cluster in CLUSTER.findall(text)
        for start in range(0, len(cluster), LONGEST)
    ]


def test_whatever_stands_before_a_plain_code_point_a_cluster_ends_there_unless_it_is_prepended() -> (
    None
):
    plain = regex.compile(f"[{module._PLAIN}]")
    first = "aا\u064b\u200d\U0001f1f8\u1100中 \t\u0915"
    for code in range(0x3000):
        char = chr(code)
        if plain.match(char):
            for before in first:
                assert CLUSTER.findall(before + char) == [before, char], hex(code)


@given(odd_texts)
def test_clusters_are_those_of_unicode(text: str) -> None:
    assert graphemes(text) == by_regex(text)


@given(odd_texts, st.integers(0, 300))
def test_a_cluster_is_the_same_from_each_of_its_offsets(text: str, repeats: int) -> None:
    text += "\u064b" * repeats + "x"
    offset = 0
    for cluster in by_regex(text):
        for inside in range(offset, offset + len(cluster)):
            assert grapheme_at(text, inside) == (offset, offset + len(cluster))
            assert is_boundary(text, inside) == (inside == offset)
        offset += len(cluster)


@pytest.mark.parametrize(
    "text",
    ["ا" + "\u064b" * 5000, "\U0001f468" + "\u200d\U0001f469" * 3000, "\u0600" * 3000 + "a",
     "\u0600a" * 3000, "\U0001f1f8" * 3001, "\r" * 3000 + "\n", "中" * 3000, "\u1100" * 3000,
     "a\u064b" * 3000],
    ids=ascii,
)  # fmt: skip
def test_however_much_stands_together_no_cluster_is_longer_than_it_may_be(text: str) -> None:
    whole = f"x{text}y"
    starts = list(itertools.accumulate(map(len, graphemes(whole))))
    assert starts[-1] == len(whole)
    assert graphemes(whole) == by_regex(whole)
    for offset in range(0, len(whole), 97):
        start, end = grapheme_at(whole, offset)
        assert start <= offset < end <= start + LONGEST
        assert start in (0, *starts)
        assert snap(whole, start, end) == (start, end)
