"""Which key was meant by the character that a terminal sent.

A terminal sees characters, not keys. With the Arabic (101) or the Persian layout on, the same key
sends another character; here it becomes the Latin one again, so that a command knows one key only.
The two layouts send some letters from different keys: which layout is on is known from the letters
that only one of them has, or said by the user.

The rows are those of X.Org's layouts `ara` and `ir`; the tests compare them. Four keys of the
Arabic layout send lam and an alef, on most machines as two letters at once: `one_key` knows them.
"""

import os
import unicodedata
from typing import Final, Literal, TypeAlias

from msgspec import Struct

KeyboardLayout: TypeAlias = Literal["arabic", "persian"]
LAYOUTS: Final[tuple[KeyboardLayout, ...]] = ("arabic", "persian")

_KEYS: Final = r"`1234567890-=qwertyuiop[]\asdfghjkl;'zxcvbnm,./"
_SHIFTED: Final = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
_ARABIC: Final = (
    "\u06301234567890-=\u0636\u0635\u062b\u0642\u0641\u063a\u0639\u0647\u062e\u062d\u062c\u062f\\"
    "\u0634\u0633\u064a\u0628\u0644\u0627\u062a\u0646\u0645\u0643\u0637"
    "\u0626\u0621\u0624\u0631\ufefb\u0649\u0629\u0648\u0632\u0638"
)
_ARABIC_SHIFTED: Final = (
    "\u0651!@#$%^&*)(_+\u064e\u064b\u064f\u064c\ufef9\u0625`\u00f7\u00d7\u061b<>\u2026"
    '\u0650\u064d][\ufef7\u0623\u0640\u060c/:"'
    "~\u0652}{\ufef5\u0622',.\u061f"
)
_PERSIAN: Final = (
    "\u200d\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9\u06f0-="
    "\u0636\u0635\u062b\u0642\u0641\u063a\u0639\u0647\u062e\u062d\u062c\u0686\\"
    "\u0634\u0633\u06cc\u0628\u0644\u0627\u062a\u0646\u0645\u06a9\u06af"
    "\u0638\u0637\u0632\u0631\u0630\u062f\u067e\u0648./"
)
_PERSIAN_SHIFTED: Final = (
    "\u00f7!\u066c\u066b\ufdfc\u066a\u00d7\u060c*)(\u0640+"
    "\u0652\u064c\u064d\u064b\u064f\u0650\u064e\u0651][}{|"
    "\u0624\u0626\u064a\u0625\u0623\u0622\u0629\u00bb\u00ab:\u061b"
    "\u0643\u0653\u0698\u0670\u200c\u0654\u0621><\u061f"
)
_LAM_ALEFS: Final = {"\u0627": "\ufefb", "\u0622": "\ufef5", "\u0623": "\ufef7", "\u0625": "\ufef9"}
"""By the alef after a lam: the one character that stands for both, which some consoles send."""
LAM: Final = "\u0644"
_MIRRORED: Final = "<>"
"""ASCII that a layout sends from another key, and that no command has."""


def _table(characters: str, keys: str) -> dict[str, str]:
    return {
        character: key
        for character, key in zip(characters, keys, strict=True)
        if not character.isascii() or (character in _MIRRORED and key in "{}")
    }


_BASE: Final[dict[KeyboardLayout, dict[str, str]]] = {
    "arabic": _table(_ARABIC, _KEYS),
    "persian": _table(_PERSIAN, _KEYS),
}
_SHIFT: Final[dict[KeyboardLayout, dict[str, str]]] = {
    "arabic": _table(_ARABIC_SHIFTED, _SHIFTED),
    "persian": _table(_PERSIAN_SHIFTED, _SHIFTED),
}


def one_key(first: str | None, second: str | None) -> str | None:
    """Return the character of the key that sent two letters at once, if there is such a key.

    The keys of b, G, T and B send a lam with an alef under the Arabic layout (X.Org, Windows and
    macOS). Nobody types g and then h within the millisecond in which these two arrive.
    """
    return _LAM_ALEFS.get(second or "") if first == LAM else None


class Press(Struct, frozen=True):
    """A key as it was pressed."""

    key: str
    """The Latin character on it, or Textual's name of a key that types nothing."""
    text: str = ""
    """The character that it typed."""

    @property
    def is_letter(self) -> bool:
        """Whether it typed a character that can be seen."""
        return bool(self.text.strip())


class Keyboard:
    """Turns what a terminal sent into the keys that were pressed.

    Args:
        layout: What an Arabic letter is read by; None to find out from the letters themselves.
    """

    def __init__(self, layout: KeyboardLayout | None = None) -> None:
        self._told = layout is not None
        self.layout: KeyboardLayout = layout or _usual_layout()

    def latin(self, character: str) -> str:
        """Return the Latin character on the key that sent a character; itself if none did."""
        digit = unicodedata.decimal(character, None) if len(character) == 1 else None
        if digit is not None:
            return str(digit)
        having = [layout for layout in LAYOUTS if character in _BASE[layout]]
        if len(having) == 1 and not self._told:
            self.layout = having[0]
        order: list[KeyboardLayout] = sorted(LAYOUTS, key=lambda layout: layout != self.layout)
        tables = [_BASE[layout] for layout in order] + [_SHIFT[layout] for layout in order]
        if self._told:
            tables = [_BASE[self.layout], _SHIFT[self.layout], *tables]
        return next((table[character] for table in tables if character in table), character)

    def press(self, key: str, character: str | None) -> Press:
        """Read a key.

        Args:
            key: Textual's name of it.
            character: What it typed, if anything.
        """
        if character is None or not character.isprintable() or not character.strip():
            return Press(key, " " if character == " " else "")
        return Press(self.latin(character), character)


def _usual_layout() -> KeyboardLayout:
    """Return the layout that the user's language is written with."""
    language = next(
        (os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), ""
    )
    return "persian" if language.startswith("fa") else "arabic"
