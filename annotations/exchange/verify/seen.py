"""What an independent reader sees in an export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Extent: TypeAlias = tuple[int, int, str]
"""Start, end and label of a span."""
Join: TypeAlias = tuple[str, Extent, Extent]
"""Type, head and child of a relation."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An article as one annotator's layer of it is found in an export."""

    where: str
    text: str | None = None
    tokens: Sequence[str] = ()
    """Its tokens, if there is no text; offsets then number these, the end exclusive."""
    sha256: str = ""
    annotator: str = ""
    spans: Sequence[Extent] = ()
    relations: Sequence[Join] = ()
    ids: Mapping[str, Extent] = field(default_factory=dict)
    """Spans by their id, if it tells that."""
    notes: Sequence[tuple[Extent, str]] | None = None
    """Notes of spans that have one; None if it does not tell those."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What else it says: `document`, `status`, `kind`, `note`, `text_sha256`."""
    covers: Sequence[tuple[int, int, str]] = ()
    """Stretches of the text, in code points, and what it says they are."""
    flats: Mapping[str, Sequence[Extent]] = field(default_factory=dict)
    """Spans of the flat layers, by their name."""
    faults: Sequence[str] = ()
    """What the reader itself finds wrong."""
    part: str = ""
    """The file, if others hold other spans of the same layer."""
