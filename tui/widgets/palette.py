"""The colours of labels and of what is drawn over text, for any theme of Textual's and for ours.

The label colours keep apart for the colour-blind; and no mark rests on colour alone. Where there
are sixteen colours only, labels have those.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import Struct
from rich.color import ColorSystem
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.theme import Theme

_DARK: Final = {
    "blue": ("#17395c", "#7cc0ff"),
    "orange": ("#593a0e", "#f5b461"),
    "green": ("#1c4527", "#86d993"),
    "violet": ("#41295e", "#c9a4ff"),
    "red": ("#5c2323", "#ff9a94"),
    "teal": ("#0f4547", "#67d6d3"),
    "yellow": ("#4d4610", "#e6d75a"),
    "grey": ("#3a3a3a", "#c4c4c4"),
}
_LIGHT: Final = {
    "blue": ("#cfe4fa", "#0a4f94"),
    "orange": ("#fbe0bd", "#8f4a00"),
    "green": ("#d3eed7", "#17652b"),
    "violet": ("#e7d9fa", "#5d2f9b"),
    "red": ("#fbd7d5", "#9b1c17"),
    "teal": ("#cdeeed", "#0b5f60"),
    "yellow": ("#f3edb5", "#655a00"),
    "grey": ("#e2e2e2", "#444444"),
}
_BASIC: Final = {
    "blue": ("#ffffff on #0000aa", "#5555ff"),
    "orange": ("#000000 on #aa5500", "#ffff55"),
    "green": ("#000000 on #00aa00", "#55ff55"),
    "violet": ("#ffffff on #aa00aa", "#ff55ff"),
    "red": ("#ffffff on #aa0000", "#ff5555"),
    "teal": ("#000000 on #00aaaa", "#55ffff"),
    "yellow": ("#000000 on #ffff55", "#aa5500"),
    "grey": ("#000000 on #aaaaaa", "#aaaaaa"),
}
"""Where there are sixteen colours, of which these are: what lies behind a span, and its line."""
_BEHIND: Final = 0.78
"""How much of the background is in the tint of a span, in a theme that is not ours."""
_MUTED: Final = 0.42

OWN: Final = {
    "dark": Theme(
        "dark", primary="#7cc0ff", background="#1c1c1c", foreground="#e4e4e4", warning="#ffd75f",
        accent="#afd75f", surface="#262626", dark=True,
    ),
    "light": Theme(
        "light", primary="#0a4f94", background="#eeeeee", foreground="#1c1c1c", warning="#8f3d00",
        accent="#17652b", surface="#e4e4e4", dark=False,
    ),
    "contrast": Theme(
        "contrast", primary="#ffffff", background="#000000", foreground="#ffffff",
        warning="#ffff00", accent="#00ff00", surface="#000000", dark=True,
    ),
}  # fmt: skip
"""Our themes, by name."""


class _Ground(NamedTuple):
    """The colours of a theme that all others are made of."""

    name: str
    dark: bool
    text: str
    ground: str
    strong: str
    """What catches the eye: hints, the cursor."""
    other: str
    """What is told apart from that: what is on offer."""
    basic: bool
    """Whether there are sixteen colours only."""


class Palette(Struct, frozen=True, eq=False):
    """Styles of one theme."""

    dark: bool
    text: Style
    symbol: Style
    """A symbol that stands for a control character."""
    selection: Style
    cursor: Style
    muted: Style
    hint: Style
    """A key that stands under a word, as a chip."""
    hint_beside: Style
    """One that touches another."""
    hints: Style
    """The row that hints stand in."""
    hit: Style
    """Text that matches a search."""
    offered: Style
    """The hint of what Enter takes."""
    shades: dict[str, tuple[Style, Style]]
    """By the colour of a label: what lies behind a span, and how its line is drawn."""

    def tint(self, colour: str) -> Style:
        """Return what lies behind the text of a span."""
        return self.shades.get(colour, self.shades["grey"])[0]

    def lane(self, colour: str) -> Style:
        """Return how a span's line under the text, and its label's name, are drawn."""
        return self.shades.get(colour, self.shades["grey"])[1]

    def chip(self, colour: str) -> Style:
        """Return how the key of a label is drawn."""
        return self.lane(colour) + _CHIP


_CHIP: Final = Style(bold=True, reverse=True)


def palette_of(app: App[object]) -> Palette:
    """Return the palette of the theme of an app, and of its terminal."""
    theme = app.current_theme
    system = app.console._color_system  # noqa: SLF001 - as Textual reads it
    basic = system is ColorSystem.STANDARD and not app.is_headless
    return palette(theme, basic=basic)


def palette(theme: Theme, *, basic: bool = False) -> Palette:
    """Return the palette of a theme, where there are sixteen colours only or more."""
    known = (theme.background, theme.foreground, theme.warning, theme.accent)
    if all(known):
        ground, text, strong, other = map(str, known)
    else:
        made = theme.to_color_system().generate()
        ground, text = made["background"], made["foreground"]
        strong, other = made["warning"], made["accent"]
    return _palette(_Ground(theme.name, theme.dark, text, ground, strong, other, basic))


@lru_cache(maxsize=8)
def _palette(given: _Ground) -> Palette:
    is_own = given.name in OWN
    is_ansi = "ansi" in given.ground
    text = _style(given.text, given.ground)
    muted = "#8a8a8a" if given.dark else "#626262"
    if not is_own and not is_ansi:
        muted = _blend(given.text, given.ground, _MUTED)
    elif given.name == "contrast":
        muted = "#d0d0d0"
    paper = "#1c1c1c" if given.dark else "#eeeeee"
    selection = ("#1c1c1c", "#c6c6c6") if given.dark else ("#eeeeee", "#4e4e4e")
    cursor = given.strong if given.dark else "#7a4a00"
    strong = _style(given.strong, None)
    return Palette(
        dark=given.dark,
        text=text,
        symbol=_style("#d7875f" if given.dark else "#a8451c", None),
        selection=_style(*selection),
        cursor=_style(paper, cursor),
        muted=_style(muted, None),
        hint=strong + Style(reverse=True),
        hint_beside=strong + Style(bold=True, underline=True),
        hints=strong,
        hit=Style(underline=True, bold=True),
        offered=_style(given.other, None) + Style(bold=True, reverse=True),
        shades=_shades(given, blends=not is_own and not is_ansi),
    )


def _shades(given: _Ground, *, blends: bool) -> dict[str, tuple[Style, Style]]:
    if given.basic:
        return {
            name: (Style.parse(behind), Style.parse(line))
            for name, (behind, line) in _BASIC.items()
        }
    table = _DARK if given.dark else _LIGHT
    return {
        name: (
            _style(None, _blend(line, given.ground, _BEHIND) if blends else behind),
            _style(line, None),
        )
        for name, (behind, line) in table.items()
    }


def _blend(colour: str, ground: str, much: float) -> str:
    """Mix a colour with the background."""
    return Color.parse(colour).blend(Color.parse(ground), much).hex


@lru_cache(maxsize=128)
def _style(colour: str | None, behind: str | None) -> Style:
    return Style(color=_rich(colour), bgcolor=_rich(behind))


def _rich(colour: str | None) -> str | None:
    """Name a colour of Textual's as Rich does."""
    if colour is None or colour == "ansi_default":
        return "default" if colour else None
    return colour.removeprefix("ansi_")
