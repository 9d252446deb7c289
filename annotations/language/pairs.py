"""Quotes and brackets that belong together, so that a stretch of text takes both or neither.

Whether a quote opens is told by its place rather than by its character: Arabic news writes pairs of
guillemets, but also the closing one before a word, straight quotes, and often only one of the two.
Offsets are code points.
"""

from typing import Final

_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSING: Final = frozenset(_BRACKETS.values())
_OPENING_QUOTES: Final = "\u00ab\u201c\u201e\u2039\u275d"
_CLOSING_QUOTES: Final = "\u00bb\u201d\u203a\u275e"
_QUOTES: Final = frozenset('"' + _OPENING_QUOTES + _CLOSING_QUOTES)
_PROCLITICS: Final = "\u0648\u0641\u0628\u0643\u0644\u0633\u0640"
"""Waw, feh, beh, kaf, lam, seen, and the tatweel that may follow them."""
_MOST_PROCLITICS: Final = 4
LONGEST: Final = 20_000
"""Code points of a stretch that is looked through."""


def balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch by the marks beside it that close what it opens, or open what it closes.

    Returns:
        The stretch; it is as it was where nothing beside it fits.
    """
    if end - start > LONGEST:
        return start, end
    opened: list[str] = []
    closed: list[str] = []
    for index in range(start, end):
        if opens(text, index):
            opened.append(text[index])
        elif closes(text, index):
            if opened and _fit(opened[-1], text[index]):
                opened.pop()
            else:
                closed.append(text[index])
    while opened:
        after = end + (text[end : end + 1] == " ")  # a pair may have spaces inside
        if after == len(text) or not closes(text, after) or not _fit(opened.pop(), text[after]):
            break
        end = after + 1
    while closed and start > 0:
        before = start - 1 - (start > 1 and text[start - 1] == " ")
        if not opens(text, before) or not _fit(text[before], closed.pop(0)):
            break
        start = before
    return start, end


def opens(text: str, index: int) -> bool:
    """Return whether an opening mark stands at an offset."""
    mark = text[index]
    if mark in _BRACKETS:
        return True
    return mark in _QUOTES and not _closes_a_quote(text, index)


def closes(text: str, index: int) -> bool:
    """Return whether a closing mark stands at an offset."""
    mark = text[index]
    return mark in _CLOSING or (mark in _QUOTES and _closes_a_quote(text, index))


def _closes_a_quote(text: str, index: int) -> bool:
    """Return whether a quote closes, by what is beside it; by its character if both sides fit."""
    mark = text[index]
    before = text[index - 1 : index] if index else ""
    after = text[index + 1 : index + 2]
    free_before = not before or before.isspace() or before in _BRACKETS
    free_after = not after or not (after.isalnum() or after in _QUOTES or after in _BRACKETS)
    if free_before != free_after:
        return free_after
    if not free_before and _is_after_proclitics(text, index):
        return False
    return mark in _CLOSING_QUOTES


def _is_after_proclitics(text: str, index: int) -> bool:
    """Return whether only proclitics stand between a mark and the space before it."""
    before = text[max(0, index - _MOST_PROCLITICS - 1) : index]
    letters = before[len(before.rstrip(_PROCLITICS)) :]
    return bool(letters) and before[: -len(letters)][-1:].strip() == ""


def _fit(opening: str, closing: str) -> bool:
    if opening in _BRACKETS or closing in _CLOSING:
        return _BRACKETS.get(opening) == closing
    return (opening == '"') == (closing == '"')
