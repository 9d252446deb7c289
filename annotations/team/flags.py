"""Flags that somebody set on an article, and what was answered to them."""

from collections.abc import Iterable

from msgspec import Struct

from annotations.model.layer import Layer
from annotations.store.answers import Answer


class Flag(Struct, frozen=True):
    """A flag on an article."""

    document: str
    """Id of the article."""
    annotator: str
    """Who set it."""
    note: str = ""
    at: str = ""
    """When the layer was saved last: ISO 8601, UTC."""
    answers: tuple[Answer, ...] = ()
    """The oldest first."""

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return not self.answers

    @property
    def sentence(self) -> str:
        """Who flagged the article and why, and what was answered."""
        said = f"Flagged by {self.annotator}" + (f": {self.note}" if self.note else "")
        for answer in self.answers:
            said += f" \u2014 {answer.answered_by} answers: {answer.says}"
        return said


def flag_of(layer: Layer) -> list[Flag]:
    """Return the flag of a layer in a list, or an empty one."""
    if layer.status != "flagged":
        return []
    return [Flag(layer.document_id, layer.annotator, layer.note, layer.saved_at)]


def with_answers(flags: Iterable[Flag], answers: Iterable[Answer]) -> list[Flag]:
    """Return flags with the answers to what each said, in their order."""
    by_flag: dict[tuple[str, str, str], list[Answer]] = {}
    for answer in answers:
        asked = (answer.document, answer.flagged_by, answer.note)
        by_flag.setdefault(asked, []).append(answer)
    return [
        Flag(
            flag.document,
            flag.annotator,
            flag.note,
            flag.at,
            tuple(by_flag.get((flag.document, flag.annotator, flag.note), ())),
        )
        for flag in flags
    ]
