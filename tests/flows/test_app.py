"""The app through Textual's pilot: the main job, the mouse, and what the screens show."""

from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.errors import SchemeError
from annotations.model.scheme import parse_scheme
from annotations.store.checkout import check_out
from annotations.store.location import store_path
from annotations.store.store import Store
from tests.app import app_for, article_rows, reader, row, spans
from tests.picture import picture
from tui.app import HashiyaApp
from tui.desk.pages import KeysPage
from tui.screens.library import LibraryScreen
from tui.screens.page import PageScreen
from tui.widgets.article import ArticleView
from tui.widgets.span_list import SpanList


async def test_the_main_job_from_opening_to_the_library(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press("enter", "space", "a")
        text = reader(app).reading.text
        clause = text[: text.index("\u060c")]
        assert spans(app) == [("actor", clause.split()[0])]
        await pilot.press("right", "w", "w", "space", "space", "c")
        assert spans(app) == [("claim", clause), ("actor", clause.split()[0])]
        await pilot.press("w", "v", "w", "l", "u")
        assert len(spans(app)) == 2
        await pilot.press("ctrl+r")
        assert len(spans(app)) == 3
        assert "saved" in row(app, "status-bar")
        await pilot.press("d")
        assert reader(app).reading.document.id == "b"
        await pilot.press("q")
        assert isinstance(app.screen, LibraryScreen)
        assert "1 finished" in row(app, "title-bar")
    saved = Store(small_corpus / ".hashiya").read("a", "layla")
    assert saved
    assert (len(saved.spans), saved.status) == (3, "done")


async def test_keys_typed_ahead_are_done_in_their_order(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test() as pilot:
        await pilot.press("enter", "space", "a", "w", "space", "space", "c", "tab", "x", "q")
        assert isinstance(app.screen, LibraryScreen)
    saved = Store(small_corpus / ".hashiya").read("a", "layla")
    assert saved
    assert [span.label for span in saved.spans] == ["claim"]  # Tab went on to the actor


async def test_a_click_puts_the_cursor_on_a_letter_and_a_drag_selects(small_corpus: Path) -> None:
    app = app_for(small_corpus / "b.txt")
    async with app.run_test(size=(80, 24)) as pilot:
        # "\u062d\u0644\u0628 Aleppo ..." stands flush right: its first letter in the last cell of the text area
        window = reader(app).desk.window
        right = window.text_left + window.text_width - 1
        await pilot.click(ArticleView, offset=(right, 0))
        assert reader(app).reading.cursor == 0
        await pilot.click(ArticleView, offset=(right - 4, 0))
        # "Aleppo 2016" reads from left to right, so its end stands beside the Arabic word
        assert reader(app).reading.text[reader(app).reading.cursor] == "6"
        await pilot.mouse_down(ArticleView, offset=(right, 0))
        await pilot.hover(ArticleView, offset=(right - 2, 0))
        await pilot.mouse_up(ArticleView, offset=(right - 2, 0))
        selection = reader(app).reading.selection
        assert selection
        assert (selection.start, selection.end) == (0, 3)
        await pilot.press("l")
        assert spans(app) == [("location", "\u062d\u0644\u0628")]


async def test_claims_and_nested_spans_stand_in_lanes_of_their_own(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "a", "escape", "space", "space", "c", "escape")
        rows = article_rows(app)
        assert "actor" not in rows[1]
        assert rows[1].rstrip().endswith("a\u2518")
        assert rows[2].rstrip().endswith("claim\u2518")
        assert rows[2].lstrip().startswith("\u2514")
        await pilot.press("z")
        assert "claim" not in "".join(article_rows(app))


async def test_a_span_edge_inside_a_lam_alef_opens_it_and_nothing_else_moves(
    small_corpus: Path,
) -> None:
    app = app_for(small_corpus / "c.txt")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        closed = article_rows(app)[0]
        assert "\ufef9" in closed
        await pilot.press("home", "left", "v", "w", "l", "end")
        opened = article_rows(app)[0]
        assert spans(app) == [("location", "\u0625\u064a\u0631\u0627\u0646")]
        assert "\ufe88\ufedf" in opened
        # what follows the ligature in reading order stands to its left and is drawn as before
        assert opened.split("\ufe88\ufedf")[0].split() == closed.split("\ufef9")[0].split()


async def test_the_list_stands_beside_the_text_from_100_columns_and_p_toggles_it(
    small_corpus: Path,
) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(100, 30)) as pilot:
        assert app.screen.query_one("#list-pane").display
        await pilot.resize_terminal(80, 24)
        assert not app.screen.query_one("#list-pane").display
        await pilot.press("p")
        assert app.screen.query_one("#list-pane").display
        await pilot.press("space", "a")
        assert len(app.screen.query_one(SpanList).entries) == 1


async def test_the_cursor_stays_in_the_window_wherever_it_goes(corpus_path: Path) -> None:
    app = app_for(corpus_path / "001_fc0dc6fadc65d883.txt")
    async with app.run_test(size=(40, 12)) as pilot:
        view = app.screen.query_one(ArticleView)
        for key in (
            "pagedown",
            "pagedown",
            "down",
            "G",
            "up",
            "pageup",
            "g",
            "}",
            "}",
            "]",
            "w",
            "end",
        ):
            await pilot.press(key)
            name = reader(app).desk.window.layout.line_of(reader(app).reading.cursor)
            shown = [
                item.name for row, item in reader(app).desk.window.rows() if row < view.size.height
            ]
            assert name in shown, key


async def test_a_damaged_layer_is_told_and_the_article_opens_empty(small_corpus: Path) -> None:
    store = Store(small_corpus / ".hashiya")
    corpus = open_corpus(small_corpus)
    desk = check_out(store, next(corpus.documents()), "layla")
    store.save(desk.layer)
    desk.release()
    store.path("a", "layla").layer.write_text("{")
    app = app_for(small_corpus)
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("down", "up")
        assert "damaged" in row(app, "status-bar")
        await pilot.press("enter")
        assert "set aside" in row(app, "status-bar")
        await pilot.press("space", "a")
        assert len(spans(app)) == 1


async def test_what_can_not_be_opened_is_listed(small_corpus: Path) -> None:
    (small_corpus / "bad.txt").write_bytes(b"\xff")
    app = app_for(small_corpus)
    async with app.run_test(size=(120, 24)) as pilot:
        assert "1 fault in the corpus" in row(app, "status-bar")
        await pilot.press("f")
        shown = picture(app)
        assert "bad.txt" in shown.replace("&#160;", " ")
        await pilot.press("escape", "enter")
        assert reader(app).reading.document.id == "a"


def test_a_label_may_not_have_the_key_of_a_command(small_corpus: Path) -> None:
    corpus = open_corpus(small_corpus)
    scheme = parse_scheme('[[labels]]\nname = "quote"\nkey = "q"\n')
    with pytest.raises(SchemeError, match="'q' of the label quote"):
        HashiyaApp(corpus, Store(store_path(corpus)), scheme, "layla")


def article(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "article.txt"
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u062d\u0645\u062f\n\n\u0639\u0644\u064a\n***\n2024\n \n\u0645\u0635\u0631",
        " \n\u0642\u0627\u0644\r\n\r\n\u0645\u0635\u0631",
        "one\n\ntwo\n---\nthree",
    ],
)
async def test_arrows_walk_through_blank_and_neutral_paragraphs(tmp_path: Path, text: str) -> None:
    app = app_for(article(tmp_path, text))
    async with app.run_test(size=(80, 24)) as pilot:
        ahead, back = ("right", "left") if text.startswith("one") else ("left", "right")
        last = reader(app).reading.pointing.last_grapheme
        for _ in range(len(text)):
            await pilot.press(ahead)
        assert reader(app).reading.cursor >= last - 1
        for _ in range(len(text)):
            await pilot.press(back)
        assert reader(app).reading.cursor == 0


