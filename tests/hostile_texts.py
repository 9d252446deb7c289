"""Texts that are hard to walk: what is rare in an article, without end."""

from typing import Final

_REST: Final = "قال الجيش السوري في حلب إن المعارضة انسحبت من الأحياء الشرقية. "

TEXTS: Final = {
    "marks": "ا" + "\u064b" * 100_000 + " " + _REST,
    "marks on each": "ا\u064b\u064c" * 300_000,
    "joined emoji": "\U0001f468" + "\u200d\U0001f469" * 100_000 + " " + _REST,
    "flags": "\U0001f1f8" * 40_001 + _REST,
    "tags": "\U0001f3f4" + "\U000e0067" * 100_000 + _REST,
    "variation selectors": "\u2764" + "\ufe0f" * 100_000 + _REST,
    "joiners": _REST + "\u200d" * 200_000 + _REST,
    "hangul": "\u1100" * 100_000 + _REST,
    "prepend": "\u0600" * 100_000 + _REST,
    "prepend and letters": "\u0600a" * 50_000 + _REST,
    "blanks": "قال" + " " * 1_000_000 + "حلب",
    "hard blanks": "قال" + "\u00a0" * 500_000 + "حلب",
    "tabs": "قال" + "\t" * 1_000_000 + "حلب",
    "lines": (_REST[:20] + "\n") * 1_000_000,
    "newlines": _REST + "\n" * 1_000_000 + _REST,
    "returns": _REST + "\r" * 500_000 + _REST,
    "one line": _REST * (50_000_000 // len(_REST.encode())),
    "one word": "ا" * 1_000_000 + " " + _REST,
    "one latin word": "a" * 1_000_000,
    "tatweel": "ب" + "\u0640" * 300_000 + "ب " + _REST,
    "digits": "1" * 1_000_000,
    "dots": "." * 1_000_000,
    "brackets": "(" * 100_000 + _REST,
    "isolates": "\u2067" * 100_000 + _REST,
    "embeddings": "\u202b\u202a" * 50_000 + _REST,
    "both directions": "a ب 1 (" * 150_000,
    "chinese": "中文" * 200_000,
}
