"""Tokens give the text back exactly, and stand where spans begin and end."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import MissingExtraError
from annotations.formats.writing.sentences import parted
from annotations.formats.writing.tokens import Token, Tokens, covering, tokenize
from annotations.language.graphemes import graphemes
from annotations.model.layer import Span
from tests.libraries import needs_libraries
from tests.strategies import texts


def edges_of(text: str) -> list[int]:
    edges = [0]
    for letter in graphemes(text):
        edges.append(edges[-1] + len(letter))
    return edges


@st.composite
def with_spans(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(texts.filter(bool))
    edge = st.sampled_from(edges_of(text))
    pairs = draw(st.lists(st.tuples(edge, edge), max_size=6))
    return text, [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


def joined(text: str, tokens: list[Token]) -> str:
    return "".join(token.text(text) + " " * token.space for token in tokens)


@given(with_spans(), st.sampled_from(["span-cut", "whitespace"]))
def test_tokens_joined_back_are_the_text(
    made: tuple[str, list[tuple[int, int]]], kind: Tokens
) -> None:
    text, spans = made
    tokens = tokenize(text, kind, spans)
    assert joined(text, tokens) == text
    assert all(token.start < token.end for token in tokens)
    assert all(token.blank != bool(token.text(text).strip()) for token in tokens)


@given(with_spans())
def test_every_span_is_made_of_whole_tokens(made: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = made
    tokens = tokenize(text, "span-cut", spans)
    for start, end in spans:
        first, last = covering(tokens, start, end)
        assert (tokens[first].start, tokens[last].end) == (start, end)


@needs_libraries("spacy")
@given(with_spans())
def test_spacy_takes_the_tokens_as_they_are(made: tuple[str, list[tuple[int, int]]]) -> None:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    text, spans = made
    tokens = tokenize(text, "span-cut", spans)
    words = [token.text(text) for token in tokens]
    doc = Doc(Vocab(), words=words, spaces=[token.space for token in tokens])
    assert doc.text == text
    for start, end in spans:
        found = doc.char_span(start, end)
        assert found is not None
        assert (found.start_char, found.end_char) == (start, end)


@pytest.mark.parametrize(
    ("kind", "spans", "words"),
    [
        ("span-cut", [], "وبالقاهرة | قالَ | ، | ( | Egypt | ) | 3.5 | % | . | . | ."),
        ("span-cut", [(2, 9)], "وب | القاهرة | قالَ | ، | ( | Egypt | ) | 3.5 | % | . | . | ."),
        ("whitespace", [(2, 9)], "وبالقاهرة | قالَ، | (Egypt) | 3.5%..."),
    ],
)
def test_what_a_token_is(kind: Tokens, spans: list[tuple[int, int]], words: str) -> None:
    text = "وبالقاهرة قالَ، (Egypt)  3.5%...\n"
    found = [token.text(text) for token in tokenize(text, kind, spans) if not token.blank]
    assert found == words.split(" | ")


def test_a_word_with_a_lam_alef_is_cut_where_a_span_begins() -> None:
    text = "ولإيران ثم"  # wa + li + Iran: the span begins inside the lam-alef
    tokens = tokenize(text, "span-cut", [(2, 7)])
    assert [token.text(text) for token in tokens] == ["ول", "إيران", "ثم"]


def test_camel_tools_cuts_as_it_does_by_itself() -> None:
    word = pytest.importorskip("camel_tools.tokenizers.word")
    text = "قالَ وبالقاهرة، (Egypt)  100%\tلا\n"
    tokens = tokenize(text, "camel")
    assert joined(text, tokens) == text
    found = [token.text(text) for token in tokens if not token.blank]
    assert found == word.simple_word_tokenize(text)


def test_without_camel_tools_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "camel_tools.tokenizers.word", None)
    with pytest.raises(MissingExtraError) as caught:
        tokenize("x", "camel")
    assert "hashiya[camel]" in caught.value.hint


@given(with_spans())
def test_no_sentence_ends_inside_a_span(made: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = made
    tokens = tokenize(text, "span-cut", spans)
    rows = parted(text, tokens, [Span("s", *span, "actor") for span in spans])
    assert [token for row in rows for token in row] == [
        token for token in tokens if not token.blank
    ]
    for row in rows[1:]:
        for start, end in spans:
            inside = [token for token in tokens if not token.blank and start <= token.start < end]
            assert row[0] not in inside[1:]


def test_sentences_end_where_arabic_ends_them() -> None:
    text = "قال. ثم ذهب؟\nعاد"
    rows = parted(text, tokenize(text, "span-cut"), [])
    assert [[token.text(text) for token in row] for row in rows] == [
        ["قال", "."], ["ثم", "ذهب", "؟"], ["عاد"],
    ]  # fmt: skip
