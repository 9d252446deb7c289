"""Makes the moving picture of the README: a real session, as an SVG that plays by itself.

    python -m tests.film [-o docs/hashiya.svg]

The app runs in a pty on a copy of the seeds. After each key of the story its screen is taken once
nothing more comes. What a row shows is drawn once and is visible in those frames that show it, by
CSS alone. Each letter has its own place, for rows are in visual order already and a browser must
neither order nor join them again.
"""

import argparse
import re
import shutil
import signal
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path

from pyte.screens import Char

from tests.paths import ROOT, SEEDS
from tests.terminal import AT_ONCE, Pty

COLUMNS, ROWS = 80, 24
CELL, LINE = 10, 21
"""Width and height of a cell."""
FONT = 16.6
"""The size at which a letter of the fonts below is as wide as a cell."""
FONTS = "'DejaVu Sans Mono','Noto Sans Mono','Courier New',monospace"
LEFT, TOP, BOTTOM = 16, 40, 62
"""What is around the terminal; the caption stands under it."""
WIDTH, HEIGHT = LEFT * 2 + CELL * COLUMNS, TOP + LINE * ROWS + BOTTOM
BASELINE = 16
"""From the top of a row to where its letters stand."""
HINT = 0.35
"""Seconds between the letters of a hint."""
BREATH = 0.1
"""Seconds that a screen at rest is given before it is taken: an article draws its bars last."""
POSTER = "y"
"""The key whose first frame is shown where nothing may move."""
DEFAULTS = {"fg": "e4e4e4", "bg": "1c1c1c"}
FRAME, CAP, PRESSED, SAID = "0d0d0d", "303030", "d7af5f", "c6c6c6"


@dataclass(frozen=True)
class Key:
    """A key of the story.

    Attributes:
        name: What is pressed, or the Arabic words for whose first the hint is typed, or nothing.
        pause: Seconds until the next key.
    """

    name: str
    pause: float = 1.0


@dataclass(frozen=True)
class Scene:
    """Some keys and what is said of them."""

    said: str
    keys: tuple[Key, ...]


@dataclass
class Frame:
    """What is shown for a while.

    Attributes:
        marks: Pieces of SVG.
        seconds: How long.
        key: What was pressed before.
    """

    marks: list[str]
    seconds: float
    key: str = ""


STORY = (
    Scene("Five articles of a corpus", (Key("", 1.8), Key("Enter", 1.4))),
    Scene(
        "An actor: its first word, its last word",
        (Key("a", 1.5), Key("الجماعات المسلحة المحاصرة", 0.8), Key("المسلحة المحاصرة", 1.4)),
    ),
    Scene("Its other mentions", (Key(";", 1.6), Key("Enter", 1.4))),
    Scene("A location of one word", (Key("l", 0.8), Key("حلب ثاني", 0.7), Key("Enter", 1.0))),
    Scene("Who speaks", (Key("a", 0.7), Key("قطر أنها", 0.7), Key("Enter", 1.0))),
    Scene(
        "A claim, from its first word to its last",
        (Key("c", 0.8), Key("أنها سوف", 0.8), Key("بالسلاح", 1.6)),
    ),
    Scene("Who says it", (Key("y", 1.8),)),
    Scene("From span to span", (Key("Tab", 0.8), Key("Tab", 0.9))),
    Scene("Undo and redo", (Key("u", 1.5), Key("C-r", 1.5))),
    Scene(
        "Search as you type",
        (
            Key("/", 0.6),
            *(Key(letter, 0.25) for letter in "ليبي"),
            Key("ا", 1.4),
            Key("Escape", 0.9),
        ),
    ),
    Scene("Done; the next article; the library", (Key("d", 1.7), Key("q", 2.2))),
)
CAPS = {"C-r": "Ctrl+R", "Escape": "Esc"}


def hint(terminal: Pty, words: str) -> str:
    """Read the hint under the first of some words on the screen."""
    cells = [[terminal._screen.buffer[y][x].data for x in range(COLUMNS)] for y in range(ROWS)]
    for row, below in pairwise(cells[1:-1]):
        read = [
            (letter, x)
            for x in range(COLUMNS - 1, -1, -1)
            for letter in unicodedata.normalize("NFKC", row[x])
        ]
        at = "".join(letter for letter, _ in read).find(words)
        if at >= 0:
            # it stands after a proclitic that is left out
            return "".join(below[: read[at][1] + 1]).split()[-1]
    raise AssertionError(f"{words!r} is not on the screen")


