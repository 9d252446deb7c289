"""Suggestions across a corpus: where they are kept, and what becomes of them."""

from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.exchange.selection import Selection
from annotations.model.layer import Document, Layer, Span
from annotations.store.store import Store
from annotations.store.suggestions import pending, propose, settle

# "Aleppo, and in Aleppo, to Aleppo; a man of Aleppo": the last is another word
TEXT = "حلب وفي حلب لحلب حلبي"
DOCUMENT = Document("d", TEXT)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def found(store: Store) -> list[tuple[int, str]]:
    return [
        (span.start, TEXT[span.start : span.end])
        for span in pending(store, DOCUMENT, "layla").spans
    ]


def test_mentions_with_proclitics_are_suggested_and_longer_words_are_not(store: Store) -> None:
    assert propose(store, DOCUMENT, "layla", "location", "حلب") == 3
    assert found(store) == [(0, "حلب"), (8, "حلب"), (13, "حلب")]
    assert pending(store, DOCUMENT, "omar").spans == ()


def test_what_is_tagged_or_suggested_already_is_not_suggested_again(store: Store) -> None:
    layer = Layer("d", DOCUMENT.sha256, "layla").with_spans([Span("s1", 0, 3, "location")])
    store.save(layer)
    assert propose(store, DOCUMENT, "layla", "location", "حَلَب") == 2
    assert propose(store, DOCUMENT, "layla", "location", "حلب") == 0
    assert propose(store, DOCUMENT, "layla", "actor", "حلب") == 3


def test_what_was_rejected_does_not_come_back_and_what_was_taken_is_gone(store: Store) -> None:
    propose(store, DOCUMENT, "layla", "location", "حلب")
    first, second, third = pending(store, DOCUMENT, "layla").spans
    settle(store, DOCUMENT, "layla", {first.id}, {second.id})
    assert pending(store, DOCUMENT, "layla").spans == (third,)
    propose(store, DOCUMENT, "layla", "location", "حلب")
    assert [start for start, _ in found(store)] == [0, 13]


def test_suggestions_for_another_text_are_left_alone(store: Store) -> None:
    propose(store, DOCUMENT, "layla", "location", "حلب")
    assert pending(store, Document("d", TEXT + "."), "layla").spans == ()


def test_a_suggestion_is_never_exported_as_an_annotation(store: Store, tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text(TEXT, "utf-8")
    corpus = open_corpus(tmp_path / "d.txt")
    (document,) = corpus.documents()
    assert propose(store, document, "layla", "location", "حلب") == 3
    assert list(Selection(store, corpus)) == []
