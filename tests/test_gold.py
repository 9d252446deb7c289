"""Our own annotation of two seeds is sound: it is what benches play and what tests measure by."""

import hashlib
import json
from pathlib import Path

import pytest

from annotations.language.graphemes import is_boundary
from tests.paths import ROOT, SEEDS

GOLD = sorted((ROOT / "tests" / "gold").glob("*.jsonl"))


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_each_span_has_its_words_and_each_claimant_its_claim(path: Path) -> None:
    record = json.loads(path.read_text("utf-8"))
    article = SEEDS / record["file"]
    assert hashlib.sha256(article.read_bytes()).hexdigest() == record["text_sha256"]
    text = article.read_bytes().decode()
    extents = [(span["start"], span["end"], span["label"]) for span in record["spans"]]
    assert len(set(extents)) == len(extents)
    assert extents == sorted(extents, key=lambda extent: (extent[0], -extent[1]))
    labels = {span["id"]: span["label"] for span in record["spans"]}
    for span in record["spans"]:
        words = text[span["start"] : span["end"]]
        assert words == span["text"] == words.strip()
        assert is_boundary(text, span["start"])
        assert is_boundary(text, span["end"])
    for relation in record["relations"]:
        assert (labels[relation["head"]], labels[relation["child"]]) == ("actor", "claim")
