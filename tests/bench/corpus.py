"""Makes a large corpus out of the seeds: articles of their paragraphs, and layers with spans.

    python -m tests.bench.corpus FOLDER --articles 100000 --layers 10000 --spans 100

Each article is a rotation of the paragraphs of a seed with a line of its own, so that no two are
the same. Every span is a word of its article; the layers are spread over the corpus and over the
annotators.
"""

import argparse
import hashlib
import random
import time
from pathlib import Path

from msgspec import structs

from annotations.language.graphemes import snap
from annotations.language.segmentation import words
from annotations.model.layer import Layer, Relation, Span
from annotations.store.layer_file import AROUND, SCHEMA
from annotations.store.layer_path import LayerPath
from annotations.store.tables import dump_tables
from tests.paths import SEEDS

ANNOTATORS = ("layla", "omar", "salma", "yusuf")


def make_corpus(
    folder: Path, articles: int, layers: int, spans: int, annotators: tuple[str, ...] = ANNOTATORS
) -> None:
    """Write articles, and layers for some of them.

    Args:
        folder: Where; it is made.
        articles: How many articles.
        layers: How many of them have a layer, at even distances.
        spans: Spans of each layer.
        annotators: Who made them, in turn.
    """
    seeds = [path.read_text("utf-8").split("\n") for path in sorted(SEEDS.glob("*.txt"))]
    choose = random.Random(0)
    step = max(1, articles // max(1, layers))
    for number in range(articles):
        paragraphs = seeds[number % len(seeds)]
        turn = number // len(seeds) % len(paragraphs)
        text = "\n".join([f"({number})", *paragraphs[turn:], *paragraphs[:turn]])
        name = f"{number // 1000:03}/{number:06}"
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        if number % step == 0 and number // step < layers:
            annotator = annotators[number // step % len(annotators)]
            layer = _layer(name, text, annotator, spans, choose)
            target = LayerPath.of(folder / ".hashiya", name, annotator).layer
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_content(layer, text))


def _layer(name: str, text: str, annotator: str, count: int, choose: random.Random) -> Layer:
    found = [snap(text, *word) for word in words(text, 0, len(text))]
    labels = ("actor", "location", "claim")
    chosen = [choose.choice(found) for _ in range(count)]
    spans = [
        Span(f"s{number}", start, end, labels[number % 3])
        for number, (start, end) in enumerate(chosen, 1)
    ]
    relations = [Relation("r1", "claimant", "s3", "s2")] if count > 2 else []
    layer = Layer(
        name,
        hashlib.sha256(text.encode()).hexdigest(),
        annotator,
        status=choose.choice(["in_progress", "done", "done"]),
        revision=count,
        saved_at="2026-01-02T03:04:05Z",
    )
    return layer.with_spans(spans).with_relations(relations)


def _content(layer: Layer, text: str) -> bytes:
    header = structs.asdict(layer)
    spans = list(map(structs.asdict, header.pop("spans")))
    relations = list(map(structs.asdict, header.pop("relations")))
    for row in spans:
        start, end = row["start"], row["end"]
        row["text"] = text[start:end]
        row["before"], row["after"] = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return dump_tables(
        {
            "layer": {"1": {"schema": SCHEMA, **header}},
            "spans": {str(number): row for number, row in enumerate(spans, 1)},
            "relations": {str(number): row for number, row in enumerate(relations, 1)},
        }
    )


def main() -> None:
    """Make a corpus as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--layers", type=int, default=10_000)
    parser.add_argument("--spans", type=int, default=100)
    given = parser.parse_args()
    started = time.perf_counter()
    make_corpus(given.folder, given.articles, given.layers, given.spans)
    print(f"{given.articles:,} articles in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
