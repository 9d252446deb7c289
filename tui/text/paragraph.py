"""One paragraph made ready to be broken into lines: its runs, its tokens and their shapes.

This is all that does not depend on a width. A *token* ends at a line-break opportunity: after
spaces, after a dash or slash inside a word, after a zero-width space, around an ideograph.
Offsets here are code points relative to the paragraph; clusters are counted from its start.
"""

import re
from array import array
from collections.abc import Iterable
from itertools import accumulate, chain, pairwise
from operator import add

import regex
from msgspec import Struct

from tui.text import bidi
from tui.text.bidi import Run
from tui.text.shaping import shape_tokens

_BREAK = regex.compile(
    r"[ \t\u200b\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000\-\u2010\u2012-\u2014/"
    r"\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
    r"(?:(?<=[ ]) *(?![ \p{M}\u200c\u200d])"
    r"|(?<=[\t\u200b\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000])(?![\p{M}\u200c\u200d])"
    r"|(?<=\w[\-\u2010\u2012-\u2014/])(?=\p{L})"
    r"|(?<=[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff])(?=[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]))"
)

_OTHER_BREAK = re.compile(
    "[\t\u200b\u1680\u2000-\u200a\u205f\u3000\\-\u2010-\u2014/\u3041-\u30ff\u3400-\u9fff]"
)
_SPACE_AND_MARK = regex.compile(r" [\p{M}\u200c\u200d]")
_BETWEEN_SPACES = re.compile("[^ ]+ *| +")


class Paragraph(Struct, frozen=True):
    """A shaped paragraph.

    The arrays `offsets`, `counts`, `edges` and `blanks` have an entry a token; `offsets`,
    `counts` and `edges` have one more at the end.
    """

    text: str
    runs: list[Run]
    base: int
    """Base direction: 0 from left to right, 1 from right to left."""
    glyphs: str | list[str]
    lengths: "array[int]"
    """Code points of each cluster."""
    cells: bytes
    """Cells of each cluster."""
    offsets: list[int]
    """Where each token starts, in code points."""
    counts: list[int]
    """Where each token starts, in clusters."""
    edges: list[int]
    """Where each token starts, in cells, with every lam-alef opened."""
    blanks: list[int]
    """Spaces at the end of each token."""
    is_even: bool = True
    """Whether every cluster has one cell."""


def tokenise(text: str) -> list[str]:
    """Cut a paragraph after each line-break opportunity; joined the tokens give it back."""
    if not _OTHER_BREAK.search(text) and not _SPACE_AND_MARK.search(text):
        return _BETWEEN_SPACES.findall(text)
    ends = [match.end() for match in _BREAK.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)]) if start < end]


def analyse(text: str, base: int | None, ligate: bool = True) -> Paragraph:
    """Resolve levels and shape the tokens of a paragraph.

    Args:
        text: The paragraph without its separator.
        base: Its base direction, or None for that of its first strong character.
        ligate: False keeps every lam-alef open.

    Returns:
        The paragraph; its clusters cover `text`.
    """
    runs, found_base = bidi.resolve(text, base)
    tokens = tokenise(text)
    if not tokens:
        return Paragraph(text, runs, found_base, "", array("I"), b"", [0], [0], [0], [])
    glyphs, lengths, cells, widths, blanks, counts = zip(*shape_tokens(tokens, ligate), strict=True)
    cluster_lengths = array("I")
    cluster_lengths.frombytes(b"".join(lengths))
    cluster_cells = b"".join(cells)
    return Paragraph(
        text=text,
        runs=runs,
        base=found_base,
        glyphs="".join(glyphs) if set(map(type, glyphs)) == {str} else _shared(chain(*glyphs)),
        lengths=cluster_lengths,
        cells=cluster_cells,
        offsets=list(accumulate(map(len, tokens), initial=0)),
        counts=list(accumulate(counts, initial=0)),
        edges=list(accumulate(map(add, widths, blanks), initial=0)),
        blanks=list(blanks),
        is_even=cluster_cells.count(1) == len(cluster_cells),
    )


def _shared(glyphs: Iterable[str]) -> list[str]:
    """List glyphs, equal ones being one object: a letter by itself takes eighty bytes."""
    known: dict[str, str] = {}
    return [known.setdefault(glyph, glyph) for glyph in glyphs]
