"""Which layer is which article's: the one place that says so.

The app, the index, exports, imports, suggestions and the check ask here. The rule, for the layers
of one annotator:

1. A layer belongs to the article of its id, if that has the text that was annotated.
2. Any other layer (its article was renamed, moved or replaced) goes to the first article in the
   order of the corpus that has its text and no layer yet; such layers take their turn by id.
3. One article has one layer and one layer one article. A layer whose text is nowhere is nobody's.

A layer that is begun for an article whose own id another text's layer has gets a free name, and
belongs to its article by that name as by its id.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from msgspec import Struct

from annotations.corpus.corpus import Corpus
from annotations.disk.codec import decode_as
from annotations.disk.files import read_head
from annotations.disk.names import file_name
from annotations.model.layer import Document
from annotations.store.layer_path import layer_paths
from annotations.store.store import Store

_HEAD: Final = re.compile(
    rb'"document_id": ?("(?:[^"\\]|\\.)*"), ?"text_sha256": ?"([0-9a-f]{64})"'
)
_HEAD_BYTES: Final = 4096


class Article(NamedTuple):
    """An article, as far as the rule looks at it."""

    id: str
    sha256: str


class Kept(NamedTuple):
    """A layer, as far as the rule looks at it."""

    annotator: str
    kept_as: str
    """The id in its file, under which it is kept."""
    sha256: str
    """Of the text that was annotated."""


class Belonging(Struct, frozen=True):
    """Whose each layer is, both ways."""

    article_of: Mapping[Kept, str]
    """Id of the article by layer; a layer of nobody is not there."""
    kept_as: Mapping[tuple[str, str], str]
    """The id under which a layer is kept, by the id of its article and its annotator."""


def free_name(document_id: str, sha256: str) -> str:
    """Return an id for the layer of an article whose own id another text's layer has."""
    return f"{document_id}~{sha256[:12]}"


def belonging(articles: Iterable[Article], layers: Iterable[Kept]) -> Belonging:
    """Return which layer is which article's.

    Args:
        articles: All articles, in the order of the corpus.
        layers: All layers, each of one annotator.
    """
    by_text: dict[str, list[str]] = {}
    for article in articles:
        by_text.setdefault(article.sha256, []).append(article.id)
    article_of: dict[Kept, str] = {}
    kept_as: dict[tuple[str, str], str] = {}

    def give(layer: Kept, article: str) -> bool:
        if (article, layer.annotator) in kept_as:
            return False
        article_of[layer] = article
        kept_as[article, layer.annotator] = layer.kept_as
        return True

    waiting = sorted(layer for layer in layers if layer.sha256 in by_text)
    for name_of in (_own_id, free_name):
        left = []
        for layer in waiting:
            same = by_text[layer.sha256]
            own = next((id_ for id_ in same if name_of(id_, layer.sha256) == layer.kept_as), None)
            if own is None or not give(layer, own):
                left.append(layer)
        waiting = left
    for layer in waiting:
        for article_id in by_text[layer.sha256]:
            if give(layer, article_id):
                break
    return Belonging(article_of, kept_as)


def _own_id(document_id: str, _: str) -> str:
    return document_id


class Known(Protocol):
    """What must be known of a corpus and a store to ask for the layers of one text.

    Since the rule never looks across texts or annotators, these are enough.
    """

    def articles(self, sha256: str) -> Sequence[str]:
        """List the ids of the articles that have a text, in the order of the corpus."""

    def layers(self, annotator: str, sha256: str) -> Sequence[str]:
        """List the ids under which layers of an annotator and a text are kept."""

    def text_of(self, annotator: str, document_id: str) -> str:
        """Return the hash of the text of the layer that is kept under an id; empty for none."""


class Belongings:
    """Answers for single articles and layers.

    Args:
        known: The articles and layers.
    """

    def __init__(self, known: Known) -> None:
        self.known = known

    def kept_as(self, document: Document, annotator: str) -> str:
        """Return the id under which an annotator's layer of an article is kept, or would be."""
        own = self.known.text_of(annotator, document.id)
        if own == document.sha256:
            return document.id
        found = self._of_text(annotator, document.sha256).kept_as.get((document.id, annotator))
        if found is not None:
            return found
        if own and self.known.articles(own):
            return free_name(document.id, document.sha256)
        return document.id

    def article_of(self, layer: Kept) -> str | None:
        """Return the id of the article that a layer belongs to; None if it is nobody's."""
        return self._of_text(layer.annotator, layer.sha256).article_of.get(layer)

    def _of_text(self, annotator: str, sha256: str) -> Belonging:
        kept = self.known.layers(annotator, sha256)
        if not kept:
            return Belonging({}, {})
        articles = (Article(name, sha256) for name in self.known.articles(sha256))
        return belonging(articles, (Kept(annotator, name, sha256) for name in kept))


class Texts:
    """The articles of a corpus by their text, which is read when it is first asked for.

    Args:
        corpus: The articles.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def __call__(self, sha256: str) -> Sequence[str]:
        """List the ids of the articles that have a text, in the order of the corpus."""
        return self._by_text.get(sha256, ())

    @cached_property
    def _by_text(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for document in self._corpus.documents():
            found.setdefault(document.sha256, []).append(document.id)
        return found


class Heads:
    """What the heads of the layer files tell, each read once.

    Args:
        store: The layers.
        articles: Lists the articles that have a text.
    """

    def __init__(self, store: Store, articles: Callable[[str], Sequence[str]]) -> None:
        self._store = store
        self.articles = articles
        self._by_annotator: dict[str, dict[str, list[str]]] = {}

    def layers(self, annotator: str, sha256: str) -> Sequence[str]:
        """List the ids under which layers of an annotator and a text are kept."""
        if annotator not in self._by_annotator:
            self._by_annotator[annotator] = self._texts_of(annotator)
        return self._by_annotator[annotator].get(sha256, ())

    def text_of(self, annotator: str, document_id: str) -> str:
        """Return the hash of the text of the layer that is kept under an id; empty for none."""
        return head_of(self._store.path(document_id, annotator).layer)[1]

    def _texts_of(self, annotator: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in layer_paths(self._store.root, file_name(annotator)):
            document_id, sha256 = head_of(path.layer)
            if sha256:
                found.setdefault(sha256, []).append(document_id)
        return found


def head_of(path: Path) -> tuple[str, str]:
    """Read the document and the hash of its text from the head of a layer file.

    Returns:
        Two empty texts for a file that doesn't tell.
    """
    try:
        found = _HEAD.search(read_head(path, _HEAD_BYTES))
        return (decode_as(str, found[1]), found[2].decode()) if found else ("", "")
    except (OSError, ValueError):
        return ("", "")


def belongings_of(store: Store, corpus: Corpus) -> Belongings:
    """Answer from the files themselves, where there is no index.

    Args:
        store: The layers.
        corpus: All articles that the store has layers of (`location.home`).
    """
    return Belongings(Heads(store, Texts(corpus)))
