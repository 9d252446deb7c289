"""A filter selects the same articles in the index as it matches one by one."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpus.corpus import Corpus
from annotations.library.filling import fill_index
from annotations.library.filters import Filter, FilterError, Sort, parse_filter
from annotations.library.index import Index
from annotations.model.layer import STATUSES, Document, Layer, Span
from annotations.store.layer_file import write
from annotations.store.store import Store
from annotations.team.assignment import Assignment, write_assignment

LABELS = ("actor", "claim")
words = st.one_of(
    st.sampled_from(["mine", "assigned:omar", "assigned:nobody", "note:", "note:Ask", "note:%"]),
    st.sampled_from([f"status:{status}" for status in STATUSES]),
    st.builds(
        lambda name, sign, number: f"{name}{sign}{number}",
        st.sampled_from([*LABELS, "spans", "length"]),
        st.sampled_from(["<", "<=", "=", ">=", ">"]),
        st.integers(0, 12),
    ),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Ten articles of different length, state and spans, some of them assigned."""
    folder = tmp_path_factory.mktemp("project")
    store = Store(folder / ".hashiya")
    for number in range(10):
        text = "x" * (number + 1)
        (folder / f"{number}.txt").write_text(text)
        if number % 3:
            document = Document(str(number), text)
            status = STATUSES[number % len(STATUSES)]
            note = ("", "ask the lead", "100%")[number % 3]
            layer = Layer(
                document.id, document.sha256, "layla", status=status, note=note, revision=1
            )
            spans = [Span(f"s{n}", 0, 1, LABELS[n % 2]) for n in range(number)]
            path = store.path(document.id, "layla").layer
            path.parent.mkdir(parents=True)
            write(path, layer.with_spans(spans), text, None)
    given = {str(number): ("layla", "omar")[number % 2 :] for number in range(0, 10, 2)}
    write_assignment(store.root, Assignment(given))
    opened = Index(folder / "index")
    fill_index(opened, Corpus(folder), store, lambda _: True)
    yield opened
    opened.close()


@settings(max_examples=200)
@given(st.lists(words, max_size=3))
def test_what_a_filter_selects_is_what_it_matches(index: Index, typed: list[str]) -> None:
    chosen = parse_filter(" ".join(typed), LABELS)
    every = index.rows("layla", index.view("layla", Filter(), Sort.CORPUS))
    assert len(every) == 10
    asked = "SELECT annotator FROM assignments WHERE document_id = ?"
    assigned = {
        row.id: [name for (name,) in index.database.execute(asked, (row.id,))] for row in every
    }
    matching = [row.number for row in every if chosen.matches(row, assigned[row.id])]
    assert list(index.view("layla", chosen, Sort.CORPUS)) == matching


@pytest.mark.parametrize("typed", ["status:", "status:x", "person>3", "actor>=3>4"])
def test_what_looks_like_a_condition_and_is_none_is_refused(typed: str) -> None:
    with pytest.raises(FilterError):
        parse_filter(typed, LABELS)


def test_other_words_are_looked_for_in_the_text_and_a_huge_number_is_no_fault() -> None:
    chosen = parse_filter("claim>" + "9" * 5000 + " \u0623\u062d\u0645\u062f", LABELS)
    assert chosen.text == "\u0627\u062d\u0645\u062f"
    assert len(chosen.conditions) == 1
