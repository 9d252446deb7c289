"""The index says of each layer whose it is, by the rule, also in large projects."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpus.corpus import Corpus
from annotations.disk.codec import encode
from annotations.library.filling import fill_index
from annotations.library.index import Index
from annotations.model.layer import Document, Layer
from annotations.store.belonging import Article, Kept, belonging
from annotations.store.layer_file import write
from annotations.store.store import Store

WORDS = ("one", "two", "three")


def put(store: Store, annotator: str, kept_as: str, text: str) -> Kept:
    layer = Layer(kept_as, Document("", text).sha256, annotator, revision=1)
    path = store.path(kept_as, annotator).layer
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, layer, text, None)
    return Kept(annotator, kept_as, layer.text_sha256)


def indexed(index: Path, corpus: Corpus, store: Store) -> dict[Kept, str]:
    """What the index says, by layer."""
    opened = Index(index)
    fill_index(opened, corpus, store, lambda _: True)
    rows = opened.database.execute(
        "SELECT l.annotator, l.kept_as, l.sha, d.id FROM layers l "
        "JOIN documents d ON d.number = l.number"
    ).fetchall()
    opened.close()
    return {Kept(*row[:3]): row[3] for row in rows}


names = st.sampled_from(["a", "b", "c", "m", "z"])
texts = st.sampled_from(WORDS)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(names, texts), unique_by=lambda item: item[0], min_size=1, max_size=5),
    st.lists(
        st.tuples(st.sampled_from(["layla", "omar"]), names, texts),
        unique_by=lambda item: item[:2],
        max_size=6,
    ),
)
def test_the_index_gives_the_answer_of_the_rule(
    tmp_path_factory: pytest.TempPathFactory,
    articles: list[tuple[str, str]],
    layers: list[tuple[str, str, str]],
) -> None:
    folder = tmp_path_factory.mktemp("project")
    for name, text in articles:
        (folder / f"{name}.txt").write_text(text)
    store = Store(folder / ".hashiya")
    kept = [put(store, *layer) for layer in layers]
    ordered = sorted(Article(name, Document("", text).sha256) for name, text in articles)
    found = indexed(folder / "index", Corpus(folder), store)
    assert found == belonging(ordered, kept).article_of


@pytest.mark.slow
def test_the_index_gives_the_answer_of_the_rule_for_100_000_articles(tmp_path: Path) -> None:
    choose = random.Random(1)
    path = tmp_path / "corpus.jsonl"
    articles = []
    with path.open("wb") as stream:
        for number in range(100_000):
            text = f"text {number if number % 10 else number // 30}"  # each tenth has copies
            articles.append((f"d{number}", text))
            stream.write(encode({"id": f"d{number}", "text": text}) + b"\n")
    store = Store(tmp_path / "store")
    kept = []
    for name, text in choose.sample(articles, 2000):
        renamed = name if choose.random() < 0.5 else f"old{name}"
        kept.append(put(store, "layla", renamed, text))
    ordered = [Article(name, Document("", text).sha256) for name, text in articles]
    found = indexed(tmp_path / "index", Corpus(path), store)
    assert found == belonging(ordered, kept).article_of
    assert len(found) > 1900
