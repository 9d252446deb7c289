"""The screens look as they did: each against its snapshot."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotations.corpus.corpus import open_corpus
from annotations.store.checkout import check_out
from annotations.store.location import store_path
from annotations.store.store import Store
from tests.app import app_for
from tests.picture import picture

SNAPSHOTS = Path(__file__).parent / "snapshots"


async def gold(pilot: Pilot[None]) -> None:
    await pilot.press("tab", "tab", "tab")


async def nothing(pilot: Pilot[None]) -> None:
    await pilot.pause()


async def hints(pilot: Pilot[None]) -> None:
    await pilot.press("g", "a")


async def armed(pilot: Pilot[None]) -> None:
    await pilot.press("g", "l", "enter", "enter", "=")


async def repeats(pilot: Pilot[None]) -> None:
    await pilot.press("tab", "tab", "tab", "tab", ";", "n")


async def search(pilot: Pilot[None]) -> None:
    await pilot.press("g", "/", *"\u0627\u0644\u0646\u0638\u0627\u0645")


async def light(pilot: Pilot[None]) -> None:
    pilot.app.theme = "textual-light"
    await pilot.pause()


def annotated(path: Path) -> None:
    """Add nested, crossing and clitic-cut spans to the last seed."""
    corpus = open_corpus(path)
    document = list(corpus.documents())[-1]
    store = Store(store_path(corpus))
    desk = check_out(store, document, "layla")
    from annotations.model.layer import Relation, Span

    layer = desk.layer.with_spans(
        [
            Span("s1", 13, 30, "location"), Span("s2", 34, 39, "location"), Span("s3", 54, 129, "claim"),
            Span("s4", 59, 70, "actor"), Span("s5", 72, 94, "actor"), Span("s6", 117, 129, "actor"),
            Span("s7", 100, 160, "claim"),
        ]
    ).with_relations([Relation("r1", "claimant", "s6", "s7")])  # fmt: skip
    store.save(layer)
    desk.release()


@pytest.mark.parametrize(
    ("name", "size", "act", "opens"),
    [
        ("library", (80, 24), nothing, False),
        ("reader_wide", (100, 30), gold, True),
        ("reader_small", (40, 12), nothing, True),
        ("reader_light", (100, 30), light, True),
        ("hints", (80, 24), hints, True),
        ("hints_large", (120, 40), hints, True),
        ("armed", (80, 24), armed, True),
        ("armed_large", (120, 40), armed, True),
        ("repeats", (80, 24), repeats, True),
        ("repeats_large", (120, 40), repeats, True),
        ("search", (80, 24), search, True),
        ("search_large", (120, 40), search, True),
    ],
)
async def test_the_screens_look_as_they_did(
    corpus_path: Path,
    name: str,
    size: tuple[int, int],
    act: Callable[[Pilot[None]], object],
    opens: bool,
) -> None:
    annotated(corpus_path)
    app = app_for(corpus_path)
    async with app.run_test(size=size) as pilot:
        if opens:
            await pilot.press("end", "enter")
        done = act(pilot)
        assert hasattr(done, "__await__")
        await done
        await pilot.pause()
        shown = picture(app)
    file = SNAPSHOTS / f"{name}.svg"
    if os.environ.get("HASHIYA_UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(shown, "utf-8")
    assert shown == file.read_text("utf-8"), "look at it, then set HASHIYA_UPDATE_SNAPSHOTS=1"
