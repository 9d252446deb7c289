"""The kinds of terminal by what they do to right-to-left text, and what makes each leave it alone.

Inside the app all text is shaped and in visual order. A terminal without bidi shows it as it is;
one that reorders by itself must be told not to, or be sent what it will turn into the right order.
A new terminal is one more row of the table. Found out in real terminals: VTE 0.70 and 0.80,
konsole 22.12 and 25.04, mlterm 3.9, kitty 0.26 and 0.41, PuTTY 0.78, qterminal 1.2.
"""

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Mode: TypeAlias = Literal["visual", "kitty", "inverse", "inverse_first", "off"]
"""How rows are sent: as they are seen; with the letters of each word turned round; so that a bidi
paragraph from left to right, or by its first strong letter, comes out as seen; in logical order."""

MODES: Final[tuple[Mode, ...]] = ("visual", "kitty", "inverse", "inverse_first")
"""What the key that steps through the modes goes through."""
Choice: TypeAlias = Literal["auto", "visual", "kitty", "inverse", "off"]
CHOICES: Final[tuple[Choice, ...]] = ("auto", "visual", "kitty", "inverse", "off")
"""What a user may choose."""

_IMPLICIT_OFF: Final = "\x1b[8l"
_IMPLICIT_ON: Final = "\x1b[8h"


class Replies(Struct, frozen=True):
    """What a terminal answered; empty where it was silent."""

    version: str = ""
    """XTVERSION."""
    primary: str = ""
    """DA1."""
    secondary: str = ""
    """DA2, such as 41;379;0."""
    tertiary: str = ""
    """DA3, in hexadecimal."""
    implicit: str = ""
    """DECRQM 8: 1 or 3 set, 2 or 4 reset, 0 unknown."""


class Family(Struct, frozen=True):
    """Terminals that are treated alike."""

    name: str
    title: str
    mode: Mode = "visual"
    enter: str = ""
    """Sent before the app takes the screen."""
    leave: str = ""
    """Sent when it has given it back, however that came about."""
    versions: tuple[str, ...] = ()
    """How its XTVERSION begins."""
    secondary: tuple[str, ...] = ()
    """How its DA2 begins."""
    tertiary: tuple[str, ...] = ()
    """Its DA3."""
    terms: tuple[str, ...] = ()
    """How TERM begins where it runs."""
    advice: str = ""
    """What a user can do to see more, if anything."""


MULTIPLEXED: Final = (
    "In GNOME's terminals put this into tmux.conf: set -ga terminal-overrides "
    "',*:smcup=\\E[8l\\E[?1049h:rmcup=\\E[?1049l\\E[8h'. In konsole switch bidi off in the profile."
)

FAMILIES: Final[tuple[Family, ...]] = (
    Family("tmux", "tmux", versions=("tmux",), secondary=("84;",), advice=MULTIPLEXED),
    Family("screen", "GNU screen", secondary=("83;",), advice=MULTIPLEXED),
    Family(
        "konsole",
        "konsole",
        enter="\x1b]50;BidiRenderingEnabled=false\x07",
        leave="\x1b]50;BidiRenderingEnabled=true\x07",
        versions=("Konsole",),
        tertiary=("7E4B4445",),
    ),
    Family(
        "mlterm",
        "mlterm",
        enter="\x1b]5379;use_ctl=false\x07",
        leave="\x1b]5379;use_ctl=true\x07",
        secondary=("24;",),
        terms=("mlterm",),
    ),
    Family(
        "kitty",
        "kitty",
        mode="kitty",
        versions=("kitty",),
        terms=("xterm-kitty",),
        advice="With 'force_ltr yes' in kitty.conf choose --bidi visual: marks then stand right.",
    ),
    Family(
        "vte",
        "VTE (GNOME, Xfce, Tilix)",
        enter=_IMPLICIT_OFF,
        leave=_IMPLICIT_ON,
        versions=("VTE",),
        tertiary=("7E565445",),
    ),
    Family(
        "mintty", "mintty", enter=_IMPLICIT_OFF, leave=_IMPLICIT_ON,
        versions=("mintty",), secondary=("77;",),
    ),
    Family(
        "putty",
        "PuTTY",
        mode="inverse_first",
        secondary=("0;136;",),
        advice="With bidi switched off in PuTTY's settings choose --bidi visual.",
    ),
    Family("qterminal", "qterminal", mode="inverse", secondary=("0;115;",)),
    Family("iterm2", "iTerm2", mode="inverse", versions=("iTerm2",)),
)  # fmt: skip

SWITCHABLE: Final = Family(
    "switchable",
    "a terminal that can switch its bidi off (mode 8)",
    enter=_IMPLICIT_OFF,
    leave=_IMPLICIT_ON,
)
PLAIN: Final = Family("plain", "a terminal that leaves text in order")


def family_of(replies: Replies, term: str = "") -> Family:
    """Return a terminal's family.

    Args:
        replies: What it answered.
        term: TERM, which crosses SSH.
    """
    for family in FAMILIES:
        if (
            replies.version.startswith(family.versions or ("\0",))
            or replies.secondary.startswith(family.secondary or ("\0",))
            or (replies.tertiary and replies.tertiary.upper() in family.tertiary)
        ):
            return family
    if replies.implicit in ("1", "2", "3", "4"):
        return SWITCHABLE
    silent = not (replies.version or replies.secondary or replies.tertiary)
    by_term = (family for family in FAMILIES if term.startswith(family.terms or ("\0",)))
    return next(by_term, PLAIN) if silent else PLAIN


def mode_for(choice: Choice, family: Family) -> Mode:
    """Return how rows are sent, by what the user chose and what the terminal is."""
    if choice == "auto":
        return family.mode
    if choice == "inverse" and family.mode == "inverse_first":
        return family.mode
    return choice
