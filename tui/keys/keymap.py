"""Which command each key stands for in each place, and how keys are written in messages.

Footers, help, prompts and messages take their keys from here, so none can name a key that the
user has changed: a message says `{edit.undo}`, and `fill` puts the key there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from annotations.errors import SchemeError
from annotations.model.scheme import Scheme
from tui.keys.command import Command, Place, key_cap
from tui.keys.keyboard import Press

_NAMED: Final = re.compile(r"\{([\w.-]+)\}")
_ALSO: Final[dict[Place, tuple[Place, ...]]] = {
    "search": ("typing",),
    "note": ("typing",),
    "go": ("typing",),
    "filter": ("typing",),
    "find": ("typing",),
}
"""Places whose commands work in another place, too; those of `everywhere` always do."""


class KeyHint(NamedTuple):
    """A key as a bar shows it."""

    cap: str
    says: str
    """What it does, in a word or two; or whom or what it takes."""
    key: str = ""
    """What a click on it presses."""


class Keymap:
    """The command table with the keys that a user has given.

    Args:
        table: All commands, those of the labels of the scheme among them.
        overrides: Keys by command id, instead of the table's; an empty tuple takes all away.
    """

    def __init__(
        self,
        table: Sequence[Command[Any]],
        overrides: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.overrides = dict(overrides or {})
        self._keys = {command.id: self.overrides.get(command.id, command.keys) for command in table}
        of_labels = {key for command in table if command.is_label for key in command.keys}
        for command in table:
            if command.yields:
                keys = self._keys[command.id]
                self._keys[command.id] = tuple(key for key in keys if key not in of_labels)
        self._commands: dict[Place, list[Command[Any]]] = {}
        for command in table:
            self._commands.setdefault(command.place, []).append(command)
        self._by_id = {command.id: command for command in table}
        self._found: dict[Place, dict[str, Command[Any]]] = {}

    def commands_of(self, place: Place) -> list[Command[Any]]:
        """List the commands that work in a place, its own first."""
        places = (place, *_ALSO.get(place, ()), "everywhere")
        return [command for each in places for command in self._commands.get(each, ())]

    def own_commands(self, place: Place) -> list[Command[Any]]:
        """List the commands of a place alone."""
        return list(self._commands.get(place, ()))

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """Return the keys of a command; there may be none."""
        return self._keys[command_id]

    def command_at(self, place: Place, press: Press) -> Command[Any] | None:
        """Return what a key stands for in a place: what it typed comes first, then the key."""
        if place not in self._found:
            self._found[place] = {
                key: command
                for command in reversed(self.commands_of(place))
                for key in self._keys[command.id]
            }
        found = self._found[place]
        return found.get(press.text) or found.get(press.key)

    def is_of(self, place: Place, press: Press) -> bool:
        """Return whether a key stands for a command of a place itself."""
        command = self.command_at(place, press)
        return command is not None and command.place == place

    def command(self, command_id: str) -> Command[Any]:
        """Return a command by its id."""
        return self._by_id[command_id]

    # How keys are written

    def cap(self, command_id: str) -> str:
        """Write the first key of a command; of one without a key, how else it can be done."""
        keys = self._keys[command_id]
        if keys:
            return key_cap(keys[0])
        palette = self._keys.get("palette")
        return f"{key_cap(palette[0])} {command_id}" if palette else command_id

    def caps(self, command: Command[Any]) -> str:
        """Write all keys of a command, or how else it can be done."""
        keys = self._keys[command.id]
        if keys:
            return "  ".join(map(key_cap, keys))
        palette = self._keys.get("palette")
        return f"({key_cap(palette[0])})" if palette else ""

    def fill(self, template: str, values: Mapping[str, object] | None = None) -> str:
        """Fill keys and values into a message.

        Args:
            template: The message; `{edit.undo}` stands for the key of a command, `{name}` for a
                value.
            values: Values by name; whatever braces they hold are left as they are.
        """

        def filled(match: re.Match[str]) -> str:
            if values and match[1] in values:
                return str(values[match[1]])
            return self.cap(match[1]) if match[1] in self._keys else match[0]

        return _NAMED.sub(filled, template)

    def hints(
        self, commands: Iterable[str | tuple[str, str]], *, words: Mapping[str, str] | None = None
    ) -> list[KeyHint]:
        """Write commands for a bar of keys; those without keys are left out.

        Args:
            commands: Their ids; a pair of ids shares one entry, its words those of the first.
            words: What to say of a command instead of its hint.
        """
        found = []
        for item in commands:
            ids = (item,) if isinstance(item, str) else item
            if all(self._keys.get(name) for name in ids):
                said = (words or {}).get(ids[0]) or self._by_id[ids[0]].hint
                cap = "/".join(self.cap(name) for name in ids)
                found.append(KeyHint(cap, said, self._keys[ids[0]][0]))
        return found

    # Whether it makes sense

    def check(self, scheme: Scheme) -> None:
        """Refuse a scheme whose labels have the key of a command.

        Raises:
            SchemeError: One has.
        """
        taken = {
            key: command
            for place in ("reader", "review", "mentions")
            for command in self._commands.get(place, ())
            if not command.is_label and not command.yields
            for key in self._keys[command.id]
        }
        for label in scheme.labels:
            if label.key in taken:
                raise SchemeError(
                    f"The key {label.key!r} of the label {label.name} is taken: "
                    f"{taken[label.key].help}.",
                    "Choose another in the scheme.",
                )

    def clash(self, command_id: str, key: str) -> Command[Any] | None:
        """Return the command that a key stands for already where another would have it."""
        place = self._by_id[command_id].place
        for each in (place, *_sharing(place)):
            for command in self.commands_of(each):
                if command.id != command_id and key in self._keys[command.id]:
                    return command
        return None


def _sharing(place: Place) -> list[Place]:
    """List the places in which the commands of a place work, too."""
    found = [each for each, others in _ALSO.items() if place in others]
    if place == "everywhere":
        found = ["reader", "library", "page"]
    return found
