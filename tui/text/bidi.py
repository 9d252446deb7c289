"""Embedding levels and visual order of one paragraph (UAX #9).

Levels come from python-bidi; this module owns the way to them: what is sent to python-bidi,
how its answer is read back, rule L1 (which belongs to a line, not to a paragraph) and rule L2.
Positions are code-point offsets relative to the start of the paragraph; a *run* is a half-open
range of offsets on one level.

The call into python-bidi costs about a microsecond a character, so two exact short cuts stand
before it. A paragraph of right-to-left letters, marks and neutrals alone is one run of level 1.
Elsewhere a stretch of one direction, neutrals inside, resolves as a whole (rules W1 to N2 look
only at its two ends), so it is squeezed to its end letters and spread out again afterwards.
"""

import re
import unicodedata
from typing import NamedTuple

from bidi import get_display
from bidi.mirror import MIRRORED

RTL_LETTER = (
    "\u05d0-\u05ea\u0608\u060b\u060d\u061b\u061d-\u064a\u066d-\u066f\u0671-\u06d5\u06e5\u06e6"
    "\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufbb1\ufbd3-\ufd3d\ufe70-\ufe74\ufe76-\ufefc"
)
"""Regex ranges of letters of the bidi classes R and AL that news text uses."""

LTR_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0391-\u03a1\u03a3-\u03e1\u0400-\u0481"
"""Regex ranges of letters of the bidi class L that news text uses."""

MARK = "\u0300-\u036f\u05b0-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
NEUTRAL = (
    " !\"#$%&'*+,\\-./:;=?@\\\\^_`|~\u00a0\u00ab\u00b7\u00bb\u060c\u200c\u200d\u2010-\u2026\u2030"
)
_INNER = MARK + NEUTRAL

_PLAIN_RTL = re.compile(f"[{RTL_LETTER}{_INNER}(){{}}\\[\\]]*")
_FIRST_STRONG = re.compile(f"[{RTL_LETTER}{LTR_LETTER}]")
_RTL_LETTERS = re.compile(f"[{RTL_LETTER}]")
_LTR_LETTERS = re.compile(f"[{LTR_LETTER}]")
_OTHERS = re.compile(f"[^\x00-\x7f{RTL_LETTER}{LTR_LETTER}]")
_STRETCH = re.compile(
    f"[{RTL_LETTER}][{RTL_LETTER}{_INNER}]+[{RTL_LETTER}]"
    f"|[{LTR_LETTER}][{LTR_LETTER}{_INNER}]+[{LTR_LETTER}]"
)
_LEVEL = re.compile(r"Level\(\s*(\d+)")

_SEPARATOR = "\t\x0b\x1f\n\r\x1c\x1d\x1e\x85\u2029"
_REMOVED = (
    "\u202a-\u202e\u200b-\u200d\u00ad\u180e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
)
_SPACE = " \x0c\u1680\u2000-\u200a\u2028\u205f\u3000"
_RESET = re.compile(f"[{_SPACE}{_REMOVED}]*(?:[{_SEPARATOR}]|$)")
_HAS_SEPARATOR = re.compile(f"[{_SEPARATOR}]")
_ENDS_BLANK = re.compile(f"[{_SPACE}{_REMOVED}{_SEPARATOR}]")

_MIRROR = {ord(char): other for char, other in MIRRORED.items()}
_HAS_MIRROR = re.compile(f"[{re.escape(''.join(MIRRORED))}]")


class Run(NamedTuple):
    """A range of code-point offsets on one embedding level."""

    start: int
    end: int
    level: int


def resolve(text: str, base: int | None = None) -> tuple[list[Run], int]:
    """Resolve the embedding levels of one paragraph, rules P2 to I2.

    Args:
        text: One paragraph, with or without its separator.
        base: The base direction, 0 or 1; None takes it from the first strong character.

    Returns:
        The runs in logical order, together covering `text`, and the base direction.
    """
    if not text:
        return [], base or 0
    plain = base != 0 and _PLAIN_RTL.fullmatch(text, 0, len(text.rstrip("\n")))
    if plain and (base == 1 or _FIRST_STRONG.search(text)):
        return [Run(0, len(text), 1)], 1
    squeezed: list[str] = []
    lengths: list[int] = []
    last = 0
    for match in _STRETCH.finditer(text):
        start, end = match.span()
        squeezed.append(text[last : start + 1])
        lengths += [1] * (start + 1 - last)
        squeezed.append(text[end - 1])
        lengths.append(end - start - 1)
        last = end
    squeezed.append(text[last:])
    lengths += [1] * (len(text) - last)
    levels, found_base = _levels_from_python_bidi("".join(squeezed), base)
    runs: list[Run] = []
    start = end = 0
    current = levels[0]
    for length, level in zip(lengths, levels, strict=True):
        if level != current:
            runs.append(Run(start, end, current))
            start, current = end, level
        end += length
    runs.append(Run(start, end, current))
    return runs, found_base


