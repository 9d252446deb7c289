"""How wide a cluster stands on the terminal, and what stands for a character that can't be drawn.

The unit is the cell, a terminal column. No control character, bidi control or zero-width joiner
passes this module: each grapheme cluster that is one becomes a visible symbol of one cell, and
one inside a cluster is left out.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_CONTROL_PICTURES: Final = 0x2400
UNKNOWN: Final = "\ufffd"
_ZERO_WIDTH: Final = "\u25e6"

SYMBOLS: Final[dict[str, str]] = {
    **{chr(code): chr(_CONTROL_PICTURES + code) for code in range(0x20)},
    "\x7f": "\u2421",
    **{chr(code): UNKNOWN for code in range(0x80, 0xA0)},
    "\u00ad": "\u2010",
    "\u200e": "\u25b8",
    "\u200f": "\u25c2",
    "\u061c": "\u25c2",
    "\u2028": "\u2424",
    "\u2029": "\u00b6",
    "\u202a": "\u251c",
    "\u202b": "\u2524",
    "\u202c": "\u253c",
    "\u202d": "\u255f",
    "\u202e": "\u2562",
    "\u2066": "\u2560",
    "\u2067": "\u2563",
    "\u2068": "\u2566",
    "\u2069": "\u2569",
    "\u06dd": "\u25ef",
    "\u08e2": "\u25ef",
    **{chr(code): "#" for code in range(0x600, 0x606)},
}
"""What is drawn for a character that must not reach a terminal, or is drawn there unevenly."""


def symbol(char: str) -> str | None:
    """Return the visible symbol that stands for a character, or None if it stands for itself."""
    found = SYMBOLS.get(char)
    if found is None and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return _ZERO_WIDTH
    return found


@lru_cache(maxsize=1 << 14)
def width(glyph: str) -> int:
    """Count the cells that a glyph takes: its characters' widths by wcwidth, at least one."""
    if len(glyph) == 1 and glyph < "\u1100":
        return 1
    return max(1, sum(map(_character_width, glyph)))


_NARROW: Final = (
    ("\u0000", "\u10ff"),
    ("\u2010", "\u2027"),
    ("\u2500", "\u257f"),
    ("\u25cc", "\u25cc"),
    ("\ufb50", "\ufdff"),
    ("\ufe70", "\ufeff"),
)
"""Characters, first and last, of which marks take no cell, and letters and signs one."""


def _character_width(char: str) -> int:
    """Count the cells of a character; what an article mostly holds needs no table."""
    if any(first <= char <= last for first, last in _NARROW):
        category = unicodedata.category(char)[0]
        if category != "C":
            return int(category != "M")
    from wcwidth import wcwidth  # noqa: PLC0415 - a tenth of what the start would import

    return max(0, wcwidth(char))


_DRAWN: Final = frozenset({*SYMBOLS.values(), _ZERO_WIDTH}) - {"#", "\u2010"}


def is_symbol(glyph: str) -> bool:
    """Return whether a glyph stands for a character that can't be drawn."""
    return glyph in _DRAWN
