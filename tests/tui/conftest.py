"""What tests of the commands share."""

from pathlib import Path

import pytest

from tests.annotations.formats.sample import fill, make_corpus


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """The article with everything, annotated, and the one without spans."""
    corpus = make_corpus(tmp_path / "articles")
    fill(corpus)
    return corpus.path
