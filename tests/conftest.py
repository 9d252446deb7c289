"""What tests share: a copy of the seeds, the profile of hypothesis, and how they are run."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.paths import SEEDS
from tests.rest import install

settings.register_profile(
    "tests",
    deadline=None,
    max_examples=150,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of the text
)
settings.load_profile("tests")
install()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one process more than there are cores: a test often waits for a terminal or a disk."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else 3


@pytest.fixture(autouse=True)
def own_caches(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the index and the log of every test in folders of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


@pytest.fixture
def corpus_path(tmp_path: Path) -> Path:
    """A folder of its own with the five seeds."""
    folder = tmp_path / "corpus"
    shutil.copytree(SEEDS, folder, ignore=shutil.ignore_patterns(".hashiya"))
    return folder


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """Three short articles: two Arabic ones, one mixed."""
    folder = tmp_path / "small"
    folder.mkdir()
    # "\u0642\u0627\u0644 ..." : said the army, that the enemy left Cairo
    (folder / "a.txt").write_text(
        "\u0642\u0627\u0644 \u0627\u0644\u062c\u064a\u0634 \u0627\u0644\u064a\u0648\u0645\u060c \u0625\u0646 \u0627\u0644\u0639\u062f\u0648 \u063a\u0627\u062f\u0631 \u0648\u0627\u0644\u0642\u0627\u0647\u0631\u0629.\n"
        "\u0633\u0637\u0631 \u062b\u0627\u0646\u0650",
        "utf-8",
    )
    (folder / "b.txt").write_text(
        "\u062d\u0644\u0628 Aleppo 2016 (\u0633\u0648\u0631\u064a\u0627)", "utf-8"
    )
    (folder / "c.txt").write_text(
        "\u0644\u0625\u064a\u0631\u0627\u0646 \u0648\u0644\u0627", "utf-8"
    )
    return folder
