"""The library and the states of articles, by real keys through Textual's pilot."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotations.store.store import Store
from annotations.team.assignment import Assignment, write_assignment
from tests.app import app_for, reader, row
from tui.app import HashiyaApp
from tui.widgets.article_list import ArticleList


def listed(app: HashiyaApp) -> list[str]:
    """The ids of the articles that the library lists, each of which it draws with its number."""
    articles = app.screen.query_one(ArticleList)
    found = []
    for place in range(articles.row_count):
        shown = "".join(piece.text for piece in articles.render_line(place))
        assert shown.split()[0].rstrip("*") == str(place + 1)
        row = app.session.listing.row_at(place)
        assert row
        found.append(row.id)
    return found


async def type_filter(pilot: "Pilot[None]", text: str) -> None:
    keys = {" ": "space", ":": "colon", ">": "greater_than_sign", "<": "less_than_sign"}
    await pilot.press("/")
    await pilot.press(*(keys.get(char, char) for char in text), "enter")


async def test_a_filter_lists_what_fits_and_escape_lists_all_again(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        assert listed(app) == ["a", "b", "c"]
        await pilot.press("enter", "space", "a", "escape", "d", "q")
        await type_filter(pilot, "status:done")
        assert listed(app) == ["a"]
        assert "1 of 3" in row(app, "title-bar")
        await pilot.press("escape")
        assert listed(app) == ["a", "b", "c"]
        await type_filter(pilot, "actor>0")
        assert listed(app) == ["a"]
        await pilot.press("escape")
        await type_filter(pilot, "status:lost")
        assert "There is no status 'lost'" in row(app, "status-bar")
        await type_filter(pilot, "length>9999")
        assert "Nothing matches" in row(app, "status-bar")


async def test_words_are_searched_in_the_articles_themselves(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        await type_filter(pilot, "aleppo")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert listed(app) == ["b"]
        await pilot.press("escape")
        # the word as a search engine's user writes it: without hamza
        await type_filter(pilot, "\u0627\u064a\u0631\u0627\u0646")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert listed(app) == ["c"]


async def test_the_next_and_the_next_unfinished_article_are_those_of_the_list(
    small_corpus: Path,
) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("down", "enter", "d", "q", "g")
        await type_filter(pilot, "status:new")
        assert listed(app) == ["a", "c"]
        await pilot.press("enter", "ctrl+n")
        assert reader(app).reading.document.id == "c"
        assert "article 2 of 2" in row(app, "title-bar")
        await pilot.press("w", "d")
        assert reader(app).reading.document.id == "a"


async def test_an_article_is_flagged_with_a_note_that_the_library_tells(
    small_corpus: Path,
) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("enter", "!", *"who?", "enter")
        assert reader(app).reading.document.id == "b"
        assert "Article 1 is flagged" in row(app, "status-bar")
        await pilot.press("#", *"seen", "enter")
        assert reader(app).reading.document.id == "b"
        assert reader(app).reading.layer.note == "seen"
        await pilot.press("#", "x", "escape")
        assert reader(app).reading.layer.note == "seen"
        await pilot.press("u")
        assert reader(app).reading.layer.note == ""
        await pilot.press("q", "g")
        assert "Note: who?" in row(app, "status-bar")
        assert "1 flagged" in row(app, "title-bar")
        await pilot.press("v", "v", "v")
        assert "Listed: flagged" in row(app, "status-bar")
        assert listed(app) == ["a"]
        await pilot.press("enter")
        assert "Note: who?" in row(app, "status-bar")
    layer = Store(small_corpus / ".hashiya").read("a", "layla")
    assert layer
    assert (layer.status, layer.note) == ("flagged", "who?")


async def test_ones_own_queue_stands_first_and_s_sorts_otherwise(small_corpus: Path) -> None:
    write_assignment(small_corpus / ".hashiya", Assignment({"c": ("layla",), "a": ("omar",)}))
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        assert listed(app) == ["c", "a", "b"]
        await pilot.press("v")
        assert listed(app) == ["c"]
        await pilot.press("escape", "s")
        assert listed(app) == ["a", "b", "c"]
        assert "by corpus" in row(app, "title-bar")
        await pilot.press("s", "s", "s")
        assert "by length" in row(app, "title-bar")
        lengths = {name: len((small_corpus / f"{name}.txt").read_text("utf-8")) for name in "abc"}
        assert listed(app) == sorted(lengths, key=lambda name: lengths[name])


async def test_the_chosen_article_stays_chosen_when_the_list_changes(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("down", "down", "s", "s", "s", "s")
        articles = app.screen.query_one(ArticleList)
        assert listed(app)[articles.chosen] == "c"


@pytest.mark.parametrize("key", ["up", "down", "enter", "n", "v", "s", "g", "G", "pagedown"])
async def test_no_key_minds_an_empty_list(small_corpus: Path, key: str) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        await type_filter(pilot, "length>9999")
        await pilot.press(key)
        assert app.is_running


async def test_a_record_file_is_a_corpus_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("id,text\r\n7,first article\r\n8,second\r\n", "utf-8")
    app = app_for(path)
    async with app.run_test(size=(100, 24)) as pilot:
        assert listed(app) == ["7", "8"]
        await pilot.press("enter", "space", "a")
        assert reader(app).reading.text == "first article"
    path.write_text("id,text\r\n8,second\r\n7,first article\r\n", "utf-8")
    app = app_for(path)
    async with app.run_test(size=(100, 24)) as pilot:
        assert reader(app).reading.document.id == "7"
        assert len(reader(app).reading.layer.spans) == 1
        await pilot.press("q")
        assert listed(app) == ["8", "7"]


@pytest.mark.parametrize("opened", [["/"], ["enter", "/"], ["enter", "#"], ["enter", "a"], ["?"]])
@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_the_app_is_left_from_anywhere(
    small_corpus: Path, opened: list[str], key: str
) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press(*opened)
        await pilot.press("f3")
        assert not app.current_theme.dark
        await pilot.press(key)
    assert app.return_code == 0
    assert not app.is_running
