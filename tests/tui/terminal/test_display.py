"""What the display sends makes the terminal show what was asked for: pyte is the terminal."""

import inspect
from collections.abc import Callable
from importlib.metadata import version

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App

from tests.paths import ROOT
from tui.terminal.display import BLANK, Abilities, Cell, Display, blank
from tui.terminal.hook import _add_glyphs
from tui.terminal.pen import DEFAULT, Pen, change
from tui.text.layout import Layout

PENS = [
    DEFAULT, Pen((), "38;5;254", "48;5;234"), Pen((), "38;5;245", "48;5;234"), Pen(("1", "4"), "31", ""),
    Pen(("7",), "38;5;254", "48;5;234"), Pen(("1",), "38;2;1;2;3", "48;5;234"), Pen(("3", "9"), "", "44"),
]  # fmt: skip
GLYPHS = ["a", "b", "-", "\ufe8e", "\ufee3", "\ufe91\u064e", "\u4e2d", " "]
WIDTH, HEIGHT = 30, 14

cells = st.tuples(st.sampled_from(GLYPHS), st.sampled_from(PENS))
rows = st.one_of(
    st.lists(cells, min_size=WIDTH, max_size=WIDTH),
    st.builds(lambda cell: [cell] * WIDTH, cells),
    st.builds(lambda cell, other, n: [cell] * n + [other] * (WIDTH - n), cells, cells, st.integers(0, WIDTH)),
)  # fmt: skip


def laid(row: list[Cell]) -> list[Cell]:
    """Make a row as the app has it: wide glyphs on two cells, blanks with what is seen of them."""
    found: list[Cell] = []
    for glyph, pen in row:
        if len(found) == WIDTH:
            break
        if glyph == "\u4e2d":
            if len(found) < WIDTH - 1:
                found += [(glyph, pen), ("", pen)]
        else:
            found.append(blank(pen) if glyph == " " else (glyph, pen))
    return found + [BLANK] * (WIDTH - len(found))


screens = st.lists(rows.map(laid), min_size=HEIGHT, max_size=HEIGHT)


def page(first: int, pen: Pen) -> list[list[Cell]]:
    """Rows that differ from one another, as those of a text do."""
    words = [f"{first + n:>9} {(first + n) ** 3:<12}" for n in range(HEIGHT)]
    return [laid([(char, pen) for char in word]) for word in words]


def shifted(screen: list[list[Cell]], by: int, first: int, last: int) -> list[list[Cell]]:
    moved = list(screen)
    for y in range(first, last):
        if first <= y + by < last:
            moved[y] = screen[y + by]
    return moved


edits: st.SearchStrategy[Callable[[list[list[Cell]]], list[list[Cell]]]] = st.one_of(
    screens.map(lambda screen: lambda _: screen),
    st.builds(
        lambda first, pen: lambda _: page(first, pen), st.integers(0, 20), st.sampled_from(PENS[:3])
    ),
    st.builds(
        lambda first, top, count: lambda screen: [
            *screen[:top], *page(first, PENS[1])[: HEIGHT - top - count], *screen[HEIGHT - count :]
        ],
        st.integers(0, 20), st.integers(0, 3), st.integers(0, 3),
    ),
    st.builds(
        lambda y, row: lambda screen: [row if n == y else old for n, old in enumerate(screen)],
        st.integers(0, HEIGHT - 1), rows.map(laid),
    ),
    st.builds(
        lambda by, first, last: lambda screen: shifted(screen, by, first, last),
        st.integers(-3, 3), st.integers(0, 4), st.integers(5, HEIGHT),
    ),
)  # fmt: skip


class Colouring(pyte.Screen):
    """A terminal in which what is erased or scrolled in gets the background colour."""

    def _colour_row(self, y: int) -> None:
        for x in range(self.columns):
            self.buffer[y][x] = self.cursor.attrs._replace(data=" ")

    def index(self) -> None:
        bottom = self.margins.bottom if self.margins else self.lines - 1
        scrolls = self.cursor.y == bottom
        super().index()
        if scrolls:
            self._colour_row(bottom)

    def reverse_index(self) -> None:
        top = self.margins.top if self.margins else 0
        scrolls = self.cursor.y == top
        super().reverse_index()
        if scrolls:
            self._colour_row(top)


class Uncolouring(pyte.Screen):
    """A terminal in which what is erased has no colour."""

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        attributes, self.cursor.attrs = self.cursor.attrs, self.default_char
        super().erase_in_line(how, private)
        self.cursor.attrs = attributes


class Terminal:
    """A terminal in memory."""

    def __init__(self, *, colours: bool = True) -> None:
        self.screen = (Colouring if colours else Uncolouring)(WIDTH, HEIGHT)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self.stream = pyte.Stream(self.screen)

    def seen(self) -> list[list[tuple[object, ...]]]:
        """What can be seen of each cell: of a blank only what is behind it."""
        found = []
        for y in range(HEIGHT):
            line = self.screen.buffer[y]
            found.append([_seen(line[x]) for x in range(WIDTH)])
        return found


