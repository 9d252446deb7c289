"""The cells that the terminal shows, and the fewest bytes that make it show others.

A display knows what it last sent for every cell; where it doesn't know, the cell is sent. Rows and
columns count from 0. It writes nothing itself and knows nothing of Textual.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Protocol, TypeAlias

from msgspec import Struct

from tui.terminal.pen import DEFAULT, Pen, change

Cell: TypeAlias = tuple[str, Pen]
"""A glyph with its pen; the second cell of a wide glyph has no text."""
Row: TypeAlias = list[Cell | None]
"""Cells from left to right; None where it is unknown what the terminal shows."""

BLANK: Final[Cell] = (" ", DEFAULT)
"""Blank cells have a pen of a background alone, since nothing else of it can be seen."""
_BLOCK: Final = 12
"""Cells that are compared at once to find where a row has gone."""
_WORTH: Final = 60
"""Cells that moving rows must save."""
_ERASED: Final = 6
"""Blank cells at the end of a row from which erasing is shorter than sending them."""


class Abilities(Struct, frozen=True):
    """What a terminal can do, beyond what all can."""

    scrolls: bool = True
    """Whether it moves the rows of a region (DECSTBM, line feed, reverse index)."""
    erases_coloured: bool = False
    """Whether what it erases gets the background colour (terminfo's bce)."""
    shapes_cursor: bool = False
    """Whether its cursor can be made a block (terminfo's Ss)."""


class Order(Protocol):
    """How rows as they are to be seen become those that are sent."""

    def row(self, row: Sequence[Cell]) -> list[Cell]:
        """Return the row to send."""
        ...

    def column(self, row: Sequence[Cell], column: int) -> int:
        """Return where the cursor must be put to be drawn on the cell seen in a column."""
        ...


class Display:
    """What the terminal shows.

    Args:
        abilities: What it can do.
        order: How rows are sent; None sends them as they are seen.
    """

    def __init__(self, abilities: Abilities | None = None, order: Order | None = None) -> None:
        self.abilities = abilities or Abilities()
        self.order = order
        self._rows: list[Row] = []
        self._seen: list[list[Cell]] = []
        self._width = 0
        self._pen: Pen | None = None
        self._at: tuple[int, int] | None = None
        self._cursor_shown: bool | None = None

    def forget(self) -> None:
        """Forget what is shown, so that all is sent again."""
        self._rows = []
        self._seen = []
        self._pen = self._at = self._cursor_shown = None

    def resize(self, width: int, height: int) -> None:
        """Set the terminal's size; at another one all is unknown."""
        if (width, height) != (self._width, len(self._rows)):
            self.forget()
            self._width = width
            self._rows = [[None] * width for _ in range(height)]
            self._seen = [[BLANK] * width for _ in range(height)]

    @property
    def is_known(self) -> bool:
        """Whether anything is known of what the terminal shows."""
        return any(cell is not None for row in self._rows for cell in row)

    def row(self, y: int) -> list[Cell]:
        """Return a row as it is to be seen, to be changed and given back; none beyond the last."""
        rows = self._seen
        return list(rows[y]) if 0 <= y < len(rows) else []

    def update(self, rows: Mapping[int, list[Cell]], cursor: tuple[int, int] | None) -> str:
        """Show other cells.

        Args:
            rows: By their number, the rows that may have changed, in the order they are seen.
            cursor: Column and row of the terminal's own cursor; None hides it.

        Returns:
            What to write to the terminal.
        """
        changed: dict[int, list[Cell]] = {}
        for y, seen in rows.items():
            if seen != self._seen[y] or None in self._rows[y]:
                self._seen[y] = seen
                changed[y] = self.order.row(seen) if self.order else seen
        changed = {y: row for y, row in changed.items() if row != self._rows[y]}
        out: list[str] = []
        if self.abilities.scrolls and len(changed) > 3:
            self._scroll(changed, out)
        for y in sorted(changed):
            if changed[y] != self._rows[y]:
                self._send_row(y, changed[y], out)
        self._send_cursor(cursor, out)
        return "".join(out)

    # Moving rows

    def _scroll(self, changed: dict[int, list[Cell]], out: list[str]) -> None:
        """Move rows that are shown already to where they are wanted, if that saves much."""
        shift, moving = self._likely_shift(changed)
        if not shift:
            return
        top = min(*moving, min(moving) + shift)
        bottom = max(*moving, max(moving) + shift)
        region = range(top, bottom + 1)
        pen = Pen(back=self._common_back(changed)) if self.abilities.erases_coloured else DEFAULT
        wanted = [changed.get(y, self._rows[y]) for y in region]
        moved: list[Row] = [
            self._rows[y + shift] if top <= y + shift <= bottom else [(" ", pen)] * self._width
            for y in region
        ]
        as_is = sum(map(_differing, wanted, (self._rows[y] for y in region)))
        if as_is - sum(map(_differing, wanted, moved)) < _WORTH:
            return
        self._draw_with(pen, out)
        # line feeds and reverse indexes, since not every terminal knows SU and SD
        if shift > 0:
            out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{bottom + 1};1H" + "\n" * shift)
        else:
            out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1};1H" + "\x1bM" * -shift)
        out.append("\x1b[r")
        self._at = None
        for y, row, old in zip(region, wanted, moved, strict=True):
            self._rows[y] = list(old)
            if y not in changed and None not in row:
                # what stood still before must stand where it was
                changed[y] = [cell for cell in row if cell]

    def _likely_shift(self, changed: dict[int, list[Cell]]) -> tuple[int, list[int]]:
        """Find by how many rows most blocks of cells have moved up.

        Returns:
            The rows, 0 if nothing moved, and where those stand that did.
        """
        places: dict[tuple[int, tuple[Cell | None, ...]], list[int]] = {}
        starts = range(0, self._width - _BLOCK + 1, _BLOCK)
        for y in range(min(changed), max(changed) + 1):
            old = self._rows[y]
            for x in starts:
                places.setdefault((x, tuple(old[x : x + _BLOCK])), []).append(y)
        votes: dict[int, list[int]] = {}
        for y, row in changed.items():
            for x in starts:
                found = places.get((x, tuple(row[x : x + _BLOCK])), ())
                if len(found) == 1 and found[0] != y:  # blank blocks are everywhere: no telling
                    votes.setdefault(found[0] - y, []).append(y)
        if not votes:
            return 0, []
        return max(votes.items(), key=lambda vote: len(vote[1]))

    def _common_back(self, changed: dict[int, list[Cell]]) -> str:
        """Return the background that most changed rows end with."""
        return Counter(row[-1][1].back for row in changed.values()).most_common(1)[0][0]

    # Sending cells

    def _send_row(self, y: int, row: list[Cell], out: list[str]) -> None:
        old = self._rows[y]
        end = self._width
        blank_from = self._blank_end(row)
        x = 0
        while x < end:
            if row[x] == old[x]:
                x += 1
                continue
            start = x
            while start > 0 and not row[start][0]:
                start -= 1  # the second half of a wide glyph goes with the first
            if start >= blank_from and end - start > _ERASED:
                self._go_to(start, y, out)
                self._draw_with(row[start][1], out)
                out.append("\x1b[K")
                break
            x = self._run_end(row, old, x)
            self._send_cells(row, (start, x), y, out)
        self._rows[y] = list(row)

    def _blank_end(self, row: list[Cell]) -> int:
        """Return from which column on a row can be erased."""
        last = row[-1]
        able = last == BLANK or (self.abilities.erases_coloured and last[1].is_plain)
        x = self._width
        if last[0] == " " and able:
            while x and row[x - 1] == last:
                x -= 1
        return x

    def _run_end(self, row: list[Cell], old: Row, x: int) -> int:
        """Return where the cells to send from a column on end; a short gap is sent along."""
        end = x + 1
        while end < self._width:
            if row[end] != old[end] or not row[end][0]:
                end += 1
                continue
            gap = end
            while gap < self._width and row[gap] == old[gap] and gap - end < 4:
                gap += 1
            pen = row[end - 1][1]
            cheap = all(
                glyph.isascii() and (other == pen or (glyph == " " and _shows_as(pen, other)))
                for glyph, other in row[end:gap]
            )
            if gap < self._width and row[gap] != old[gap] and cheap:
                end = gap + 1
                continue
            break
        return end

    def _send_cells(
        self, row: Sequence[Cell], span: tuple[int, int], y: int, out: list[str]
    ) -> None:
        self._go_to(span[0], y, out)
        for x in range(*span):
            glyph, pen = row[x]
            if pen != self._pen and not (glyph == " " and _shows_as(self._pen, pen)):
                self._draw_with(pen, out)
            if glyph:
                self._go_to(x, y, out)
                out.append(glyph)
                after = x + 1
                self._at = None if after == self._width or _is_doubtful(glyph) else (after, y)

    def _draw_with(self, pen: Pen, out: list[str]) -> None:
        out.append(change(self._pen, pen))
        self._pen = pen

    def _go_to(self, x: int, y: int, out: list[str]) -> None:
        """Move the terminal's cursor to a cell by the shortest way."""
        if self._at == (x, y):
            return
        ways = [f"\x1b[{y + 1};{x + 1}H"]
        if self._at and self._at[1] == y:
            step = x - self._at[0]
            count = "" if abs(step) == 1 else str(abs(step))
            ways.append(f"\x1b[{count}{'C' if step > 0 else 'D'}")
            if x == 0:
                ways.append("\r")
        out.append(min(ways, key=len))
        self._at = (x, y)

    def _send_cursor(self, cursor: tuple[int, int] | None, out: list[str]) -> None:
        if cursor and not (0 <= cursor[0] < self._width and 0 <= cursor[1] < len(self._rows)):
            cursor = None
        if cursor is not None:
            x, y = cursor
            self._go_to(self.order.column(self._seen[y], x) if self.order else x, y, out)
        if self._cursor_shown is not (cursor is not None):
            self._cursor_shown = cursor is not None
            out.append("\x1b[?25h" if cursor else "\x1b[?25l")


def blank(pen: Pen) -> Cell:
    """Return a blank cell: of its pen only what can be seen on it."""
    return (" ", Pen(back=pen.back) if pen.is_plain else pen)


def _shows_as(pen: Pen | None, blank_pen: Pen) -> bool:
    """Return whether a blank drawn with a pen looks like one drawn with another."""
    return pen is not None and pen.is_plain and Pen(back=pen.back) == blank_pen


def _is_doubtful(glyph: str) -> bool:
    """Return whether terminals disagree on how far a glyph takes the cursor."""
    return not glyph.isascii() and any(
        char >= "\u2e80" and not is_presentation_form(char) for char in glyph
    )


def is_presentation_form(character: str) -> bool:
    """Return whether a character is a shaped Arabic letter, which takes a cell everywhere."""
    return "\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc"


def _differing(row: Sequence[Cell | None], other: Sequence[Cell | None]) -> int:
    return sum(a != b for a, b in zip(row, other, strict=True)) if row != other else 0
