"""What somebody sees of the reader: a terminal's cells, read back as places of an article.

Nothing here asks the app. Shaped letters are read as what they stand for, from right to left; the
rows of text are found again in the article, so each cell is known by a code point of it; hints are
known by the cell that they stand under, the active span by its bold and underlined letters.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pyte
from pyte.screens import Char

from annotations.language.folding import fold, fold_with_origins

SELECTED = "c6c6c6"
"""What lies behind selected text."""
_GOES_ON = "\u25c2"
_BRACKETS = frozenset("\u2518\u2514\u2500\u2501\u2508")
_BORDER = frozenset("\u2502\u2503")
_MIRRORED = str.maketrans(")]}>\u00bb\u203a", "([{<\u00ab\u2039")
_LEFT_TO_RIGHT = re.compile(
    r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff][^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]*"
    r"(?<=\w)|\d+(?:[.,:/]\d+)*"
)
_ENDINGS = '\u060c,\u061b;:!?\u061f\u2026()[]{}"\u00ab\u00bb\u201c\u201d\u201e\u2039\u203a\n'
_CLAUSE_END = re.compile(rf"[{re.escape(_ENDINGS)}]|[.](?!\w)")
_WORD_END = re.compile(r"[^\w\u064b-\u065f\u0670]|\Z")
_PROCLITICS = re.compile("[وف]?(?:[بكلس]|ال|بال|كال|لل)?")
_LEAST_FOUND = 0.8


def plain(text: str) -> str:
    """Return the letters of a text as they are compared: no marks, shapes, spaces or sides."""
    letters = unicodedata.normalize("NFKC", text).translate(_MIRRORED)
    return "".join(
        letter
        for letter in letters
        if not letter.isspace() and unicodedata.category(letter) not in ("Mn", "Me", "Cf", "Cc")
    )


@dataclass(frozen=True)
class Mention:
    """A place where words stand again."""

    start: int
    end: int
    likeness: int
    """0 for the very letters, 1 after a proclitic, 2 spelled otherwise."""


class Article:
    """An article as somebody knows it who has read it.

    Args:
        text: Its text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = [plain(char) for char in text]
        self.letters = "".join(pieces)
        self.origins = [index for index, piece in enumerate(pieces) for _ in piece]
        self.folded = fold_with_origins(text)

    def places(self, seen: str) -> list[int | None]:
        """Find where letters on screen stand in the article, an offset for each."""
        at = self.letters.find(seen)
        if at >= 0:
            return [*self.origins[at : at + len(seen)]]
        found: list[int | None] = [None] * len(seen)
        matcher = difflib.SequenceMatcher(None, self.letters, seen, autojunk=False)
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                found[block.b + step] = self.origins[block.a + step]
        if sum(place is not None for place in found) < _LEAST_FOUND * len(seen):
            raise AssertionError("the text on screen is not that of the article")
        return found

    def past_marks(self, offset: int) -> int:
        """Return the offset after the marks that stand at one."""
        while offset < len(self.text) and unicodedata.combining(self.text[offset]):
            offset += 1
        return offset

    def word(self, offset: int) -> tuple[int, int]:
        """Return the edges of what stands between two spaces."""
        before = re.search(r"\S*\Z", self.text[:offset])
        behind = re.match(r"\S*", self.text[offset:])
        assert before
        assert behind
        return before.start(), offset + behind.end()

    def word_end(self, offset: int) -> int:
        """Return where the word of an offset ends."""
        found = _WORD_END.search(self.text, offset + 1)
        return found.start() if found else len(self.text)

    def clause_ends(self, offset: int) -> Iterator[int]:
        """Return where the clause of an offset ends, then the next ones."""
        for found in _CLAUSE_END.finditer(self.text, offset):
            end = len(self.text[: found.start()].rstrip())
            if end > offset:
                yield end
                offset = end
        yield len(self.text.rstrip())

    def distance(self, reached: int, goal: int) -> int:
        """Count about how many keys an edge is away from where it belongs."""
        first, last = sorted((reached, goal))
        between = self.text[first:last]
        if not any(map(str.isalnum, between)):
            return 0  # the marks of a pair come with what they hold
        if not re.search(r"\s", between):
            return 2 * len(plain(between))
        return len(between.split())

    def mentions(self, start: int, end: int) -> list[Mention]:
        """Find where else the words of a stretch stand, in reading order."""
        raw = self.text[start:end]
        needle = fold(raw)
        found = {}
        for form, skipped in ((needle, 0), ("ل" + needle[1:], 1)):
            if skipped and not needle.startswith("ال"):
                continue
            for first, last in self.folded.occurrences(form):
                first += skipped  # noqa: PLW2901 - past the preposition
                likeness = self._likeness(first, last, raw, after_lam=bool(skipped))
                if likeness is not None and (last <= start or first >= end):
                    found[first, last] = Mention(first, last, likeness)
        return [found[key] for key in sorted(found)]

    def _likeness(self, first: int, last: int, raw: str, *, after_lam: bool) -> int | None:
        """Return how much alike a place is, or None if it is a part of other words."""
        if _WORD_END.match(self.text, last) is None:
            return None
        before = re.search(r"\w*\Z", self.text[:first])
        head = before[0] if before else ""
        if not _PROCLITICS.fullmatch(head) or (after_lam and not head):
            return None
        if after_lam or self.text[first:last] == raw:
            return int(bool(head))
        return 2


@dataclass(frozen=True)
class Chip:
    """A hint: the keys to press, and where it stands."""

    keys: str
    offset: int
    """In the article, of the letter over its end; -1 if there is none."""
    row: int
    columns: tuple[int, int]
    """The first and the last."""
    offered: bool
    """Whether it looks as what Enter takes."""


