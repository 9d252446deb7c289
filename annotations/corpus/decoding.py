"""Turning bytes into the text of an article, exactly, or saying why they are none.

A UTF-8 byte order mark alone is dropped, and said so; nothing else is changed.
"""

import codecs
from functools import lru_cache

from annotations.errors import CorpusError


@lru_cache(maxsize=8)
def codec_name(encoding: str) -> str:
    """Return the name that Python gives an encoding: "utf-8" for UTF8, utf_8 and so on."""
    return codecs.lookup(encoding).name


def decode(content: bytes, name: str, encoding: str = "utf-8") -> tuple[str, bool]:
    """Turn the bytes of a file into text.

    Args:
        content: The whole file.
        name: What to call it in messages.
        encoding: A name that Python knows, such as utf-8 or windows-1256.

    Returns:
        The text, and whether a byte order mark was dropped.

    Raises:
        CorpusError: It is empty, no text, or not in this encoding.
    """
    if not content:
        raise CorpusError(f"{name} is empty.")
    utf8 = codec_name(encoding) == "utf-8"
    had_bom = utf8 and content.startswith(codecs.BOM_UTF8)
    if utf8 and b"\0" in content:
        raise CorpusError(f"{name} is not a text file (it holds a zero byte).")
    try:
        text = content[len(codecs.BOM_UTF8) if had_bom else 0 :].decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + (len(codecs.BOM_UTF8) if had_bom else 0)
        raise CorpusError(
            f"{name} is not {encoding.upper()}: byte {offset} (0x{content[offset]:02x}) "
            "does not fit.",
            "Name its encoding with --encoding, for instance --encoding windows-1256.",
        ) from error
    except (UnicodeError, ValueError, LookupError) as error:
        raise CorpusError(f"{name} is not {encoding.upper()} ({error}).") from error
    if not text:
        raise CorpusError(f"{name} is empty.")
    if "\0" in text:
        raise CorpusError(f"{name} is not a text file (it holds a zero character).")
    return text, had_bom


def check_encoding(encoding: str) -> None:
    """Refuse an encoding that Python doesn't know.

    Raises:
        CorpusError: There is no such encoding for text.
    """
    try:
        if not codecs.lookup(encoding)._is_text_encoding:  # noqa: SLF001 - no public way to ask
            raise LookupError
    except LookupError as error:
        raise CorpusError(f"There is no text encoding named {encoding}.") from error


def check_text(text: object, name: str) -> str:
    """Check that a value out of a record is the text of an article.

    Raises:
        CorpusError: It is none.
    """
    if not isinstance(text, str):
        raise CorpusError(f"{name} has no text.")
    if not text:
        raise CorpusError(f"{name} is empty.")
    if "\0" in text:
        raise CorpusError(f"{name} is not a text (it holds a zero character).")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CorpusError(f"{name} holds half of a surrogate pair, which is no text.") from error
    return text
