"""Which layer is which article's: the rule, and that whoever asks gets its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from annotations.model.layer import Document
from annotations.store.belonging import Article, Belongings, Kept, belonging, free_name

TEXT, OTHER = "a" * 64, "b" * 64


def owners(articles: Sequence[Article], layers: Sequence[Kept]) -> dict[str, str]:
    """The article of each layer of layla's, by the name under which it is kept."""
    rule = belonging(articles, layers)
    return {layer.kept_as: article for layer, article in rule.article_of.items()}


def test_a_layer_is_that_of_the_article_of_its_id() -> None:
    articles = [Article("a", TEXT), Article("b", TEXT)]
    assert owners(articles, [Kept("layla", "b", TEXT)]) == {"b": "b"}


def test_a_renamed_article_keeps_its_layer() -> None:
    assert owners([Article("z", TEXT)], [Kept("layla", "m", TEXT)]) == {"m": "z"}


def test_of_a_renamed_article_and_its_copy_the_first_in_the_corpus_has_the_layer() -> None:
    articles = [Article("a", TEXT), Article("z", TEXT)]
    assert owners(articles, [Kept("layla", "m", TEXT)]) == {"m": "a"}
    assert owners(articles[::-1], [Kept("layla", "m", TEXT)]) == {"m": "z"}


def test_a_second_layer_of_a_text_goes_to_the_next_article_that_has_none() -> None:
    articles = [Article("a", TEXT), Article("z", TEXT)]
    layers = [Kept("layla", "m", TEXT), Kept("layla", "n", TEXT), Kept("layla", "o", TEXT)]
    assert owners(articles, layers) == {"m": "a", "n": "z"}
    assert owners(articles, [*layers, Kept("layla", "a", TEXT)]) == {"a": "a", "m": "z"}


def test_a_free_name_belongs_to_its_article_even_if_a_copy_comes_first() -> None:
    articles = [Article("0", TEXT), Article("a", TEXT)]
    name = free_name("a", TEXT)
    assert owners(articles, [Kept("layla", name, TEXT)]) == {name: "a"}


def test_annotators_do_not_take_layers_from_one_another() -> None:
    rule = belonging([Article("a", TEXT)], [Kept("layla", "m", TEXT), Kept("omar", "n", TEXT)])
    assert rule.kept_as == {("a", "layla"): "m", ("a", "omar"): "n"}


def test_a_layer_whose_text_is_nowhere_is_nobodys() -> None:
    assert owners([Article("a", TEXT)], [Kept("layla", "a", OTHER)]) == {}


ids = st.sampled_from(["a", "b", "c", "m", "z", "a~" + "t" * 12, "m~" + "u" * 12])
texts = st.sampled_from(["t" * 64, "u" * 64, "v" * 64])
projects = st.tuples(
    st.lists(st.tuples(ids, texts), unique_by=lambda item: item[0], max_size=6),
    st.lists(
        st.tuples(st.sampled_from(["layla", "omar"]), ids, texts),
        unique_by=lambda item: item[:2],
        max_size=8,
    ),
)


@given(projects)
def test_one_article_has_one_layer_and_one_layer_one_article(
    project: tuple[list[tuple[str, str]], list[tuple[str, str, str]]],
) -> None:
    articles = [Article(*item) for item in project[0]]
    layers = [Kept(*item) for item in project[1]]
    rule = belonging(articles, layers)
    shas = dict(articles)
    for layer, article in rule.article_of.items():
        assert shas[article] == layer.sha256
        assert rule.kept_as[article, layer.annotator] == layer.kept_as
    assert len(rule.kept_as) == len(rule.article_of)
    for layer in layers:  # nobody's, only if each article of its text has another layer
        if layer not in rule.article_of:
            same = [name for name, sha256 in articles if sha256 == layer.sha256]
            assert all((name, layer.annotator) in rule.kept_as for name in same)


@dataclass
class Memory:
    """Articles and layers, as far as single answers need them."""

    entries: list[Article]
    kept: list[Kept] = field(default_factory=list)

    def articles(self, sha256: str) -> list[str]:
        return [item.id for item in self.entries if item.sha256 == sha256]

    def layers(self, annotator: str, sha256: str) -> list[str]:
        return [
            item.kept_as
            for item in self.kept
            if (item.annotator, item.sha256) == (annotator, sha256)
        ]

    def text_of(self, annotator: str, document_id: str) -> str:
        named = (annotator, document_id)
        found = (item.sha256 for item in self.kept if (item.annotator, item.kept_as) == named)
        return next(found, "")


@given(projects)
def test_single_answers_are_those_of_the_whole(
    project: tuple[list[tuple[str, str]], list[tuple[str, str, str]]],
) -> None:
    memory = Memory([Article(*item) for item in project[0]], [Kept(*item) for item in project[1]])
    whole = belonging(memory.entries, memory.kept)
    single = Belongings(memory)
    for layer in memory.kept:
        assert single.article_of(layer) == whole.article_of.get(layer)


def test_opening_an_article_never_takes_the_place_of_another_texts_layer() -> None:
    document = Document("a", "new text")
    memory = Memory([Article("a", document.sha256), Article("b", TEXT)])
    memory.kept = [Kept("layla", "a", TEXT)]  # that of b, which was named a before
    assert Belongings(memory).kept_as(document, "layla") == free_name("a", document.sha256)
    memory.kept = [Kept("layla", "a", OTHER)]  # nobody's: the text of a has changed
    assert Belongings(memory).kept_as(document, "layla") == "a"
