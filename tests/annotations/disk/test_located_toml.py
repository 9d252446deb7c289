"""Each value of a TOML file knows its line."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.disk.located_toml import LocatedToml

SOURCE = '''\
# a comment with name = "x"
title = "a"
"dotted.key" = 1
many = [
  "one",
  "two", # name
]
text = """
[labels]
name = 1
"""
last.part = 2

[keys]
"edit.undo" = "y"
title = "another"
inside = { name = "z" }

[[labels]]
name = "actor"

[[labels]]

name = "location"
  [labels.more]
  name = "deep"
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 2),
        (("dotted.key",), 3),
        (("many",), 4),
        (("text",), 8),
        (("last", "part"), 12),
        (("keys",), 14),
        (("keys", "edit.undo"), 15),
        (("keys", "title"), 16),
        (("keys", "inside", "name"), 17),
        (("labels", 0), 19),
        (("labels", 0, "name"), 20),
        (("labels", 1), 22),
        (("labels", 1, "name"), 24),
        (("labels", 1, "more", "name"), 26),
        (("labels", 1, "nothing"), 22),
        (("nothing",), 1),
    ],
)
def test_where_a_value_stands(place: tuple[str | int, ...], line: int) -> None:
    assert LocatedToml(SOURCE).line(*place) == line


@pytest.mark.parametrize("source", ["a = ", "[a\n", "a = 1\na = 2\n", 'x = """\n'])
def test_what_is_no_toml_is_refused(source: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        LocatedToml(source)


@given(st.lists(st.sampled_from(["", "# c", "@", "\t", "@ # k9 = 1"]), max_size=12))
def test_blank_lines_and_comments_are_counted(lines: list[str]) -> None:
    source = [line.replace("@", f"k{number} = {number}") for number, line in enumerate(lines, 1)]
    toml = LocatedToml("\r\n".join(source))
    for name, line in toml.data.items():
        assert toml.line(name) == line
