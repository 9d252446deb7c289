"""The quick flow in the running app: hints, armed edges, repeats, relations; and its bench."""

import json
from pathlib import Path

import pytest

from annotations.store.store import Store
from tests.app import app_for, article_rows, hint_for, reader, row, spans
from tests.bench import keystrokes
from tests.keyboards import XKB, needs_layouts
from tui.desk.modes.repeating import RepeatMode
from tui.desk.modes.searching import SearchMode
from tui.desk.modes.tagging import TagMode
from tui.text.excerpt import excerpt
from tui.widgets.article import ArticleView
from tui.widgets.article_list import ArticleList

# The army said that the army and the council left Aleppo, and that the army is in Aleppo
TEXT = (
    "\u0642\u0627\u0644 \u0627\u0644\u062c\u064a\u0634 \u0625\u0646 \u0627\u0644\u0645\u062c\u0644\u0633 \u063a\u0627\u062f\u0631 \u062d\u0644\u0628\u060c "
    "\u0648\u0627\u0644\u062c\u064a\u0634 \u0641\u064a \u062d\u0644\u0628. \u062f\u0639\u0645 \u0644\u0644\u062c\u064a\u0634 \u0648\u0627\u0644\u062c\u064a\u0634\u0627\u0646"
)
ARMY = "\u0627\u0644\u062c\u064a\u0634"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "t.txt"
    file.write_text(TEXT, "utf-8")
    return file