def has_strong(text: str) -> bool:
    """Return whether any character of a paragraph has a direction of its own."""
    return bool(_FIRST_STRONG.search(text)) or any(
        unicodedata.bidirectional(char) in ("L", "R", "AL") for char in text if char >= "\x80"
    )


def majority(text: str) -> int | None:
    """Return the direction of most letters of a paragraph, right to left if they are as many.

    Returns:
        0 or 1; None if no character has a direction of its own.
    """
    leftward = len(_RTL_LETTERS.findall(text))
    rightward = len(_LTR_LETTERS.findall(text))
    for char in _OTHERS.findall(text):
        direction = unicodedata.bidirectional(char)
        leftward += direction in ("R", "AL")
        rightward += direction == "L"
    if not leftward and not rightward:
        return None
    return int(leftward >= rightward)


def _levels_from_python_bidi(text: str, base: int | None) -> tuple[list[int], int]:
    """Read one level per code point out of python-bidi's account of itself.

    `get_display(debug=True)` prints the Rust crate's BidiInfo, which holds a level for each
    UTF-8 byte. The line breaks searched for can't stand inside the quoted text, since Rust
    escapes them there.
    """
    account = get_display(text, base_dir=None if base is None else "LR"[base], debug=True)
    assert isinstance(account, str)
    levels_at = account.index("\n    levels: [")
    paragraphs_at = account.index("\n    paragraphs: [", levels_at)
    levels = [int(level) for level in _LEVEL.findall(account, levels_at, paragraphs_at)]
    first_paragraph = _LEVEL.search(account, paragraphs_at)
    assert first_paragraph is not None
    if not text.isascii():
        picked: list[int] = []
        byte = 0
        for char in text:
            picked.append(levels[byte])
            code_point = ord(char)
            byte += 1 if code_point < 0x80 else 2 if code_point < 0x800 else 3
            byte += code_point > 0xFFFF
        levels = picked
    return levels, int(first_paragraph[1])


def line_runs(text: str, runs: list[Run], base: int, start: int, end: int) -> list[Run]:
    """Cut the runs of a paragraph to one line and apply rule L1 to it.

    Args:
        text: The paragraph.
        runs: Its runs from `resolve`.
        base: Its base direction.
        start: First code-point offset of the line in the paragraph.
        end: Offset after its last code point.

    Returns:
        The runs of the line in logical order; spaces at its end and around tabs are on `base`.
    """
    if len(runs) == 1 and runs[0].level == base:
        return [Run(start, end, base)] if end > start else []
    line = [
        Run(max(run.start, start), min(run.end, end), run.level)
        for run in runs
        if run.start < end and run.end > start
    ]
    if _HAS_SEPARATOR.search(text, start, end) or (
        end > start and _ENDS_BLANK.match(text, end - 1)
    ):
        for match in _RESET.finditer(text[start:end]):
            if match.end() > match.start():
                line = _with_level(line, start + match.start(), start + match.end(), base)
    return line


def _with_level(runs: list[Run], start: int, end: int, level: int) -> list[Run]:
    """Set the level of the offsets from `start` to `end`."""
    changed: list[Run] = []
    for run in runs:
        if run.end <= start or run.start >= end:
            changed.append(run)
            continue
        if run.start < start:
            changed.append(Run(run.start, start, run.level))
        inner = Run(max(run.start, start), min(run.end, end), level)
        if changed and changed[-1].level == level and changed[-1].end == inner.start:
            inner = Run(changed.pop().start, inner.end, level)
        changed.append(inner)
        if run.end > end:
            changed.append(Run(end, run.end, run.level))
    return changed


def visual_order(runs: list[Run]) -> list[Run]:
    """Reorder the runs of one line from left to right, rule L2.

    The code points inside a run on an odd level read from right to left.
    """
    if len(runs) < 2:
        return runs
    ordered = list(runs)
    for level in range(max(run.level for run in runs), 0, -1):
        first = 0
        while first < len(ordered):
            if ordered[first].level < level:
                first += 1
                continue
            last = first
            while last < len(ordered) and ordered[last].level >= level:
                last += 1
            ordered[first:last] = ordered[first:last][::-1]
            first = last
    return ordered


def mirrored(glyphs: str) -> str:
    """Turn brackets and guillemets to their mirror image, rule L4."""
    return glyphs.translate(_MIRROR) if _HAS_MIRROR.search(glyphs) else glyphs
