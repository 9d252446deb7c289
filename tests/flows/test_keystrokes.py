"""An annotation is made again by keys at any size of screen, for as few keys as the bench says."""

import json
from typing import Any

import pytest

from tests.bench.keystrokes import run
from tests.paths import ROOT, SEEDS

GOLD = ROOT / "tests" / "gold" / "seed_003.jsonl"
MOST = 2.6
"""Keys a span, relations included, on an article with few repeats."""


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_a_whole_article_is_annotated_by_keys(size: tuple[int, int]) -> None:
    record: dict[str, Any] = json.loads(GOLD.read_text("utf-8"))
    report = await run(record, SEEDS / record["file"], size)
    for name in ("missing", "surplus", "relations_missing", "relations_surplus"):
        assert report[name] == []
    assert report["keys_per_span"] <= MOST
    assert report["keys_per_relation"] <= 2.5
