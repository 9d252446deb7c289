"""What one does with spans and articles as wholes: notes, all mentions, numbers, directions, flags."""

from pathlib import Path

import pytest

from annotations.model.scheme import parse_scheme
from annotations.store.answers import read_answers
from annotations.store.view import read_base
from tests.desk import desk_of, press, session_of, spans_of
from tui.desk import mouse
from tui.desk.asks import Ask, ShowPage
from tui.desk.commands import keymap_of
from tui.desk.desk import Desk
from tui.desk.library import Library
from tui.desk.modes.mentioning import MentionsMode
from tui.desk.pages import KeysPage
from tui.keys.command import PLACE_NAMES

TEXT = "the Army left Aleppo, an army said so, and that army went to Homs"


def tag_mentions(desk: Desk) -> None:
    start = TEXT.lower().index("army")
    desk.reading.tag_range("actor", start, start + 4)
    press(desk, ";", "enter")
    assert len(spans_of(desk)) == 3


def test_a_note_is_written_on_a_span_and_read_again(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        press(desk, "m")
        assert "There is no span here" in desk.reading.message
        desk.reading.tag_range("actor", 4, 8)
        press(desk, "m", *"who?", "enter")
        assert [span.note for span in desk.reading.layer.spans] == ["who?"]
        press(desk, "u")
        assert 'wrote a note on actor "Army"' in desk.reading.message
        assert [span.note for span in desk.reading.layer.spans] == [""]


def test_all_mentions_are_deleted_at_once_after_a_look_and_one_undo_brings_them_back(
    tmp_path: Path,
) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        tag_mentions(desk)
        press(desk, "X")
        assert isinstance(desk.mode, MentionsMode)
        assert desk.mode.prompt == "actor \u00abArmy\u00bb: 1 of 3"
        press(desk, "n", "x", "enter")
        assert spans_of(desk) == [("actor", "army")]
        assert desk.reading.message == "Deleted 2 mentions; u brings them back."
        press(desk, "u")
        assert len(spans_of(desk)) == 3


def test_all_mentions_get_another_label_at_once(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        tag_mentions(desk)
        press(desk, "X", "l")
        assert {label for label, _ in spans_of(desk)} == {"location"}
        assert "3 mentions \u2192 location" in desk.reading.message
        press(desk, "u")
        assert {label for label, _ in spans_of(desk)} == {"actor"}


def test_no_other_key_decides_on_all_mentions(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        tag_mentions(desk)
        press(desk, "X", "d", "q", "escape")
        assert len(spans_of(desk)) == 3
        assert desk.reading.layer.status == "in_progress"


def test_one_goes_to_a_line_and_to_an_article_by_its_number(tmp_path: Path) -> None:
    lines = "\n".join(f"line {number}" for number in range(1, 41))
    with desk_of(tmp_path / "a", lines, "second", "third") as desk:
        press(desk, "1", "2", "G")
        assert desk.reading.text[desk.reading.cursor :].startswith("line 12\n")
        press(desk, ":", *"l7", "enter")
        assert desk.reading.text[desk.reading.cursor :].startswith("line 7\n")
        assert desk.reading.message == "Line 7."
        press(desk, ":", *"l99", "enter")
        assert desk.reading.message == "There is no line 99; the last is 40."
        press(desk, ":", *"9", "enter")
        assert desk.reading.message == "There is no article 9; the last is 3."
        press(desk, ":", *"two", "enter")
        assert "no number" in desk.reading.message
        effect = press(desk, ":", *"3", "enter")
        assert effect.wish is Ask.OPEN
        assert desk.reading.text == "third"


def test_the_direction_of_paragraphs_is_set_for_all_who_read_the_corpus(tmp_path: Path) -> None:
    text = "RT @name: \u0642\u0627\u0644 \u0627\u0644\u0648\u0632\u064a\u0631 \u0625\u0646"
    with desk_of(tmp_path / "a", text, width=60) as desk:
        assert desk.window.reads_rightward(0)
        press(desk, "f4")
        assert "as most of their letters do, for all readers" in desk.reading.message
        assert not desk.window.reads_rightward(0)
        assert read_base(tmp_path / "a" / ".hashiya") == "majority"
        press(desk, "f4")
        assert not desk.window.reads_rightward(0)
        press(desk, "f4")
        assert desk.window.reads_rightward(0)
    again = session_of(tmp_path / "a")
    assert again.base == "ltr"
    again.end()


@pytest.mark.parametrize("name", ["omar", "\u0644\u064a\u0644\u0649"])
def test_a_flag_reaches_the_others_and_their_answer_reaches_who_flagged(
    tmp_path: Path, name: str
) -> None:
    with desk_of(tmp_path / "a", TEXT, "another") as desk:
        press(desk, "!", *"which army", "enter")
        assert desk.reading.text == "another"
    lead = session_of(tmp_path / "a", annotator=name)
    library = Library(lead)
    row = lead.catalogue.find("0")
    assert row
    assert row.flags == 1
    lead.listing.narrow("flagged")
    assert list(lead.listing.numbers) == [row.number]
    assert library.status.startswith("Listed")
    press(library, "escape")
    assert library.status == "Flagged by layla: which army"
    assert ("Flags", "1 flag to answer; / flagged lists them") in library.overview()
    desk = Desk(lead, lead.open(row))
    assert "Flagged by layla: which army (@ answers)" in desk.reading.message
    press(desk, "@", *"theirs", "enter")
    assert "layla will read the answer" in desk.reading.message
    assert not any(flag.is_open for flag in lead.flags())
    lead.end()
    (answer,) = read_answers(tmp_path / "a" / ".hashiya")
    assert (answer.document, answer.flagged_by, answer.says, answer.answered_by) == (
        "0", "layla", "theirs", name,
    )  # fmt: skip
    again = session_of(tmp_path / "a")
    row = again.catalogue.find("0")
    assert row
    assert f"{name} answers: theirs" in again.open(row).message
    again.end()


def test_who_was_flagged_by_nobody_can_not_answer(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "@")
        assert desk.reading.message == "Nobody else has flagged this article."


def test_a_flag_that_asks_something_else_is_open_again(tmp_path: Path) -> None:
    folder = tmp_path / "a"

    def flag(question: str) -> None:
        with desk_of(folder, TEXT, "another") as desk:
            if desk.reading.layer.status == "flagged":
                desk.reading.set_status("in_progress", "")
            press(desk, "!", *question, "enter")
            assert desk.reading.saver.wait(20)

    flag("why")
    lead = session_of(folder, annotator="omar")
    assert lead.answer(lead.flags()[0], "because").startswith("layla will")
    assert not any(item.is_open for item in lead.flags())
    lead.end()
    flag("and where")
    lead = session_of(folder, annotator="omar")
    assert [(item.note, item.is_open) for item in lead.flags()] == [("and where", True)]
    lead.end()


def test_what_a_review_is_at_is_in_the_window_after_the_wheel(tmp_path: Path) -> None:
    text = "\n".join(f"army {number}" for number in range(60))
    with desk_of(tmp_path / "a", text, width=40, height=10) as desk:
        press(desk, "space", "a", ";")
        desk.scroll(40)
        desk.update_window()
        press(desk, "n")
        assert desk.window.cell_of(desk.reading.cursor) is not None
        press(desk, "escape", "/")
        desk.scroll(40)
        press(desk, *"army 5")
        assert desk.window.cell_of(desk.reading.cursor) is not None


def test_a_click_in_a_mode_decides_nothing(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        press(desk, "#", *"a long note")
        mode = desk.mode
        mouse.click(desk, 20, selects_word=False)
        mouse.drag(desk, 3, 20, letters=False)
        assert desk.mode is mode
        press(desk, "enter")
        assert desk.reading.layer.note == "a long note"
        start = TEXT.index("Army")
        desk.reading.tag_range("actor", start, start + 4)
        press(desk, ";")
        mouse.click(desk, TEXT.index("said"), selects_word=False)
        assert len(desk.kept_layer.spans) == 1
        mouse.click(desk, TEXT.rindex("army"), selects_word=False)
        press(desk, "x", "enter")
        assert [span.start for span in desk.reading.layer.spans] == [start, TEXT.index("army")]


def test_a_drag_leaves_the_span_that_was_at_hand(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        desk.reading.tag_range("actor", 4, 8)
        press(desk, "escape", "tab")
        mouse.drag(desk, TEXT.index("Aleppo"), TEXT.index("Aleppo") + 2, letters=False)
        press(desk, "l")
        assert spans_of(desk) == [("actor", "Army"), ("location", "Aleppo")]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (["tab", "l"], "actor \u2192 location and removed 1 relation"),
        (["tab", "x"], "Deleted the actor and removed 1 relation"),
        (["tab", "X", "l"], "1 mention \u2192 location and removed 1 relation"),
        (["tab", "X", "enter"], "Deleted 1 mention and removed 1 relation"),
    ],
)
def test_a_relation_that_goes_with_a_span_is_told(
    tmp_path: Path, keys: list[str], told: str
) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        desk.reading.tag_range("actor", 4, 8)
        start = TEXT.index("went")
        desk.reading.tag_range("claim", start, len(TEXT))
        press(desk, "y", "escape", "g", "escape")
        assert len(desk.reading.layer.relations) == 1
        press(desk, *keys)
        assert told in desk.reading.message
        press(desk, "u")
        assert "removed 1 relation" in desk.reading.message
        assert len(desk.reading.layer.relations) == 1


def test_a_label_may_have_a_key_that_a_newer_command_would_have(tmp_path: Path) -> None:
    scheme = parse_scheme('[[labels]]\nname = "money"\nkey = "m"\n')
    keymap = keymap_of(scheme)
    keymap.check(scheme)
    with desk_of(tmp_path / "a", TEXT, keymap=keymap) as desk:
        press(desk, "space", "m")
        assert spans_of(desk) == [("money", "the")]
    assert keymap.keys_of("span.note") == ()


@pytest.mark.parametrize("keys", [["a"], ["f"], ["space", "a", ";"]])
def test_the_keys_are_shown_over_a_mode_which_stays(tmp_path: Path, keys: list[str]) -> None:
    with desk_of(tmp_path / "a", TEXT, width=70) as desk:
        if ";" in keys:
            press(desk, "w")
        press(desk, *keys)
        mode = desk.mode
        assert mode
        wish = press(desk, "?").wish
        assert isinstance(wish, ShowPage)
        assert desk.mode is mode
        assert isinstance(wish.page, KeysPage)
        assert wish.page.groups[0][0] == PLACE_NAMES[mode.place]


def test_the_word_here_is_none_that_is_not_on_the_screen(tmp_path: Path) -> None:
    text = "\n".join(f"army {number}" for number in range(60))
    with desk_of(tmp_path / "a", text, width=40, height=10) as desk:
        press(desk, "a", "pagedown", "pagedown", "enter")
        assert "not on this screen" in desk.reading.message
        assert desk.mode
        press(desk, "escape")
        assert spans_of(desk) == []
