"""One step back or forth in the history of a layer, if it leads to a layer of this text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.model.changes import Change, History
from annotations.store.journal import Act
from annotations.store.layer_file import check_values

if TYPE_CHECKING:
    from tui.desk.reading import Reading


def step(reading: Reading, act: Act, found: tuple[Change, History] | None, nothing: str) -> None:
    """Make a change of the history, and go to what it touched.

    Args:
        reading: The article.
        act: "undo" or "redo".
        found: The change, and the history after it; None if there is none.
        nothing: What to say then.
    """
    if not reading.may_change():
        return
    if found is None:
        reading.message = nothing
        return
    change, history = found
    if not _fits(reading, change):
        reading.message = f"{nothing} What was done before was changed by another program."
        reading.history = History()
        return
    reading.history = history
    reading.drop()
    before = {span.id: span for span in reading.layer.spans}
    reading.apply(act, change)
    touched = [span for span in reading.layer.spans if before.get(span.id) != span]
    if touched:
        reading.pointing.cursor = touched[0].start


def _fits(reading: Reading, change: Change) -> bool:
    """Return whether a change out of the history leads to a layer of this text."""
    after = change.apply(reading.layer)
    try:
        check_values(after)
    except ValueError:
        return False
    return all(span.end <= len(reading.text) for span in after.spans)