async def test_a_label_and_a_hint_tag_a_word_which_the_next_command_closes(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        await pilot.press(*hint_for(app, TEXT.index(ARMY)), "l")
        assert spans(app) == [("actor", ARMY)]
        assert isinstance(reader(app).mode, TagMode)
        await pilot.press("escape")
        assert len(spans(app)) == 1


async def test_a_second_hint_takes_the_last_word_and_the_same_hint_one_word(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        first, last = hint_for(app, 4), hint_for(app, TEXT.index("\u0625\u0646"))
        await pilot.press(*first, *last)
        assert spans(app) == [("actor", TEXT[4:12])]
        await pilot.press("u", "a")
        await pilot.press(*(2 * hint_for(app, 4)))
        assert spans(app) == [("actor", ARMY)]


async def test_escape_leaves_no_trace_and_backspace_steps_back(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        before = reader(app).reading.layer
        await pilot.press("c")
        await pilot.press(*hint_for(app, 4), "backspace", "backspace")
        assert reader(app).mode is None
        await pilot.press("c")
        await pilot.press(*hint_for(app, 4), "escape")
        assert reader(app).reading.layer == before
        assert reader(app).reading.selection is None


async def test_a_claim_is_taken_to_the_end_of_its_clause(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        start = TEXT.index("\u0627\u0644\u0645\u062c\u0644\u0633")
        await pilot.press(*hint_for(app, start), "]")
        assert spans(app) == [("claim", TEXT[start : TEXT.index("\u060c")])]


async def test_a_proclitic_stays_outside_an_actor_and_the_cut_can_be_cycled(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        start = TEXT.index("\u0648" + ARMY)
        await pilot.press(*hint_for(app, start + 1), "enter")
        assert spans(app) == [("actor", ARMY)]
        await pilot.press("'")
        assert spans(app) == [("actor", "\u0648" + ARMY)]
        await pilot.press("'", "u")
        assert spans(app) == [("actor", "\u0648" + ARMY)]


async def test_the_edges_of_the_armed_span_move_by_word_and_letter(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        await pilot.press(*hint_for(app, 4), "=")
        assert spans(app) == [("actor", TEXT[4:12])]
        await pilot.press(",")
        assert spans(app) == [("actor", TEXT[0:12])]
        await pilot.press(".", "-")
        assert spans(app) == [("actor", ARMY)]
        await pilot.press("alt+right")
        assert spans(app) == [("actor", ARMY[:-1])]
        await pilot.press("alt+left", "alt+shift+left")
        assert spans(app) == [("actor", ARMY[1:])]
        await pilot.press("alt+shift+right", "\\")
        assert spans(app) == [("actor", TEXT[4 : TEXT.index("\u060c")])]


async def test_repeats_leave_proclitics_out_and_never_hit_inside_a_longer_word(
    article: Path,
) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        await pilot.press(*hint_for(app, 4), ";")
        assert isinstance(reader(app).mode, RepeatMode)
        found = [
            (span.start, text)
            for (_, text), span in zip(spans(app), reader(app).reading.layer.spans, strict=True)
        ]
        second, third = TEXT.index(ARMY, 9), TEXT.index("\u0644\u0644\u062c\u064a\u0634") + 1
        assert found == [(4, ARMY), (second, ARMY), (third, "\u0644\u062c\u064a\u0634")]
        await pilot.press("x")
        assert [span.start for span in reader(app).reading.layer.spans] == [4, third]
        await pilot.press("l", "enter")
        assert [label for label, _ in spans(app)] == ["actor", "location"]
        await pilot.press("u")
        assert [label for label, _ in spans(app)] == ["actor"]


async def test_escape_undoes_all_repeats_and_v_narrows_them(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        await pilot.press(*hint_for(app, 4), ";", "v", "v")
        assert len(spans(app)) == 1
        await pilot.press("v")
        assert len(spans(app)) == 3
        await pilot.press("escape")
        assert len(spans(app)) == 1
        await pilot.press("u")
        assert spans(app) == []


async def test_a_claim_is_joined_with_the_actor_before_it_and_parted_again(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("a")
        await pilot.press(*hint_for(app, 4), "c")
        start = TEXT.index("\u0627\u0644\u0645\u062c\u0644\u0633")
        await pilot.press(*hint_for(app, start), "]", "r", "enter")
        layer = reader(app).reading.layer
        by_id = {span.id: span.label for span in layer.spans}
        assert [(item.type, by_id[item.head], by_id[item.child]) for item in layer.relations] == [
            ("claimant", "actor", "claim")
        ]
        assert "1 relation" in row(app, "status-bar") or "Claimant" in row(app, "status-bar")
        await pilot.press("R")
        assert reader(app).reading.layer.relations == ()
        await pilot.press("u")
        assert len(reader(app).reading.layer.relations) == 1


async def test_f_and_a_hint_move_the_cursor(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f")
        await pilot.press(*hint_for(app, TEXT.index("\u062d\u0644\u0628")))
        assert reader(app).reading.cursor == TEXT.index("\u062d\u0644\u0628")
        assert reader(app).mode is None


@needs_layouts
async def test_the_arabic_letters_on_the_keys_choose_hints_too(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("\u0634")
        keys = [XKB["ara"][key] for key in hint_for(app, 4)]
        await pilot.press(*keys, "enter")
        assert spans(app) == [("actor", ARMY)]


async def test_the_bench_makes_an_annotation_again_key_by_key(article: Path) -> None:
    third = TEXT.index("\u0644\u0644\u062c\u064a\u0634") + 1
    claim = (TEXT.index("\u0627\u0644\u0645\u062c\u0644\u0633"), TEXT.index("\u060c"))
    second = TEXT.index(ARMY, 9)
    extents = [
        ("a1", 4, 9, "actor"), ("a2", second, second + 5, "actor"), ("a3", third, third + 4, "actor"),
        ("c1", *claim, "claim"), ("c2", 10, 20, "claim"), ("l1", claim[1] - 3, claim[1] - 1, "location"),
    ]  # fmt: skip
    record = {
        "spans": [
            dict(zip(("id", "start", "end", "label"), item, strict=True)) for item in extents
        ],
        "relations": [{"type": "claimant", "head": "a1", "child": "c1"}],
    }
    report = await keystrokes.run(json.loads(json.dumps(record)), article, (80, 24))
    for name in ("missing", "surplus", "relations_missing", "relations_surplus"):
        assert report[name] == []
    assert report["keys"] > report["spans"]
    assert report["spans_from_repeats"] == 2


async def test_a_search_marks_hits_as_one_types_and_a_label_key_tags_one(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/", *"\u062d\u0644\u0628")
        reading = reader(app).reading
        first, second = TEXT.index("\u062d\u0644\u0628"), TEXT.rindex("\u062d\u0644\u0628")
        assert reading.pointing.hits == ((first, first + 3), (second, second + 3))
        assert "2 found" in row(app, "status-bar")
        assert "\ufe90\ufee0\ufea3" in row(app, "status-bar")  # shaped, from right to left
        await pilot.press("enter", "n", "l")
        assert [(span.start, span.label) for span in reading.layer.spans] == [(second, "location")]
        await pilot.press("N")
        assert reading.cursor == first


async def test_whole_words_may_carry_a_proclitic_but_be_no_part_of_a_longer_word(
    article: Path,
) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/", *ARMY)
        assert len(reader(app).reading.pointing.hits) == 3
        await pilot.press("tab")
        assert [start for start, _ in reader(app).reading.pointing.hits] == [4, TEXT.index(ARMY, 9)]
        await pilot.press("escape")
        assert reader(app).reading.cursor == 0
        assert reader(app).reading.pointing.hits == ()


async def test_a_search_for_a_label_finds_its_spans(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "c", "escape", "w", "space", "a", "escape")
        await pilot.press("/", *"label:claim", "enter")
        assert reader(app).reading.pointing.hits == ((0, 3),)
        await pilot.press("/", *"actor:", *"\u062c\u064a\u0634", "enter")
        assert reader(app).reading.pointing.hits == ((4, 9),)


async def test_the_search_line_has_a_cursor_of_its_own(article: Path) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        # typed with a letter missing, which is put in after stepping back over it (to the right)
        await pilot.press("/", "\u062d", "\u0628", "right", "\u0644")
        mode = reader(app).mode
        assert isinstance(mode, SearchMode)
        assert mode.typed.text == "\u062d\u0644\u0628"
        await pilot.press("home", "\ufefb", "backspace", "backspace", "end", "backspace")
        assert mode.typed.text == "\u062d\u0644"


@pytest.mark.parametrize("digit", ["3", "\u0663", "\u06f3"])
async def test_a_count_repeats_a_motion_in_digits_of_any_script(article: Path, digit: str) -> None:
    app = app_for(article)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(digit, "w")
        assert reader(app).reading.cursor == TEXT.index("\u0627\u0644\u0645\u062c\u0644\u0633")
        await pilot.press("0")
        assert reader(app).reading.cursor == 0


async def test_a_claim_is_offered_to_who_said_it_and_both_speakers_stand_in_its_lane(
    article: Path,
) -> None:
    app = app_for(article)
    council = TEXT.index("\u0627\u0644\u0645\u062c\u0644\u0633")
    async with app.run_test(size=(80, 24)) as pilot:
        reading = reader(app).reading
        reading.tag_range("actor", council, council + 6)
        reading.tag_range("actor", 4, 9)
        reading.tag_range("claim", council, TEXT.index("."))
        # the council is nearer, but the army stands behind the verb
        await pilot.press("r", "enter")
        assert [relation.head for relation in reading.layer.relations] == ["s2"]
        await pilot.press("r", "enter")
        assert [relation.head for relation in reading.layer.relations] == ["s2", "s1"]
        lane = next(line for line in article_rows(app) if "claim" in line)
        shown = excerpt(f"{ARMY}\u060c \u0627\u0644\u0645\u062c\u0644\u0633", 40).visual
        assert f"{shown} :claim" in lane
        await pilot.press("R")
        assert len(reading.layer.relations) == 1


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "1.txt").write_text(TEXT, "utf-8")
    (folder / "2.txt").write_text(f"{ARMY} \u0648{ARMY} {ARMY}", "utf-8")
    (folder / "3.txt").write_text("\u062d\u0644\u0628", "utf-8")
    return folder


async def test_repeats_twice_suggests_the_mentions_in_the_other_articles_for_review(
    articles: Path,
) -> None:
    app = app_for(articles)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("enter", "a")
        await pilot.press(*hint_for(app, 4), "enter", "*", "n", "*")
        await app.workers.wait_for_complete()
        assert "3 mentions suggested in 1 other article" in row(app, "status-bar")
        await pilot.press("ctrl+n")
        assert spans(app) == []
        assert "3 mentions are suggested" in row(app, "status-bar")
        await pilot.press("o", "n", "x", "escape")
        assert spans(app) == []
        await pilot.press("o")
        assert "1 of 2" in row(app, "status-bar")
        await pilot.press("n", "l", "enter")
        assert spans(app) == [("actor", ARMY), ("location", ARMY)]
        await pilot.press("o")
        assert "Nothing is suggested" in row(app, "status-bar")
        await pilot.press("u")
        assert spans(app) == []


async def test_suggestions_are_not_saved_before_they_are_kept(articles: Path) -> None:
    app = app_for(articles)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("enter", "a")
        await pilot.press(*hint_for(app, 4), "enter", "ctrl+p", *"all other", "enter")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.press("ctrl+n", "o")
        assert len(spans(app)) == 3
        store = Store(articles / ".hashiya")
        assert store.read("2", "layla") is None
        await pilot.click(ArticleView)  # decides nothing
        assert len(spans(app)) == 3
        assert store.read("2", "layla") is None
        await pilot.press("escape")
        assert spans(app) == []
        await pilot.press("o", "ctrl+q")
    assert store.read("2", "layla") is None


async def test_the_library_shows_where_something_is_suggested(articles: Path) -> None:
    app = app_for(articles)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("enter", "a")
        await pilot.press(*hint_for(app, 4), "enter", ";", ";")
        await app.workers.wait_for_complete()
        await pilot.press("q")
        rows = app.screen.query_one(ArticleList)
        shown = ["".join(item.text for item in rows.render_line(y)) for y in range(3)]
        assert ["+3" in line for line in shown] == [False, True, False]
