"""Joining a claim with who says it, wherever that stands."""

from pathlib import Path

import pytest

from annotations.model import changes
from annotations.model.layer import Span
from tests.desk import desk_of, press
from tui.desk import mouse
from tui.desk.desk import Desk
from tui.desk.modes.relating import RelationMode

FILLER = "\n".join(f"line {number} of a long text" for number in range(60))
TEXT = f"the sources spoke\n{FILLER}\nthe army spoke\nmuch is not expected\nthe end of it"


def told(desk: Desk) -> list[tuple[str, str]]:
    """Who says what."""
    text = desk.reading.text
    spans = {span.id: text[span.start : span.end] for span in desk.reading.layer.spans}
    return [(spans[item.head], spans[item.child]) for item in desk.reading.layer.relations]


def add(desk: Desk, label: str, words: str) -> Span:
    start = desk.reading.text.index(words)
    span = Span(desk.reading.layer.free_id("s"), start, start + len(words), label)
    desk.reading.do(changes.AddSpan(span))
    return span


def begin(desk: Desk) -> RelationMode:
    """Tag two actors and a claim, the first actor far off, and begin to join the claim."""
    add(desk, "actor", "sources")
    add(desk, "actor", "army")
    desk.reading.arm(add(desk, "claim", "much is not expected"))
    press(desk, "r")
    assert isinstance(desk.mode, RelationMode)
    return desk.mode


def test_the_prompt_names_both_ends(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        mode = begin(desk)
        assert mode.prompt == "Who says \u00abmuch is not expected\u00bb?"
        assert ("Enter", "army") in [(item[0], item[1]) for item in mode.keys]


@pytest.mark.parametrize(
    "keys",
    [
        ["pageup"] * 20,
        ["up"] * 80,
        ["tab"],
        ["shift+tab"],
        ["/", *"sourc", "enter"],
    ],
)
def test_a_span_off_the_screen_is_found_by_keys_and_the_mode_is_kept(
    tmp_path: Path, keys: list[str]
) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        mode = begin(desk)
        press(desk, *keys)
        assert desk.mode is mode
        first, last = desk.window.offsets
        assert first <= desk.reading.text.index("sources") < last
        if mode.hinting.offered and mode.hinting.offered.start < 20:
            press(desk, "enter")
        else:
            press(desk, *next(hint.keys for hint in mode.hinting.hints))
        assert told(desk) == [("sources", "much is not expected")]
        assert not desk.mode
        first, last = desk.window.offsets
        assert first <= desk.reading.cursor < last, "the view is back at the claim"


def test_a_span_is_joined_by_a_click_on_it_or_on_the_list(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        begin(desk)
        mouse.click_span(desk, desk.reading.layer.spans[0])
        assert told(desk) == [("sources", "much is not expected")]
        press(desk, "u", "r")
        mouse.click(desk, desk.reading.text.index("much"), selects_word=False)
        assert isinstance(desk.mode, RelationMode), "a claim can't be joined with itself"
        mouse.click(desk, desk.reading.text.index("army") + 1, selects_word=False)
        assert told(desk) == [("army", "much is not expected")]


def test_a_search_that_finds_nothing_to_join_keeps_the_relation(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        mode = begin(desk)
        press(desk, "/", *"end of", "enter")
        assert desk.mode is mode
        assert "Nothing here that can be joined" in desk.reading.message
        press(desk, "/", *"arm", "escape")
        assert desk.mode is mode
        press(desk, "enter")
        assert told(desk) == [("army", "much is not expected")]


def test_the_last_claimants_are_always_on_offer(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        begin(desk)
        press(desk, "tab", "enter")
        assert told(desk) == [("sources", "much is not expected")]
        desk.reading.arm(add(desk, "claim", "the end of it"))
        press(desk, "r")
        assert desk.mode
        assert ("1", "sources") in [(item[0], item[1]) for item in desk.mode.keys]
        press(desk, "1")
        assert told(desk)[-1] == ("sources", "the end of it")


def test_the_likeliest_claimant_is_joined_by_one_key_that_says_who_it_is(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        add(desk, "actor", "army")
        desk.reading.arm(add(desk, "claim", "much is not expected"))
        press(desk, "y")
        assert told(desk) == [("army", "much is not expected")]
        assert desk.reading.message == "Claimant: army; u removes it."
        press(desk, "y")
        assert "Nothing stands out" in desk.reading.message
        assert len(told(desk)) == 1


def test_an_actor_is_joined_with_what_it_says(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        add(desk, "claim", "much is not expected")
        desk.reading.arm(add(desk, "actor", "army"))
        press(desk, "r")
        assert desk.mode
        assert desk.mode.prompt == "\u00abarmy\u00bb: claimant of which claim?"
        press(desk, "enter")
        assert told(desk) == [("army", "much is not expected")]
