"""The libraries that some formats need, and the skip that names those that are missing."""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec

import pytest
from _pytest.mark.structures import ParameterSet

WRITES: Mapping[str, tuple[str, ...]] = {
    "parquet": ("pyarrow",),
    "spacy": ("spacy",),
    "uima": ("cassis",),
}
"""By format: what writes and reads it."""
VERIFIES: Mapping[str, tuple[str, ...]] = {
    "brat": ("bioc",),
    "conll": ("seqeval",),
    "huggingface": ("datasets", "pyarrow"),
    "labelstudio": ("label_studio_sdk",),
    "parquet": ("pyarrow", "duckdb"),
    "prodigy": ("spacy",),
    "spacy": ("spacy",),
    "uima": ("cassis",),
}
"""By format: what verifies it, beside what writes it."""


def needs_libraries(*names: str) -> pytest.MarkDecorator:
    """Skip a test where a library is missing that `pip install -e '.[test]'` brings."""
    missing = [name for name in names if find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {' and '.join(missing)}")


def with_libraries(
    names: Iterable[str], needed: Mapping[str, tuple[str, ...]] = WRITES
) -> list[ParameterSet]:
    """Make a case of each format, skipped where what it needs is missing."""
    return cases_with_libraries(((name,) for name in names), needed)


def cases_with_libraries(
    cases: Iterable[tuple[object, ...]],
    needed: Mapping[str, tuple[str, ...]] = WRITES,
    column: int = 0,
) -> list[ParameterSet]:
    """Make cases of tuples that have the format in one column."""
    return [
        pytest.param(*case, marks=needs_libraries(*needed.get(str(case[column]), ())))
        for case in cases
    ]
