"""Splitting articles into train, validation and test, alike in labels, and for good.

An article is known by the hash of its text, so two copies of one text are never parted. Where one
went is kept in a file of the store for each way to split; new articles go where their labels are
wanted most, and nothing that was split before moves.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from annotations.disk.codec import encode
from annotations.disk.replacing import write_atomically
from annotations.errors import FormatError
from annotations.store.side_files import read_side_file, write_side_file
from annotations.store.tables import Write

FILE: Final = "splits.json"
_SCHEMA: Final = 1
_NAMES: Final = {2: ("train", "test"), 3: ("train", "validation", "test")}
_ARTICLES: Final = ""
"""Counted like a label that each article has once."""


class Shares:
    """What part of the articles goes into which split.

    Args:
        written: Numbers such as "80,10,10": train, validation and test, or train and test.

    Raises:
        FormatError: It is something else.
    """

    def __init__(self, written: str) -> None:
        try:
            numbers = [float(part) for part in written.split(",")]
        except ValueError:
            numbers = []
        if len(numbers) not in _NAMES or min(numbers) < 0 or not 0 < sum(numbers) < float("inf"):
            raise FormatError(
                f"{written!r} is no split.", "Write it as 80,10,10 (train, validation, test)."
            )
        self.names = _NAMES[len(numbers)]
        self.parts = tuple(number / sum(numbers) for number in numbers)
        self.written = ",".join(f"{number:g}" for number in numbers)


def split(
    counts: Mapping[str, Mapping[str, int]],
    shares: Shares,
    seed: int,
    kept: Mapping[str, str],
) -> dict[str, str]:
    """Choose the split of each article that has none.

    The rarest label is dealt first, to the split that lacks it most (Sechidis, Tsoumakas and
    Vlahavas, On the stratification of multi-label data, 2011), counting spans and articles alike.

    Args:
        counts: Spans by label, by the hash of each article's text.
        shares: What part goes where.
        seed: Chooses among the ways to do it.
        kept: The splits of articles that have one.

    Returns:
        The names of the splits by hash, those kept included.
    """
    known = {sha256: name for sha256, name in kept.items() if name in shares.names}
    totals: dict[str, int] = {}
    weights = {sha256: {**found, _ARTICLES: 1} for sha256, found in counts.items()}
    for found in weights.values():
        for label, count in found.items():
            totals[label] = totals.get(label, 0) + count
    wanted = {
        label: {name: total * part for name, part in zip(shares.names, shares.parts, strict=True)}
        for label, total in totals.items()
    }

    def put(sha256: str, name: str) -> None:
        known[sha256] = name
        for label, count in weights[sha256].items():
            wanted[label][name] -= count

    for sha256 in sorted(weights.keys() & known.keys()):
        put(sha256, known[sha256])
    unsplit = sorted(weights.keys() - known.keys(), key=lambda sha256: _chance(seed, sha256))
    new = dict.fromkeys(unsplit)
    for name in _bare(shares, known, weights, len(new)):
        put(new.popitem()[0], name)
    carriers = {label: sum(label in weights[item] for item in new) for label in totals}
    rarest = sorted(totals, key=lambda label: (carriers[label], label == _ARTICLES, label))
    for label in rarest:
        for sha256 in [item for item in new if label in weights[item]]:
            del new[sha256]
            need, general = wanted[label], wanted[_ARTICLES]
            put(
                sha256,
                max(
                    (name for name, part in zip(shares.names, shares.parts, strict=True) if part),
                    key=lambda name: (need[name], general[name], _chance(seed, sha256 + name)),
                ),
            )
    return known


def _bare(
    shares: Shares, known: Mapping[str, str], weights: Mapping[str, object], new: int
) -> Sequence[str]:
    """Name the splits that would stay empty though there is an article for each."""
    had = {known[sha256] for sha256 in weights if sha256 in known}
    bare = [
        name
        for name, part in zip(shares.names, shares.parts, strict=True)
        if part and name not in had
    ]
    return bare if len(bare) <= new else bare[:new]


def _chance(seed: int, what: str) -> str:
    return hashlib.sha256(f"{seed} {what}".encode()).hexdigest()


class _Splits(Struct, frozen=True):
    schema: int
    splits: dict[str, dict[str, str]]
    """By the way to split: the name of the split by the hash of the article's text."""


def read_splits(root: Path, shares: Shares, seed: int) -> dict[str, str]:
    """Read which article is in which split of this kind; there may be none.

    Raises:
        StoreError: The file is damaged, or can't be read.
    """
    return _read(root).get(_key(shares, seed), {})


def write_splits(
    root: Path,
    shares: Shares,
    seed: int,
    splits: Mapping[str, str],
    write: Write = write_atomically,
) -> None:
    """Keep which article is in which split, an article a line.

    Args:
        root: The store's folder.
        shares: What part goes where.
        seed: Which of the ways to split.
        splits: Names of splits by the hash of the article.
        write: Writes the file, at once or together with others.

    Raises:
        StoreError: It can't be written.
    """
    every: dict[str, Mapping[str, str]] = {**_read(root), _key(shares, seed): splits}
    bodies = [
        encode(key)
        + b": {\n"
        + b",\n".join(
            encode(sha256) + b": " + encode(name) for sha256, name in sorted(found.items())
        )
        + b"\n}"
        for key, found in sorted(every.items())
    ]
    content = b'{"schema": %d, "splits": {\n%b\n}}\n' % (_SCHEMA, b",\n".join(bodies))
    write_side_file(root / FILE, [content], write)


def _key(shares: Shares, seed: int) -> str:
    return f"{shares.written} seed {seed}"


def _read(root: Path) -> dict[str, dict[str, str]]:
    found = read_side_file(root / FILE, _Splits, _SCHEMA)
    return found.splits if found else {}
