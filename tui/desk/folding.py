"""The folded text of an article, made beside the work if the article is long.

A search would else wait for seconds at its first letter.
"""

import threading
import time
from contextlib import suppress
from typing import Final

from annotations.language.folding import FoldedText, fold_with_origins

_LONG: Final = 300_000
"""Code points from which folding takes longer than a key may."""


class Folding:
    """Folds a text; at once when it is asked for, a long one from now on.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: FoldedText | None = None
        self._ends = False
        self._thread: threading.Thread | None = None
        if len(text) > _LONG:
            self._thread = threading.Thread(target=self._fold, name="folding", daemon=True)
            self._thread.start()

    def _fold(self) -> None:
        with suppress(_Closed):
            self._found = fold_with_origins(self._text, self._pause)

    def _pause(self) -> None:
        time.sleep(0.001)  # lets a key in
        if self._ends:
            raise _Closed

    @property
    def result(self) -> FoldedText:
        """The folded text, waited for if need be."""
        if self._thread is not None:
            self._thread.join()
        if self._found is None:
            self._found = fold_with_origins(self._text)
        return self._found

    def close(self) -> None:
        """Fold no further."""
        self._ends = True


class _Closed(Exception):  # noqa: N818 - no error: nobody needs it any more
    """Nobody needs the text any more."""
