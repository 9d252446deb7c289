"""A line that was kept looks as one drawn anew, and only what changed is drawn."""

import random

import pytest
from textual.strip import Strip

from annotations.model.layer import Span
from annotations.model.scheme import DEFAULT_SCHEME
from tests.paths import SEEDS
from tui.desk.hints import Hinting, Target, make_hints
from tui.desk.marks import Marks
from tui.desk.window import Window
from tui.widgets.painter import Frame, Painter
from tui.widgets.palette import OWN, palette

LABELS = {label.name: label for label in DEFAULT_SCHEME.labels}


def some_marks(text: str, chosen: random.Random) -> Marks:
    def place(longest: int) -> tuple[int, int]:
        start = chosen.randrange(len(text) - longest)
        return start, start + chosen.randint(1, longest)

    spans = [
        Span(f"s{number}", *place(chosen.choice([3, 12, 300])), chosen.choice([*LABELS]))
        for number in range(chosen.randint(0, 12))
    ]
    spans.sort(key=lambda span: span.reading_order)
    return Marks(
        spans=tuple(spans),
        labels=LABELS,
        cursor=chosen.choice([-1, chosen.randrange(len(text))]),
        selection=chosen.choice([None, place(200)]),
        active=chosen.choice(spans).id if spans and chosen.random() < 0.5 else None,
        hits=tuple(sorted(place(1) for _ in range(chosen.choice([0, 30])))),
        heads={span.id: "\u0628\u062a" for span in spans if chosen.random() < 0.3},
        hides_vowels=chosen.random() < 0.1,
    )


def some_hinting(text: str, chosen: random.Random) -> Hinting | None:
    targets = [Target(start, start + 3) for start in range(0, len(text), 7)]
    hinting = Hinting(make_hints(targets, chosen.randrange(len(text)), "al"))
    typed = chosen.choice(hinting.hints).keys[:1]
    offered = chosen.choice([None, chosen.choice(targets)])
    return chosen.choice([None, hinting, Hinting(hinting.hints, typed, None, offered)])


@pytest.mark.parametrize("seed", range(8))
def test_a_line_that_was_kept_is_as_one_that_is_drawn_anew(seed: int) -> None:
    chosen = random.Random(seed)
    text = sorted(SEEDS.glob("*.txt"))[seed % 3].read_text("utf-8")[:1500]
    windows = [Window(text, width, 14) for width in (34, 80)]
    painter = Painter()
    marks, hinting = some_marks(text, chosen), some_hinting(text, chosen)
    for _ in range(40):
        if chosen.random() < 0.7:
            marks = some_marks(text, chosen)
        else:
            hinting = some_hinting(text, chosen)
        window = windows[chosen.random() < 0.8]
        if chosen.random() < 0.1:
            window.toggle_lanes()
        frame = Frame(80, palette(OWN["dark" if chosen.random() < 0.9 else "light"]))
        window.update(marks, chosen.randrange(len(text)))
        anew = Window(text, window.width, window.height)
        anew.shows_lanes, anew.top = window.shows_lanes, window.top
        window.is_away = anew.is_away = True
        anew.update(marks, marks.cursor)
        window.update(marks, marks.cursor)
        window.is_away = False
        drawn = painter.draw(window, frame, marks, hinting)
        assert drawn == Painter().draw(anew, frame, marks, hinting)


def drawn(window: Window, painter: Painter, marks: Marks, hints: Hinting | None) -> list[Strip]:
    window.update(marks, 0)
    return painter.draw(window, Frame(44, palette(OWN["dark"])), marks, hints)


def test_only_the_lines_that_something_new_lies_over_are_drawn_again() -> None:
    window, painter = Window("\u0627\u0628\u062a \u062b\u062c\u062d " * 40, 44, 8), Painter()
    before = drawn(window, painter, Marks((), LABELS), None)
    start = window.lines[2].line.start
    span = Span("s1", start, start + 3, "actor")
    after = drawn(window, painter, Marks((span,), LABELS), None)
    kept = [old is new for old, new in zip(before, after, strict=True)]
    assert kept == [True, True, True, True, False, False, True, True]


def test_hints_leave_the_text_over_them_as_it_was_drawn() -> None:
    window, painter = Window("\u0627\u0628\u062a \u062b\u062c\u062d " * 40, 44, 8), Painter()
    before = drawn(window, painter, Marks((), LABELS), None)
    start = window.lines[1].line.start
    hinting = Hinting(make_hints([Target(start, start + 3)], start, ""))
    after = drawn(window, painter, Marks((), LABELS), hinting)
    assert after[2] is before[2]
    assert after[3] != before[3]
