"""The list of an article's spans beside the text, in reading order, nested ones indented."""

from bisect import bisect_left
from typing import ClassVar

from msgspec import Struct
from rich.style import Style

from annotations.model.layer import Layer, Relation, Span
from tui.desk.reading import Reading
from tui.text.excerpt import excerpt
from tui.widgets.palette import Palette
from tui.widgets.row_list import Pieces, RowList

_SHOWN = 400
"""Code points of a span that can matter to its row."""


class _Entry(Struct, frozen=True):
    """A span, or a relation beneath the span that is its child."""

    span: Span
    depth: int
    relation: str = ""
    place: int = 0
    """Where the span begins that it is of."""


def entries_of(layer: Layer) -> list[_Entry]:
    """List the spans of a layer with their depth of nesting, relations under their child."""
    entries: list[_Entry] = []
    open_ends: list[int] = []
    by_id = {span.id: span for span in layer.spans}
    by_child: dict[str, list[Relation]] = {}
    for relation in layer.relations:
        by_child.setdefault(relation.child, []).append(relation)
    for span in layer.spans:
        while open_ends and open_ends[-1] <= span.start:
            open_ends.pop()
        entries.append(_Entry(span, len(open_ends), place=span.start))
        entries.extend(
            _Entry(by_id[relation.head], len(open_ends) + 1, relation.type, span.start)
            for relation in by_child.get(span.id, ())
            if relation.head in by_id
        )
        open_ends.append(span.end)
    return entries


class SpanList(RowList):
    """Draws the spans of a reading and follows its cursor."""

    DEFAULT_CSS: ClassVar[str] = "SpanList { height: 1fr; }"
    edge = "\u2502"

    def __init__(self, reading: Reading) -> None:
        super().__init__(id="span-list")
        self.reading = reading
        self._layer: Layer | None = None
        self.entries: list[_Entry] = []

    @property
    def row_count(self) -> int:
        """How many spans and relations there are."""
        return max(1, len(self.entries))

    def update_list(self, reading: Reading, seen: tuple[int, int] = (0, 0)) -> None:
        """Show the spans as they are now, the one at the cursor chosen.

        Args:
            reading: The article.
            seen: The offsets on screen; without a chosen span the list shows those of them.
        """
        self.reading = reading
        if reading.layer is not self._layer:
            self._layer = reading.layer
            self.entries = entries_of(reading.layer)
            self.refresh()
        covering = reading.layer.covering(reading.cursor)
        current = reading.active or (covering[0] if covering else None)
        self.chosen = next(
            (
                index
                for index, entry in enumerate(self.entries)
                if current and entry.span.id == current.id and not entry.relation
            ),
            -1,
        )
        if self.chosen < 0:
            first = bisect_left(self.entries, seen[0], key=lambda entry: entry.place)
            last = bisect_left(self.entries, seen[1], key=lambda entry: entry.place)
            self.bring(max(0, last - 1))
            self.bring(first)

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Draw a span: the key of its label at the left, its text at the right, nested ones in."""
        if not self.entries:
            return [(" no spans yet", 13, colours.muted)]
        entry = self.entries[index]
        label = self.reading.scheme.label(entry.span.label)
        chosen = index == self.chosen
        if entry.relation:
            head = f"   \u2190 {entry.relation} "[: max(0, width - 4)]
            pieces: Pieces = [(head, len(head), colours.muted + Style(italic=True))]
        else:
            chip = f" {label.key or '?'} "
            style = Style(bold=True) if chosen else colours.chip(label.colour)
            pieces = [(chip, len(chip), style), (" ", 1, Style())]
            if entry.span.note:
                pieces.append(("* ", 2, colours.hints))
        indent = min(2 * entry.depth, 8)
        room = width - sum(cells for _, cells, _ in pieces) - indent - 1
        text = self.reading.text[entry.span.start : min(entry.span.end, entry.span.start + _SHOWN)]
        shown = excerpt(text, room)
        return [
            *pieces,
            (" " * (room - shown.cells), room - shown.cells, Style()),
            (shown.visual, shown.cells, Style(italic=True) if entry.relation else Style()),
            (" " * (indent + 1), indent + 1, Style()),
        ]
