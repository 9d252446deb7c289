"""File names from ids and people's names: readable where they can be, never shared, never a path."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.disk.names import file_name, shard

LAYLA = "\u0644\u064a\u0644\u0649"


@pytest.mark.parametrize("name", ["layla", "a-1_b.2", "e7964ff5d011f848", LAYLA, "x" * 80])
def test_a_plain_name_is_kept(name: str) -> None:
    assert file_name(name) == name


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("Layla", "layla~"),
        ("news/2016/a", "news_2016_a~"),
        ("..", "~"),
        (".hidden", "hidden~"),
        ("a b", "a_b~"),
        ("", "~"),
        ("x" * 81, "x" * 30 + "~"),
    ],
)
def test_any_other_name_is_shortened_and_told_apart_by_a_digest(name: str, beginning: str) -> None:
    made = file_name(name)
    assert made.startswith(beginning)
    assert len(made) == len(beginning) + 16


# digests by sha256sum
@pytest.mark.parametrize(
    ("name", "made"), [("a b", "a_b~c8687a08aa5d6ed2"), ("A", "a~559aead08264d579")]
)
def test_the_names_of_files_that_exist_stay_what_they_are(name: str, made: str) -> None:
    assert file_name(name) == made


@given(st.lists(st.text(max_size=100), unique=True, min_size=2, max_size=4))
def test_no_two_names_share_a_file_even_where_case_and_accents_make_no_difference(
    names: list[str],
) -> None:
    names = [name.encode(errors="ignore").decode() for name in names]
    seen = {unicodedata.normalize("NFD", file_name(name)).casefold() for name in names}
    assert len(seen) == len(set(names))


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_a_file_name_is_one_part_of_a_path_and_not_hidden(name: str) -> None:
    made = file_name(name)
    assert os.sep not in made
    assert "\0" not in made
    assert not made.startswith(".")
    assert 0 < len(os.fsencode(made)) <= 200


def test_a_document_has_its_folder_among_256() -> None:
    assert shard("a") == "ca"  # sha256sum of "a" begins so
