"""The list of articles: a row for each, drawn when it is seen."""

from typing import Final

from rich.style import Style

from annotations.model.layer import Status
from tui.desk.session import Session
from tui.desk.wording import STATUS_NAMES
from tui.text.excerpt import excerpt
from tui.widgets.bars import plain
from tui.widgets.palette import Palette
from tui.widgets.row_list import Pieces, RowList

_STATUS_COLOURS: Final[dict[Status, str]] = {
    "in_progress": "yellow", "done": "green", "skipped": "grey", "flagged": "red",
}  # fmt: skip
_STATUS: Final = 13
"""Cells of a status, as a chip, and of the blank after it."""
_ROOMY: Final = 116
"""Columns from which ids are shown, and how long each article is."""
_NARROW: Final = 60
_ID: Final = 24


class ArticleList(RowList):
    """Draws a row an article: its first words at the right, what is known of it at the left."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="article-list")
        self.session = session

    @property
    def row_count(self) -> int:
        """How many articles there are."""
        return len(self.session.listing)

    def header(self, width: int) -> Pieces:
        """Return the heads of the columns."""
        labels = "".join(f"{label.key:>5}" for label in self.session.scheme.labels)
        said = f" {'#':>{self._number_width}}  {' status':<{_STATUS}}"
        said += labels if width >= _NARROW else f"{'spans':>6}"
        said += f"  {'letters':>8}   {'id':<{_ID}}" if width >= _ROOMY else ""
        return [plain(said)]

    @property
    def _number_width(self) -> int:
        return max(3, len(str(self.row_count)))

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Draw an article: number, status, counts, flags and suggestions; then its first words."""
        row = self.session.listing.row_at(index)
        if row is None:
            return [plain("  it is gone", colours.muted)]
        chosen = index == self.chosen
        pieces: Pieces = [
            plain(" "),
            plain(f"{index + 1:>{self._number_width}}", Style() if chosen else colours.muted),
            plain("* " if row.is_assigned else "  ", Style() if chosen else colours.hints),
        ]
        status = "can't open" if row.fault else STATUS_NAMES[row.status]
        colour = "red" if row.fault else _STATUS_COLOURS.get(row.status)
        chip = colours.chip(colour) if colour and not chosen else Style(bold=chosen)
        pieces += [
            plain(f" {status} ", chip),
            plain(" " * (_STATUS - len(status) - 2)),
        ]
        if width >= _NARROW:
            for label in self.session.scheme.labels:
                count = row.counts.get(label.name, 0)
                style = colours.lane(label.colour) if not chosen and count else Style()
                pieces.append(plain(f"{count or '.':>5}", style))
        else:
            pieces.append(plain(f"{row.spans or '.':>6}"))
        if width >= _ROOMY:
            length = "..." if row.length is None else f"{row.length:,}"
            name = excerpt(row.id, _ID)
            pieces += [
                plain(f"  {length:>8}   "),
                (name.visual, name.cells, Style() if chosen else colours.muted),
                plain(" " * (_ID - name.cells)),
            ]
        mark = plain("! ", colours.chip("red")) if row.flags else plain("  ")
        pieces.append(mark)
        if row.suggested:
            said = f"+{row.suggested} suggested  " if width >= _ROOMY else f"+{row.suggested} "
            pieces.append(plain(said, Style() if chosen else colours.hints))
        left = width - sum(cells for _, cells, _ in pieces) - 1
        if left > 3:
            title = excerpt(row.title or row.id, left, self.session.base)
            pieces.append(plain(" " * (left - title.cells)))
            pieces.append((title.visual, title.cells, Style()))
        return pieces
