"""Arabic letters in their joined forms, with the map from clusters to code points.

The forms come from arabic-reshaper's table; which of the four a letter takes follows Unicode's
joining types, since only they know every mark and format character between two letters. The unit
of work is the *token*: a stretch of text that ends at a line-break opportunity, where nothing
joins. Tokens repeat, so their shapes are remembered.

A *cluster* is what one glyph shows: a grapheme cluster, or a lam and the alef after it, which are
two. `OPENED` gives the two joined glyphs that stand for such a ligature when it is opened.
"""

import re
import unicodedata
from array import array
from functools import lru_cache
from itertools import repeat
from typing import Final, NamedTuple

import regex
from arabic_reshaper.letters import LETTERS_ARABIC
from arabic_reshaper.ligatures import LETTERS_LIGATURES

from annotations.language.graphemes import graphemes
from tui.text import cells

_REMEMBERED: Final = 1 << 16
_LONGEST_REMEMBERED: Final = 48

_DUAL = regex.compile(r"\p{Joining_Type=Dual_Joining}")
_RIGHT = regex.compile(r"\p{Joining_Type=Right_Joining}")
_CAUSING = regex.compile(r"\p{Joining_Type=Join_Causing}")
_TRANSPARENT = regex.compile(r"\p{Joining_Type=Transparent}")


class _JoiningTypes(dict[int, str]):
    """Joining type of a code point: D, R, C, T or U (ArabicShaping.txt), found when asked for."""

    def __missing__(self, code_point: int) -> str:
        char = chr(code_point)
        for letter, pattern in (("T", _TRANSPARENT), ("D", _DUAL), ("R", _RIGHT), ("C", _CAUSING)):
            if pattern.match(char):
                return self.setdefault(code_point, letter)
        return self.setdefault(code_point, "U")


class _Forms(dict[tuple[str, str, str], str]):
    """The form of a letter between two joining types, from arabic-reshaper's table."""

    def __missing__(self, key: tuple[str, str, str]) -> str:
        before, char, after = key
        forms = _LIGATURES.get(char) or LETTERS_ARABIC.get(char)
        if not forms or _JOINING[ord(char)] == "U":
            return self.setdefault(key, char)
        isolated, initial, medial, final = forms
        joins_before = before in "DC" and bool(final or medial)
        joins_after = after in "DRC" and bool(initial or medial)
        form = (medial or final if joins_after else final) if joins_before else ""
        form = form or (initial if joins_after and not joins_before else "") or isolated
        return self.setdefault(key, form or char)


LAM: Final = "\u0644"
_STAND_INS: Final[dict[str, str]] = {}
"""For each alef, the noncharacter that stands for its ligature with lam inside this module."""
_LIGATURES: Final[dict[str, tuple[str, str, str, str]]] = {}
OPENED: Final[dict[str, tuple[str, str]]] = {}
"""For each lam-alef glyph the two joined glyphs of its letters, lam first."""


def _load_lam_alef() -> None:
    lam = LETTERS_ARABIC[LAM]
    for _, (letters, forms) in LETTERS_LIGATURES:
        alef = letters[1:]
        if letters[0] == LAM and alef in ("\u0622", "\u0623", "\u0625", "\u0627"):
            stand_in = chr(0xFDD0 + len(_STAND_INS))
            _STAND_INS[alef] = stand_in
            _LIGATURES[stand_in] = forms
            OPENED[forms[0]] = (lam[1], LETTERS_ARABIC[alef][3])
            OPENED[forms[3]] = (lam[2], LETTERS_ARABIC[alef][3])


_load_lam_alef()
_LAM_ALEF = re.compile(f"{LAM}([{''.join(_STAND_INS)}])")
_NONCHARACTER = re.compile("[\ufdd0-\ufdef]")
_JOINING = _JoiningTypes(dict.fromkeys(map(ord, _STAND_INS.values()), "R"))
_FORM = _Forms()