def shoot(story: Sequence[Scene]) -> list[Frame]:
    """Play the story in a terminal."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "seeds")
        shutil.copytree(SEEDS, corpus, ignore=shutil.ignore_patterns(".hashiya"))
        terminal = Pty(
            [sys.executable, "-m", "tui.cli", str(corpus), "--annotator", "layla"],
            COLUMNS, ROWS, COLORTERM="truecolor", ESCDELAY=AT_ONCE, XDG_CACHE_HOME=folder,
            XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder, XDG_STATE_HOME=folder,
        )  # fmt: skip
        try:
            terminal.wait_for("5 articles")
            return [frame for scene in story for frame in play(terminal, scene)]
        finally:
            terminal.end(signal.SIGKILL)


def play(terminal: Pty, scene: Scene) -> Iterator[Frame]:
    """Press the keys of a scene and take the screen after each."""
    pressed: list[str] = []
    for key in scene.keys:
        strokes = strokes_of(terminal, key)
        for left, stroke in zip(range(len(strokes) - 1, -1, -1), strokes, strict=True):
            terminal.press(stroke)
            pressed.extend([CAPS.get(stroke, stroke)] if stroke else [])
            terminal.settled()
            time.sleep(BREATH)
            terminal.settled()
            marks = [*rows(terminal), *caption(scene.said, pressed)]
            yield Frame(marks, HINT if left else key.pause, stroke)


def strokes_of(terminal: Pty, key: Key) -> list[str]:
    """Return what is pressed: a key itself, or the letters of a hint."""
    if len(key.name) > 1 and not key.name.isascii():
        return list(hint(terminal, key.name))
    return [key.name]


def rows(terminal: Pty) -> Iterator[str]:
    """Draw the rows of a screen that are not empty."""
    screen = terminal._screen
    for y in range(ROWS):
        chars = [screen.buffer[y][x] for x in range(COLUMNS)]
        if y == screen.cursor.y and not screen.cursor.hidden and screen.cursor.x < COLUMNS:
            under = chars[screen.cursor.x]
            chars[screen.cursor.x] = under._replace(reverse=not under.reverse)
        drawn = "".join([*backgrounds(chars), *letters(chars)])
        if drawn:
            yield f'<g transform="translate({LEFT} {TOP + LINE * y + BASELINE})">{drawn}</g>'


def colours(char: Char) -> tuple[str, str]:
    """Return the colours of a letter and of what is behind it."""
    front, back = (
        DEFAULTS[of] if value == "default" else value
        for of, value in (("fg", char.fg), ("bg", char.bg))
    )
    return (back, front) if char.reverse else (front, back)


def backgrounds(chars: Sequence[Char]) -> Iterator[str]:
    """Draw what is behind letters and unlike the rest, and the lines under them."""
    behind = [colours(char)[1] for char in chars]
    for start, end, colour in runs(behind):
        if colour != DEFAULTS["bg"]:
            yield rectangle(start, end, -BASELINE, LINE, colour)
    for start, end, colour in runs(colours(char)[0] * char.underscore for char in chars):
        if colour:
            yield rectangle(start, end, 3, 1, colour)


def runs(values: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Cut values into runs of the same, each with its start and end."""
    found = list(values)
    start = 0
    for end in range(1, len(found) + 1):
        if end == len(found) or found[end] != found[start]:
            yield start, end, found[start]
            start = end


def rectangle(start: int, end: int, top: int, height: int, colour: str) -> str:
    """Draw a rectangle from one cell to another."""
    return (
        f'<rect x="{start * CELL}" y="{top}" width="{(end - start) * CELL}" height="{height}"'
        f' class="c{colour}"/>'
    )


def letters(chars: Sequence[Char]) -> Iterator[str]:
    """Draw the letters of a row, those of the same look together."""
    looks: dict[str, list[tuple[int, str]]] = {}
    for x, char in enumerate(chars):
        if char.data.strip():
            look = f"c{colours(char)[0]}" + " b" * char.bold + " i" * char.italics
            looks.setdefault(look, []).append((x * CELL, char.data))
    for look, found in looks.items():
        places = " ".join(str(x) for x, data in found for _ in data)
        text = "".join(data for _, data in found)
        yield f'<text class="{look}" x="{places}">{escape(text, quote=False)}</text>'


