"""What a command is: something a user can do, in one place of the program, by keys.

A command is a value with a typed function, so the type checker knows that it leads somewhere. A
key is a Latin character or one of Textual's key names; what other layouts send for it is the
business of `keyboard`.
"""

from collections.abc import Callable
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, get_args

from msgspec import Struct

Place: TypeAlias = Literal[
    "reader", "hints", "jump", "edge", "relation", "review", "mentions", "search", "note", "go",
    "typing", "library", "filter", "page", "find", "unsaved", "everywhere",
]  # fmt: skip
PLACES: Final[tuple[Place, ...]] = get_args(Place)
PLACE_NAMES: Final[dict[Place, str]] = {
    "reader": "In an article",
    "hints": "While hints are shown",
    "jump": "While hints are shown to jump",
    "edge": "While hints are shown for an edge",
    "relation": "While a relation is made",
    "review": "While repeats or suggestions are reviewed",
    "mentions": "While all mentions are changed",
    "search": "While a search is typed",
    "note": "While a note is typed",
    "go": "While a number is typed to go to",
    "typing": "While anything is typed",
    "library": "In the library",
    "filter": "While a filter is typed",
    "page": "On a page of text",
    "find": "While a command is looked for",
    "unsaved": "When changes can't be saved",
    "everywhere": "Everywhere",
}
"""What each place is called in the help."""

Target = TypeVar("Target")
"""What a command acts on: the desk, a mode, the library, a page."""


class Command(Struct, Generic[Target], frozen=True):
    """Something a user can do."""

    id: str
    """Names it in the user's settings, and in messages that tell its key."""
    keys: tuple[str, ...]
    run: Callable[[Target], Any]
    """Does it; what it returns is for the owner of the place to understand."""
    group: str
    """The heading that it stands under in the help."""
    help: str
    place: Place = "reader"
    hint: str = ""
    """What the bar of keys says of it, in a word or two; empty keeps it out of the bar."""
    repeats: bool = False
    """Whether a count before it says how often it is done."""
    one_step: bool = False
    """Whether what a count repeats is one change, which one undo takes back."""
    keeps_column: bool = False
    """Whether a motion up or down after it may still aim at the same column."""
    yields: bool = False
    """Whether a label of the scheme may take its key; the palette still has it."""
    only_found: bool = False
    """Whether only the palette lists it."""
    is_label: bool = False
    """Whether it tags as a label of the scheme."""


KEY_CAPS: Final = {
    "left": "\u2190", "right": "\u2192", "up": "\u2191", "down": "\u2193", "space": "Space",
    "tab": "Tab", "escape": "Esc", "enter": "Enter", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "delete": "Del", "backspace": "Backspace",
    "f1": "F1", "f2": "F2", "f3": "F3", "f4": "F4",
}  # fmt: skip


def key_cap(key: str) -> str:
    """Write a key as it stands on the keyboard."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    caps = [modifier.capitalize() for modifier in modifiers]
    return "+".join([*caps, KEY_CAPS.get(last, last)])