_SIMPLE = re.compile(
    "[ -~\u00a0\u00ab\u00bb\u2013-\u201e\u2026\u060c\u061b\u061e\u061f\u0621-\u064a\u0660-\u066f"
    "\u0671-\u06d5\u06ee-\u06ff\u00c0-\u017f]*"
)
"""Tokens in which every code point is a grapheme cluster of one cell."""

_NO_LETTER: Final = "\u25cc"
"""The dotted circle, which carries marks that have no letter."""

_VOWEL_MARKS = "\u064b-\u065f\u0670"
_LETTER_AND_MARKS = re.compile(f"[^{_VOWEL_MARKS}][{_VOWEL_MARKS}]*")
_MARKED = re.compile(f"(?:{_SIMPLE.pattern[:-1]}[{_VOWEL_MARKS}]*)*")


class Shaped(NamedTuple):
    """The clusters of a token in logical order."""

    glyphs: str | tuple[str, ...]
    """One glyph a cluster; a plain string where each glyph is one code point."""
    lengths: bytes
    """Code points of each cluster, as the bytes of an unsigned int array."""
    cells: bytes
    """Cells of each cluster, a byte each."""
    width: int
    """Cells of the token with every lam-alef opened, its spaces at the end left out."""
    blank: int
    """Spaces at its end."""
    clusters: int
    """Number of clusters."""


def joined_forms(letters: str) -> str:
    """Shape each letter into its joined form; a lam-alef becomes one glyph.

    Args:
        letters: Code points that take part in joining, transparent ones left out.

    Returns:
        One code point a letter, or one for a lam with its alef.
    """
    if LAM in letters:
        letters = _LAM_ALEF.sub(lambda match: _STAND_INS[match[1]], letters)
    types = letters.translate(_JOINING)
    return "".join(map(_FORM.__getitem__, zip("U" + types, letters, types[1:] + "U")))  # noqa: B905 - the first is one longer


def shape_tokens(tokens: list[str], ligate: bool = True) -> list[Shaped]:
    """Shape tokens, remembering those that are likely to come again.

    Args:
        tokens: Texts between line-break opportunities, spaces at their ends included.
        ligate: False keeps every lam-alef open.

    Returns:
        The clusters of each.
    """
    if max(map(len, tokens), default=0) <= _LONGEST_REMEMBERED:
        return list(map(_shape_remembered, tokens, repeat(ligate)))
    return [
        (_shape_remembered if len(token) <= _LONGEST_REMEMBERED else shape_token)(token, ligate)
        for token in tokens
    ]


def shape_token(token: str, ligate: bool = True) -> Shaped:
    """Shape one token afresh; see `shape_tokens`."""
    if not ligate or not _SIMPLE.fullmatch(token):
        if ligate and _MARKED.fullmatch(token):
            return _shape_marked(token)
        return _shape_by_graphemes(token, ligate)
    glyphs = token if token.isascii() else joined_forms(token)
    count = len(glyphs)
    if count == len(token):
        lengths = array("I", [1]) * count
    else:
        lengths = array("I", [2 if glyph in OPENED else 1 for glyph in glyphs])
    blank = len(token) - len(token.rstrip(" "))
    return Shaped(glyphs, lengths.tobytes(), b"\1" * count, len(token) - blank, blank, count)


_shape_remembered = lru_cache(maxsize=_REMEMBERED)(shape_token)


def _shape_marked(token: str) -> Shaped:
    """Shape a token of letters with vowel marks, the usual case beside the simple one."""
    parts = _LETTER_AND_MARKS.findall(token)
    glyphs: list[str] = []
    lengths = array("I")
    width = at = 0
    for form in joined_forms("".join([part[0] for part in parts])):
        part = parts[at]
        at += 1
        if form in OPENED:
            glyphs.append(form + part[1:] + parts[at][1:])
            lengths.append(len(part) + len(parts[at]))
            at += 1
            width += 2
        else:
            glyphs.append(form + part[1:])
            lengths.append(len(part))
            width += 1
    blank = len(token) - len(token.rstrip(" "))
    count = len(glyphs)
    return Shaped(tuple(glyphs), lengths.tobytes(), b"\1" * count, width - blank, blank, count)


