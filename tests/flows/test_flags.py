"""Flags and answers on the command line, and the direction of paragraphs."""

import json
import os
from pathlib import Path

import pytest

from tests.command import hashiya as run
from tests.desk import desk_of, press


@pytest.fixture
def flagged(tmp_path: Path) -> Path:
    """A corpus of which Layla has flagged an article."""
    with desk_of(tmp_path / "a", "the army left", "another") as desk:
        press(desk, "!", *"which army", "enter")
        assert desk.reading.saver.wait(20)
    return tmp_path / "a"


def hashiya(*args: str | Path) -> tuple[str, int]:
    """What a command printed, and its exit code."""
    done = run(*args)
    return (done.stdout + done.stderr).decode(), done.returncode


def answer(corpus: Path) -> Path:
    """Write an answer as the app does."""
    folder = corpus / ".hashiya" / "answers"
    folder.mkdir()
    file = folder / "omar.json"
    said = {
        "document": "0", "flagged_by": "layla", "says": "theirs", "answered_by": "omar", "note": "which army",
        "at": "2026-01-01T00:00:00.000+00:00",
    }  # fmt: skip
    file.write_text(json.dumps({"schema": 1, "answers": [said]}), "utf-8")
    return file


def test_stats_lists_flags_with_who_why_and_what_was_answered(flagged: Path) -> None:
    shown = hashiya("stats", flagged)[0]
    assert "1 flag, 1 not answered" in shown
    assert "0: Flagged by layla: which army" in shown
    answer(flagged)
    shown = hashiya("stats", flagged)[0]
    assert "1 flag, 0 not answered" in shown
    assert "omar answers: theirs" in shown
    told = json.loads(hashiya("stats", flagged, "--json")[0])["flags"]
    assert [(flag["document"], flag["annotator"], flag["note"]) for flag in told] == [
        ("0", "layla", "which army")
    ]
    assert [item["says"] for item in told[0]["answers"]] == ["theirs"]


def test_check_names_a_flag_that_nobody_has_answered(flagged: Path) -> None:
    said, code = hashiya("check", flagged)
    assert "Flagged by layla: which army. Nobody has answered." in said
    assert code == 0
    answer(flagged)
    assert "Nobody has answered" not in hashiya("check", flagged)[0]


@pytest.mark.parametrize("content", ["{", '{"schema": 9, "answers": []}', '{"schema": 1}', "[]"])
def test_answers_that_make_no_sense_are_named_and_stop_nobody(flagged: Path, content: str) -> None:
    answer(flagged).write_text(content, "utf-8")
    said, code = hashiya("check", flagged)
    assert "omar.json" in said
    assert code == 1
    assert "Flagged by layla: which army" in hashiya("stats", flagged)[0]
    with desk_of(flagged, "the army left", "another") as desk:
        assert desk.reading.text


@pytest.mark.parametrize("name", ["answers", "view.json"])
def test_a_pipe_in_the_place_of_a_side_file_holds_nobody_up(flagged: Path, name: str) -> None:
    os.mkfifo(flagged / ".hashiya" / name)
    with desk_of(flagged, "the army left", "another") as desk:
        assert desk.reading.text
    assert "neither a file nor a folder" in hashiya("check", flagged)[0]


def test_show_takes_the_direction_of_most_letters(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("RT @name: \u0642\u0627\u0644 \u0627\u0644\u0648\u0632\u064a\u0631", "utf-8")
    for base, level in (("auto", 0), ("majority", 1), ("rtl", 1), ("ltr", 0)):
        line = json.loads(hashiya("show", article, "--base", base, "--json")[0])
        assert line["base"] == level
