"""Which articles the library lists, and in which order: filters and sorts, and how they are typed.

A filter is words with a space between them, all of which must hold: `status:flagged`, `mine`,
`assigned:omar`, `claim>3`, `spans=0`, `length<2000`, `note:`; any other word is looked for in the
article and its id, folded.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from annotations.errors import HashiyaError
from annotations.language.folding import fold
from annotations.model.layer import STATUSES

_COMPARED = re.compile(r"(.+?)(<=|>=|<|>|=)(\d+)")
_MINE: Final = "a.annotator IS NOT NULL"


class FilterError(HashiyaError):
    """What was typed is no filter."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on articles."""

    typed: str = ""
    parts: tuple[str, ...] = ()
    """SQL, each with the placeholders that `values` fills."""
    values: tuple[tuple[str, Any], ...] = ()
    text: str = ""
    """Words of the text, folded, that the whole article is searched for."""

    @property
    def condition(self) -> tuple[str, dict[str, Any]]:
        """The condition in SQL and its values."""
        return " AND ".join(f"({part})" for part in self.parts) or "1", dict(self.values)


def parse_filter(typed: str, labels: Collection[str]) -> Filter:
    """Read what was typed as a filter.

    Args:
        typed: The words.
        labels: The names of the labels, whose counts can be compared.

    Raises:
        FilterError: A word that looks like a condition is none.
    """
    parts: list[str] = []
    values: dict[str, Any] = {}
    words: list[str] = []
    for number, word in enumerate(typed.split()):
        name, colon, wanted = word.partition(":")
        compared = _COMPARED.fullmatch(word)
        mark = f"v{number}"
        if word == "mine":
            parts.append(_MINE)
        elif colon and name == "status":
            found = [status for status in STATUSES if wanted and status.startswith(wanted)]
            if not found:
                raise FilterError(
                    f"There is no status {wanted!r}; there are {', '.join(STATUSES)}."
                )
            parts.append(f"coalesce(l.status, 'new') = :{mark}")
            values[mark] = found[0]
        elif colon and name == "assigned":
            parts.append(
                "EXISTS (SELECT 1 FROM assignments x WHERE x.document_id = d.id "
                f"AND x.annotator = :{mark})"
            )
            values[mark] = wanted
        elif colon and name == "note":
            parts.append(f"coalesce(l.note, '') LIKE :{mark}")
            values[mark] = f"%{wanted}%" if wanted else "_%"
        elif compared and (compared[1] in labels or compared[1] in ("spans", "length")):
            parts.append(f"{_measure(compared[1], mark)} {compared[2]} {int(compared[3])}")
            values[f"{mark}_name"] = f'$."{compared[1]}"'
        elif compared:
            known = ", ".join([*labels, "spans", "length"])
            raise FilterError(f"{compared[1]!r} can't be compared; these can: {known}.")
        else:
            words.append(fold(word))
    return Filter(typed, tuple(parts), tuple(values.items()), " ".join(words))


def _measure(name: str, mark: str) -> str:
    if name == "length":
        return "d.length"
    if name == "spans":
        return "coalesce(l.spans, 0)"
    return f"coalesce(json_extract(l.counts, :{mark}_name), 0)"


class Sort(Enum):
    """An order of the library."""

    QUEUE = "queue"
    """What was dealt to the annotator first, then the order of the corpus."""
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
