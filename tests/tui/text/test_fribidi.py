"""Visual text against the `fribidi` program, with its shaping on.

These differences stay, each with its reason:

- Noon ghunna (U+06BA): FriBidi keeps the bare letter in every place; arabic-reshaper's table
  gives it its isolated and final presentation forms, which join to the letter before.
- A lam and an alef with a mark on the lam: FriBidi ligates only neighbours; the ligature is
  obligatory in Arabic writing whatever marks stand on it. Opened, the two agree.
- Control and format characters: FriBidi drops them; here an article's invisible characters show
  as symbols, so that nobody is fooled by them. Letters on both sides of one stay out of the
  comparison, since the symbol stands between them.
- Arabic letters under a left-to-right override: FriBidi joins them by the neighbours they have
  on screen; here a letter's form never depends on the direction it is shown in. A bracket among
  overrides, and an isolate that is never closed: FriBidi 1.0 and Unicode's own cases differ,
  and the cases are right here.
- A mark with no letter before it: FriBidi sends it bare; a terminal would put it on whatever
  stands to the left, so it is carried by a dotted circle.
- A bracket pair with a mark after a neutral in it: FriBidi resolves the pair against rule N0
  (the letter in "b(\u0644\u00ab\u064e)\u0643" drags the brackets along); ICU agrees with us.
"""

import os
import random
import re
import subprocess
from pathlib import Path

import pytest

from tests.debian import needs
from tests.paths import SEEDS
from tui.text.layout import Layout, LineName

ARTICLES = sorted(SEEDS.glob("*.txt"))
SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.txt"))
MORE = (
    sorted(Path(os.environ["HASHIYA_TEXTS"]).glob("*.txt")) if "HASHIYA_TEXTS" in os.environ else []
)
"""Any folder of texts that somebody wants to hold against FriBidi as well."""

LETTERS = (
    "\u0627\u0628\u062a\u0644\u0645\u0646\u0647\u0648\u064a\u0643\u0629\u0649\u0621\u0623\u0625\u0624\u0626"
    + "\u0644\u0627" * 4
)
OTHERS = (
    " " * 8 + "\u060c.:()[]\u00ab\u00bb\"-/%+" + "123\u0663\u0664\u06f5" + "abcXYZ" + "\u05d0\u05d1\u05d2"
    + "\u067e\u0686\u0698\u06af\u06a9\u06cc\u06d2\u0679\u0688\u06ba\u06c1\u06be\u0640"
)  # fmt: skip
MARKS = "\u064e\u0651\u064b\u0670\u0654"
JOINERS = "\u200c\u200d"
CONTROLS = "\u200e\u200f\u202a\u202b\u202c\u202e"

LAM_MARK_ALEF = re.compile("\u0644[\u064b-\u0655\u0670]+(?=[\u0622\u0623\u0625\u0627])")
MARK_AFTER_NEUTRAL = re.compile(
    rf"([^\w{MARKS}{JOINERS}]|^)[{MARKS}{JOINERS}]*[{MARKS}][{MARKS}{JOINERS}]*"
)


def fribidi(lines: list[str]) -> list[str]:
    done = subprocess.run(
        ["fribidi", "--nopad", "--nobreak", "--reordernsm", "--clean", "--width", "1000000"],
        input="\n".join(lines).encode() + b"\n",
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().split("\n")[:-1]


def ours(text: str) -> str:
    """The one line of a text, every lam-mark-alef opened."""
    opened = {match.end() for match in LAM_MARK_ALEF.finditer(text)}
    return Layout(text, 1_000_000).line(LineName(0, 0), opened).visual()


def without_known_differences(visual: str) -> str:
    return re.sub("[\ufb9e\ufb9f]", "\u06ba", visual.replace("\ufeff", ""))


def differences(lines: list[str]) -> list[tuple[str, str, str]]:
    theirs = fribidi(lines)
    assert len(theirs) == len(lines)
    pairs = [
        (ascii(line), ascii(without_known_differences(ours(line))), ascii(without_known_differences(their)))
        for line, their in zip(lines, theirs, strict=True)
    ]  # fmt: skip
    return [pair for pair in pairs if pair[1] != pair[2]]


def generated(alphabet: str, count: int, seed: int) -> list[str]:
    choose = random.Random(seed)
    lines = ("".join(choose.choices(alphabet, k=choose.randint(1, 40))) for _ in range(count))
    lines = (MARK_AFTER_NEUTRAL.sub("\\1", line) for line in lines)
    return [line for line in lines if line and line[0] not in MARKS + JOINERS]


@needs("libfribidi-bin", command="fribidi")
@pytest.mark.parametrize("path", [*ARTICLES, *SAMPLES, *MORE], ids=lambda path: path.name)
def test_articles_look_as_fribidi_draws_them(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").split("\n") if line]
    assert lines
    assert differences(lines) == []


@needs("libfribidi-bin", command="fribidi")
@pytest.mark.parametrize(
    ("alphabet", "count"),
    [
        (LETTERS + OTHERS, 6000),
        (LETTERS + OTHERS + MARKS, 4000),
        (LETTERS + OTHERS + MARKS + JOINERS, 4000),
    ],
    ids=["mixed", "marked", "joiners"],
)
def test_generated_strings_look_as_fribidi_draws_them(alphabet: str, count: int) -> None:
    assert differences(generated(alphabet, count, seed=count)) == []


@needs("libfribidi-bin", command="fribidi")
def test_controls_show_as_symbols_and_order_the_rest_as_in_fribidi() -> None:
    lines = generated("\u0628\u0644\u0645 ab1\u0662.!" + CONTROLS, 3000, seed=3)
    lines = [
        line
        for line in lines
        if not re.search(
            "[\u0628\u0644\u0645][^\u0628\u0644\u0645 ab1\u0662.()]+[\u0628\u0644\u0645]", line
        )
    ]
    symbols = set("\u25b8\u25c2\u251c\u2524\u253c\u255f\u2562\u2560\u2563\u2566\u2569")
    wrong = []
    for line, their in zip(lines, fribidi(lines), strict=True):
        mine = "".join(char for char in ours(line) if char not in symbols)
        if mine != their:
            wrong.append((ascii(line), ascii(mine), ascii(their)))
    assert wrong == []
