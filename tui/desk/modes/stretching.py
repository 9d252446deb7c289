"""Moving an edge far: hints on the words that a span may begin or end with.

Entered by pressing an edge key twice, which moves the edge by two words as well; who goes on
pressing it goes on moving word by word.
"""

from typing import Literal, TypeAlias

from annotations.language.pairs import balanced
from annotations.model.layer import Span
from tui.desk.hints import Target
from tui.desk.modes.base import Outcome
from tui.desk.modes.tagging import HintMode
from tui.desk.reading import Reading
from tui.desk.window import Window
from tui.keys.keyboard import Press

Edge: TypeAlias = Literal["start", "end"]


class EdgeMode(HintMode):
    """A hint is where the span begins or ends.

    Args:
        reading: The article.
        span: The span whose edge moves.
        edge: Which of its edges.
        window: What is on screen.
        taken: Letters that are no hints.
    """

    place = "edge"

    def __init__(
        self, reading: Reading, span: Span, edge: Edge, window: Window, taken: str
    ) -> None:
        self.span = span
        self.edge = edge
        super().__init__(reading, window, taken)

    @property
    def prompt(self) -> str:
        """Ask for the word."""
        return f"{self.span.label}: {'begins' if self.edge == 'start' else 'ends'} at which word?"

    @property
    def origin(self) -> int:
        """Where the edge stands."""
        return self.span.start if self.edge == "start" else self.span.end

    def targets(self) -> list[Target]:
        """List the words on screen at which the edge may stand."""
        units = self.reading.units.between(*self.window.offsets)
        if self.edge == "end":
            return [
                Target(unit.start, unit.end)
                for unit in units
                if unit.end > self.span.start and unit.end != self.span.end
            ]
        exclude = self.reading.scheme.label(self.span.label).clitics == "exclude"
        begins = [(unit.begin(exclude_clitics=exclude), unit.end) for unit in units]
        return [
            Target(start, end)
            for start, end in begins
            if start < self.span.end and start != self.span.start
        ]

    def choose(self, target: Target) -> Outcome:
        """Move the edge."""
        start, end = self.span.start, self.span.end
        if self.edge == "start":
            start = balanced(self.reading.text, target.start, end)[0]
        else:
            end = balanced(self.reading.text, start, target.end)[1]
        self.reading.move_edges(self.span, start, end)
        return Outcome.LEAVE

    def no_hint(self, press: Press) -> Outcome:
        """Pass any other key on to do its usual work."""
        return super().no_hint(press) if self.hinting.typed else Outcome.PASS
