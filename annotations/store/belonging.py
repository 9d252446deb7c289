"""Under which id the layer of an article is kept.

It is the article's own, unless the annotator's layer of its text was made under another: then the
article was renamed or moved since. The layer of a second article with the same text is not taken.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson

from annotations.corpus.corpus import Corpus
from annotations.model.layer import Document, Layer
from annotations.store.store import Store, listed, present

_HEAD: Final = re.compile(
    rb'"document_id": ?("(?:[^"\\]|\\.)*"), ?"text_sha256": ?"([0-9a-f]{64})"'
)
_HEAD_BYTES: Final = 4096


def text_of(store: Store, document_id: str, annotator: str) -> str:
    """Return the hash of the text of a layer if the head of its file tells it, else nothing."""
    return head_of(store.layer_path(document_id, annotator))[1]


def texts_of(store: Store, annotator: str) -> dict[str, list[str]]:
    """List the ids of an annotator's layers by the hash of their text, from their heads."""
    folder = store.root / "layers"
    folder /= present(folder, annotator)
    found: dict[str, list[str]] = {}
    for part in listed(folder):
        for name in listed(folder / part):
            document_id, sha256 = head_of(folder / part / name)
            if sha256 and name.endswith(".json"):
                found.setdefault(sha256, []).append(document_id)
    return found


def head_of(path: Path) -> tuple[str, str]:
    """Read the document and the hash of its text from the head of a layer file."""
    try:
        with path.open("rb") as stream:
            found = _HEAD.search(stream.read(_HEAD_BYTES))
        return (orjson.loads(found[1]), found[2].decode()) if found else ("", "")
    except (OSError, ValueError):
        return ("", "")


def article_of(corpus: Corpus, layer: Layer) -> Document | None:
    """Read the article that has the text of a layer: of its id, or any."""
    document = corpus.document(layer.document_id)
    if document is not None and document.sha256 == layer.text_sha256:
        return document
    same = (found for found in corpus.documents() if found.sha256 == layer.text_sha256)
    return next(same, None)


def free_name(document: Document) -> str:
    """Return an id for the layer of an article whose own id another article's layer has."""
    return f"{document.id}~{document.sha256[:12]}"


class Attachment:
    """Finds the layers of articles from the heads of the layer files, each read once.

    Args:
        store: The layers.
        find: Reads an article by its id; None if there is none.
        has_text: Tells whether any article has the text of a hash.
    """

    def __init__(
        self,
        store: Store,
        find: Callable[[str], Document | None],
        has_text: Callable[[str], bool],
    ) -> None:
        self.store = store
        self.find = find
        self.has_text = has_text
        self._known: dict[str, dict[str, list[str]]] = {}

    def kept_as(self, document: Document, annotator: str) -> str:
        """Return the id under which an annotator's layer of an article is kept, or would be."""
        own = text_of(self.store, document.id, annotator)
        if own == document.sha256:
            return document.id
        if annotator not in self._known:
            self._known[annotator] = texts_of(self.store, annotator)
        for name in self._known[annotator].get(document.sha256, []):
            other = self.find(name)
            if other is None or other.sha256 != document.sha256:
                return name
        return free_name(document) if own and self.has_text(own) else document.id
