"""The tutor's tasks in the margin: those that are done ticked, the next one explained."""

from textwrap import wrap
from typing import ClassVar

from rich.style import Style

from tui.desk.tutor import TASKS, Tutor
from tui.text.excerpt import excerpt
from tui.widgets.bars import plain
from tui.widgets.palette import Palette
from tui.widgets.row_list import Pieces, RowList

_INDENT = 5


class TaskList(RowList):
    """Draws the tasks of a tutor."""

    DEFAULT_CSS: ClassVar[str] = "TaskList { width: 30; height: 1fr; }"

    def __init__(self, tutor: Tutor) -> None:
        super().__init__(id="task-list")
        self.tutor = tutor
        self.set_reactive(RowList.chosen, -1)

    @property
    def rows(self) -> list[tuple[str, bool]]:
        """The rows, and whether each is of what is to be done now."""
        width = max(8, self.size.width - _INDENT - 1)
        now = [(" " * _INDENT + line, True) for line in wrap(self.tutor.text, width)]
        rows = [(f" {self.tutor.done} of {len(TASKS)} done", False), ("", False)]
        for number, task in enumerate(TASKS):
            mark = "x" if number < self.tutor.done else " "
            rows.append((f" [{mark}] {task.name}", number == self.tutor.done))
            if number == self.tutor.done:
                rows += now
        return rows if self.tutor.done < len(TASKS) else [*rows, ("", False), *now]

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def draw_row(self, index: int, width: int, colours: Palette) -> Pieces:
        """Draw a task, or a line of what is to be done."""
        text, now = self.rows[index]
        inner = text.lstrip()
        indent = len(text) - len(inner)
        shown = excerpt(inner, width - indent, "ltr")
        style = Style(bold=now) if now else colours.muted
        return [plain(" " * indent), (shown.visual, shown.cells, style)]
