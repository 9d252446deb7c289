"""Which articles the library lists, and in which order: filters and sorts, and how they are typed.

A filter is words with a space between them, all of which must hold: `status:done`, `mine`,
`flagged`, `assigned:omar`, `claim>3`, `spans=0`, `length<2000`, `note:`; any other word is looked
for in the article and its id, folded. Each condition is a value that can select rows of the index
(`clause`) and match one of them (`matches`).
"""

import operator
import re
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any, Final, Protocol, TypeAlias

from msgspec import Struct, field

from annotations.corpus.sources import Entry
from annotations.errors import HashiyaError
from annotations.language.folding import fold
from annotations.model.layer import STATUSES, Status

_COMPARED: Final = re.compile(r"(.+?)(<=|>=|<|>|=)(\d+)")
_OPERATORS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_LARGEST: Final = 1 << 62
"""The largest number that SQLite compares exactly."""

Clause: TypeAlias = tuple[str, dict[str, Any]]
"""A condition in SQL, and the values of its placeholders."""


class FilterError(HashiyaError):
    """What was typed is no filter."""


class Row(Struct, frozen=True):
    """An article as the library lists it."""

    number: int
    """Names it in the index."""
    rank: int
    """Its place in the corpus, from 0."""
    entry: Entry
    length: int | None
    """Code points; None while it was not read yet."""
    title: str
    """How its text begins."""
    status: Status = "new"
    note: str = ""
    spans: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """Spans of each label that occurs."""
    saved_at: str = ""
    kept_as: str = ""
    """The id under which its layer is kept; empty without one."""
    fault: str = ""
    """Why its layer can't be shown."""
    is_assigned: bool = False
    """Whether it was assigned to the annotator."""
    suggested: int = 0
    """Suggestions that wait for the annotator's decision."""
    flags: int = 0
    """Other annotators who flagged it."""

    @property
    def id(self) -> str:
        """The id of the article."""
        return self.entry.id


class Condition(Protocol):
    """Something that must hold of an article."""

    def clause(self, mark: str) -> Clause:
        """Return it in SQL.

        Args:
            mark: Begins the names of its placeholders.
        """

    def matches(self, row: Row, assigned: Collection[str]) -> bool:
        """Return whether it holds of an article.

        Args:
            row: The article.
            assigned: To whom it was assigned.
        """


class Mine(Struct, frozen=True):
    """It was assigned to the annotator who asks."""

    def clause(self, mark: str) -> Clause:  # noqa: ARG002 - it has no values
        """Return it in SQL."""
        return "a.annotator IS NOT NULL", {}

    def matches(self, row: Row, assigned: Collection[str]) -> bool:  # noqa: ARG002 - in the row
        """Return whether it holds of an article."""
        return row.is_assigned


class AssignedTo(Struct, frozen=True):
    """It was assigned to somebody."""

    annotator: str

    def clause(self, mark: str) -> Clause:
        """Return it in SQL."""
        asked = "SELECT 1 FROM assignments x WHERE x.document_id = d.id AND x.annotator ="
        return f"EXISTS ({asked} :{mark})", {mark: self.annotator}

    def matches(self, row: Row, assigned: Collection[str]) -> bool:  # noqa: ARG002 - not in the row
        """Return whether it holds of an article."""
        return self.annotator in assigned


class HasStatus(Struct, frozen=True):
    """The annotator's work on it is so far."""

    status: Status

    def clause(self, mark: str) -> Clause:
        """Return it in SQL."""
        return f"coalesce(l.status, 'new') = :{mark}", {mark: self.status}

    def matches(self, row: Row, assigned: Collection[str]) -> bool:  # noqa: ARG002
        """Return whether it holds of an article."""
        return row.status == self.status


class IsFlagged(Struct, frozen=True):
    """Somebody flagged it, the annotator or another."""

    def clause(self, mark: str) -> Clause:  # noqa: ARG002 - it has no values
        """Return it in SQL."""
        flagged = "SELECT 1 FROM layers x WHERE x.number = d.number AND x.fault = ''"
        return f"EXISTS ({flagged} AND x.status = 'flagged')", {}

    def matches(self, row: Row, assigned: Collection[str]) -> bool:  # noqa: ARG002 - in the row
        """Return whether it holds of an article."""
        return row.status == "flagged" or row.flags > 0


class HasNote(Struct, frozen=True):
    """The annotator's note has these words in it; any note has no words."""

    words: str

    def clause(self, mark: str) -> Clause:
        """Return it in SQL."""
        if not self.words:
            return "coalesce(l.note, '') <> ''", {}
        return f"instr(lower(l.note), :{mark}) > 0", {mark: _lower(self.words)}

    def matches(self, row: Row, assigned: Collection[str]) -> bool:  # noqa: ARG002
        """Return whether it holds of an article."""
        return _lower(self.words) in _lower(row.note) if self.words else bool(row.note)


