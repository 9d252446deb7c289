"""The scheme file, and the messages that name the line at fault."""

import pytest

from annotations.errors import SchemeError
from annotations.model.scheme import DEFAULT_SCHEME, DEFAULT_TOML, parse_scheme

LABEL = '[[labels]]\nname = "actor"\nkey = "a"\n'


def test_the_default_has_three_labels_and_joins_an_actor_to_its_claim() -> None:
    assert [(label.name, label.key) for label in DEFAULT_SCHEME.labels] == [
        ("actor", "a"), ("location", "l"), ("claim", "c"),
    ]  # fmt: skip
    assert DEFAULT_SCHEME.allows("claimant", "actor", "claim")
    assert not DEFAULT_SCHEME.allows("claimant", "claim", "actor")
    assert parse_scheme(DEFAULT_TOML) == DEFAULT_SCHEME


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("[[labels]\n", 1, ""),
        (f"{LABEL}colour = 3\n", 4, "text in quotes"),
        (f'{LABEL}color = "blue"\n', 4, "no such key 'color'"),
        (f'{LABEL}colour = "pink"\n', 4, "one of blue"),
        ('[[labels]]\nname = "actor"\n', 1, "no 'key'"),
        ('[[labels]]\nname = "actor"\nkey = "ab"\n', 3, "one small Latin letter"),
        (f'{LABEL}[[labels]]\nname = "other"\nkey = "a"\n', 6, "types 'actor' already"),
        (f'{LABEL}[[labels]]\nname = "actor"\nkey = "b"\n', 5, "a second label"),
        (f'{LABEL}[[relations]]\nname = "r"\nfrom = ["nobody"]\nto = []\n', 6, "no label 'nobody'"),
        (f'{LABEL}[[relations]]\nname = "r"\nfrom = "actor"\nto = []\n', 6, "a list"),
        ("labels = 3\n", 1, "[[labels]] block"),
        ("# nothing\n", 1, "at least one"),
        (f"{LABEL}[extra]\n", 4, "no such section"),
    ],
)
def test_a_fault_is_told_with_its_line(source: str, line: int, words: str) -> None:
    with pytest.raises(SchemeError) as caught:
        parse_scheme(source, "my.toml")
    assert "my.toml" in str(caught.value)
    assert f"line {line}" in str(caught.value)
    assert words in str(caught.value)
