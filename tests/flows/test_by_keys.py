"""Any span can be made by keys alone, and every key does the same under other layouts."""

import asyncio
import json
import random
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpus.corpus import open_corpus
from annotations.language.graphemes import next_boundary, previous_boundary
from annotations.language.segmentation import trim, words
from annotations.model.scheme import DEFAULT_SCHEME
from tests.app import app_for, reader
from tests.keyboards import BARE, XKB, needs_layouts, needs_names
from tests.paths import SEEDS
from tests.strategies import texts
from tests.terminal import AT_ONCE, Pty, hashiya_command, needs_proc, settled
from tui.desk.commands import table
from tui.text import motion


async def make(folder: Path, wanted: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Make spans by keys, as somebody would who sees the text; return those that came of it."""
    app = app_for(folder)
    async with app.run_test(size=(80, 24)) as pilot:

        async def press(count: int, key: str) -> None:
            if count:
                await pilot.press(*(str(count) if count > 1 else ""), key)

        for start, end in wanted:
            reading = reader(app).reading
            text = reading.text
            await pilot.press("escape", "escape", "g")
            seen = [n for n in range(len(text)) if is_seen(text[n])]
            anchor = next((n for n in seen if n >= start), seen[-1])
            anchor = previous_boundary(text, anchor + 1)  # a mark is reached by its letter
            before = [first for first, _ in words(text, 0, len(text)) if first <= anchor]
            if before:
                await press(len(before) - (before[0] == 0), "w")
            for _ in text:  # towards where it is seen: what no word holds, or a word's inside
                if reading.cursor == anchor:
                    break
                layout = reader(app).desk.window.layout
                here, there = (layout.line_of(offset) for offset in (reading.cursor, anchor))
                base = layout.line(here).base
                column = motion.column_of(layout, reading.cursor)
                aim = motion.column_of(layout, anchor) if here == there else -1 if base else 9999
                await pilot.press("left" if aim < column else "right")
            await pilot.press("v", "a")
            span = reading.active
            assert span, "nothing was tagged"
            layout = reader(app).desk.window.layout
            rtl = layout.line(layout.line_of(span.start)).base == 1
            on, back = ("left", "right") if rtl else ("right", "left")
            # what grows comes before what shrinks, since a span keeps a letter
            moves = [
                (f"alt+{on}", steps(text, span.end, end)),
                (f"alt+shift+{back}", steps(text, start, span.start)),
                (f"alt+{back}", steps(text, end, span.end)),
                (f"alt+shift+{on}", steps(text, span.start, start)),
            ]
            for key, count in moves:
                await press(count, key)
            assert reading.active
        return [(span.start, span.end) for span in reader(app).reading.layer.spans]


def is_seen(character: str) -> bool:
    """Whether there is anything to tag in a character: neither white space nor a mark of direction."""
    return trim(character, 0, len(character)) == (0, len(character))


def steps(text: str, start: int, end: int) -> int:
    """Count the letters from one offset to a later one; none if it is not later."""
    count = 0
    while start < end:
        start = next_boundary(text, start)
        count += 1
    return count


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, int, int]:
    drawn = texts.map(lambda text: text.replace("\0", "").lstrip("\ufeff"))
    text = draw(drawn.filter(lambda text: any(map(is_seen, text))))
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(text) - 1)] * 2)))
    start = previous_boundary(text, first + 1)
    return text, start, next_boundary(text, last)


@pytest.mark.slow
@settings(max_examples=25)
@given(articles())
def test_any_span_of_any_article_can_be_made_by_keys_alone(article: tuple[str, int, int]) -> None:
    text, start, end = article
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.txt"
        file.write_bytes(text.encode())
        text = next(open_corpus(file).documents()).text
        assert asyncio.run(make(file, [(start, end)])) == [(start, end)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_spans_of_the_seeds_that_nobody_would_choose_can_be_made_by_keys_alone(
    seed: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(seed.read_bytes())
    text = next(open_corpus(tmp_path / "a.txt").documents()).text
    choose = random.Random(seed.name)
    wanted = set()
    for _ in range(4):
        start = previous_boundary(text, choose.randrange(len(text)) + 1)
        end = next_boundary(text, min(len(text) - 1, start + choose.randrange(60)))
        wanted.add((start, end))
    made = asyncio.run(make(tmp_path / "a.txt", sorted(wanted)))
    assert sorted(made) == sorted(wanted)


LIBRARY = "jkGngfjkqsvv\x1b/ \x1b?jk/ab\x1b?q"
READER = "wwebGg]][[}}{{$03wavw\"lfj gvwc,.-=+\\' ;nN vxn\r*\x1b;;oa\x1b :12\r:l2\rm\rX\x1by@ rR\x1bRuzzppttnN/ \rnN?jq\x1b# \x1b! \x1bdsq"
LAYOUTS = {"latin": "us", "arabic": "ara", "persian": "ir"}


def sent(key: str, layout: str) -> str:
    """What a key sends; where it sends ASCII that means another key, the key with that on it."""
    if len(key) != 1 or not key.isprintable() or key == " ":
        return key
    character = XKB[layout][key]
    return key if character.isascii() and character not in "<>" else character


@pytest.mark.terminal
@needs_layouts
@needs_names
@needs_proc
def test_every_bare_key_does_the_same_in_a_terminal_whatever_layout_is_on(tmp_path: Path) -> None:
    """The same keys are pressed in three terminals, whose screens must come out the same."""
    typed = f"{LIBRARY}\r{READER}"
    elsewhere = {
        key for item in table(DEFAULT_SCHEME) if item.place == "unsaved" for key in item.keys
    }
    assert set(BARE) - elsewhere <= set(typed), "a key is never pressed"
    terminals = {}
    for name in LAYOUTS:
        corpus = tmp_path / name / "corpus"
        corpus.mkdir(parents=True)
        seed = (SEEDS / "004_85414a694c151f5b.txt").read_text("utf-8")
        (corpus / "a.txt").write_text(seed[:700], "utf-8")
        (corpus / "b.txt").write_text("b", "utf-8")
        (corpus / "broken.txt").write_bytes(b"\xff\xfe\xfa")
        config = tmp_path / name / "config"
        config.mkdir()
        keyboard = "auto" if name == "latin" else name
        (config / "config.toml").write_text(f'keyboard = "{keyboard}"\n')
        terminals[name] = Pty(
            hashiya_command(str(corpus)),
            HASHIYA_ANNOTATOR="layla",
            HASHIYA_CONFIG=str(config),
            ESCDELAY=AT_ONCE,
        )
    try:
        for terminal in terminals.values():
            terminal.wait_for("2 articles")
        for number, key in enumerate(typed):
            for name, terminal in terminals.items():
                terminal.press(sent(key, LAYOUTS[name]))
            screens = settled(list(terminals.values()))
            assert len(set(screens)) == 1, f"{key!r}, key {number}:\n" + "\n\n".join(screens)
    finally:
        for terminal in terminals.values():
            terminal.end(signal.SIGKILL)
    files = [sorted(tmp_path.glob(f"{name}/corpus/.hashiya/layers/**/*.json")) for name in LAYOUTS]
    spans = [[json.loads(file.read_text("utf-8"))["spans"] for file in found] for found in files]
    assert spans[0]
    assert spans[0] == spans[1] == spans[2]