def caption(said: str, pressed: Sequence[str]) -> Iterator[str]:
    """Draw the keys of a scene that were pressed, the last one bright, and what is said of them."""
    top = HEIGHT - BOTTOM + 16
    yield f'<text class="s c{SAID}" x="{WIDTH - LEFT - 6}" y="{top + 21}">{escape(said)}</text>'
    left = LEFT
    for number, name in enumerate(pressed, 1):
        width = CELL * len(name) + 18
        back, front = (PRESSED, FRAME) if number == len(pressed) else (CAP, SAID)
        yield (
            f'<rect x="{left}" y="{top}" width="{width}" height="30" rx="6" class="c{back}"/>'
            f'<text class="k b c{front}" x="{left + width / 2:g}" y="{top + 21}">{escape(name)}</text>'
        )
        left += width + 6


@dataclass
class Reel:
    """Frames as one SVG: what the same frames show is one group."""

    frames: Sequence[Frame]
    shown: dict[frozenset[int], list[str]] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return sum(frame.seconds for frame in self.frames)

    def svg(self) -> str:
        """Return the whole picture."""
        by_mark: dict[str, set[int]] = {}
        for number, frame in enumerate(self.frames):
            for mark in frame.marks:
                by_mark.setdefault(mark, set()).add(number)
        for mark, numbers in by_mark.items():
            self.shown.setdefault(frozenset(numbers), []).append(mark)
        poster = next(n for n, frame in enumerate(self.frames) if frame.key == POSTER)
        groups = [
            f'<g id="f{group}" class="{"f p" if poster in numbers else "f"}">{"".join(marks)}</g>'
            for group, (numbers, marks) in enumerate(self.shown.items())
        ]
        return short(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
            "<title>A session in Hashiya</title>"
            f"<style>{self.style()}</style>{surroundings()}{''.join(groups)}</svg>\n"
        )

    def style(self) -> str:
        """Return when each group is visible, and the look of text."""
        moments = "".join(
            f"#f{group}{{animation-name:k{group}}}@keyframes k{group}{{{self.moments(numbers)}}}"
            for group, numbers in enumerate(self.shown)
        )
        return (
            f"text{{font:{FONT}px {FONTS};unicode-bidi:bidi-override;direction:ltr}}"
            ".b{font-weight:bold}.i{font-style:italic}.k{text-anchor:middle}"
            ".s{text-anchor:end;font-family:'DejaVu Sans','Noto Sans',sans-serif}"
            ".f{visibility:hidden}.p{visibility:visible}"
            f".f{{animation:{self.seconds:g}s step-end infinite}}{moments}"
            "@media(prefers-reduced-motion){.f{animation:none!important}}"
        )

    def moments(self, numbers: frozenset[int]) -> str:
        """Return the moments at which a group comes and goes."""
        before, now, found = None, 0.0, []
        for number, frame in enumerate(self.frames):
            if before != (before := number in numbers):
                word = "visible" if before else "hidden"
                found.append(f"{100 * now / self.seconds:.4g}%{{visibility:{word}}}")
            now += frame.seconds
        return "".join(found)


def surroundings() -> str:
    """Draw what never changes: the window with its title."""
    dots = "".join(f'<circle cx="{x}" cy="20" r="6" class="c{CAP}"/>' for x in (26, 46, 66))
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="10" class="c{FRAME}"/>{dots}'
        f'<text class="k c{SAID}" x="{WIDTH // 2}" y="26">hashiya seeds</text>'
        f'<rect x="{LEFT // 2}" y="{TOP - 4}" width="{WIDTH - LEFT}" height="{LINE * ROWS + 8}"'
        f' rx="4" class="c{DEFAULTS["bg"]}"/>'
    )


def short(svg: str) -> str:
    """Name colours shortly, the commonest the shortest."""
    used = Counter(re.findall(r"\bc([0-9a-f]{6})\b(?=[ \"])", svg))
    names = {colour: f"c{number}" for number, (colour, _) in enumerate(used.most_common())}
    rules = "".join(f".{name}{{fill:#{colour}}}" for colour, name in names.items())
    named = re.sub(r"\bc([0-9a-f]{6})\b(?=[ \"])", lambda match: names[match[1]], svg)
    return named.replace("</style>", f"{rules}</style>", 1)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description="Makes the moving picture of the README.")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "hashiya.svg")
    output: Path = parser.parse_args().output
    reel = Reel(shoot(STORY))
    svg = reel.svg()
    output.write_text(svg, "utf-8")
    print(
        f"{output}: {len(reel.frames)} frames, {reel.seconds:.1f} s, {len(svg.encode()) / 1024:.0f} KB"
    )


if __name__ == "__main__":
    main()
