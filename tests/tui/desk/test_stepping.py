"""Undo says what it took back, goes there, and asks before it reaches far."""

from pathlib import Path

from annotations.model import changes
from annotations.model.changes import Batch
from annotations.model.layer import Span
from tests.desk import desk_of, press, session_of, spans_of
from tui.desk.desk import Desk

TEXT = "the army left Aleppo, the army said so, and the army went to Homs"


def tagged(tmp_path: Path, *words: str) -> None:
    """Tag words in a session that ends."""
    with desk_of(tmp_path / "a", TEXT) as desk:
        for word in words:
            desk.reading.move_to(TEXT.index(word))
            press(desk, "space", "a", "escape")
        assert desk.reading.saver.wait(20)


def reopened(tmp_path: Path) -> Desk:
    session = session_of(tmp_path / "a")
    session.listing.refresh()
    row = session.catalogue.find("0")
    assert row
    desk = Desk(session, session.open(row))
    desk.window.resize(60, 8)
    desk.update_window()
    return desk


def test_undo_says_what_it_undid_and_goes_there(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a", "escape", "G", "u")
        assert desk.reading.message == 'Undone: tagged actor "army"; Ctrl+r redoes it.'
        assert desk.reading.cursor == TEXT.index("army")
        press(desk, "G", "ctrl+r")
        assert desk.reading.message == 'Redone: tagged actor "army"; u undoes it.'
        assert spans_of(desk) == [("actor", "army")]
        assert desk.reading.cursor == TEXT.index("army")


def test_after_an_undo_the_span_is_armed_again(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a", "=", "u", "=", "=")
        assert spans_of(desk) == [("actor", "army left Aleppo")]
        assert desk.reading.armed


def test_a_counted_edge_is_one_step(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a", "4", "=")
        assert spans_of(desk) == [("actor", "army left Aleppo, the army")]
        press(desk, "u")
        assert spans_of(desk) == [("actor", "army")]
        assert "moved an edge" in desk.reading.message


def test_the_status_is_taken_back_with_a_word(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a", "d")
        press(desk, "u")
        assert "Undone: made the article done" in desk.reading.message


def test_undo_asks_before_it_reaches_into_an_earlier_session(tmp_path: Path) -> None:
    tagged(tmp_path, "army", "Aleppo")
    desk = reopened(tmp_path)
    press(desk, "u")
    assert len(spans_of(desk)) == 2
    assert 'In an earlier session you tagged actor "Aleppo"; u again' in desk.reading.message
    press(desk, "w", "u")
    assert len(spans_of(desk)) == 2, "the question was asked long ago"
    press(desk, "u")
    assert spans_of(desk) == [("actor", "army")]
    press(desk, "u")
    assert spans_of(desk) == [], "once agreed, one goes on"
    desk.session.end()


def test_undo_asks_before_it_takes_an_import_back(tmp_path: Path) -> None:
    tagged(tmp_path, "army")
    added = tuple(
        changes.AddSpan(Span(f"i{start}", start, start + 3, "actor")) for start in (0, 22, 44)
    )
    desk = reopened(tmp_path)
    imported = Batch(added)
    desk.reading.history = desk.reading.history.record(imported)
    desk.reading.apply("import", imported)
    assert desk.reading.saver.wait(20)
    desk.session.end()
    desk = reopened(tmp_path)
    press(desk, "u")
    assert "The last change is an import of 3 spans; u again takes it back." in desk.reading.message
    assert len(spans_of(desk)) == 4
    press(desk, "u")
    assert len(spans_of(desk)) == 1
    desk.session.end()


def test_many_at_once_are_taken_back_at_once_only_if_that_was_the_last_thing_done(
    tmp_path: Path,
) -> None:
    with desk_of(tmp_path / "a", TEXT) as desk:
        press(desk, "w", "space", "a", ";", "enter")
        assert len(spans_of(desk)) == 3
        press(desk, "u")
        assert len(spans_of(desk)) == 1
        press(desk, "ctrl+r", "x", "u", "u")
        assert len(spans_of(desk)) == 3
        assert "made at once: tagged 2 spans; u again" in desk.reading.message
        press(desk, "u")
        assert len(spans_of(desk)) == 1


def test_an_article_that_was_left_and_opened_again_is_still_of_this_session(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, "another") as desk:
        press(desk, "w", "space", "a", "d", "ctrl+o", "u")
        assert desk.reading.layer.status == "in_progress"
