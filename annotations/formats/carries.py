"""What a format has room for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

KEPT: Final = ("annotator", "status", "kind", "ids", "sources")
"""What a layer says beside its annotations."""
KEEPS_ALL: Final = frozenset(KEPT)
KEEPS_WHO: Final = frozenset({"annotator", "status", "kind"})
"""What nearly all formats keep of that."""


def no_places(_: Sequence[str]) -> Mapping[str, str]:
    """Name no place: flat layers are all that there is, or there are none."""
    return {}


class Carries(Struct, frozen=True):
    """What a format has room for."""

    flat: Literal["no", "only", "beside", "first"] = "no"
    """Whether spans become flat layers: not; nothing else; beside the spans; or beside them, but
    only the first of the layers."""
    tokens: bool = False
    """Whether spans are made of whole tokens."""
    spaces: bool = True
    """Whether a span may begin or end with white space."""
    width: bool = False
    """Whether its reader takes spans of so many words only."""
    xml: bool = False
    """Whether it is written in XML, which has no way to write control characters."""
    relations: bool = True
    notes: bool = True
    """Notes of spans."""
    note_lines: bool = True
    """Whether such a note may have several lines."""
    layer_note: bool = True
    empty: bool = True
    """Whether articles without spans are there."""
    keeps: frozenset[str] = KEEPS_WHO | {"ids"}
    """What else of a layer comes back, of `KEPT`."""
    places: Callable[[Sequence[str]], Mapping[str, str]] = no_places
    """Takes the names of the flat layers; returns by name what the format calls the part of the
    export that holds one, such as a column."""

    def features(self) -> dict[str, bool]:
        """Return what it carries and what not, in words for a list."""
        return {
            "nested and crossing spans": self.flat != "only",
            "white space at edges": self.spaces,
            "relations": self.relations,
            "notes of spans": self.notes,
            "notes of articles": self.layer_note,
            "articles without spans": self.empty,
            "control characters": not self.xml,
            "spans of any width": not self.width,
            **{name: name in self.keeps for name in KEPT},
        }
