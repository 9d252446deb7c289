"""Spans are found again by what they cover and what stands around them, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.model.layer import Document, Layer, Relation, Span
from annotations.store.layer_file import SpanRow
from annotations.upkeep.reanchoring import FoundAgain, find_again


def noted(text: str, start: int, end: int, span_id: str = "s1") -> SpanRow:
    """Note of a span what its row in a layer file does."""
    return SpanRow(
        span_id,
        start,
        end,
        "actor",
        text=text[start:end],
        before=text[max(0, start - 8) : start],
        after=text[end : end + 8],
    )


def look(old: str, new: str, covered: str) -> FoundAgain:
    """Look in a new text for the one place of some words in an old one."""
    start = old.index(covered)
    layer = Layer("a", Document("a", old).sha256, "layla")
    layer = layer.with_spans([Span("s1", start, start + len(covered), "actor", note="who?")])
    return find_again(layer, [noted(old, start, start + len(covered))], Document("a", new))


@pytest.mark.parametrize(
    ("old", "new", "covered", "start"),
    [
        ("the army left Aleppo", "the army left Aleppo", "army", 4),
        ("the army left Aleppo", "Today: the army left Aleppo", "army", 11),
        ("the army left Aleppo", "the army\nleft Aleppo", "Aleppo", 14),
        # of two places the one with more of what stood around
        ("the army left Aleppo", "an army came. the army left Aleppo", "army", 18),
        # half of what stood around is enough, and less is not
        ("abcdefgh SPAN abcdefgh", "abcdefgh SPAN 12345678", "SPAN", 9),
        ("abcdefgh SPAN abcdefgh", "12345678 SPAN 12345678", "SPAN", None),
        # what it covers must stand there exactly
        ("the army left Aleppo", "the armies left Aleppo", "army", None),
        ("the army left Aleppo", "", "army", None),
        # a tie is not decided
        ("on army on", "on army on and on army on", "army", None),
        # a letter is never parted from its marks
        ("x \u0645 y", "x \u0645\u064e y", "\u0645", None),
    ],
)
def test_a_span_is_where_its_words_and_their_surroundings_are(
    old: str, new: str, covered: str, start: int | None
) -> None:
    found = look(old, new, covered)
    if start is None:
        assert [span.id for span in found.lost] == ["s1"]
        assert found.layer.spans == ()
    else:
        assert found.lost == ()
        (span,) = found.layer.spans
        assert (span.start, span.end) == (start, start + len(covered))
        assert (span.label, span.note, span.source) == ("actor", "who?", "moved")


def test_what_is_found_is_a_suggestion_for_the_new_text() -> None:
    layer = look("the army left", "so the army left", "army").layer
    assert layer.kind == "suggestion"
    assert layer.text_sha256 == Document("a", "so the army left").sha256
    assert layer.annotator == "layla"


def test_a_relation_is_kept_where_both_its_spans_are_found() -> None:
    old, new = "Ali says: it rains. Omar denies", "Ali says: it rains. No"
    spans = [Span("s1", 0, 3, "actor"), Span("s2", 10, 18, "claim"), Span("s3", 20, 24, "actor")]
    relations = [Relation("r1", "claimant", "s1", "s2"), Relation("r2", "claimant", "s3", "s2")]
    layer = Layer("a", "", "layla").with_spans(spans).with_relations(relations)
    rows = [noted(old, span.start, span.end, span.id) for span in spans]
    found = find_again(layer, rows, Document("a", new))
    assert [span.id for span in found.layer.spans] == ["s1", "s2"]
    assert [relation.id for relation in found.layer.relations] == ["r1"]
    assert [span.id for span in found.lost] == ["s3"]


@pytest.mark.parametrize(
    "rows", [[], [SpanRow("s1", 0, 3, "actor")], [SpanRow("s2", 0, 3, "actor", text="Ali")]]
)
def test_a_span_of_which_nothing_was_noted_is_lost(rows: list[SpanRow]) -> None:
    layer = Layer("a", "", "layla").with_spans([Span("s1", 0, 3, "actor")])
    assert [span.id for span in find_again(layer, rows, Document("a", "Ali")).lost] == ["s1"]


@given(
    st.text("ab \u0645\u0644", min_size=1, max_size=40),
    st.text("ab \u0645\u0644", max_size=40),
    st.data(),
)
def test_words_that_occur_once_move_with_what_was_put_before_the_text(
    old: str, put: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(old)))
    old = old[:start] + "\u062d\u0644\u0628" + old[start:]
    (span,) = look(old, put + old, "\u062d\u0644\u0628").layer.spans
    assert span.start == len(put) + start
