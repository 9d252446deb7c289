"""What an export promises comes back: by our own readers, and by libraries that are not ours.

The layers are made up, of text as accidents have it; what is to come back is what the loss report
says is carried, and for a format that can carry everything that is the layer itself.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpus.corpus import Corpus
from annotations.errors import FormatError
from annotations.exchange.verify.compare import Comparison, reader_of
from annotations.formats.losses import judge
from annotations.formats.registry import format_named, names
from annotations.formats.writing.choices import CAS, FILES, RULES, TAGS, Choices
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.tokens import Tokens
from annotations.language.graphemes import graphemes
from annotations.model.layer import STATUSES, Document, Layer, Relation, Span
from tests.annotations.formats.exporting import SCHEME, export, path_of, read, said
from tests.libraries import VERIFIES, WRITES, with_libraries
from tests.strategies import texts

READ = [name for name in names() if format_named(name).reader]
KINDS: tuple[Tokens, ...] = ("span-cut", "whitespace")
notes = st.sampled_from(["", "", "ملاحظة", "a\nb", "x|y_*[1];->\\", " \t", "#1\tT1"])


@st.composite
def layers(draw: st.DrawFn) -> tuple[str, Layer]:
    # an article is never empty, has no zero byte, and a mark at its start is dropped
    text = draw(texts.map(lambda made: "." + made.replace("\0", "\1").replace("\x7f", "\u2003")))
    edges = [0]
    for letter in graphemes(text):
        edges.append(edges[-1] + len(letter))
    spans = []
    for number in range(draw(st.integers(0, 8)) if len(edges) > 1 else 0):
        start = draw(st.integers(0, len(edges) - 2))
        end = draw(st.integers(start + 1, min(len(edges) - 1, start + 25)))
        label = draw(st.sampled_from(SCHEME.label_names))
        spans.append(Span(f"s{number}", edges[start], edges[end], label, note=draw(notes)))
    actors = [span.id for span in spans if span.label == "actor"]
    claims = [span.id for span in spans if span.label == "claim"]
    relations = []
    if actors and claims:
        pairs = st.tuples(st.sampled_from(actors), st.sampled_from(claims))
        for number, (head, child) in enumerate(draw(st.sets(pairs, max_size=3))):
            relations.append(Relation(f"r{number}", "claimant", head, child))
    layer = Layer(
        "a",
        Document("a", text).sha256,
        draw(st.sampled_from(["layla", "ليلى ع"])),
        draw(st.sampled_from(["manual", "gold"])),
        status=draw(st.sampled_from(STATUSES)),
        note=draw(notes),
    )
    return text, layer.with_spans(spans).with_relations(relations)


@st.composite
def all_choices(draw: st.DrawFn) -> Choices:
    return Choices(
        clitics=draw(st.sampled_from(["exclude", "include"])),
        tokens=draw(st.sampled_from(KINDS)),
        rule=draw(st.sampled_from(RULES)),
        one_layer=draw(st.booleans()),
        max_width=draw(st.integers(1, 12)),
        tags=draw(st.sampled_from(TAGS)),
        files=draw(st.sampled_from(FILES)),
        cas=draw(st.sampled_from(CAS)),
    )


class _Case:
    """An article with a layer, exported into a folder of its own."""

    def __init__(self, folder: str, text: str, layer: Layer, name: str, choices: Choices) -> None:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        (corpus / "a.txt").write_bytes(text.encode())
        (corpus / "b.txt").write_bytes(b"x")
        self.corpus = Corpus(corpus)
        self.document = Document("a", text, "a.txt")
        self.path = path_of(Path(folder), name)
        (self.fitted,) = export([(self.document, layer)], name, self.path, choices)


def is_written(fitted: Fitted) -> bool:
    """Return whether a format could write an article at all."""
    return not any(
        reason.loss == "characters" for found in fitted.reasons.values() for reason in found
    )


@pytest.mark.parametrize("name", with_libraries(READ, {**WRITES, "huggingface": ("pyarrow",)}))
@settings(max_examples=60)
@given(made=layers(), choices=all_choices())
def test_what_was_promised_is_what_comes_back(
    name: str, made: tuple[str, Layer], choices: Choices
) -> None:
    text, layer = made
    keeps = format_named(name).carries.keeps
    with tempfile.TemporaryDirectory() as folder:
        case = _Case(folder, text, layer, name, choices)
        if not is_written(case.fitted):
            with pytest.raises(FormatError, match="holds no"):
                read(case.path, name, case.corpus)
            return
        reading = read(case.path, name, case.corpus)
        assert reading.refused == []
        promised = case.fitted.layer
        (imported,) = reading.accepted
        assert imported.document.id == "a"
        found, wanted = said(imported.layer, keeps), said(promised, keeps)
        if name == "conll":  # of two spans that are equal it can tell one
            found["spans"], wanted["spans"] = set(found["spans"]), set(wanted["spans"])  # type: ignore[call-overload]
        assert found == wanted


@pytest.mark.parametrize("name", with_libraries(READ))
@settings(max_examples=60)
@given(made=layers())
def test_what_nobody_reports_as_lost_is_not_lost(name: str, made: tuple[str, Layer]) -> None:
    text, layer = made
    with tempfile.TemporaryDirectory() as folder:
        case = _Case(folder, text, layer, name, Choices())
        verdicts = list(judge(layer, case.fitted.layer, case.fitted.reasons))
        carried = {verdict.id for verdict in verdicts if verdict.result in {"carried", "partly"}}
        reading = read(case.path, name, case.corpus)
        back = reading.accepted[0].layer if reading.accepted else Layer("a", "", "nobody")
        extents = {(span.start, span.end, span.label, span.note) for span in back.spans}
        for span in layer.spans:
            there = (span.start, span.end, span.label, span.note) in extents
            assert there or span.id not in carried
        if all(verdict.result == "carried" for verdict in verdicts):
            assert said(back, ()) == said(layer, ())


@pytest.mark.slow
@pytest.mark.parametrize("name", with_libraries(names(), VERIFIES))
@settings(max_examples=25)
@given(made=layers(), choices=all_choices())
def test_another_library_sees_what_was_promised(
    name: str, made: tuple[str, Layer], choices: Choices
) -> None:
    text, layer = made
    with tempfile.TemporaryDirectory() as folder:
        case = _Case(folder, text, layer, name, choices)
        comparison = Comparison([(case.document, layer)], format_named(name), SCHEME, choices)
        reader, _ = reader_of(format_named(name))
        paths = [case.path] if case.path.exists() else sorted(case.path.parent.glob("out.*"))
        assert comparison.check(reader(paths)).faults == []
