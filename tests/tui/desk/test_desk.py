"""A key goes in, what it did comes out: the desk without a terminal."""

from pathlib import Path

import pytest

from annotations.store.store import Store
from tests.desk import desk_of, press, session_of, spans_of
from tui.desk.asks import Ask, RunSteps, ShowPage
from tui.desk.commands import keymap_of
from tui.desk.desk import Desk
from tui.desk.library import Library
from tui.desk.modes.searching import SearchMode
from tui.desk.modes.tagging import TagMode

TEXT = "the army left Aleppo, the army said so"


def hint_at(desk: Desk, word: str) -> list[str]:
    """The keys of the hint on the first mention of a word."""
    assert desk.mode
    assert desk.mode.hinting
    start = desk.reading.text.index(word)
    return list(next(hint.keys for hint in desk.mode.hinting.hints if hint.target.start == start))


def test_space_and_a_label_tag_the_word_and_the_layer_is_saved(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        effect = press(desk, "w", "space", "a")
        assert effect.used
        assert effect.command_id == "label.actor"
        assert spans_of(desk) == [("actor", "army")]
        assert desk.reading.saver.wait(20)
        saved = Store(tmp_path / "a" / ".hashiya").read("0", "layla")
        assert saved
        assert saved.digest == desk.reading.layer.digest


def test_a_label_key_alone_puts_hints_on_the_words_and_a_hint_tags_one(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=60) as desk:
        press(desk, "l")
        assert isinstance(desk.mode, TagMode)
        press(desk, *hint_at(desk, "Aleppo"))
        if desk.mode:
            press(desk, "enter")
        assert spans_of(desk) == [("location", "Aleppo")]
        assert desk.mode is None


def test_a_count_repeats_a_motion_and_nothing_else(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "3")
        assert "3 times" in desk.reading.message
        press(desk, "w")
        assert desk.reading.text[desk.reading.cursor :].startswith("Aleppo")
        press(desk, "2", "space", "l", "w")
        assert spans_of(desk) == [("location", "Aleppo")]


def test_a_key_that_means_nothing_is_not_used_and_says_so(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        effect = press(desk, "Q")
        assert not effect.used
        assert "Q does nothing here" in desk.reading.message


def test_the_search_line_takes_letters_until_enter_and_escape_goes_back(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "/", *"army")
        assert isinstance(desk.mode, SearchMode)
        assert spans_of(desk) == []
        press(desk, "enter")
        assert desk.reading.cursor == 4
        press(desk, "n")
        assert desk.reading.cursor == 26
        press(desk, "/", *"left", "escape")
        assert desk.reading.cursor == 26


def test_undo_and_redo_go_back_and_forth(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "space", "a", "u")
        assert spans_of(desk) == []
        press(desk, "ctrl+r")
        assert spans_of(desk) == [("actor", "the")]


def test_a_review_of_repeats_is_one_step_for_undo(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a")
        before = len(desk.reading.history.done)
        press(desk, ";")
        assert desk.mode
        press(desk, "enter")
        assert spans_of(desk) == [("actor", "army"), ("actor", "army")]
        assert len(desk.reading.history.done) == before + 1
        press(desk, "u")
        assert spans_of(desk) == [("actor", "army")]


def test_finishing_opens_the_next_article_and_asks_the_screen_to_show_it(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, "two") as desk:
        effect = press(desk, "space", "a", "d")
        assert effect.wish is Ask.OPEN
        assert desk.reading.document.id == "1"
        effect = press(desk, "d")  # nobody has read it
        assert effect.wish is None
        assert "not read this one yet" in desk.reading.message
        press(desk, "d")
        assert desk.reading.layer.status == "done"
        assert "Every article is done" in desk.reading.message


def test_what_needs_a_screen_is_asked_for(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, "army") as desk:
        assert press(desk, "q").wish is Ask.LEAVE
        assert press(desk, "home").wish is Ask.BELL
        page = press(desk, "f1").wish
        assert isinstance(page, ShowPage)
        press(desk, "w", "space", "a", ";", "escape")
        wish = press(desk, ";").wish
        assert isinstance(wish, RunSteps)
        for _ in wish.steps:
            pass
        row = desk.session.catalogue.find("1")
        assert row
        assert len(desk.session.open(row).suggested) == 1


def test_another_key_that_the_user_chose_does_the_same(tmp_path: Path) -> None:
    keymap = keymap_of(overrides={"edit.undo": ("ctrl+y",), "span.delete": ()})
    with desk_of(tmp_path / "a", TEXT, keymap=keymap) as desk:
        press(desk, "space", "a", "u")
        assert spans_of(desk) == [("actor", "the")]
        press(desk, "ctrl+y")
        assert spans_of(desk) == []


@pytest.mark.parametrize(
    ("keys", "wanted"), [("down", 1), ("end", 2), ("end up", 1), ("pagedown", 2), ("up", 0)]
)
def test_the_library_moves_among_its_articles(tmp_path: Path, keys: str, wanted: int) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(TEXT, "utf-8")
    session = session_of(tmp_path)
    session.catalogue.wait(20)
    session.listing.refresh()
    library = Library(session)
    library.page_rows = 10
    press(library, *keys.split())
    assert library.listing.chosen == wanted
    session.end()


def test_a_word_in_the_filter_lists_the_articles_that_hold_it(tmp_path: Path) -> None:
    for name in ("north", "south", "east"):
        (tmp_path / f"{name}.txt").write_text(f"{TEXT} {name}", "utf-8")
    session = session_of(tmp_path)
    session.catalogue.wait(20)
    session.listing.refresh()
    library = Library(session)
    wish = press(library, "/", *"sou", "enter").wish
    assert isinstance(wish, RunSteps)
    assert len(list(wish.steps)) == 3
    assert len(library.listing) == 1
    row = library.listing.row_at(0)
    assert row
    assert row.id == "south"
    session.end()


NESTED = "east Homs fell, Homs said, and east Homs with Homs"


@pytest.mark.parametrize("first", ["east Homs", "Homs"])
def test_repeats_are_found_inside_spans_of_the_same_label_in_whatever_order_one_tags(
    tmp_path: Path, first: str
) -> None:
    with desk_of(tmp_path / "a", NESTED, width=70) as desk:
        for mention in sorted(("east Homs", "Homs"), key=lambda words: words != first):
            start = NESTED.index(mention)
            desk.reading.tag_range("location", start, start + len(mention))
            press(desk, ";", "enter", "escape")
        assert (
            sorted(spans_of(desk)) == [("location", "Homs")] * 4 + [("location", "east Homs")] * 2
        )


def test_a_name_in_quotes_is_tagged_with_both_of_them(tmp_path: Path) -> None:
    text = "the group \u00abShield\u00bb and others"
    with desk_of(tmp_path / "a", text, width=60) as desk:
        press(desk, "a")
        press(desk, *hint_at(desk, "group"), *hint_at(desk, "Shield"))
        assert spans_of(desk) == [("actor", "group \u00abShield\u00bb")]
        press(desk, "-")
        assert spans_of(desk) == [("actor", "group")]
        press(desk, "=")
        assert spans_of(desk) == [("actor", "group \u00abShield\u00bb")]
        press(desk, ".")
        assert spans_of(desk) == [("actor", "\u00abShield\u00bb")]


def test_a_relabel_says_what_became_what(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a", "escape", "tab", "l")
        assert desk.reading.message == "actor \u2192 location; u takes it back."


def test_a_proclitic_that_is_not_there_is_named(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a", "'")
        assert desk.reading.message == "No proclitic here."