def _lower(text: str) -> str:
    """Make Latin letters small, as SQLite does; no other script is touched."""
    return "".join(char.lower() if char.isascii() else char for char in text)


class Compared(Struct, frozen=True):
    """A count of it compares so to a number: spans of a label, all spans, or its length."""

    measure: str
    """"spans", "length", or the name of a label."""
    sign: str
    number: int

    def clause(self, mark: str) -> Clause:
        """Return it in SQL."""
        values: dict[str, Any] = {mark: min(self.number, _LARGEST)}
        if self.measure == "length":
            measured = "d.length"
        elif self.measure == "spans":
            measured = "coalesce(l.spans, 0)"
        else:
            measured = f"coalesce(json_extract(l.counts, :{mark}_name), 0)"
            values[f"{mark}_name"] = f'$."{self.measure}"'
        return f"{measured} {self.sign} :{mark}", values

    def matches(self, row: Row, assigned: Collection[str]) -> bool:  # noqa: ARG002
        """Return whether it holds of an article; an unread one has no length that compares."""
        if self.measure == "length":
            measured = row.length
        else:
            measured = row.spans if self.measure == "spans" else row.counts.get(self.measure, 0)
        return measured is not None and _OPERATORS[self.sign](measured, self.number)


class Filter(Struct, frozen=True):
    """Conditions on articles, all of which must hold."""

    typed: str = ""
    conditions: tuple[Condition, ...] = ()
    text: str = ""
    """Words of the text, folded, that the whole article is searched for."""

    @property
    def clause(self) -> Clause:
        """The conditions in SQL and their values; the text is not among them."""
        clauses: list[str] = []
        values: dict[str, Any] = {}
        for number, condition in enumerate(self.conditions):
            clause, found = condition.clause(f"v{number}")
            clauses.append(f"({clause})")
            values |= found
        return " AND ".join(clauses) or "1", values

    def matches(self, row: Row, assigned: Collection[str] = ()) -> bool:
        """Return whether all conditions hold of an article; its text is not looked at."""
        return all(condition.matches(row, assigned) for condition in self.conditions)


_WORDS: Final[Mapping[str, Condition]] = {"mine": Mine(), "flagged": IsFlagged()}


def parse_filter(typed: str, labels: Collection[str]) -> Filter:
    """Read what was typed as a filter.

    Args:
        typed: The words.
        labels: The names of the labels, whose counts can be compared.

    Raises:
        FilterError: A word that looks like a condition is none.
    """
    conditions: list[Condition] = []
    words: list[str] = []
    for word in typed.split():
        condition = _condition(word, labels)
        if condition is None:
            words.append(fold(word))
        else:
            conditions.append(condition)
    return Filter(typed, tuple(conditions), " ".join(words))


def _condition(word: str, labels: Collection[str]) -> Condition | None:
    name, colon, wanted = word.partition(":")
    compared = _COMPARED.fullmatch(word)
    if word in _WORDS:
        return _WORDS[word]
    if colon and name == "status":
        found = [status for status in STATUSES if wanted and status.startswith(wanted)]
        if not found:
            raise FilterError(f"There is no status {wanted!r}; there are {', '.join(STATUSES)}.")
        return HasStatus(found[0])
    if colon and name == "assigned":
        return AssignedTo(wanted)
    if colon and name == "note":
        return HasNote(wanted)
    if compared is None:
        return None
    if compared[1] not in (*labels, "spans", "length"):
        known = ", ".join([*labels, "spans", "length"])
        raise FilterError(f"{compared[1]!r} can't be compared; these can: {known}.")
    digits = compared[3]
    return Compared(compared[1], compared[2], int(digits) if len(digits) < 19 else _LARGEST)


class Sort(Enum):
    """An order of the library."""

    QUEUE = "queue"
    """What was assigned to the annotator first, then the order of the corpus."""
    CORPUS = "corpus"
    STATUS = "status"
    SPANS = "spans"
    LENGTH = "length"
    CHANGED = "last changed"

    @property
    def terms(self) -> str:
        """What SQL orders by, each term with a comma after it."""
        return {
            Sort.QUEUE: "a.annotator IS NULL,",
            Sort.CORPUS: "",
            Sort.STATUS: (
                "CASE coalesce(l.status, 'new') WHEN 'flagged' THEN 0 WHEN 'in_progress' THEN 1 "
                "WHEN 'new' THEN 2 WHEN 'done' THEN 3 ELSE 4 END,"
            ),
            Sort.SPANS: "coalesce(l.spans, 0) DESC,",
            Sort.LENGTH: "d.length,",
            Sort.CHANGED: "coalesce(l.saved_at, '') DESC,",
        }[self]

    @property
    def following(self) -> "Sort":
        """The order after this one."""
        orders = list(Sort)
        return orders[(orders.index(self) + 1) % len(orders)]
