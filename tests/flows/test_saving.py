"""What becomes of changes that can't be saved, and of those that were."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotations.disk.transaction import Transaction
from annotations.errors import StoreError
from annotations.model.layer import Layer
from annotations.store.journal import Step
from annotations.store.locks import LayerLock
from annotations.store.store import Store
from tests.app import app_for, reader, row, spans
from tui.app import HashiyaApp
from tui.cli import main
from tui.screens.page import PageScreen


class Disk:
    """A store's save that fails while the disk is full."""

    def __init__(self, app: HashiyaApp) -> None:
        self.is_full = True
        self._save = app.session.store.save
        app.session.store.save = self.save  # type: ignore[method-assign]  # stands in for a disk

    def save(
        self,
        layer: Layer,
        steps: Sequence[Step] = (),
        text: str | None = None,
        *,
        lock: LayerLock | None = None,
        within: Transaction | None = None,
        aside: Path | None = None,
    ) -> Layer:
        if self.is_full:
            raise StoreError("Not saved: No space left on device.")
        return self._save(layer, steps, text, lock=lock, within=within, aside=aside)


async def test_a_layer_that_can_not_be_saved_is_said_to_be_so_until_it_is(
    small_corpus: Path,
) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test() as pilot:
        disk = Disk(app)
        await pilot.press("space", "a", "w", "w")
        assert "NOT SAVED" in row(app, "status-bar")
        assert "No space left" in row(app, "status-bar")
        await pilot.press("q")
        assert reader(app).reading.layer.spans
        await pilot.press("ctrl+q")
        assert isinstance(app.screen, PageScreen)
        await pilot.press("r")
        assert app.is_running
        await pilot.press("escape")
        assert "NOT SAVED" in row(app, "status-bar")
        disk.is_full = False
        app._save_again()
        assert reader(app).reading.finish_saving()
        await pilot.pause()
        assert "NOT SAVED" not in row(app, "status-bar")
        await pilot.press("ctrl+q")
    layer = Store(small_corpus / "a.txt.hashiya").read("a", "layla")
    assert layer
    assert len(layer.spans) == 1


async def test_what_can_not_be_saved_is_written_elsewhere_and_can_be_imported(
    small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    app = app_for(small_corpus)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        Disk(app)
        await pilot.press("space", "a")
        made = reader(app).reading.layer
        await pilot.press("ctrl+q", "w")
    (written,) = home.glob("*.jsonl")
    assert str(written) in app.session.farewell
    assert Store(small_corpus / ".hashiya").read("a", "layla") is None
    done = CliRunner().invoke(main, ["import", str(small_corpus), "--from", str(written)])
    assert done.exit_code == 0, done.output
    layer = Store(small_corpus / ".hashiya").read("a", "layla")
    assert layer
    assert layer.digest == made.digest


async def test_an_app_that_is_ended_with_unsaved_changes_writes_them_elsewhere(
    small_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    app = app_for(small_corpus / "a.txt")
    async with app.run_test() as pilot:
        Disk(app)
        await pilot.press("space", "a")
        app.exit(None, 129)  # as a dropped line does
    assert len(list(home.glob("*.jsonl"))) == 1


async def test_yesterdays_change_can_be_undone(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test() as pilot:
        await pilot.press("space", "a", "escape", "w", "space", "l", "escape", "u")
    app = app_for(small_corpus / "a.txt")
    async with app.run_test() as pilot:
        assert len(spans(app)) == 1
        await pilot.press("ctrl+r")
        assert len(spans(app)) == 2
        await pilot.press("u", "u")
        assert "In an earlier session you tagged actor" in row(app, "status-bar")
        assert len(spans(app)) == 1
        await pilot.press("u")
        assert spans(app) == []
