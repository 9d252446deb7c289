"""The tutor: a short article and tasks that tick off as they are done.

Knows nothing of screens. Each task looks at the reading after a key and tells whether it is done,
whichever way the annotator did it.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from annotations.model.layer import Span
from tui.desk.reading import Reading
from tui.keys.keymap import Keymap

ARTICLE: Final = (
    "قال الجيش السوري اليوم إن قواته دخلت مدينة حلب، وإن القتال حولها انتهى. "
    "وذكر المرصد أن الجيش السوري أغلق الطريق إلى إدلب، بينما نفت المعارضة ذلك.\n"
    "ولم تعلق روسيا على الخبر حتى المساء.\n"
)
_ARMY: Final = "الجيش"
_SYRIAN_ARMY: Final = "الجيش السوري"
_ENTERED: Final = "قواته دخلت مدينة حلب"


class Task(Struct, frozen=True):
    """Something to do, and how it is seen that it was done."""

    name: str
    text: str
    """What to do; {id} stands for the key of a command."""
    is_done: Callable[[Reading, str], bool]
    """Takes the reading and the id of the command that was just done, if one was."""


def _covered(reading: Reading, label: str) -> list[tuple[Span, str]]:
    return [
        (span, reading.text[span.start : span.end])
        for span in reading.layer.spans
        if span.label == label
    ]


TASKS: Final[tuple[Task, ...]] = (
    Task(
        "move",
        "{move.word_forward} goes a word on, {move.word_back} a word back; the arrows go where "
        "they point.",
        lambda reading, done: done.startswith("move.") and reading.cursor > 0,
    ),
    Task(
        "tag a word",
        f"Press {{label.actor}}. Under each word stands a hint: type that of {_ARMY}, then "
        "{hints.take}.",
        lambda reading, _: any(_ARMY in text for _, text in _covered(reading, "actor")),
    ),
    Task(
        "move its edge",
        f"It should be {_SYRIAN_ARMY}: {{edge.end_forward}} moves the end a word on, "
        "{edge.end_back} back.",
        lambda reading, _: any(text == _SYRIAN_ARMY for _, text in _covered(reading, "actor")),
    ),
    Task(
        "tag its repeats",
        "The army is named again: {span.repeats} shows every other mention, {review.keep} tags "
        "them.",
        lambda reading, _: (
            sum(text == _SYRIAN_ARMY for _, text in _covered(reading, "actor"))
            == ARTICLE.count(_SYRIAN_ARMY)
        ),
    ),
    Task(
        "tag a claim",
        f"Press {{label.claim}}, the hint of {_ENTERED.split()[0]}, then {{hints.clause}} "
        "for all up to the comma.",
        lambda reading, _: any(_ENTERED in text for _, text in _covered(reading, "claim")),
    ),
    Task(
        "say who claims it",
        "Press {span.relate}; the army is marked, since it said so. {relation.take} takes it.",
        lambda reading, _: bool(reading.layer.relations),
    ),
    Task(
        "undo",
        "{edit.undo} takes the last change back, as often as you like; {edit.redo} does it again.",
        lambda reading, done: done == "edit.undo" and bool(reading.history.undone),
    ),
    Task(
        "finish the article",
        "{article.done} marks the article as done.",
        lambda reading, _: reading.layer.status == "done",
    ),
)
CLOSING: Final = (
    "That is all you need. {help} shows every key. Leave with {quit}, then: hashiya FOLDER"
)


class Tutor:
    """How far somebody is with the tasks.

    Args:
        keymap: The keys to name.
    """

    def __init__(self, keymap: Keymap) -> None:
        self.done = 0
        """How many tasks are done; they come in order."""
        self._keymap = keymap

    def saw(self, reading: Reading, command_id: str) -> None:
        """Tick off what a key has done; a mode that is open may still undo it."""
        while self.done < len(TASKS) and TASKS[self.done].is_done(reading, command_id):
            self.done += 1

    @property
    def text(self) -> str:
        """What to do now."""
        told = TASKS[self.done].text if self.done < len(TASKS) else CLOSING
        return self._keymap.fill(told)
