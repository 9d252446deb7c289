"""What an independent reader sees in an export."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO, TypeAlias

from msgspec import Struct, field

from annotations.disk.files import open_named, read_named
from annotations.errors import FormatError
from annotations.formats.base import Reader
from annotations.formats.reading.records import Refused

Extent: TypeAlias = tuple[int, int, str]
"""Start, end and label of a span."""
Join: TypeAlias = tuple[str, Extent, Extent]
"""Type, head and child of a relation."""


_MOST_BYTES: Final = 8 << 30


class Seen(Struct, frozen=True):
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


def content_of(path: Path) -> bytes:
    """Read a file of an export, however large: who wrote it can read it."""
    return read_named(path, _MOST_BYTES)


def text_stream(path: Path, newline: str) -> TextIO:
    """Open a file of an export as UTF-8.

    Args:
        path: The file.
        newline: What ends a line, as `open` has it.
    """
    return io.TextIOWrapper(open_named(path), "utf-8", newline=newline)


def see_records(reader: Reader, paths: list[Path]) -> Iterator[Seen]:
    """See what the reader of a format itself finds, as far as it counts code points or tokens.

    Raises:
        FormatError: It counts something else.
    """
    for record in reader(paths):
        if isinstance(record, Refused):
            yield Seen(record.where, faults=[record.reason])
            continue
        if record.unit == "utf16":
            raise FormatError(f"{record.where} counts UTF-16 units.")
        spans = {span.id: (span.start, span.end, span.label) for span in record.spans}
        yield Seen(
            record.where,
            text=record.text,
            tokens=record.tokens,
            sha256=record.sha256 or "",
            annotator=record.annotator or "",
            spans=[(span.start, span.end, span.label) for span in record.spans],
            relations=[
                (item.type, spans[item.head], spans[item.child]) for item in record.relations
            ],
            said={"document": record.document} if record.document else {},
            part=record.part,
        )
