"""What `hashiya doctor` tells: the terminal as it was found, and what to change about it."""

import os
import shutil
from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from tui.terminal.families import Choice
from tui.terminal.order import order_for
from tui.terminal.pen import DEFAULT
from tui.terminal.setup import Terminal, find_terminal
from tui.text.cells import symbol
from tui.text.layout import Layout

SAMPLE: Final = "قال (الجيش) في Aleppo 2016: «نعم»."
"""Text in which what goes wrong can be seen: brackets, numbers, two scripts, joined letters."""
_FONT: Final = (
    "Font: DejaVu Sans Mono has every Arabic letter at the width of a cell; most others have "
    "gaps between the letters."
)

_WRONG: Final = (
    "If it reads wrong: F2 in the app goes through the ways to send text; set the one that reads "
    "right by --bidi, or as bidi in the file that 'hashiya config path' names."
)


def report(choice: Choice) -> Iterator[str]:
    """Ask the terminal and write what came of it, line by line."""
    terminal = find_terminal(choice)
    width = max(20, min(100, shutil.get_terminal_size().columns - 1))
    yield from _found(terminal, choice)
    yield from _circumstances()
    yield ""
    yield "This should read from right to left, its letters joined:"
    yield ""
    # a terminal that is switched takes the change at the beginning of a row
    yield f"{terminal.family.enter}    {sample(terminal)}"
    yield f"{terminal.family.leave}"
    for text in (_FONT, _WRONG, terminal.family.advice):
        yield from wrap(text, width)


def sample(terminal: Terminal) -> str:
    """Write the sample as the app would send it."""
    _, line = next(Layout(SAMPLE, 76).lines())
    row = [(cluster.glyph, DEFAULT) for cluster in line.clusters() if cluster.cells]
    order = order_for(terminal.mode)
    return "".join(glyph for glyph, _ in (order.row(row) if order else row))


def _found(terminal: Terminal, choice: Choice) -> Iterator[str]:
    replies = terminal.answer.replies
    yield f"Terminal: {terminal.family.title}"
    if choice != "off":
        yield f"Answered in {1000 * terminal.answer.seconds:.0f} ms:"
        for name, value in (
            ("XTVERSION", replies.version),
            ("DA1", replies.primary),
            ("DA2", replies.secondary),
            ("DA3", replies.tertiary),
            ("DECRQM 8", replies.implicit),
        ):
            shown = "".join(char for char in value if char.isprintable())
            yield f"    {name:<10} {shown or '(silent)'}"
    yield f"Text is sent: {terminal.mode.replace('_', ' ')} (--bidi {choice})"
    switched = terminal.family.enter.replace("\x1b", "ESC ").replace("\x07", " BEL")
    yield f"Switched off while the app runs by: {switched or 'nothing'}"
    able = terminal.abilities
    yield f"Scrolls regions: {_yes(able.scrolls)}"
    yield f"Colours what it erases: {_yes(able.erases_coloured)}"


def _circumstances() -> Iterator[str]:
    size = shutil.get_terminal_size()
    said = (f"{name}={os.environ.get(name, '')}" for name in ("TERM", "COLORTERM"))
    yield " ".join("".join(symbol(char) or char for char in value) for value in said)
    yield f"Size: {size.columns} columns, {size.lines} rows"
    if "NO_COLOR" in os.environ:
        yield "NO_COLOR is set: labels are told apart by their lanes alone."
    elif os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        yield "Colours: 16 million"
    elif "256" in os.environ.get("TERM", ""):
        yield "Colours: 256"
    else:
        yield "Colours: 16 or fewer"


def _yes(able: bool) -> str:
    return "yes" if able else "no"
