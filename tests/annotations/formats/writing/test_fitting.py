"""Fitting layers into formats: every change and loss has a reason."""

import pytest

from annotations.errors import FormatError
from annotations.formats.carries import Carries
from annotations.formats.losses import LOSSES, NOTE, Tally, judge
from annotations.formats.writing.choices import Choices, flat_groups
from annotations.formats.writing.fitting import Fitted, chosen, fit
from annotations.model.layer import Document, Layer, Relation, Span
from annotations.model.scheme import parse_scheme
from tests.annotations.formats.exporting import SCHEME

EVERYTHING = Carries()
FLAT = Carries(flat="only", tokens=True, spaces=False, relations=False)


def fitted(text: str, *spans: tuple[int, int, str], carries: Carries, **choices: object) -> Fitted:
    document = Document("a", text)
    found = [Span(f"s{number}", *span) for number, span in enumerate(spans, 1)]
    layer = Layer("a", document.sha256, "layla").with_spans(found)
    return fit(document, layer, SCHEME, carries, Choices(**choices))  # type: ignore[arg-type]


def extents(found: Fitted) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in found.layer.spans]


def losses(found: Fitted) -> dict[str, list[str]]:
    return {name: [reason.loss for reason in some] for name, some in found.reasons.items()}


def test_a_format_that_carries_everything_changes_nothing() -> None:
    found = fitted("وبالقاهرة ", (2, 10, "actor"), (0, 9, "claim"), carries=EVERYTHING)
    assert extents(found) == [(0, 9, "claim"), (2, 10, "actor")]
    assert found.reasons == {}


def test_proclitics_are_taken_in_where_that_is_asked_for() -> None:
    text = "قال وبالقاهرة والجيش"
    spans = ((6, 13, "location"), (15, 20, "actor"), (6, 20, "claim"))
    found = fitted(text, *spans, carries=EVERYTHING, clitics="include")
    # the claim stays: the scheme has claims include their proclitics as they are
    assert extents(found) == [(4, 13, "location"), (6, 20, "claim"), (14, 20, "actor")]
    assert losses(found) == {"s1": ["clitics"], "s2": ["clitics"]}
    assert "from 6 to 4" in found.reasons["s1"][0].why


def test_a_span_of_white_space_tokens_is_widened_and_told_apart_from_clitics() -> None:
    text = "(مصر) والعدو،"
    found = fitted(
        text, (1, 4, "actor"), (7, 12, "actor"), carries=Carries(tokens=True), tokens="whitespace"
    )
    assert extents(found) == [(0, 5, "actor"), (6, 13, "actor")]
    assert losses(found) == {"s1": ["tokens"], "s2": ["clitics"]}


def test_a_flat_layer_takes_one_of_spans_that_overlap() -> None:
    text = "one two three four"
    spans = ((0, 13, "actor"), (4, 7, "location"), (8, 18, "location"), (0, 13, "location"))
    outermost = fitted(text, *spans, carries=FLAT)
    assert extents(outermost) == [(0, 13, "actor")]
    assert losses(outermost) == {"s2": ["nested"], "s3": ["crossing"], "s4": ["doubled"]}
    innermost = fitted(text, *spans, carries=FLAT, rule="innermost")
    assert extents(innermost) == [(4, 7, "location"), (8, 18, "location")]
    by_label = fitted(text, *spans, carries=FLAT, rule="priority", priority=("location", "actor"))
    assert extents(by_label) == [(0, 13, "location")]


def test_claims_have_a_flat_layer_of_their_own_unless_all_share_one() -> None:
    text = "one two three"
    spans = ((0, 13, "claim"), (0, 3, "actor"), (8, 13, "location"))
    apart = fitted(text, *spans, carries=FLAT)
    assert {name: len(flat) for name, flat in apart.flats.items()} == {"entities": 2, "claim": 1}
    assert apart.reasons == {}
    together = fitted(text, *spans, carries=FLAT, one_layer=True)
    assert extents(together) == [(0, 13, "claim")]
    grouped = fitted(text, *spans, carries=FLAT, groups=(("actor",), ("claim", "location")))
    assert list(grouped.flats) == ["actor", "claim-location"]


def test_white_space_at_the_edges_is_left_out_where_it_has_no_place() -> None:
    found = fitted(" one \n", (0, 5, "actor"), (4, 6, "actor"), carries=FLAT)
    assert extents(found) == [(1, 4, "actor")]
    assert losses(found) == {"s1": ["spaces"], "s2": ["spaces"]}


def test_wide_spans_are_left_out_where_the_reader_has_a_limit() -> None:
    carries = Carries(tokens=True, spaces=False, width=True)
    text = " ".join("abcdefghijklmno")
    found = fitted(text, (0, 23, "claim"), (0, 25, "claim"), carries=carries)
    assert extents(found) == [(0, 23, "claim")]  # twelve words, and not thirteen
    assert "13 words" in found.reasons["s2"][0].why
    assert extents(fitted(text, (0, 25, "claim"), carries=carries, max_width=13))


def relating() -> tuple[Document, Layer]:
    document = Document("a", "one two")
    layer = Layer("a", document.sha256, "layla", note="why?").with_spans(
        [Span("s1", 0, 3, "actor", note="n"), Span("s2", 0, 7, "claim")]
    )
    return document, layer.with_relations([Relation("r1", "claimant", "s1", "s2")])


def test_a_relation_goes_where_one_of_its_ends_is_gone() -> None:
    document, layer = relating()
    carries = Carries(tokens=True, spaces=False, width=True)
    found = fit(document, layer, SCHEME, carries, Choices(max_width=1))
    assert losses(found) == {"s2": ["width"], "r1": ["relations"]}
    assert "s2, which it joins, is left out" in found.reasons["r1"][0].why


def test_the_report_tells_each_item_and_its_counts_add_up() -> None:
    document, layer = relating()
    carries = Carries(relations=False, notes=False, layer_note=False)
    found = fit(document, layer, SCHEME, carries, Choices())
    verdicts = {verdict.id: verdict for verdict in judge(layer, found.layer, found.reasons)}
    assert {name: verdict.result for name, verdict in verdicts.items()} == {
        "s1": "changed", "s2": "carried", "r1": "lost", NOTE: "lost",
    }  # fmt: skip
    tally = Tally()
    tally.add(verdicts.values())
    assert tally.record() == {
        "layers": 1,
        "notes": {"lost": 1},
        "relations": {"lost": 1},
        "spans": {"carried": 1, "changed": 1},
        "losses": {"notes": 2, "relations": 1},
    }
    assert tally.not_allowed(["notes"]) == {"relations": 1}
    assert set(tally.losses) <= set(LOSSES)


def test_what_is_not_chosen_is_no_loss() -> None:
    _, layer = relating()
    assert [span.id for span in chosen(layer, Choices(labels=("claim",))).spans] == ["s2"]
    assert chosen(layer, Choices(labels=("claim",))).relations == ()
    assert chosen(layer, Choices(relations=False)).relations == ()
    assert chosen(layer, Choices()) is layer


def test_a_label_that_the_scheme_has_not_is_told() -> None:
    with pytest.raises(FormatError, match="no label 'person'"):
        flat_groups(SCHEME, Choices(labels=("person",)))


def test_a_scheme_of_one_tinted_label_names_its_layer_after_it() -> None:
    scheme = parse_scheme('[[labels]]\nname = "person"\nkey = "p"\n')
    assert flat_groups(scheme, Choices()) == {"person": ("person",)}
