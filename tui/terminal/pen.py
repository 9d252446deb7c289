"""How a cell is drawn, as the terminal's own codes, and the shortest way from one pen to another.

Codes are SGR parameters (ECMA-48). A colour that the palette of 256 holds exactly is sent by its
number, since that is half as long.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

_LEVELS: Final = (0, 95, 135, 175, 215, 255)
_BY_NUMBER: Final[dict[tuple[int, int, int], int]] = {
    **{(8 + 10 * step,) * 3: 232 + step for step in range(24)},
    **{
        (_LEVELS[red], _LEVELS[green], _LEVELS[blue]): 16 + 36 * red + 6 * green + blue
        for red in range(6)
        for green in range(6)
        for blue in range(6)
    },
}
"""The colours of the palette of 256 that are the same in every terminal."""

_OFF: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}


class Pen(NamedTuple):
    """Attributes and colours; the empty pen is the terminal's default."""

    attributes: tuple[str, ...] = ()
    """Codes of what is on, ascending."""
    fore: str = ""
    back: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether a blank cell shows nothing of it but its background."""
        return not {"4", "7", "9"}.intersection(self.attributes)


DEFAULT: Final = Pen()


@lru_cache(maxsize=4096)
def pen_of(style: Style | None, system: ColorSystem | None) -> Pen:
    """Translate a style.

    Args:
        style: The style; None is the terminal's default.
        system: What colours the terminal has; None for none.
    """
    if not style:
        return DEFAULT
    on = (
        ("1", style.bold), ("2", style.dim), ("3", style.italic), ("4", style.underline),
        ("5", style.blink), ("7", style.reverse), ("9", style.strike),
    )  # fmt: skip
    return Pen(
        tuple(code for code, value in on if value),
        _colour(style.color, system, fore=True),
        _colour(style.bgcolor, system, fore=False),
    )


def _colour(colour: Color | None, system: ColorSystem | None, *, fore: bool) -> str:
    if colour is None or system is None or colour.is_default:
        return ""
    triplet = colour.triplet
    number = _BY_NUMBER.get((triplet.red, triplet.green, triplet.blue)) if triplet else None
    if number is not None and system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
        return f"{38 if fore else 48};5;{number}"
    return ";".join(colour.downgrade(system).get_ansi_codes(foreground=fore))


@lru_cache(maxsize=4096)
def change(before: Pen | None, after: Pen) -> str:
    """Write the sequence that changes the pen; None is an unknown one before."""
    if before == after:
        return ""
    if before is None:
        return f"\x1b[{';'.join(['0', *_codes(after)])}m"
    codes: list[str] = []
    gone = [code for code in before.attributes if code not in after.attributes]
    off = dict.fromkeys(_OFF[code] for code in gone)
    codes += off
    # bold and dim go off together
    codes += [
        code for code in after.attributes if code not in before.attributes or _OFF[code] in off
    ]
    if after.fore != before.fore:
        codes.append(after.fore or "39")
    if after.back != before.back:
        codes.append(after.back or "49")
    anew = ";".join(["0", *_codes(after)]) if after != DEFAULT else ""
    shorter = min(";".join(codes), anew, key=len)
    return f"\x1b[{shorter}m"


def _codes(pen: Pen) -> list[str]:
    return [*pen.attributes, *filter(None, (pen.fore, pen.back))]
