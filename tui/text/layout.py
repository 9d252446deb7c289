"""A whole document laid out at a width, piece by piece as it is asked for.

Offsets are code points of the document. A line is named by its paragraph and its number there
(`LineName`), since numbering lines through the document would mean breaking all of it; so a key
press costs the same in a document of any length.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from annotations.language.segmentation import begins_paragraph, paragraphs
from tui.text.bidi import has_strong, majority, resolve
from tui.text.lines import Cut, Line, break_lines, lay_line
from tui.text.paragraph import Paragraph, analyse

Base: TypeAlias = Literal["auto", "majority", "rtl", "ltr"]
_KEPT: Final = 512
"""Paragraphs remembered, the last ones used."""
_NEARBY: Final = 64
"""Paragraphs that are looked at for a direction, each way."""
_FORCED: Final[dict[str, int | None]] = {"auto": None, "majority": None, "ltr": 0, "rtl": 1}


class LineName(NamedTuple):
    """A line's place: its paragraph, and its number in it, both from 0."""

    paragraph: int
    line: int


class Analysis:
    """The paragraphs of a document, shaped when first asked for, whatever the width.

    Args:
        text: The document's text.
        base: The base direction of every paragraph; "auto" takes that of its first strong
            character, "majority" that of most of its letters.
        ligate: False keeps every lam-alef open.
        in_context: Give a paragraph without letters the direction of the one before it (or after
            it), as UAX #9 allows a reader to (HL1); else it reads from left to right.
    """

    def __init__(
        self, text: str, base: Base = "auto", *, ligate: bool = True, in_context: bool = False
    ) -> None:
        self.text = text
        self.base: Base = base
        self.ligate = ligate
        self.in_context = in_context
        self.ranges = paragraphs(text)
        """Ranges that cover the text, separators included."""
        self.starts = [start for start, _ in self.ranges]
        self.paragraph = lru_cache(maxsize=_KEPT)(self._analyse)
        self._base_from = lru_cache(maxsize=_KEPT)(self._base_from_piece)

    def body(self, index: int) -> tuple[int, int]:
        """Return the range of a paragraph without the newline that ends it."""
        start, end = self.ranges[index]
        if self.text.endswith("\r\n", start, end):
            return start, end - 2
        return start, end - self.text.endswith("\n", start, end)

    def _analyse(self, index: int) -> Paragraph:
        start, end = self.body(index)
        text = self.text[start:end]
        base = _FORCED[self.base]
        if base is None:
            base = self._base_of_whole(index)
        if base is None and self.base == "majority":
            base = majority(text)
        if base is None and self.in_context and not has_strong(text):
            base = self._base_nearby(index)
        return analyse(text, base, ligate=self.ligate)

    def _base_of_whole(self, index: int) -> int | None:
        """Return the base direction of the paragraph that a range is a piece of.

        Returns:
            None if it is one, or has no letters.
        """
        first = index
        while not begins_paragraph(self.text, self.starts[first]):
            first -= 1
        is_piece = first < index or (
            index + 1 < len(self.starts) and not begins_paragraph(self.text, self.starts[index + 1])
        )
        return self._base_from(first) if is_piece else None

    def _base_from_piece(self, first: int) -> int | None:
        if self.base == "majority":
            last = first + 1
            while last < len(self.ranges) and not begins_paragraph(self.text, self.starts[last]):
                last += 1
            return majority(self.text[self.starts[first] : self.ranges[last - 1][1]])
        for index in range(first, len(self.ranges)):
            start, end = self.ranges[index]
            if index > first and begins_paragraph(self.text, start):
                break
            if has_strong(self.text[start:end]):
                return resolve(self.text[start:end])[1]
        return None

    def _base_nearby(self, index: int) -> int:
        """Return the base direction of the nearest paragraph with letters, those before first."""
        before = range(index - 1, max(-1, index - _NEARBY), -1)
        after = range(index + 1, min(len(self.ranges), index + _NEARBY))
        for other in (*before, *after):
            text = self.text[slice(*self.ranges[other])]
            if has_strong(text):
                return resolve(text)[1]
        return 0


class Layout:
    """Lines of a document at a width.

    Args:
        text: The document's text.
        width: Cells of a line, at least 1.
        base: The base direction of every paragraph; see `Analysis`.
        analysis: The paragraphs of the same text and base, where they are known.
        in_context: See `Analysis`.
    """

    def __init__(
        self,
        text: str,
        width: int,
        base: Base = "auto",
        *,
        analysis: Analysis | None = None,
        in_context: bool = False,
    ) -> None:
        self.text = text
        self.width = max(1, width)
        ligate = self.width > 1  # there is no room to open a lam-alef in, so none is closed
        if analysis is None or analysis.ligate != ligate:
            analysis = Analysis(text, base, ligate=ligate, in_context=in_context)
        self.analysis = analysis
        self._cuts = lru_cache(maxsize=_KEPT)(self._break)

    def at_width(self, width: int) -> "Layout":
        """Lay the same document out at another width, keeping what doesn't depend on it."""
        known = self.analysis
        return Layout(self.text, width, known.base, analysis=known, in_context=known.in_context)

    def _break(self, index: int) -> list[Cut]:
        return break_lines(self.analysis.paragraph(index), self.width)

    def line_count(self, index: int) -> int:
        """Count the lines of a paragraph."""
        return len(self._cuts(index)) - 1

    def bounds(self, name: LineName) -> tuple[int, int]:
        """Return the range of offsets that a line shows, a newline included."""
        cuts = self._cuts(name.paragraph)
        start, paragraph_end = self.analysis.ranges[name.paragraph]
        is_last = name.line == len(cuts) - 2
        end = paragraph_end if is_last else start + cuts[name.line + 1].offset
        return start + cuts[name.line].offset, end

    def line(self, name: LineName, opened: Collection[int] = ()) -> Line:
        """Lay one line out.

        Args:
            name: The line.
            opened: Offsets at which no lam-alef may stay closed.
        """
        index, number = name
        cuts = self._cuts(index)
        start, end = self.analysis.ranges[index]
        paragraph = self.analysis.paragraph(index)
        is_last = number == len(cuts) - 2
        return lay_line(
            paragraph,
            cuts[number],
            cuts[number + 1],
            width=self.width,
            origin=start,
            newline=end - start - len(paragraph.text) if is_last else 0,
            opened=opened,
        )

    def lines(self) -> Iterator[tuple[LineName, Line]]:
        """Lay every line out, from the first to the last."""
        for index in range(len(self.analysis.ranges)):
            for number in range(self.line_count(index)):
                name = LineName(index, number)
                yield name, self.line(name)

    def line_of(self, offset: int) -> LineName:
        """Name the line that an offset stands on."""
        index = max(0, bisect_right(self.analysis.starts, offset) - 1)
        start = self.analysis.starts[index]
        cuts = self._cuts(index)
        number = bisect_right(cuts, offset - start, key=lambda cut: cut.offset) - 1
        return LineName(index, max(0, min(number, len(cuts) - 2)))

    def moved(self, name: LineName, lines: int) -> LineName:
        """Name the line so many lines below (above if negative), at most the last or first."""
        index, number = name
        number += lines
        while number < 0 and index > 0:
            index -= 1
            number += self.line_count(index)
        while number >= self.line_count(index) and index < len(self.analysis.ranges) - 1:
            number -= self.line_count(index)
            index += 1
        return LineName(index, max(0, min(number, self.line_count(index) - 1)))
