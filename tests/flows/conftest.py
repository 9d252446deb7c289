"""What tests of the commands and of the app share."""

import os
import subprocess
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


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of its own."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1200x800x24", "-noreset"],
        pass_fds=[writer], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader) as numbers:
        number = numbers.readline().strip()  # to its end, or the server fails to write it
    yield f":{number}"
    server.terminate()
    server.wait()