def _seen(char: pyte.screens.Char) -> tuple[object, ...]:
    lines = (char.underscore, char.strikethrough, char.reverse)
    if char.data == " " and not any(lines):
        return (" ", char.bg)
    return tuple(char)


@settings(max_examples=200)
@given(st.lists(edits, min_size=1, max_size=8), st.booleans(), st.booleans(), st.data())
def test_after_any_changes_the_terminal_shows_what_a_full_repaint_would(
    changes: list[Callable[[list[list[Cell]]], list[list[Cell]]]],
    scrolls: bool,
    erases: bool,
    data: st.DataObject,
) -> None:
    abilities = Abilities(scrolls=scrolls, erases_coloured=erases)
    display, terminal = Display(abilities), Terminal(colours=erases)
    display.resize(WIDTH, HEIGHT)
    wanted = [[BLANK] * WIDTH for _ in range(HEIGHT)]
    for edit in changes:
        wanted = edit(wanted)
        cursor = data.draw(
            st.one_of(st.none(), st.tuples(st.integers(0, WIDTH + 5), st.integers(0, HEIGHT + 2)))
        )
        terminal.stream.feed(display.update(dict(enumerate(wanted)), cursor))
        inside = cursor is not None and cursor[0] < WIDTH and cursor[1] < HEIGHT
        assert terminal.screen.cursor.hidden != inside
        if inside:
            assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == cursor
        full, fresh = Display(Abilities(scrolls=False)), Terminal()
        full.resize(WIDTH, HEIGHT)
        fresh.stream.feed(full.update(dict(enumerate(wanted)), None))
        assert terminal.seen() == fresh.seen()
        texts = ["".join(glyph for glyph, _ in row) for row in wanted]
        assert [
            line.replace("\ufe91\u064e", "\ufe91\u064e") for line in terminal.screen.display
        ] == texts


@given(st.lists(st.sampled_from(PENS), min_size=2, max_size=6))
def test_a_change_of_pen_leads_to_the_same_pen_from_wherever_it_comes(pens: list[Pen]) -> None:
    terminal, fresh = Terminal(), Terminal()
    before: Pen | None = None
    for pen in pens:
        terminal.stream.feed(change(before, pen))
        before = pen
    fresh.stream.feed(change(None, pens[-1]))
    assert terminal.screen.cursor.attrs == fresh.screen.cursor.attrs


def test_what_did_not_change_is_not_sent() -> None:
    display = Display()
    display.resize(WIDTH, HEIGHT)
    rows = {y: laid([("a", DEFAULT)] * WIDTH) for y in range(HEIGHT)}
    assert display.update(rows, None)
    assert display.update(rows, None) == ""
    one = list(rows[3])
    one[5] = ("b", DEFAULT)
    assert display.update({3: one}, None) == "\x1b[4;6Hb"


def test_a_line_further_on_is_scrolled_and_not_sent_again() -> None:
    display = Display(Abilities(erases_coloured=True))
    display.resize(WIDTH, HEIGHT)
    letters = "abcdefghijklnopqstuv"
    lines = [laid([(letter, DEFAULT)] * WIDTH) for letter in letters]
    display.update(dict(enumerate(lines[:HEIGHT])), None)
    sent = display.update(dict(enumerate(lines[1 : HEIGHT + 1])), None)
    assert len(sent) < 2 * WIDTH
    assert all(letter not in sent for letter in letters[: HEIGHT - 1])


def test_all_is_sent_again_when_the_size_changes_or_the_terminal_was_lent() -> None:
    display = Display()
    display.resize(WIDTH, HEIGHT)
    rows = {y: laid([("a", DEFAULT)] * WIDTH) for y in range(HEIGHT)}
    first = display.update(rows, None)
    display.forget()
    display.resize(WIDTH, HEIGHT)
    assert display.update(rows, None) == first
    display.resize(WIDTH + 1, HEIGHT)
    assert display.update({y: [*row, BLANK] for y, row in rows.items()}, None)


def test_textual_still_sends_its_screens_the_way_the_hook_takes_them() -> None:
    """When this fails, Textual has changed: read `tui.terminal.hook` again before pinning it anew."""
    update = inspect.signature(App._display)
    assert list(update.parameters) == ["self", "screen", "renderable"]
    layout = inspect.signature(LayoutUpdate.__init__)
    chops = inspect.signature(ChopsUpdate.__init__)
    assert list(layout.parameters) == ["self", "strips", "region"]
    assert list(chops.parameters) == ["self", "chops", "spans", "chop_ends"]
    assert "self._driver.write(terminal_sequence)" in inspect.getsource(App._display)
    assert version("textual") in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "text", ["\ufe30z", "x\ufe20y", "\ufe8e\u064e", "\u4e2d\u6587", "\U0001f600a"]
)
def test_a_text_takes_as_many_cells_as_in_the_layout(text: str) -> None:
    cells: list[Cell] = []
    _add_glyphs(text, DEFAULT, cells)
    _, line = next(Layout(text, 40).lines())
    assert len(cells) == line.width
