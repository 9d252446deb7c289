"""What is in the window: hints on every line, context, and no rows beyond the end."""

from itertools import pairwise
from pathlib import Path

import pytest

from annotations.model import changes
from annotations.model.layer import Span
from tests.desk import desk_of, press, spans_of
from tests.paths import SEEDS
from tui.desk import mouse
from tui.desk.desk import Desk
from tui.desk.modes.stretching import EdgeMode
from tui.desk.modes.tagging import TagMode
from tui.desk.window import CONTEXT


def place_of(desk: Desk) -> str:
    """The place whose keys work."""
    return desk.mode.place if desk.mode else ""


TEXT = "\n".join(f"line{number} of a long text here" for number in range(60))


@pytest.mark.parametrize("height", range(3, 30))
def test_every_text_line_that_is_visible_has_hints(tmp_path: Path, height: int) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=height) as desk:
        press(desk, "a")
        assert isinstance(desk.mode, TagMode)
        hinted = {hint.target.start for hint in desk.mode.hinting.hints}
        for row, shown in desk.window.rows():
            assert row + 1 < height, "a text row without the row of its hints"
            assert shown.line.start in hinted


@pytest.mark.parametrize("height", [4, 9, 22, 40])
def test_the_view_never_goes_past_the_end(tmp_path: Path, height: int) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=height) as desk:
        for keys in (["G"], ["pagedown"] * 40, ["G", "space", "a"], ["down"] * 80):
            press(desk, *keys)
            rows = sum(shown.rows for _, shown in desk.window.rows())
            assert desk.window.rows()[-1][1].line.end == len(TEXT)
            assert height - rows < desk.window.rows()[0][1].rows, "empty rows under the end"
        desk.scroll(500)
        desk.update_window()
        assert desk.window.rows()[0][0] == 0
        assert height - sum(shown.rows for _, shown in desk.window.rows()) < 3


def test_three_lines_stay_in_sight_above_and_below_the_cursor(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=24) as desk:
        for key in ["down"] * 40 + ["up"] * 30:
            press(desk, key)
            here = desk.window.layout.line_of(desk.reading.cursor)
            names = [shown.name for _, shown in desk.window.rows()]
            place = names.index(here)
            assert place >= CONTEXT or names[0] == (0, 0)
            assert len(names) - place > CONTEXT or names[-1] == (59, 0)


def test_a_claim_ends_pages_later_by_scrolling_while_hints_are_shown(tmp_path: Path) -> None:
    with desk_of(tmp_path / "a", TEXT, width=40, height=12) as desk:
        press(desk, "c")
        mode = desk.mode
        assert isinstance(mode, TagMode)
        press(desk, *next(hint.keys for hint in mode.hinting.hints if hint.target.start == 0))
        press(desk, *["pagedown"] * 4, "down")
        assert desk.mode is mode
        assert mode.hinting.first
        start = TEXT.index("line23")
        press(desk, *next(hint.keys for hint in mode.hinting.hints if hint.target.start == start))
        assert spans_of(desk) == [("claim", TEXT[: start + len("line23")])]
        first, last = desk.window.offsets
        assert first <= start < last, "reading goes on where the claim ends"


def test_an_edge_key_twice_shows_hints_for_a_far_edge(tmp_path: Path) -> None:
    text = "one two three four five six seven eight nine ten"
    with desk_of(tmp_path / "a", text, width=60) as desk:
        desk.reading.tag_range("claim", 0, len(text))
        press(desk, "-")
        assert not desk.mode
        press(desk, "-")
        assert isinstance(desk.mode, EdgeMode)
        assert spans_of(desk) == [("claim", text.rsplit(" ", 2)[0])]
        press(desk, "-")
        assert isinstance(desk.mode, EdgeMode)
        assert spans_of(desk) == [("claim", text.rsplit(" ", 3)[0])], "one goes on by words"
        start = text.index("two")
        hints = desk.mode.hinting.hints
        press(desk, *next(hint.keys for hint in hints if hint.target.start == start))
        assert spans_of(desk) == [("claim", "one two")]
        assert not desk.mode
        press(desk, "=", "=", "a")
        assert place_of(desk) == "hints", "a label key does its own work"


def test_an_edge_at_the_start_is_moved_by_a_hint(tmp_path: Path) -> None:
    text = "one two three four five six seven eight nine ten"
    with desk_of(tmp_path / "a", text, width=60) as desk:
        desk.reading.tag_range("claim", text.index("nine"), len(text))
        press(desk, ",", ",")
        assert isinstance(desk.mode, EdgeMode)
        start = text.index("three")
        hints = desk.mode.hinting.hints
        press(desk, *next(hint.keys for hint in hints if hint.target.start == start))
        assert spans_of(desk) == [("claim", text[start:])]


def test_a_click_takes_a_hint_and_a_drag_takes_words(tmp_path: Path) -> None:
    text = "one two three four five six seven eight nine ten"
    with desk_of(tmp_path / "a", text, width=60) as desk:
        press(desk, "c")
        mouse.click(desk, text.index("three") + 2, selects_word=False)
        assert isinstance(desk.mode, TagMode)
        mouse.click(desk, text.index("five"), selects_word=False)
        assert spans_of(desk) == [("claim", "three four five")]
        press(desk, "escape")
        mouse.drag(desk, text.index("eight") + 2, text.index("ten") + 1, letters=False)
        press(desk, "a")
        assert spans_of(desk)[-1] == ("actor", "eight nine ten")
        press(desk, "escape")
        mouse.drag(desk, text.index("two") + 1, text.index("one") + 1, letters=True)
        press(desk, "l")
        assert spans_of(desk)[0] == ("location", "ne tw")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 50), (200, 60)])
@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_hints_have_room_under_their_words_at_every_size(
    tmp_path: Path, seed: Path, size: tuple[int, int]
) -> None:
    with desk_of(
        tmp_path / "a", seed.read_text("utf-8"), width=size[0], height=size[1] - 2
    ) as desk:
        for keys in ([], ["pagedown"], ["pagedown"]):
            press(desk, "escape", *keys, "c")
            assert isinstance(desk.mode, TagMode)
            hints = desk.mode.hinting.hints
            for before, after in pairwise(hints):
                assert after.target.start - before.target.start > len(before.keys)
            assert max(len(hint.keys) for hint in hints) <= 2
            assert sum(len(hint.keys) == 1 for hint in hints) >= min(len(hints), 15)


def test_a_layer_without_spans_is_told_from_one_whose_suggestions_are_looked_at(
    tmp_path: Path,
) -> None:
    with desk_of(tmp_path / "a", "an army, an army, an army", width=60) as desk:
        desk.reading.do(changes.AddSpan(Span("s1", 3, 7, "actor")))
        desk.reading.move_to(3)
        press(desk, ";")
        assert len(desk.reading.layer.spans) == 3
        assert len(desk.kept_layer.spans) == 1
