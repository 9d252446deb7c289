"""What each key sends under a layout, read from X.Org's own files."""

import re
from functools import cache
from pathlib import Path

from annotations.model.scheme import DEFAULT_SCHEME
from tests.debian import needs
from tui.desk.commands import table

SYMBOLS = Path("/usr/share/X11/xkb/symbols")
NAMES = Path("/usr/include/X11/keysymdef.h")
needs_layouts = needs("xkb-data", file=SYMBOLS / "ara")
needs_names = needs("x11proto-dev", file=NAMES)
VARIANTS = {"us": "basic", "ara": "basic", "ir": "pes_part_basic"}
BARE = sorted({key for command in table(DEFAULT_SCHEME) for key in command.keys if len(key) == 1})
"""The keys of commands that are one character: what they send depends on the layout."""


@cache
def names() -> dict[str, str]:
    """Characters by the name of their keysym."""
    by_value: dict[str, str] = {}
    values: dict[str, str] = {}
    for line in NAMES.read_text("utf-8").splitlines():
        if match := re.match(r"#define XK_(\w+) +0x([0-9a-f]+)(?:.*U\+([0-9A-F]{4,6}))?", line):
            values[match[1]] = match[2]
            if match[3]:
                by_value.setdefault(match[2], chr(int(match[3], 16)))
    return {name: by_value[value] for name, value in values.items() if value in by_value}


def character(keysym: str) -> str:
    if match := re.fullmatch(r"U(?:0)?([0-9A-F]{4})", keysym):
        return chr(int(match[1], 16))
    if match := re.fullmatch(r"0x100([0-9a-f]{4})", keysym):
        return chr(int(match[1], 16))
    return keysym if len(keysym) == 1 else names().get(keysym, "")


@cache
def layout(name: str) -> dict[str, str]:
    """Map each place of the keyboard, shifted ones too, to the character that it sends."""
    source = (SYMBOLS / name).read_text("utf-8")
    block = source.split(f'xkb_symbols "{VARIANTS[name]}"', 1)[1].split("\n};", 1)[0]
    sent = {}
    for place, symbols in re.findall(r"key\s+<(\w+)>\s*{\s*\[([^\]]*)\]", block):
        base, shifted = [symbol.strip() for symbol in symbols.split(",")][:2]
        sent[place] = character(base)
        sent[f"{place} shifted"] = character(shifted)
    return sent


class _Twins(dict[str, dict[str, str]]):
    """By layout: what the key of a Latin character sends under it."""

    def __missing__(self, name: str) -> dict[str, str]:
        latin, other = layout("us"), layout(name)
        self[name] = {latin[place]: other.get(place, "") for place in latin}
        return self[name]


XKB = _Twins()
