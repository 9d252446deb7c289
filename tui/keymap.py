"""Which character a key sends when the Arabic layout is on.

A terminal sees characters, not keys. So each bare Latin character that is a command has a twin:
the character that the same key sends under the Arabic (101) layout, and under the Persian one where
the two don't differ in what a character means.
"""

from collections.abc import Iterable
from typing import Final

ARABIC_TWINS: Final[dict[str, tuple[str, ...]]] = {
    "q": ("\u0636",), "w": ("\u0635",), "e": ("\u062b",), "r": ("\u0642",), "t": ("\u0641",),
    "y": ("\u063a",), "u": ("\u0639",), "i": ("\u0647",), "o": ("\u062e",), "p": ("\u062d",),
    "[": ("\u062c",), "]": ("\u062f", "\u0686"), "a": ("\u0634",), "s": ("\u0633",),
    "d": ("\u064a", "\u06cc"), "f": ("\u0628",), "g": ("\u0644",), "h": ("\u0627",),
    "j": ("\u062a",), "k": ("\u0646",), "l": ("\u0645",), ";": ("\u0643", "\u06a9"),
    "'": ("\u0637", "\u06af"), "z": ("\u0626",), "x": ("\u0621",), "c": ("\u0624",),
    "v": ("\u0631",), "b": ("\ufefb", "\u0630"), "n": ("\u0649",), "m": ("\u0629",),
    ",": ("\u0648",), ".": ("\u0632",), "/": ("\u0638",), "?": ("\u061f",), "{": ("<",),
    "}": (">",), "0": ("\u0660", "\u06f0"),
}  # fmt: skip

LATIN_TWINS: Final[dict[str, str]] = {
    twin: latin for latin, twins in ARABIC_TWINS.items() for twin in twins if not latin.isdigit()
}
"""The Latin character on the key that an Arabic one stands on."""


def with_twins(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys together with their twins."""
    found: list[str] = []
    for key in keys:
        found += [key, *ARABIC_TWINS.get(key, ())]
    return tuple(found)
