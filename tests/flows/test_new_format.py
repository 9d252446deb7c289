"""A new format is a module and a line: then every command knows it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from annotations.formats.registry import MODULES
from tests.annotations.formats.sample import fill, make_corpus
from tests.command import LOSSY
from tui.cli.main import main

pytestmark = pytest.mark.usefixtures("toy")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODULES, "toy", "tests.toy")
    monkeypatch.setenv("HASHIYA_ANNOTATOR", "layla")


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    corpus = make_corpus(tmp_path / "articles")
    fill(corpus, "layla")
    return corpus.path


@pytest.fixture
def exported(articles: Path, tmp_path: Path) -> Path:
    out = tmp_path / "out.toy"
    done = run("export", articles, "-o", out, "--format", "toy", "--allow", "all")
    assert done.exit_code in (0, LOSSY), done.output
    return out


def test_it_is_listed_with_what_it_carries() -> None:
    assert "\ntoy " in run("formats").output
    described = run("formats", "toy").output
    assert "the tests" in described
    assert "code points" in described


def test_what_it_can_not_carry_is_said_and_ends_the_export_with_another_code(
    articles: Path, tmp_path: Path
) -> None:
    done = run("export", articles, "-o", tmp_path / "out.toy", "--format", "toy")
    assert done.exit_code == LOSSY
    assert "relation" in done.output
    assert "note" in done.output


def test_what_it_wrote_is_verified_and_imported(
    articles: Path, exported: Path, tmp_path: Path
) -> None:
    verified = run("verify", exported, "--format", "toy", "--against", articles)
    assert verified.exit_code == 0, verified.output
    again = tmp_path / "again"
    done = run(
        "import", articles, "--from", exported, "--format", "toy", "--store", again,
        "--annotator", "layla",
    )  # fmt: skip
    assert done.exit_code in (0, LOSSY), done.output
    back = tmp_path / "back.toy"
    run("export", articles, "--store", again, "-o", back, "--format", "toy", "--allow", "all")
    assert sorted(back.read_text("utf-8").splitlines()) == sorted(
        exported.read_text("utf-8").splitlines()
    )


def test_a_span_that_is_gone_from_its_file_is_missed_when_it_is_verified(
    articles: Path, exported: Path
) -> None:
    first, *others = exported.read_text("utf-8").splitlines(keepends=True)
    exported.write_text("".join(others), "utf-8")
    verified = run("verify", exported, "--format", "toy", "--against", articles)
    assert verified.exit_code == 1
    assert first.split("\t")[0] in verified.output