def _shape_by_graphemes(token: str, ligate: bool) -> Shaped:
    """Shape a token with marks, joiners, symbols or wide characters in it."""
    parts = graphemes(token)
    letters: list[str] = []
    owners: list[int] = []
    for index, part in enumerate(parts):
        for char in part:
            if _JOINING[ord(char)] != "T":
                letters.append(cells.UNKNOWN if _NONCHARACTER.match(char) else char)
                owners.append(index)
    joined = joined_forms("".join(letters))
    shapes: dict[int, str] = {}
    pairs: set[int] = set()
    at = 0
    for glyph in joined:
        owner = owners[at]
        if glyph in OPENED and letters[at] == LAM:
            if ligate and parts[owner][0] == LAM and owners[at + 1] == owner + 1:
                pairs.add(owner)
                shapes[owner] = shapes.get(owner, "") + glyph
            else:
                lam, alef = OPENED[glyph]
                shapes[owner] = shapes.get(owner, "") + lam
                shapes[owners[at + 1]] = alef
            at += 2
        else:
            shapes[owner] = shapes.get(owner, "") + glyph
            at += 1
    return _collect(parts, shapes, pairs)


def _collect(parts: list[str], shapes: dict[int, str], pairs: set[int]) -> Shaped:
    glyphs: list[str] = []
    lengths = array("I")
    index = 0
    while index < len(parts):
        glyph = _glyph(parts[index], shapes.get(index, ""))
        length = len(parts[index])
        if index in pairs:
            index += 1
            glyph += _marks(parts[index])
            length += len(parts[index])
        glyphs.append(glyph)
        lengths.append(length)
        index += 1
    widths = bytes(min(255, cells.width(glyph)) for glyph in glyphs)
    blank = next((index for index, part in enumerate(reversed(parts)) if part != " "), len(parts))
    plain = all(len(glyph) == 1 for glyph in glyphs)
    shown = "".join(glyphs) if plain else tuple(glyphs)
    opened = sum(widths) + len(pairs)
    return Shaped(shown, lengths.tobytes(), widths, opened - blank, blank, len(glyphs))


def _glyph(part: str, shape: str) -> str:
    """Draw one grapheme cluster, given the joined forms of its letters."""
    first = part[0]
    stand_in = cells.symbol(first)
    if stand_in is not None:
        rest = "".join(char for char in shape.removeprefix(first) if cells.symbol(char) is None)
        return stand_in + rest + _marks(part)
    if "\U0001f1e6" <= first <= "\U0001f1ff":
        return "".join(
            chr(ord("A") + ord(char) - 0x1F1E6)
            for char in part
            if "\U0001f1e6" <= char <= "\U0001f1ff"
        )
    if cells.width(first) == 2 and first >= "\U00010000":
        return first
    drawn = "".join(char for char in shape if char not in "\u200c\u200d")
    return drawn + _marks(part) if drawn else _NO_LETTER + _marks(" " + part)


def _marks(part: str) -> str:
    """Pick the marks of a cluster that a terminal can put on its letter."""
    if len(part) == 1:
        return ""
    return "".join(
        char
        for char in part[1:]
        if unicodedata.category(char) in ("Mn", "Mc") and not "\ufe00" <= char <= "\ufe0f"
    )


def open_pair(glyph: str, letters: str) -> tuple[str, str, int]:
    """Split a lam-alef into its two joined glyphs.

    Args:
        glyph: The cluster's glyph: a lam-alef and its marks.
        letters: The code points that it shows.

    Returns:
        The glyph of the lam, that of the alef, and how many code points the lam's has.
    """
    lam, alef = OPENED[glyph[0]]
    length = next(index for index, char in enumerate(letters) if char in _STAND_INS)
    return lam + _marks(letters[:length]), alef + _marks(letters[length:]), length


def forget_shapes() -> None:
    """Forget all remembered tokens, so that a benchmark can begin cold."""
    _shape_remembered.cache_clear()
