"""A small invented article that has everything a format may stumble over, and one without spans."""

import shutil
from pathlib import Path

from annotations.corpus.corpus import Corpus, open_corpus
from annotations.model.layer import Document, Layer, Relation, Span
from annotations.store.journal import Step
from annotations.store.location import store_path
from annotations.store.store import Store

ARTICLES = Path(__file__).parent / "articles"
GOLDEN = Path(__file__).parent / "golden"

# what a span covers, and its label; found by its first occurrence in the article
SPANS = (
    ("الرَّئيسُ", "actor"),  # with marks, after an emoji
    (
        "الجيش دخل وبالقاهرة ولإيران أمس بعد أن غادر العدو كل المدن الكبيرة في شمال البلاد",
        "claim",
    ),  # of more than twelve words
    ("الجيش", "actor"),  # nested
    ("القاهرة", "location"),  # after two proclitics
    ("إيران", "location"),  # begins inside a lam-alef
    ("العدو", "actor"),
    ("المدن الكبيرة في شمال البلاد.\nوأضاف", "claim"),  # crosses, and goes over a line end
    ("شمال البلاد", "location"),
    ("وزير\nالدفاع", "actor"),
    ("مصر", "actor"),  # equal extents, two labels
    ("مصر", "location"),
    ("مصر (Egypt) بخير 100%", "claim"),
)
NOTES = {"s12": "هل قالها؟"}
RELATIONS = (("s1", "s12"), ("s9", "s12"), ("s1", "s2"))  # the first two: one claim, two heads
NOTE = "راجع المصدر"


def make_corpus(folder: Path) -> Corpus:
    """Copy the articles into a folder."""
    shutil.copytree(ARTICLES, folder)
    return open_corpus(folder)


def sample_layer(document: Document, annotator: str = "layla") -> Layer:
    """Annotate the article with everything, the other with nothing."""
    layer = Layer(document.id, document.sha256, annotator, status="done")
    if document.id != "a":
        return layer
    spans = []
    for number, (covered, label) in enumerate(SPANS, 1):
        start = document.text.index(covered)
        name = f"s{number}"
        spans.append(Span(name, start, start + len(covered), label, note=NOTES.get(name, "")))
    relations = [
        Relation(f"r{number}", "claimant", head, child)
        for number, (head, child) in enumerate(RELATIONS, 1)
    ]
    return (
        Layer(document.id, document.sha256, annotator, "gold", status="in_progress", note=NOTE)
        .with_spans(spans)
        .with_relations(relations)
    )


def fill(corpus: Corpus, annotator: str = "layla") -> Store:
    """Save the layers of both articles in the corpus's store."""
    store = Store(store_path(corpus))
    for document in corpus.documents():
        put(store, document, sample_layer(document, annotator))
    return store


def put(store: Store, document: Document, layer: Layer) -> None:
    """Save a layer of whatever making."""
    lock = store.lock(layer.document_id, layer.annotator)
    try:
        store.save(layer, list[Step](), document.text)
    finally:
        lock.release()