@pytest.mark.parametrize(
    "text",
    [
        "\ufefb\u064b \u0634\u064a\u0621",
        "\u0642 \ufefb\u200c \u0628",
        "\ufefc\u0651 \u0628",
        "\n\n\n",
        "   ",
        "\r\n \r\n",
        "1\ufe0f\u20e3 \u062e\u0628\u0631",
        "\u0643\u062a\u0627\u0628\u08f0 \u0623",
        "\u06dd\u0661\u0662",
    ],
)
async def test_odd_articles_can_be_walked_and_tagged_with_whole_letters(
    tmp_path: Path, text: str
) -> None:
    from annotations.language.graphemes import is_boundary

    app = app_for(article(tmp_path, text))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press(
            "left",
            "right",
            "down",
            "up",
            "end",
            "home",
            "w",
            "b",
            "]",
            "[",
            "G",
            "g",
            "f",
            "escape",
        )
        await pilot.press(
            "space",
            "a",
            "escape",
            "space",
            "space",
            "c",
            "escape",
            "shift+left",
            "l",
            "tab",
            ";",
            "escape",
        )
        for span in reader(app).reading.layer.spans:
            assert is_boundary(text, span.start)
            assert is_boundary(text, span.end)


async def test_an_article_of_spaces_alone_stays_quick_enough_to_use(tmp_path: Path) -> None:
    app = app_for(article(tmp_path, "\u0642" + " " * 50_000 + "\u062d"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("left", "left", "right", "w", "space", "a")
        assert len(spans(app)) == 1


async def test_escape_and_a_key_typed_at_once_are_two_keys(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test() as pilot:
        await pilot.press("space", "alt+l")
        assert spans(app) == []
        assert reader(app).mode is not None


async def test_done_can_be_undone_when_one_goes_back(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test() as pilot:
        await pilot.press("enter", "space", "a", "d")
        assert "Article 1 is done" in row(app, "status-bar")
        await pilot.press("ctrl+o", "u")
        assert reader(app).reading.layer.status == "in_progress"


async def test_d_pressed_twice_does_not_pass_the_article_that_it_opened(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test() as pilot:
        await pilot.press("enter", "d")
        assert reader(app).reading.document.id == "b"
        await pilot.press("d")
        assert reader(app).reading.document.id == "b"
        assert "have not read" in row(app, "status-bar")
        await pilot.press("d")
        assert reader(app).reading.document.id == "c"
        await pilot.press("w", "d")
        await pilot.press("q")
        assert app.session.catalogue.status_counts() == {"done": 3}


async def test_a_file_that_changes_while_the_app_runs_opens_as_it_is_now(
    small_corpus: Path,
) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(120, 24)) as pilot:
        (small_corpus / "b.txt").write_text("something else")
        await pilot.press("down", "enter")
        assert reader(app).reading.text == "something else"
        await pilot.press("space", "a", "q")
        (small_corpus / "b.txt").write_text("something else again")
        await pilot.press("enter", "escape")
        assert "READ ONLY" in row(app, "title-bar")
        (small_corpus / "b.txt").unlink()
        await pilot.press("q", "enter")
        assert "b.txt can't be read" in row(app, "status-bar")


async def test_space_and_then_shift_extends_past_the_word(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test() as pilot:
        await pilot.press("space", "shift+left", "shift+left")
        selection = reader(app).reading.selection
        assert selection
        assert (selection.start, selection.end) == (0, 5)


async def test_the_palette_finds_a_command_by_its_name_and_does_it(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "space", "a", "ctrl+p", *"undo")
        assert isinstance(app.screen, PageScreen)
        page = app.screen.page
        assert isinstance(page, KeysPage)
        assert [item.command.id for item in page.found] == ["edit.undo"]
        await pilot.press("enter")
        await pilot.pause()
        assert reader(app).reading.layer.spans == ()
        await pilot.press("ctrl+p", *"no such thing", "enter")
        assert "article 1" in row(app, "title-bar")


async def test_the_palette_reads_arabic_letters_as_the_keys_they_are_on(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "ctrl+p", *"\u0639\u0649\u064a\u062e")  # undo
        assert isinstance(app.screen, PageScreen)
        assert isinstance(app.screen.page, KeysPage)
        assert app.screen.page.typed.text == "undo"


async def test_the_help_can_be_searched_and_what_is_found_can_be_done(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "?", "/", *"ctrl+n", "enter")
        await pilot.pause()
        assert "article 2 of 3" in row(app, "title-bar")
        await pilot.press("f1", "/", *"list of spans", "enter")
        await pilot.pause()
        assert app.screen.query_one("#list-pane").display
        await pilot.press("q", "ctrl+p", *"shell", "enter")
        await pilot.pause()
    assert app.return_code == 0


async def test_a_motion_that_can_go_no_further_says_so(small_corpus: Path) -> None:
    app = app_for(small_corpus)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "up")
        assert "The article begins here." in row(app, "status-bar")
        await pilot.press("G", "down")
        assert "The article ends here." in row(app, "status-bar")
        await pilot.press("g")
        assert "here." not in row(app, "status-bar")


async def test_vowel_marks_can_be_hidden_and_offsets_stay(tmp_path: Path) -> None:
    file = tmp_path / "v.txt"
    file.write_text("\u0642\u064e\u0627\u0644\u064e \u0628\u0651\u064e", "utf-8")
    app = app_for(file)
    async with app.run_test(size=(40, 12)) as pilot:
        assert "\u064e" in article_rows(app)[0]
        await pilot.press("t")
        shown = article_rows(app)[0]
        assert not any("\u064b" <= char <= "\u0652" for char in shown)
        await pilot.press("w", "space", "a")
        assert spans(app) == [("actor", "\u0628\u0651\u064e")]
        await pilot.press("t")
        assert "\u064e" in article_rows(app)[0]
