"""What one does with spans and articles as wholes: notes, all mentions, numbers, directions, flags."""

from pathlib import Path

import pytest

from annotations.store.answers import read_answers
from annotations.store.view import read_base
from tests.desk import desk_of, press, session_of, spans_of
from tui.desk.asks import Ask
from tui.desk.desk import Desk
from tui.desk.library import Library
from tui.desk.modes.mentioning import MentionsMode

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
        assert "as most of their letters do, for all who read" in desk.reading.message
        assert not desk.window.reads_rightward(0)
        assert read_base(tmp_path / "a" / ".hashiya") == "majority"
        press(desk, "f4")
        assert not desk.window.reads_rightward(0)
        press(desk, "f4")
        assert desk.window.reads_rightward(0)
    assert session_of(tmp_path / "a").base == "ltr"


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
    assert ("Flags", "1 flag to answer; v lists them") in library.overview()
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
