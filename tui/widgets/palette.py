"""The colours of labels and of what is drawn over text, for dark and for light themes.

The label colours keep apart for the colour-blind; and no mark rests on colour alone.
"""

from functools import lru_cache
from typing import Final

from msgspec import Struct
from rich.style import Style

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
    hit: Style
    """Text that matches a search."""
    offered: Style
    """The hint of what Enter takes."""

    def tint(self, colour: str) -> Style:
        """Return what lies behind the text of a span."""
        return _style(None, self._shades(colour)[0])

    def lane(self, colour: str) -> Style:
        """Return how a span's line under the text, and its label's name, are drawn."""
        return _style(self._shades(colour)[1], None)

    def _shades(self, colour: str) -> tuple[str, str]:
        table = _DARK if self.dark else _LIGHT
        return table.get(colour, table["grey"])


@lru_cache(maxsize=64)
def _style(colour: str | None, behind: str | None) -> Style:
    return Style(color=colour, bgcolor=behind)


@lru_cache(maxsize=2)
def palette(*, dark: bool) -> Palette:
    """Return the palette of a dark or a light theme."""
    if dark:
        return Palette(
            dark=True,
            text=Style(color="#e4e4e4", bgcolor="#1c1c1c"),
            symbol=Style(color="#d7875f"),
            selection=Style(color="#1c1c1c", bgcolor="#c6c6c6"),
            cursor=Style(color="#1c1c1c", bgcolor="#ffd75f"),
            muted=Style(color="#8a8a8a"),
            hint=Style(color="#ffd75f", bold=True),
            hit=Style(color="#1c1c1c", bgcolor="#a6c776", underline=True),
            offered=Style(color="#1c1c1c", bgcolor="#ffd75f"),
        )
    return Palette(
        dark=False,
        text=Style(color="#1c1c1c", bgcolor="#eeeeee"),
        symbol=Style(color="#a8451c"),
        selection=Style(color="#eeeeee", bgcolor="#4e4e4e"),
        cursor=Style(color="#eeeeee", bgcolor="#7a4a00"),
        muted=Style(color="#626262"),
        hint=Style(color="#8f3d00", bold=True),
        hit=Style(color="#1c1c1c", bgcolor="#c5dd93", underline=True),
        offered=Style(color="#eeeeee", bgcolor="#8f3d00"),
    )
