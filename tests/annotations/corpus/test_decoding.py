"""Bytes become the text of an article exactly, or are refused by name and reason."""

import contextlib
import encodings.aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpus.decoding import check_encoding, check_text, codec_name, decode
from annotations.errors import CorpusError

ALEPPO = "\u062d\u0644\u0628"


@pytest.mark.parametrize(
    ("content", "encoding", "text", "had_bom"),
    [
        (b"\xd8\xad\xd9\x84\xd8\xa8", "utf-8", ALEPPO, False),
        (b"\xef\xbb\xbf\xd8\xad\xd9\x84\xd8\xa8", "utf-8", ALEPPO, True),
        (b"\xef\xbb\xbf\xd8\xad\xd9\x84\xd8\xa8", "UTF8", ALEPPO, True),
        (b"\xef\xbb\xbf\xef\xbb\xbfx", "utf-8", "\ufeffx", True),  # the second is text
        (b"x\xef\xbb\xbf", "utf-8", "x\ufeff", False),
        (b"\xcd\xe1\xc8", "windows-1256", ALEPPO, False),
        (b"\xcd\xe4\xc8", "iso-8859-6", ALEPPO, False),
        (b"\xff\xfe\x2d\x06\x44\x06\x28\x06", "utf-16", ALEPPO, False),
        (b"\x06\x2d\x06\x44\x06\x28", "utf-16-be", ALEPPO, False),
        (b"a\r\nb\rc \t", "utf-8", "a\r\nb\rc \t", False),
    ],
)
def test_bytes_become_text_and_nothing_but_a_byte_order_mark_is_dropped(
    content: bytes, encoding: str, text: str, *, had_bom: bool
) -> None:
    assert decode(content, "a.txt", encoding) == (text, had_bom)


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        (b"", "utf-8", "a.txt is empty"),
        (b"\xef\xbb\xbf", "utf-8", "a.txt is empty"),
        (b"a\0b", "utf-8", "zero byte"),
        (b"a\0b", "windows-1256", "zero character"),
        (b"ab\xff", "utf-8", "byte 2 (0xff)"),
        (b"\xef\xbb\xbfab\xff", "utf-8", "byte 5 (0xff)"),
        (b"ab\xd8", "utf-8", "byte 2 (0xd8)"),
        (b"\xed\xa0\x80", "utf-8", "byte 0 (0xed)"),  # half of a surrogate pair
        (b"\x2d\x06\x44", "utf-16-le", "byte 2 (0x44)"),
    ],
)
def test_what_is_no_text_is_refused_by_name_and_place(
    content: bytes, encoding: str, words: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        decode(content, "a.txt", encoding)
    assert words in caught.value.message


def test_bytes_of_another_encoding_are_told_how_to_name_it() -> None:
    with pytest.raises(CorpusError) as caught:
        decode(b"\xcd\xe1\xc8", "a.txt")
    assert "--encoding windows-1256" in caught.value.hint


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_text_comes_back_from_its_bytes(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode(), "a.txt") == (text, True)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf_8", "U8"])
def test_one_encoding_has_one_name(encoding: str) -> None:
    assert codec_name(encoding) == "utf-8"


@pytest.mark.parametrize("encoding", ["no-such", "base64", "rot13", ""])
def test_an_encoding_that_is_none_for_text_is_refused(encoding: str) -> None:
    with pytest.raises(CorpusError, match="no text encoding"):
        check_encoding(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "iso-8859-6", "utf-16", "cp720"])
def test_encodings_of_arabic_are_known(encoding: str) -> None:
    check_encoding(encoding)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "has no text"),
        (3, "has no text"),
        (b"x", "has no text"),
        ("", "is empty"),
        ("a\0", "zero character"),
        ("\ud800", "surrogate"),
    ],
)
def test_a_value_that_is_no_text_of_an_article_is_refused(value: object, words: str) -> None:
    with pytest.raises(CorpusError, match=words):
        check_text(value, "line 3")


def test_a_value_that_is_text_is_returned_as_it_is() -> None:
    assert check_text(ALEPPO, "line 3") is ALEPPO


@pytest.mark.parametrize("encoding", sorted({*encodings.aliases.aliases.values(), "undefined"}))
def test_any_encoding_that_python_knows_gives_a_text_or_a_reason(encoding: str) -> None:
    for content in (b"\xff\xfea", "ق".encode(), b"xn--", b"-=", b"\\ud800", b"\\x", b"+AAA"):
        with contextlib.suppress(CorpusError):
            check_encoding(encoding)
            decode(content, "a.txt", encoding)
