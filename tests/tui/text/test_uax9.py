"""The bidi engine against Unicode's own conformance files: levels and visual order."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.debian import UNICODE_DATA, needs
from tui.text import bidi

CHARACTER_TEST = UNICODE_DATA / "BidiCharacterTest.txt"
CLASS_TEST = UNICODE_DATA / "BidiTest.txt"

# A character of each bidi class; the ones that the engine's short cuts know stand first.
SAMPLES = {
    "L": "a", "R": "\u05d0", "AL": "\u0627", "EN": "1", "ES": "+", "ET": "%", "AN": "\u0661",
    "CS": ",", "NSM": "\u064b", "BN": "\u00ad", "B": "\u2029", "S": "\t", "WS": " ", "ON": "!",
    "LRE": "\u202a", "RLE": "\u202b", "LRO": "\u202d", "RLO": "\u202e", "PDF": "\u202c",
    "LRI": "\u2066", "RLI": "\u2067", "FSI": "\u2068", "PDI": "\u2069",
}  # fmt: skip


def resolved(text: str, base: int | None) -> tuple[int, list[int], list[int]]:
    """Base direction, level of each code point, and visual order of a text as one line."""
    runs, found = bidi.resolve(text, base)
    line = bidi.line_runs(text, runs, found, 0, len(text))
    levels = [run.level for run in line for _ in range(run.start, run.end)]
    order: list[int] = []
    for run in bidi.visual_order(line):
        order += reversed(range(run.start, run.end)) if run.level & 1 else range(run.start, run.end)
    return found, levels, order


def lines_of(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        if case := line.split("#")[0].strip():
            yield case


def agrees(levels: list[int], order: list[int], wanted: list[str], wanted_order: list[int]) -> bool:
    """Compare all but the characters that rule X9 removes, which the files mark with an x."""
    return (
        all(want in ("x", str(got)) for want, got in zip(wanted, levels, strict=True))
        and [index for index in order if wanted[index] != "x"] == wanted_order
    )


@pytest.mark.slow
@needs("unicode-data", file=CHARACTER_TEST)
def test_every_case_of_bidi_character_test_is_right() -> None:
    wrong = []
    count = 0
    for line in lines_of(CHARACTER_TEST):
        code_points, direction, base, levels, order = line.split(";")
        text = "".join(chr(int(code, 16)) for code in code_points.split())
        found, got, got_order = resolved(text, {"0": 0, "1": 1}.get(direction))
        count += 1
        right = agrees(got, got_order, levels.split(), [int(index) for index in order.split()])
        if found != int(base) or not right:
            wrong.append(line)
    assert not wrong, f"{len(wrong)} of {count}, first {wrong[:3]}"
    assert count > 90_000


@pytest.mark.slow
@needs("unicode-data", file=CLASS_TEST)
def test_every_case_of_bidi_test_is_right() -> None:
    wrong = []
    count = 0
    levels: list[str] = []
    order: list[int] = []
    for line in lines_of(CLASS_TEST):
        if line.startswith("@"):
            name, _, value = line[1:].partition(":")
            if name == "Levels":
                levels = value.split()
            elif name == "Reorder":
                order = [int(index) for index in value.split()]
            continue
        classes, _, bits = line.partition(";")
        text = "".join(SAMPLES[name] for name in classes.split())
        for bit, base in ((1, None), (2, 0), (4, 1)):
            if int(bits) & bit:
                count += 1
                _, got, got_order = resolved(text, base)
                if not agrees(got, got_order, levels, order):
                    wrong.append((line, base))
    assert not wrong, f"{len(wrong)} of {count}, first {wrong[:3]}"
    assert count > 700_000


@pytest.mark.parametrize(
    ("pattern", "classes"),
    [
        (bidi.RTL_LETTER, {"R", "AL"}),
        (bidi.LTR_LETTER, {"L"}),
        (bidi.MARK, {"NSM"}),
        (bidi.NEUTRAL, {"WS", "ON", "CS", "ES", "ET", "BN"}),
    ],
)
def test_the_short_cuts_know_only_characters_of_their_classes(
    pattern: str, classes: set[str]
) -> None:
    import re

    members = [chr(code) for code in range(0x10000) if re.match(f"[{pattern}]", chr(code))]
    assert members
    assigned = {char: unicodedata.bidirectional(char) for char in members}
    assert {char: name for char, name in assigned.items() if name and name not in classes} == {}


@pytest.mark.parametrize("base", [None, 0, 1])
def test_long_stretches_resolve_as_they_do_letter_by_letter(base: int | None) -> None:
    arabic, latin = "\u0642\u0627\u0644\u062a, \u0645\u0635\u0631", "the New-York Times"
    text = f"{arabic} 12.5% {latin}: ({arabic}, {latin}) {latin} 3 {arabic} - \u0661\u0662"
    whole, found = bidi.resolve(text, base)
    levels = [run.level for run in whole for _ in range(run.start, run.end)]
    alone, found_alone = bidi._levels_from_python_bidi(text, base)
    assert (levels, found) == (alone, found_alone)