@dataclass
class Look:
    """What is seen at one look."""

    first: int = 0
    last: int = 0
    """The offsets of the article that are on screen."""
    active: tuple[int, int] | None = None
    """The letters that are bold and underlined."""
    goes_on: bool = False
    """Whether the lane of the active span has an arrow under the last line of text."""
    marked: tuple[int, int] | None = None
    """The letters that are selected."""
    chips: list[Chip] = field(default_factory=list)
    bar: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    """What the bar below says of each key, as it is read."""


def look_at(screen: pyte.Screen, article: Article) -> Look:
    """Read a screen."""
    left = _left_of_text(screen)
    rows = [y for y in range(1, screen.lines - 1) if _is_text(screen, y, left)]
    cells = [(y, x, letter) for y in rows for x, letter in _letters(screen, y, left)]
    offsets = article.places("".join(letter for _, _, letter in cells))
    placed: dict[tuple[int, int], list[int]] = {}
    for (y, x, _), offset in zip(cells, offsets, strict=True):
        if offset is not None:
            placed.setdefault((y, x), []).append(offset)
    found = Look()
    known = [offset for place in placed.values() for offset in place]
    if known:
        found.first, found.last = min(known), article.past_marks(max(known) + 1)

    def stretch(looks: Iterable[int]) -> tuple[int, int] | None:
        those = list(looks)
        return (min(those), article.past_marks(max(those) + 1)) if those else None

    over = [(screen.buffer[y][x], place) for (y, x), place in placed.items()]
    found.active = stretch(o for cell, place in over for o in place if _is_active(cell))
    found.marked = stretch(o for cell, place in over for o in place if cell.bg == SELECTED)
    found.chips = [chip for y in rows for chip in _chips(screen, y + 1, placed)]
    found.goes_on = bool(rows) and any(
        cell.data == _GOES_ON and cell.reverse
        for y in range(rows[-1] + 1, screen.lines - 1)
        for cell in screen.buffer[y].values()
    )
    found.bar, found.keys = _bar(screen)
    return found


def _left_of_text(screen: pyte.Screen) -> int:
    """Return the first column of the article, beside which the list of spans may stand."""
    for x in range(screen.columns):
        if all(screen.buffer[y][x].data in _BORDER for y in range(3, screen.lines - 3)):
            return x + 1
    return 0


def _is_text(screen: pyte.Screen, y: int, left: int) -> bool:
    row = "".join(screen.buffer[y][x].data for x in range(left, screen.columns))
    is_arabic = any(unicodedata.bidirectional(char) == "AL" for char in row)
    return is_arabic and _BRACKETS.isdisjoint(row)


def _letters(screen: pyte.Screen, y: int, left: int) -> list[tuple[int, str]]:
    """List the letters of a row with their columns, as they are read."""
    return [
        (left + x, letter)
        for x, glyph in in_reading_order(
            [screen.buffer[y][x].data for x in range(left, screen.columns)]
        )
        for letter in plain(glyph)
    ]


def in_reading_order(glyphs: list[str]) -> list[tuple[int, str]]:
    """Order glyphs that stand side by side from right to left, numbers and Latin words as such."""
    found = list(enumerate(glyphs))[::-1]
    row = "".join(glyph[:1] or " " for glyph in glyphs)
    for run in _LEFT_TO_RIGHT.finditer(row):
        first, last = len(row) - run.end(), len(row) - run.start()
        found[first:last] = found[first:last][::-1]
    return found


def _is_active(cell: Char) -> bool:
    return cell.bold and cell.underscore


def _chips(screen: pyte.Screen, y: int, placed: dict[tuple[int, int], list[int]]) -> Iterator[Chip]:
    """Read the hints of a row; each ends under the first letter of its word."""
    cells = [screen.buffer[y][x] for x in range(screen.columns)]
    if any(cell.data in _BRACKETS for cell in cells):
        return  # lanes stand there
    run: list[int] = []
    for x in range(screen.columns + 1):
        is_key = x < screen.columns and _is_key(cells[x])
        if run and (not is_key or _style(cells[x]) != _style(cells[run[-1]])):
            yield Chip(
                "".join(cells[at].data for at in run),
                min(placed.get((y - 1, run[-1]), [-1])),
                y,
                (run[0], run[-1]),
                cells[run[0]].bold and cells[run[0]].reverse,
            )
            run = []
        if is_key:
            run.append(x)


def _is_key(cell: Char) -> bool:
    is_styled = cell.reverse or (cell.bold and cell.underscore)
    return is_styled and cell.data.isascii() and (cell.data.islower() or cell.data.isdigit())


def _style(cell: Char) -> tuple[bool, bool, str]:
    return (cell.reverse, cell.bold, cell.fg)


def _bar(screen: pyte.Screen) -> tuple[str, dict[str, str]]:
    """Read the bar below: what it says, and of each bold key what it does."""
    row = [screen.buffer[screen.lines - 1][x] for x in range(screen.columns)]
    pieces: list[tuple[bool, list[str]]] = []
    for cell in row:
        if not pieces or (cell.data != " " and cell.bold != pieces[-1][0]):
            pieces.append((cell.bold, []))
        pieces[-1][1].append(cell.data)
    keys: dict[str, str] = {}
    for (bold, cap), (_, says) in pairwise(pieces):
        if bold:
            name = re.split(r"\s{2,}", "".join(cap).strip())[-1]
            keys[name] = " ".join(_read(says).split())
    return "".join(cell.data for cell in row).strip(), keys


def _read(glyphs: list[str]) -> str:
    """Read words of a bar, which may be shaped."""
    ordered = "".join(glyph for _, glyph in in_reading_order(glyphs))
    return unicodedata.normalize("NFKC", ordered)
