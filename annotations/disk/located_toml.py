"""TOML whose values know the line they stand in, which tomllib does not tell."""

import tomllib
from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Where a value is: keys, and indexes into arrays of tables."""


class LocatedToml:
    """What a TOML file says, and in which lines.

    Args:
        source: The file's text.

    Raises:
        tomllib.TOMLDecodeError: It is no TOML; says where.
    """

    def __init__(self, source: str) -> None:
        self.data = tomllib.loads(source)
        self._source = source

    @cached_property
    def _lines(self) -> dict[Place, int]:
        return dict(_located(self._source))

    def line(self, *place: str | int) -> int:
        """Return the line, from 1, of a value; else that of the nearest table around it."""
        for length in range(len(place), 0, -1):
            if place[:length] in self._lines:
                return self._lines[place[:length]]
        return 1


def _located(source: str) -> Iterator[tuple[Place, int]]:
    """Follow a file statement by statement: each alone is TOML, too.

    Yields:
        The place and line of each table and value.
    """
    table: Place = ()
    tables: dict[Place, int] = {}
    statement = ""
    first = 0
    for number, line in enumerate(source.split("\n"), 1):
        first = first if statement else number
        statement += line + "\n"
        try:
            said = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # the next line belongs to it
        is_table = statement.lstrip().startswith("[")
        statement = ""
        if is_table:
            table = _entered(said, tables)
            yield table, first
        else:
            yield from ((place, first) for place in _within(said, table))


def _entered(said: dict[str, Any], tables: dict[Place, int]) -> Place:
    """Return the place of the table that a header begins; count the tables of arrays."""
    place: Place = ()
    while said:
        (key, value), *_ = said.items()
        place += (key,)
        if isinstance(value, list):
            tables[place] = tables.get(place, -1) + 1
            said = {}
        else:
            said = value
        if place in tables:
            place += (tables[place],)
    return place


def _within(said: dict[str, Any], table: Place) -> Iterator[Place]:
    for key, value in said.items():
        yield (*table, key)
        if isinstance(value, dict):
            yield from _within(value, (*table, key))
