"""What a user has set, in a TOML file under the platform's config folder.

    keyboard = "persian"
    bidi = "visual"
    theme = "light"

    [keys]
    "span.repeats" = "ctrl+g"
    "move.word_forward" = ["w", "ctrl+right"]

A setting that makes no sense is named with its line, and the rest applies.
"""

import os
import re
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import Struct
from platformdirs import user_config_path

from annotations.disk.files import read_named
from annotations.disk.located_toml import LocatedToml
from annotations.errors import reason_of
from annotations.model.scheme import Scheme
from tui.desk.commands import keymap_of, table
from tui.keys.command import KEY_CAPS
from tui.keys.keyboard import LAYOUTS, KeyboardLayout
from tui.keys.keymap import Keymap
from tui.keys.themes import THEMES
from tui.terminal.families import CHOICES, Choice

Value = TypeVar("Value", bound=str)

VARIABLE: Final = "HASHIYA_CONFIG"
"""Names another config folder."""
_WITH_LABELS: Final = ("reader", "everywhere", "hints", "relation", "review", "mentions")
"""Places in which the keys of labels mean something."""
_NAMES: Final = ("keyboard", "bidi", "theme", "keys")
_MOST_BYTES: Final = 1 << 20
"""Bytes of the largest file that is read."""
_MODIFIER = r"(?:(?:ctrl|alt|shift)\+)"
_NAMED = "|".join([*KEY_CAPS, "backspace", "insert", *(f"f{number}" for number in range(2, 13))])
_KEY = re.compile(rf"{_MODIFIER}*(?:{_NAMED})|{_MODIFIER}+[a-z]|\S")


def config_path() -> Path:
    """Return where the settings are, or would be."""
    folder = os.environ.get(VARIABLE)
    return (Path(folder) if folder else user_config_path("hashiya")) / "config.toml"


class Config(Struct, frozen=True):
    """What a user has set."""

    keymap: Keymap
    keyboard: KeyboardLayout | None = None
    """The layout that Arabic letters are read by; None to find out."""
    bidi: Choice = "auto"
    """How text is sent to the terminal."""
    theme: str = "dark"
    """One of `THEMES`."""


def load_config(path: Path, scheme: Scheme) -> tuple[Config, list[str]]:
    """Read a user's settings.

    Args:
        path: The file; none is as good as an empty one.
        scheme: The labels, whose keys no command may take.

    Returns:
        The settings, and a sentence with a line number for all that could not be followed.
    """
    try:
        toml = LocatedToml(read_named(path, _MOST_BYTES).decode())
    except (FileNotFoundError, NotADirectoryError):
        return Config(keymap_of(scheme)), []
    except (OSError, ValueError) as error:
        return Config(keymap_of(scheme)), [f"{path}: {reason_of(error)}."]
    reader = _Reader(path, toml, scheme)
    data = toml.data
    for name in data:
        if name not in _NAMES:
            reader.fault(f"there is no setting {name!r}, only {', '.join(_NAMES)}", name)
    given = data.get("keys", {})
    if not isinstance(given, dict):
        reader.fault("keys must be a [keys] section", "keys")
        given = {}
    for command_id, value in given.items():
        reader.take(command_id, value)
    keyboard = reader.choice(data, "keyboard", LAYOUTS)
    bidi = reader.choice(data, "bidi", CHOICES) or "auto"
    theme = reader.choice(data, "theme", THEMES) or "dark"
    return Config(keymap_of(scheme, reader.overrides), keyboard, bidi, theme), reader.faults


class _Reader:
    """Follows the file in its order, refusing what clashes with what stands already."""

    def __init__(self, path: Path, toml: LocatedToml, scheme: Scheme) -> None:
        self.path = path
        self.toml = toml
        self.places = {item.id: item.place for item in table(scheme) if not item.is_label}
        self.scheme = scheme
        self.labels = {label.key: label.name for label in scheme.labels}
        self.overrides: dict[str, tuple[str, ...]] = {}
        self.faults: list[str] = []

    def fault(self, message: str, *place: str) -> None:
        line = self.toml.line(*place)
        self.faults.append(f"{self.path}, line {line}: {message}.")

    def choice(self, data: dict[str, Any], name: str, choices: tuple[Value, ...]) -> Value | None:
        """Return what a setting says, or None if it says nothing that can be followed."""
        value = data.get(name)
        found = next((choice for choice in choices if choice == value), None)
        if found is None and value not in (None, "auto"):
            self.fault(f"{name} must be one of {', '.join(choices)}", name)
        return found

    def take(self, command_id: str, value: object) -> None:
        """Assign keys to a command, unless that is impossible."""
        if command_id not in self.places:
            self.fault(f"there is no command {command_id!r}", "keys", command_id)
            return
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            self.fault(f"{command_id} needs a key, or a list of keys", "keys", command_id)
            return
        for key in keys:
            problem = self._problem(command_id, key)
            if problem:
                self.fault(problem, "keys", command_id)
                return
        self.overrides[command_id] = tuple(keys)

    def _problem(self, command_id: str, key: str) -> str:
        if not _KEY.fullmatch(key):
            return f"{key!r} is no key that a terminal can send"
        place = self.places[command_id]
        if place in _WITH_LABELS and key in self.labels:
            return f"{key!r} is the key of the label {self.labels[key]}"
        taken = keymap_of(self.scheme, self.overrides).clash(command_id, key)
        return f"{key!r} is taken by {taken.id}" if taken else ""
