"""The scheme: which labels there are, which key types each, which relations may join them.

A scheme is a TOML file that a lead edits; a fault in it is told with the line where it stands.
"""

import re
import tomllib
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

from annotations.disk.located_toml import LocatedToml
from annotations.errors import SchemeError

Clitics: TypeAlias = Literal["exclude", "include"]
Mark: TypeAlias = Literal["tint", "lane"]

CLITICS: Final = ("exclude", "include")
COLOURS: Final = ("blue", "orange", "green", "violet", "red", "teal", "yellow", "grey")
"""Colours that a label may have; a theme gives each its shades for light and dark."""

DEFAULT_TOML: Final = """\
# The scheme of this corpus. Each label is typed with one key; a relation joins
# two spans, from its head to its child. Lines that start with # are notes.

[[labels]]
name = "actor"
key = "a"
colour = "blue"
clitics = "exclude"      # a proclitic such as \u0648 or \u0628 stays outside the span
description = "who acts or speaks: persons, groups, armies, states"

[[labels]]
name = "location"
key = "l"
colour = "orange"
clitics = "exclude"
description = "where: towns, regions, countries, fronts"

[[labels]]
name = "claim"
key = "c"
colour = "green"
mark = "lane"            # long spans: a line under the text instead of a tint behind it
clitics = "include"
description = "a proposition that somebody asserts"

[[relations]]
name = "claimant"
from = ["actor"]
to = ["claim"]
aliases = ["claimant_of"]  # read as this relation on import
description = "who makes the claim"
question = "Who says"    # asks for the actor: Who says "..."?
"""


class Label(Struct, frozen=True):
    """What a span may be tagged as."""

    name: str
    key: str
    """The character that types it."""
    colour: str = "grey"
    description: str = ""
    mark: Mark = "tint"
    """Whether its spans are tinted in the text, or shown in the lanes under it alone."""
    clitics: Clitics = "exclude"
    """Whether a proclitic before the word belongs to the span."""


class RelationType(Struct, frozen=True):
    """How two spans may be joined."""

    name: str
    heads: tuple[str, ...]
    """Labels that its head may have."""
    children: tuple[str, ...]
    """Labels that its child may have."""
    aliases: tuple[str, ...] = ()
    """Other names that an import may use for it."""
    description: str = ""
    question: str = ""
    """What asks for the head, before the words of the child."""


class Scheme(Struct, frozen=True):
    """Labels and relation types, in the order of the file."""

    labels: tuple[Label, ...]
    relations: tuple[RelationType, ...] = ()

    @property
    def label_names(self) -> tuple[str, ...]:
        """Names of the labels in order."""
        return tuple(label.name for label in self.labels)

    def label(self, name: str) -> Label:
        """Find a label by name; one that the scheme lacks comes back grey and without a key."""
        return next((label for label in self.labels if label.name == name), Label(name, ""))

    def canonical_relation(self, name: str) -> str:
        """Return the scheme's own name of a relation type that an import may call otherwise."""
        for relation in self.relations:
            if name in relation.aliases:
                return relation.name
        return name

    def allows(self, relation: str, head_label: str, child_label: str) -> bool:
        """Return whether a relation may join spans of these labels."""
        return any(
            type_.name == relation and head_label in type_.heads and child_label in type_.children
            for type_ in self.relations
        )


def parse_scheme(source: str, name: str = "scheme.toml") -> Scheme:
    """Read a scheme from TOML.

    Args:
        source: The file's text.
        name: What to call the file in messages.

    Raises:
        SchemeError: It is no TOML, or says something that makes no scheme; names the line.
    """
    try:
        reader = _Reader(source, name)
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"{name}: {error}.", "Mend that line and try again.") from error
    for key in reader.toml.data:
        if key not in ("labels", "relations"):
            reader.fail(f"no such section {key!r}; there are labels and relations", key)
    labels = tuple(_label(block) for block in reader.blocks("labels"))
    if not labels:
        reader.fail("a scheme needs at least one [[labels]] block")
    _refuse_doubles(reader, labels)
    names = {label.name for label in labels}
    relations = tuple(_relation(block, names) for block in reader.blocks("relations"))
    return Scheme(labels, relations)


class _Reader:
    """A scheme's file, and how its faults are told."""

    def __init__(self, source: str, name: str) -> None:
        self.toml = LocatedToml(source)
        self.name = name

    def fail(self, message: str, *place: str | int) -> None:
        raise SchemeError(f"{self.name}, line {self.toml.line(*place)}: {message}.")

    def blocks(self, section: str) -> "list[_Block]":
        found = self.toml.data.get(section, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.fail(f"write each entry as a [[{section}]] block", section)
        return [_Block(self, section, index, values) for index, values in enumerate(found)]


class _Block(Struct, frozen=True):
    """One [[labels]] or [[relations]] block, read key by key."""

    reader: _Reader
    section: str
    index: int
    values: dict[str, Any]

    def fail(self, message: str, key: str = "") -> None:
        self.reader.fail(message, self.section, self.index, key)

    def only(self, *keys: str) -> None:
        for key in self.values:
            if key not in keys:
                self.fail(f"no such key {key!r}; there are {', '.join(keys)}", key)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if value is None:
            self.fail(f"this [[{self.section}]] block has no {key!r}")
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fail(f"{key!r} must be text in quotes", key)
        return str(value)

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        value = self.values.get(key, default)
        if value is None:
            self.fail(f"this [[{self.section}]] block has no {key!r}")
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(f'{key!r} must be a list such as ["actor"]', key)
        return tuple(value or ())

    def choice(self, key: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(key, default)
        if value not in choices:
            self.fail(f"{key!r} must be one of {', '.join(choices)}", key)
        return value


def _label(block: _Block) -> Label:
    name = block.text("name")
    if not re.fullmatch(r"[A-Za-z][\w.-]*", name, re.ASCII):
        block.fail("'name' must be of Latin letters, digits, _ . and -", "name")
    block.only("name", "key", "colour", "description", "clitics", "mark")
    key = block.text("key")
    if len(key) != 1 or not key.isascii() or not key.islower():
        block.fail("'key' must be one small Latin letter", "key")
    return Label(
        name=name,
        key=key,
        colour=block.choice("colour", "grey", COLOURS),
        description=block.text("description", ""),
        mark="lane" if block.choice("mark", "tint", ("tint", "lane")) == "lane" else "tint",
        clitics="include"
        if block.choice("clitics", "exclude", CLITICS) == "include"
        else "exclude",
    )


def _relation(block: _Block, labels: set[str]) -> RelationType:
    block.only("name", "from", "to", "aliases", "description", "question")
    for key in ("from", "to"):
        for label in block.texts(key):
            if label not in labels:
                block.fail(f"there is no label {label!r}", key)
    return RelationType(
        name=block.text("name"),
        heads=block.texts("from"),
        children=block.texts("to"),
        aliases=block.texts("aliases", []),
        description=block.text("description", ""),
        question=block.text("question", ""),
    )


def _refuse_doubles(reader: _Reader, labels: tuple[Label, ...]) -> None:
    for index, label in enumerate(labels):
        for earlier in labels[:index]:
            if earlier.name == label.name:
                message = f"a second label is named {label.name!r}"
                reader.fail(message, "labels", index, "name")
            if earlier.key == label.key:
                message = f"the key {label.key!r} types {earlier.name!r} already"
                reader.fail(message, "labels", index, "key")


DEFAULT_SCHEME: Final = parse_scheme(DEFAULT_TOML)
