"""The exact map of the layout engine, as properties over any text, and its line breaks."""

import unicodedata
from itertools import pairwise
from typing import Any

import regex
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import bases, texts, widths
from tui.text.layout import Layout, LineName
from tui.text.lines import Line

LAM_ALEF = "\ufefb\ufefc\ufef5\ufef6\ufef7\ufef8\ufef9\ufefa"


def boundaries(text: str) -> list[int]:
    """Grapheme boundaries by the regex module, the end of the text left out."""
    return [match.start() for match in regex.finditer(r"\X", text)]


def all_lines(layout: Layout) -> list[tuple[LineName, Line]]:
    return list(layout.lines())


@given(texts, widths, bases)
def test_clusters_partition_the_text_and_lines_are_permutations_of_them(
    text: str, width: int, base: Any
) -> None:
    covered = 0
    for _, line in all_lines(Layout(text, width, base)):
        assert line.start == covered
        visual = [(cluster.start, cluster.end) for cluster in line.clusters()]
        logical = sorted(visual)
        for (_, end), (start, _) in pairwise(logical):
            assert end == start
        if logical:
            assert (logical[0][0], logical[-1][1]) == (line.start, line.end)
        assert len(set(visual)) == len(visual)
        covered = line.end
    assert covered == len(text)


@given(texts, widths, bases)
def test_no_line_is_wider_than_asked_unless_one_cluster_is(
    text: str, width: int, base: Any
) -> None:
    for _, line in all_lines(Layout(text, width, base)):
        cells = [cluster.cells for cluster in line.clusters()]
        assert sum(cells) == line.width
        assert line.width <= width or len([count for count in cells if count]) == 1


@given(texts, st.integers(2, 60), bases, st.data())
def test_an_offset_comes_back_from_its_cell_at_every_grapheme_boundary(
    text: str, width: int, base: Any, data: st.DataObject
) -> None:
    layout = Layout(text, width, base)
    stops = boundaries(text)
    for offset in data.draw(st.sampled_from([stops, stops[:20], stops[-20:]])):
        line = layout.line(layout.line_of(offset), {offset})
        assert line.start <= offset < line.end
        cell = line.cell_of(offset)
        assert line.offset_at(cell) == offset
        if 0 <= cell < line.width:
            shown = [cluster for cluster in line.clusters() if cluster.start == offset]
            assert all(line.offset_at(cell + step) == offset for step in range(shown[0].cells))


@given(texts, st.integers(2, 60), st.data())
def test_opening_a_ligature_changes_no_other_glyph_and_no_line_break(
    text: str, width: int, data: st.DataObject
) -> None:
    layout = Layout(text, width)
    stops = boundaries(text)
    opened = set(data.draw(st.lists(st.sampled_from(stops), max_size=8))) if stops else set()
    for name, closed in all_lines(layout):
        line = layout.line(name, opened)
        assert (line.start, line.end) == (closed.start, closed.end)
        before = {(cluster.start, cluster.end): cluster.glyph for cluster in closed.clusters()}
        after = {(cluster.start, cluster.end): cluster.glyph for cluster in line.clusters()}
        parted = {key: glyph for key, glyph in before.items() if key not in after}
        for (start, end), glyph in parted.items():
            assert glyph[:1] in LAM_ALEF
            assert any(start < offset < end for offset in opened)
        # hanging spaces may lose their cell when a ligature opens, never their place
        for key in before.keys() & after.keys():
            assert after[key] == before[key] or (before[key] == " " and after[key] == "")


@given(texts, st.integers(2, 60))
def test_nothing_a_terminal_would_obey_is_ever_drawn(text: str, width: int) -> None:
    for _, line in all_lines(Layout(text, width)):
        for char in line.visual():
            assert unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp")


@given(texts, widths)
def test_width_does_not_change_what_is_drawn(text: str, width: int) -> None:
    wide, narrow = Layout(text, 10_000), Layout(text, max(2, width))
    glyphs = [
        sorted(g for _, line in all_lines(lay) for g in line.visual() if g != " ")
        for lay in (wide, narrow)
    ]
    mirrored = str.maketrans(")]\u00bb}>", "([\u00ab{<")
    assert sorted("".join(glyphs[0]).translate(mirrored)) == sorted(
        "".join(glyphs[1]).translate(mirrored)
    )


def visual_lines(text: str, width: int) -> list[str]:
    return [line.visual() for _, line in Layout(text, width).lines()]


def test_a_line_breaks_after_its_spaces_and_the_ones_that_do_not_fit_hang() -> None:
    assert visual_lines("abc def   ghi", 4) == ["abc ", "def ", "ghi"]
    assert visual_lines("abc def", 3) == ["abc", "def"]


def test_a_line_breaks_after_a_hyphen_inside_a_word_and_not_before_a_number() -> None:
    assert visual_lines("one-two", 5) == ["one-", "two"]
    assert visual_lines("ab -12", 4) == ["ab ", "-12"]


def test_a_word_longer_than_a_line_is_cut_between_graphemes() -> None:
    assert visual_lines("e\u0301e\u0301e\u0301e\u0301", 3) == ["e\u0301e\u0301e\u0301", "e\u0301"]
    assert visual_lines("abcdef gh", 4) == ["abcd", "ef ", "gh"]
    assert visual_lines("abcdef g", 4) == ["abcd", "ef g"]


def test_a_line_is_reordered_after_it_is_broken() -> None:
    # "\u0642\u0627\u0644 Reuters \u0627\u0645\u0633" at a width that keeps one word a line
    text = "\u0642\u0627\u0644 Reuters \u0627\u0645\u0633"
    assert visual_lines(text, 8) == [" \ufedd\ufe8e\ufed7", " Reuters", "\ufeb2\ufee3\ufe8d"]


def test_a_span_may_end_inside_a_lam_alef() -> None:
    text = "\u0644\u0625\u064a\u0631\u0627\u0646"
    layout = Layout(text, 40)
    closed = layout.line(LineName(0, 0))
    opened = layout.line(LineName(0, 0), {1})
    assert closed.visual() == "\ufee5\ufe8d\ufead\ufef3\ufef9"[::1].replace("\ufead", "\ufeae")
    assert opened.visual() == "\ufee5\ufe8d\ufeae\ufef3\ufe88\ufedf"
    assert (opened.cell_of(0), opened.cell_of(1)) == (5, 4)


def test_a_paragraph_without_letters_reads_from_left_to_right_unless_forced() -> None:
    assert Layout("12 - 3", 20).line(LineName(0, 0)).base == 0
    assert Layout("12 - 3", 20, "rtl").line(LineName(0, 0)).base == 1


def test_line_names_walk_through_paragraphs_in_both_directions() -> None:
    layout = Layout("a b c\nd\n\ne f", 2)
    names = [name for name, _ in layout.lines()]
    for index, name in enumerate(names):
        assert layout.moved(names[0], index) == name
        assert layout.moved(names[-1], index - len(names) + 1) == name
    assert layout.moved(names[0], -5) == names[0]
    assert layout.moved(names[0], 99) == names[-1]
