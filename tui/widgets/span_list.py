"""The list of an article's spans beside the text, in reading order, nested ones indented."""

from typing import ClassVar

from msgspec import Struct
from rich.style import Style

from annotations.model.layer import Layer, Span
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


def entries_of(layer: Layer) -> list[_Entry]:
    """List the spans of a layer with their depth of nesting, relations under their child."""
    entries: list[_Entry] = []
    open_ends: list[int] = []
    by_id = {span.id: span for span in layer.spans}
    for span in layer.spans:
        while open_ends and open_ends[-1] <= span.start:
            open_ends.pop()
        entries.append(_Entry(span, len(open_ends)))
        entries.extend(
            _Entry(by_id[relation.head], len(open_ends) + 1, relation.type)
            for relation in layer.relations
            if relation.child == span.id and relation.head in by_id
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

    def update_list(self, reading: Reading) -> None:
        """Show the spans as they are now, the one at the cursor chosen."""
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

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Draw a span: its label at the left, its text at the right."""
        if not self.entries:
            return [(" no spans yet", 13, colours.muted)]
        entry = self.entries[index]
        label = self.reading.scheme.label(entry.span.label)
        marker = ">" if index == self.chosen else " "
        indent = " " * min(entry.depth, 6)
        name = f"\u2190 {entry.relation}" if entry.relation else label.name
        head = f"{marker}{indent}{name} "[: max(0, width - 4)]
        text = self.reading.text[entry.span.start : min(entry.span.end, entry.span.start + _SHOWN)]
        room = width - len(head) - 1
        shown = excerpt(text, room)
        style = Style() if index == self.chosen else colours.lane(label.colour)
        if entry.relation:
            style += Style(italic=True)
        return [
            (head, len(head), style),
            (" " * (room - shown.cells), room - shown.cells, Style()),
            (shown.visual, shown.cells, Style()),
            (" ", 1, Style()),
        ]
