"""What the screens look like: bars, chips, panes, themes, colours of poor terminals."""

from pathlib import Path

import pytest
from rich.color import ColorSystem
from rich.style import Style
from textual.theme import BUILTIN_THEMES
from textual.widget import Widget

from tests.app import app_for, article_rows, hint_for, reader, row, spans
from tests.paths import SEEDS
from tui.app import HashiyaApp
from tui.keys.themes import OWN_THEMES, TEXTUAL_THEMES
from tui.screens.page import PageScreen
from tui.terminal.pen import pen_of
from tui.widgets.article import ArticleView
from tui.widgets.bars import Bar
from tui.widgets.palette import OWN, palette
from tui.widgets.span_list import SpanList

SEED = SEEDS / "004_85414a694c151f5b.txt"


def styles(widget: Widget, y: int) -> list[tuple[str, Style]]:
    return [(part.text, part.style or Style()) for part in widget.render_line(y)]


def seed(tmp_path: Path) -> Path:
    article = tmp_path / "seed.txt"
    article.write_bytes(SEED.read_bytes())
    return article


async def test_hints_are_chips(tmp_path: Path) -> None:
    app = app_for(seed(tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("a")
        view = app.screen.query_one(ArticleView)
        hints = styles(view, 1)
        assert all(bool(style.reverse) == bool(text.strip()) for text, style in hints)
        assert len([text for text, _ in hints if text.strip()]) > 5


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("keys", [[], ["a"], ["space"], ["space", "a"], ["slash"], ["numbersign"]])
async def test_no_key_in_the_bar_is_cut(small_corpus: Path, width: int, keys: list[str]) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(width, 20)) as pilot:
        await pilot.press(*keys)
        bar = app.screen.query_one("#status-bar", Bar)
        shown = row(app, "status-bar")
        assert len(shown) == width
        named = [(text, style.meta.get("key")) for text, style in styles(bar, 0)]
        told = "".join(text for text, key in named if key)
        keymap = reader(app).keymap
        known = {f"{hint.cap} {hint.says}" for hint in keymap.hints(every_hinted(app))}
        for text, key in named:
            if key and text.endswith(" ") and text.strip() in told:
                assert any(text in entry for entry in known) or len(key) == 1


def every_hinted(app: HashiyaApp) -> list[str]:
    keymap = reader(app).keymap
    found = []
    for place in ("reader", "hints", "search", "note", "review", "relation"):
        found += [item.id for item in keymap.own_commands(place) if item.hint]
    return found


async def test_a_key_in_the_bar_can_be_clicked(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(100, 20)) as pilot:
        bar = app.screen.query_one("#status-bar", Bar)
        column = row(app, "status-bar").index("? keys")
        await pilot.click(bar, offset=(column, 0))
        await pilot.pause()
        assert isinstance(app.screen, PageScreen)


async def test_a_label_in_the_title_can_be_clicked_and_a_hint_taken_with_the_mouse(
    tmp_path: Path,
) -> None:
    app = app_for(seed(tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        column = row(app, "title-bar").index(" a ") + 1
        await pilot.click(app.screen.query_one("#title-bar", Bar), offset=(column, 0))
        await pilot.pause()
        assert hint_for(app, 0)
        view = app.screen.query_one(ArticleView)
        hint = next(len(text) for text in [article_rows(app)[1].rstrip()]) - 1
        await pilot.click(view, offset=(hint, 1))
        await pilot.press("enter")
        assert len(spans(app)) == 1


@pytest.mark.parametrize(("width", "list_width"), [(100, 30), (160, 40), (240, 60)])
async def test_the_list_takes_a_quarter_and_stands_beside_the_text(
    tmp_path: Path, width: int, list_width: int
) -> None:
    app = app_for(seed(tmp_path))
    async with app.run_test(size=(width, 40)) as pilot:
        await pilot.pause()
        pane, view = app.screen.query_one("#list-pane"), app.screen.query_one(ArticleView)
        assert pane.region.width == list_width
        assert view.region.x == pane.region.right
        assert row(app, "list-title").startswith(" Spans 0")
        assert row(app, "text-title").startswith(" Text 0 %")


async def test_the_list_shows_the_spans_that_are_read(tmp_path: Path) -> None:
    app = app_for(seed(tmp_path))
    async with app.run_test(size=(100, 20)) as pilot:
        reading = reader(app).reading
        words = reading.segments
        start = 0
        for _ in range(60):
            found = words.next_start("word", start)
            assert found is not None
            word = words.at("word", found)
            assert word
            reading.tag_range("actor", *word)
            start = found
        await pilot.press("escape", "G")
        spans_list = app.screen.query_one(SpanList)
        shown = "".join(text for text, _ in styles(spans_list, spans_list.size.height - 1))
        assert shown.strip(" \u2502\u2503")
        assert spans_list._top > 20
        assert "\u2503" in shown, "the thumb is at the end"


def test_the_themes_that_can_be_set_are_those_there_are() -> None:
    assert set(TEXTUAL_THEMES) == set(BUILTIN_THEMES)
    assert set(OWN_THEMES) == set(OWN)


@pytest.mark.parametrize("name", [*OWN_THEMES, *TEXTUAL_THEMES])
async def test_text_can_be_read_in_every_theme(small_corpus: Path, name: str) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(100, 20)) as pilot:
        app.theme = name
        await pilot.pause()
        colours = palette(app.current_theme)
        if "ansi" in name:
            return
        least = 7 if name == "contrast" else 2.5
        assert contrast(colours.text) >= least
        for colour in ("blue", "orange", "green"):
            assert contrast(colours.text + colours.tint(colour)) >= least
            assert contrast(colours.text + colours.lane(colour)) >= 2


def contrast(style: Style) -> float:
    """The ratio of WCAG 2.1 between the colours of a style."""

    def luminance(triplet: tuple[int, int, int]) -> float:
        parts = [
            part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
            for part in triplet
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    assert style.color
    assert style.bgcolor
    found = sorted(luminance(part.get_truecolor()) for part in (style.color, style.bgcolor))
    return (found[1] + 0.05) / (found[0] + 0.05)


def test_labels_have_colours_of_their_own_among_sixteen() -> None:
    colours = palette(OWN["dark"], basic=True)

    def codes(style: Style) -> tuple[str, str]:
        pen = pen_of(style, ColorSystem.STANDARD)
        return pen.fore, pen.back

    assert codes(colours.tint("blue")) == ("97", "44")  # white on blue
    assert codes(colours.tint("orange")) == ("30", "43")  # black on yellow
    assert codes(colours.lane("green"))[0] == "92"  # bright green
    assert codes(colours.lane("blue"))[0] == "94"
    assert codes(colours.lane("orange"))[0] == "93"


def test_without_colour_spans_chips_and_hits_are_told_by_attributes() -> None:
    colours = palette(OWN["dark"])
    for style in (colours.hint, colours.offered, colours.hit, colours.chip("blue")):
        assert pen_of(style, None).attributes
    assert pen_of(colours.hint, None) != pen_of(colours.hint_beside, None)


async def test_f3_goes_through_our_themes_and_the_palette_has_them_all(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(100, 30)) as pilot:
        assert app.theme == "dark"
        await pilot.press("f3")
        assert app.theme == "light"
        await pilot.press("f3")
        assert app.theme == "contrast"
        await pilot.press("ctrl+p", *"dracula", "enter")
        await pilot.pause()
        assert app.theme == "dracula"


async def test_the_palette_lies_over_the_article_and_ranks_by_name(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p", *"rela")
        screen = app.screen
        assert isinstance(screen, PageScreen)
        assert screen.query_one("#page").region.height < 24
        ids = [item.command.id for item in screen.page.found]  # type: ignore[attr-defined]
        assert ids[0] == "span.relate"
        assert not any(name.startswith("label.") for name in ids[:2])
        await pilot.press(*"xyz")
        assert "Nothing is called so." in str(screen._rows.rows[0])
        await pilot.press("escape", "ctrl+p")
        await pilot.press(*"lanes", "enter")
        await pilot.press("ctrl+p")
        screen = app.screen
        assert isinstance(screen, PageScreen)
        assert screen.page.found[0].command.id == "view.lanes"  # type: ignore[attr-defined]


async def test_the_keys_stand_in_two_columns_where_there_is_room(small_corpus: Path) -> None:
    app = app_for(small_corpus / "a.txt")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("?")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, PageScreen)
        first = "".join(text for text, _, _ in screen._rows.rows[0])
        assert len(first.split("  ")) > 1
        assert len(screen._rows.rows) < 90


async def test_a_search_keeps_the_tints_and_marks_the_hit_that_one_is_at(tmp_path: Path) -> None:
    app = app_for(seed(tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        reading = reader(app).reading
        start = reading.text.index("\u0627\u0644\u0646\u0638\u0627\u0645")
        reading.tag_range("actor", start, start + 6)
        await pilot.press("escape", "slash")
        reader(app).desk.paste("\u0627\u0644\u0646\u0638\u0627\u0645")
        await pilot.press("enter", "n")
        tint = palette(app.current_theme).tint("blue").bgcolor
        view = app.screen.query_one(ArticleView)
        under = [
            style for y in range(view.size.height) for text, style in styles(view, y)
            if style.underline and style.bgcolor == tint
        ]  # fmt: skip
        assert under, "a hit that is tagged keeps its tint"


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_the_library_fits_and_names_what_it_lists(
    corpus_path: Path, size: tuple[int, int]
) -> None:
    app = app_for(corpus_path)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        articles = app.screen.query_one("#article-list")
        shown = "".join(text for text, _ in styles(articles, 0))
        assert len(shown) == size[0]
        assert "new" in shown
        assert shown.rstrip()[-1] > "\u0600", "the first words stand at the right"
        head = row(app, "head-bar")
        assert "status" in head
        assert len(head) == size[0]
