"""What tests of the commands and of the app share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.annotations.formats.sample import fill, make_corpus
from tests.terminal import Tmux


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """The article with everything, annotated, and the one without spans."""
    corpus = make_corpus(tmp_path / "articles")
    fill(corpus)
    return corpus.path


@pytest.fixture
def terminals() -> Iterator[list[Tmux]]:
    """Terminals that a test opens, closed at its end."""
    opened: list[Tmux] = []
    yield opened
    for terminal in opened:
        terminal.close()
