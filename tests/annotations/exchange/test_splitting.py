"""Splits are alike in labels, and stay when articles are added."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import FormatError, StoreError
from annotations.exchange.splits import FILE, Shares, read_splits, split, write_splits


def articles(count: int, seed: int = 0) -> dict[str, dict[str, int]]:
    """Make articles of which one in ten has a rare label."""
    chance = random.Random(seed)
    return {
        f"{seed}-{number}": {
            "actor": chance.randint(1, 20),
            "claim": chance.randint(0, 5),
            **({"rare": 3} if number % 10 == 0 else {}),
        }
        for number in range(count)
    }


def spans_of(
    counts: dict[str, dict[str, int]], splits: dict[str, str], label: str
) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, labels in counts.items():
        found[splits[name]] = found.get(splits[name], 0) + labels.get(label, 0)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_every_label_is_split_in_the_same_shares(seed: int) -> None:
    counts = articles(200)
    splits = split(counts, Shares("80,10,10"), seed, {})
    assert set(splits.values()) == {"train", "validation", "test"}
    for label in ("actor", "claim", "rare"):
        found = spans_of(counts, splits, label)
        for name, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
            assert abs(found[name] / sum(found.values()) - share) < 0.06, (label, found)


def test_what_was_split_stays_when_articles_are_added() -> None:
    shares = Shares("70,15,15")
    before = split(articles(40), shares, 1, {})
    after = split(articles(40) | articles(60, seed=9), shares, 1, before)
    assert {name: after[name] for name in before} == before
    found = list(after.values())
    assert abs(found.count("train") / len(found) - 0.7) < 0.06


def test_the_seed_chooses_and_the_same_seed_chooses_the_same() -> None:
    shares = Shares("50,50")
    made = [split(articles(30), shares, seed, {}) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


@given(st.integers(3, 12), st.integers(0, 99))
def test_no_split_is_empty_if_there_is_an_article_for_each(count: int, seed: int) -> None:
    splits = split(articles(count), Shares("80,10,10"), seed, {})
    assert set(splits.values()) == {"train", "validation", "test"}


def test_a_share_of_nothing_gets_nothing() -> None:
    splits = split(articles(30), Shares("90,0,10"), 0, {})
    assert set(splits.values()) == {"train", "test"}


@pytest.mark.parametrize("written", ["", "80", "a,b", "80,-1", "1,2,3,4", "0,0", "nan,1"])
def test_what_is_no_split_is_told(written: str) -> None:
    with pytest.raises(FormatError, match="no split"):
        Shares(written)


def test_splits_are_kept_each_way_by_itself(tmp_path: Path) -> None:
    first, second = Shares("80,10,10"), Shares("50,50")
    write_splits(tmp_path, first, 1, {"a": "train"})
    write_splits(tmp_path, second, 1, {"a": "test"})
    assert read_splits(tmp_path, first, 1) == {"a": "train"}
    assert read_splits(tmp_path, second, 1) == {"a": "test"}
    assert read_splits(tmp_path, first, 2) == {}
    (tmp_path / FILE).write_text("[")
    with pytest.raises(StoreError, match="damaged"):
        read_splits(tmp_path, first, 1)
