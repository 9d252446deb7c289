"""Steps back and forth in the history of a layer: each said, and the far ones asked for.

One key must not take back in silence what came about otherwise than by the last keys: an import, a
merge, what an earlier session did, or many spans at once that were not the last thing done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotations.language.wording import counted
from annotations.model.changes import Change, History
from annotations.model.layer import Layer, Span
from annotations.model.telling import children_of, spans_of, summary
from annotations.store.journal import Act
from annotations.store.layer_file import check_values

if TYPE_CHECKING:
    from tui.desk.reading import Reading

_NOUNS: dict[Act, str] = {"import": "an import", "merge": "a merge", "check": "a repair"}


class Stepping:
    """What may be taken back without asking.

    Args:
        acts: How the changes came about that were there when the article was opened, the oldest
            first.
        earlier: How many of these were done before this session.
    """

    def __init__(self, acts: Sequence[Act] = (), earlier: int | None = None) -> None:
        self._acts = list(acts)
        self.earlier = len(acts) if earlier is None else min(earlier, len(acts))
        """How many of the changes that can be undone were done before this session."""
        self._is_earlier_agreed = False
        """Whether the annotator has agreed to go back behind this session."""
        self._walks = False
        """Whether the last step was one back."""
        self._asked: History | None = None
        """The history at which it was asked whether to go on."""

    def forget_question(self) -> None:
        """Ask again, since something else was done meanwhile."""
        self._asked = None

    def made(self) -> None:
        """Note that something new was done."""
        self._walks = False

    def undo(self, reading: Reading) -> None:
        """Undo the last change, say what it was and go there; ask first if it is far."""
        if not reading.may_change():
            return
        history = reading.history
        found = history.undo()
        if found is None:
            reading.say("Nothing to undo.")
            return
        change = history.done[-1]
        question = self._question(change, history, reading.text)
        if question and self._asked is not history:
            self._asked = history
            reading.say("{asked}; {edit.undo} again takes it back.", asked=question)
            return
        if _step(reading, "undo", *found, "Nothing to undo."):
            if len(history.done) <= self.earlier:
                self._is_earlier_agreed = True
            del self._acts[len(reading.history.done) :]
            self.earlier = min(self.earlier, len(reading.history.done))
            self._walks = True
            what = summary(change, reading.text)
            reading.say("Undone: {what}; {edit.redo} redoes it.", what=what)

    def redo(self, reading: Reading) -> None:
        """Do again what was taken back last, say what it was and go there."""
        if not reading.may_change():
            return
        found = reading.history.redo()
        if found is None:
            reading.say("Nothing to redo.")
        elif _step(reading, "redo", *found, "Nothing to redo."):
            what = summary(found[0], reading.text)
            reading.say("Redone: {what}; {edit.undo} undoes it.", what=what)

    def _question(self, change: Change, history: History, text: str) -> str:
        """Return what an undo would reach, if that must be said before; else nothing."""
        number = len(history.done)
        count = len(spans_of(change))
        act = self._acts[number - 1] if number <= len(self._acts) else "do"
        is_earlier = number <= self.earlier
        if act in _NOUNS:
            return f"The last change is {_NOUNS[act]} of {counted(count, 'span')}"
        if is_earlier and not self._is_earlier_agreed:
            return f"In an earlier session you {summary(change, text)}"
        if count > 1 and (self._walks or is_earlier):
            return f"The last change was made at once: {summary(change, text)}"
        return ""


def _step(reading: Reading, act: Act, change: Change, history: History, nothing: str) -> bool:
    """Make a change of the history, and go to what it touched.

    Args:
        reading: The article.
        act: "undo" or "redo".
        change: The change.
        history: The history after it.
        nothing: What to say if the change does not fit the layer.

    Returns:
        Whether it was made.
    """
    if not _fits(reading, change):
        reading.message = f"{nothing} What was done before was changed by another program."
        reading.history = History()
        return False
    reading.history = history
    reading.drop()
    before = reading.layer
    reading.apply(act, change)
    touched = _differing(reading.layer, before)
    gone = _differing(before, reading.layer)
    children = [span for span in map(reading.layer.span, children_of(change)) if span]
    shown = [*touched, *([] if gone else children)]
    if shown:
        reading.arm(shown[0])
    elif gone:
        reading.move_to(gone[0].start)
    return True


def _differing(layer: Layer, other: Layer) -> list[Span]:
    """List the spans of a layer that another has not, or not so."""
    known = {span.id: span for span in other.spans}
    return [span for span in layer.spans if known.get(span.id) != span]


def _fits(reading: Reading, change: Change) -> bool:
    """Return whether a change out of the history leads to a layer of this text."""
    after = change.apply(reading.layer)
    try:
        check_values(after)
    except ValueError:
        return False
    return all(span.end <= len(reading.text) for span in after.spans)
