"""Under which id the layer of an article is kept.

It is the article's own, unless the annotator's layer of its text was made under another: then the
article was renamed or moved since. The layer of a second article with the same text is not taken.
"""

from collections.abc import Callable

from annotations.model import Document
from annotations.store import Store


class Attachment:
    """Finds the layers of articles from the heads of the layer files, each read once.

    Args:
        store: The layers.
        find: Reads an article by its id; None if there is none.
    """

    def __init__(self, store: Store, find: Callable[[str], Document | None]) -> None:
        self.store = store
        self.find = find
        self._known: dict[str, dict[str, list[str]]] = {}

    def kept_as(self, document: Document, annotator: str) -> str:
        """Return the id under which an annotator's layer of an article is kept, or would be."""
        if self.store.text_of(document.id, annotator) == document.sha256:
            return document.id
        if annotator not in self._known:
            self._known[annotator] = self.store.texts_of(annotator)
        for name in self._known[annotator].get(document.sha256, []):
            other = self.find(name)
            if other is None or other.sha256 != document.sha256:
                return name
        return document.id
