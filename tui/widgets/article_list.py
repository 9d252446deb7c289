"""The list of articles: a row for each, drawn when it is seen."""

from rich.style import Style

from tui.desk.session import Session
from tui.desk.wording import STATUS_NAMES
from tui.text.excerpt import excerpt
from tui.widgets.bars import plain
from tui.widgets.palette import Palette
from tui.widgets.row_list import Pieces, RowList


class ArticleList(RowList):
    """Draws a row an article."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="article-list")
        self.session = session

    @property
    def row_count(self) -> int:
        """How many articles there are."""
        return len(self.session.listing)

    def header(self, width: int) -> str:
        """Write the heads of the columns."""
        labels = "".join(f"{label.key:>5}" for label in self.session.scheme.labels)
        named = f"{'#':>{self._number_width}}  {'id':<{_id_width(width)}} status     "
        return f" {named}{labels}  {'length':>7}"

    @property
    def _number_width(self) -> int:
        return max(3, len(str(self.row_count)))

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Draw an article: number, id, status, counts, length, first words."""
        row = self.session.listing.row_at(index)
        if row is None:
            return [plain("  it is gone", colours.muted)]
        is_chosen = index == self.chosen
        room = _id_width(width)
        name = excerpt(row.id, room)
        status = "can't open" if row.fault else STATUS_NAMES[row.status]
        pieces: Pieces = [
            plain(f"{'>' if is_chosen else ' '}{index + 1:>{self._number_width}} "),
            plain("*", colours.hint) if row.is_assigned else plain(" "),
            (name.visual, name.cells, colours.muted if not is_chosen else Style()),
            plain(" " * (room - name.cells + 1)),
            plain(f"{status:<11}", Style(bold=row.status in ("in_progress", "flagged"))),
        ]
        for label in self.session.scheme.labels:
            count = row.counts.get(label.name, 0)
            style = colours.lane(label.colour) if not is_chosen and count else Style()
            pieces.append(plain(f"{count or '.':>5}", style))
        length = "..." if row.length is None else f"{row.length:,}"
        pieces.append(plain(f"  {length:>7} "))
        if row.suggested:
            pieces.append(plain(f"+{row.suggested} ", colours.hint))
        left = width - sum(cells for _, cells, _ in pieces) - 2
        if left > 3:
            title = excerpt(row.title, left)
            pieces.append(plain(" " * (left - title.cells + 1)))
            pieces.append((title.visual, title.cells, Style()))
        return pieces


def _id_width(width: int) -> int:
    return max(4, min(22, width // 6))
