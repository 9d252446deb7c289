"""What the app can make of any text, check and import accept."""

from hypothesis import given
from hypothesis import strategies as st

from annotations.language.clitics import Vocabulary
from annotations.language.segmentation import Segments
from annotations.model.layer import Document, Layer, Span, faults_of
from annotations.model.scheme import DEFAULT_SCHEME
from tests.strategies import texts
from tui.desk.pointing import Pointing
from tui.desk.units import Units

ODD = st.text(
    st.sampled_from(
        "\U0001f468\u200d\U0001f469\U0001f1f8\u064b\u0640\u200c\u0600\u1100\u1161\u0915\u094d"
    )
    | st.sampled_from("ابوالفة وa1. \n\r\t،()\ufe0f\u0308\ufdfa\u200b\u2067\u2069"),
    min_size=1,
    max_size=80,
)


def faults(text: str, ranges: list[tuple[int, int]]) -> list[str]:
    document = Document("a", text)
    spans = {
        Span(f"s{number}", start, end, "actor")
        for number, (start, end) in enumerate(sorted(set(ranges)))
        if start < end
    }
    layer = Layer("a", document.sha256, "layla").with_spans(spans)
    return [fault.says for fault in faults_of(layer, text, DEFAULT_SCHEME)]


@given(ODD | texts.filter(bool))
def test_each_word_that_a_hint_stands_on_can_be_a_span(text: str) -> None:
    units = Units(Segments(text), Vocabulary([])).between(0, len(text))
    ranges = [(unit.start, unit.end) for unit in units] + [(unit.cut, unit.end) for unit in units]
    assert not faults(text, ranges)


@given(ODD | texts.filter(bool), st.lists(st.integers(0, 90), max_size=6))
def test_each_unit_that_is_selected_can_be_a_span(text: str, offsets: list[int]) -> None:
    segments = Segments(text)
    pointing = Pointing(text, 0)
    ranges = []
    for offset in offsets:
        pointing.move_to(min(offset, len(text) - 1))
        for unit in ("word", "clause", "sentence", "paragraph"):
            found = segments.at(unit, pointing.cursor)
            if found:
                ranges.append(found)
    assert not faults(text, ranges)
