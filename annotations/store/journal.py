"""The history of a layer: a line for each change, kept in a file beside the layer.

A line is written and synced before the layer that it leads to, so a layer on disk never lacks
the line that made it. A line whose layer did not get there is void: the next one has its revision
again. The file is only added to; when it has grown long, the oldest half is let go.
"""

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from annotations.disk.accounts import own_account
from annotations.disk.codec import decode_as, encode_line
from annotations.disk.files import is_taken, open_new, read_file, status, write_all
from annotations.disk.folders import make_folder, sync_folder
from annotations.disk.replacing import write_atomically
from annotations.model import changes
from annotations.model.changes import Change, History
from annotations.model.layer import Layer, Relation, Span, check_names

Act: TypeAlias = Literal["do", "undo", "redo", "import", "merge", "check"]
"""How a change came about; all but undo and redo are new changes."""

_LINE_START: Final = b'{"revision":'
LONGEST: Final = 4 << 20
"""Bytes of a history from which its older half is let go when the layer is opened."""


class Step(Struct, frozen=True):
    """A change, as it was made."""

    act: Act
    change: Change
    digest: str
    """Of the layer after it."""
    at: str = ""
    """ISO 8601, UTC."""

    @classmethod
    def now(cls, act: Act, change: Change, layer: Layer) -> "Step":
        """Make the step that led to a layer just now."""
        at = datetime.now(tz=UTC).isoformat(timespec="milliseconds")
        return cls(act, change, layer.digest, at)


class LogEntry(Struct, frozen=True):
    """A line of a history."""

    step: Step
    revision: int
    """Of the layer after it."""
    annotator: str
    document_id: str
    """The id under which the layer is kept."""
    host: str
    account: str = ""
    """Of the machine, whoever the annotator is said to be; empty in lines of older versions."""


class Journal(Struct, frozen=True):
    """A history as it was read."""

    entries: tuple[LogEntry, ...] = ()
    damaged: tuple[int, ...] = ()
    """Numbers of the lines that make no sense, from 1."""
    sound_from: int = 0
    """Index of the first entry after the last damaged line."""

    def kept(self, revision: int) -> list[LogEntry]:
        """List the entries that led to the layer of a revision, oldest first."""
        found: list[LogEntry] = []
        for entry in reversed(self.entries):
            if entry.revision <= revision:
                found.append(entry)
                revision = entry.revision - 1
        return found[::-1]

    def _leading_to(self, layer: Layer) -> list[LogEntry]:
        """List the entries, without a gap among them, of which the last made the layer."""
        sound = Journal(self.entries[self.sound_from :]).kept(layer.revision)
        if not sound or sound[-1].step.digest != layer.digest:
            return []
        first = len(sound) - 1
        while (
            first
            and sound[first].step.act != "merge"  # before it there are two histories
            and sound[first - 1].revision == sound[first].revision - 1
        ):
            first -= 1
        return sound[first:]

    def history(self, layer: Layer) -> History:
        """Build what can be undone and redone; nothing where the layer came about otherwise."""
        return self.past(layer)[0]

    def past(self, layer: Layer) -> tuple[History, tuple[Act, ...]]:
        """Build what can be undone and redone, and how each change that can be undone came about.

        Returns:
            Nothing where the layer came about otherwise.
        """
        done: list[tuple[Change, Act]] = []
        undone: list[tuple[Change, Act]] = []
        for entry in self._leading_to(layer):
            change, act = entry.step.change, entry.step.act
            if act == "undo":
                undone.append(done.pop() if done else (change.inverse(), "do"))
            elif act == "redo":
                done.append((change, undone.pop()[1] if undone else "do"))
            else:
                done.append((change, act))
                undone.clear()
        history = History(tuple(item for item, _ in done), tuple(item for item, _ in undone))
        return history, tuple(act for _, act in done)


def read_journal(path: Path) -> Journal:
    """Read a history; there may be none.

    Raises:
        OSError: It is there and can't be read.
    """
    try:
        content = read_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return Journal()
    entries: list[LogEntry] = []
    damaged: list[int] = []
    sound_from = 0
    *lines, fragment = content.split(b"\n")  # the last was being written when its writer ended
    for number, line in enumerate(lines, 1):
        try:
            entries.append(decode_as(_Line, line).entry())
        except ValueError:
            damaged.append(number)
            sound_from = len(entries)
    if not _is_begun_line(fragment):
        damaged.append(len(lines) + 1)
        sound_from = len(entries)
    return Journal(tuple(entries), tuple(damaged), sound_from)


def _is_begun_line(fragment: bytes) -> bool:
    """Return whether this may be what was written of a line when its writer ended."""
    return fragment.startswith(_LINE_START[: len(fragment)])


def lines_of(layer: Layer, steps: Sequence[Step]) -> bytes:
    """Write the steps that lead to a layer as lines of its history.

    Args:
        layer: The layer, with the revision that it had before.
        steps: What was done since then.
    """
    host, account = socket.gethostname(), own_account()
    lines = [
        encode_line(
            {
                "revision": layer.revision + number,
                "at": step.at,
                "annotator": layer.annotator,
                "document": layer.document_id,
                "host": host,
                "account": account,
                "act": step.act,
                "change": record_of(step.change),
                "digest": step.digest,
            }
        )
        for number, step in enumerate(steps, 1)
    ]
    return b"".join(lines)


def end_last_line(path: Path) -> None:
    """Make sure that the next line of a history begins a line; the folder is made.

    Raises:
        OSError: It can't be written.
    """
    make_folder(path.parent)
    if is_taken(path):
        descriptor = open_new(path, os.O_RDWR | os.O_APPEND)
        try:
            _end_last_line(descriptor)
        finally:
            os.close(descriptor)


def add_to_journal(path: Path, lines: bytes) -> int:
    """Write lines, all of them or none, and have them synced.

    Args:
        path: The history.
        lines: What `lines_of` returned.

    Returns:
        The size of the file before, to which `take_back` cuts it.

    Raises:
        OSError: They could not be written; the file stands as it was.
    """
    make_folder(path.parent)
    is_new = not is_taken(path)
    descriptor = open_new(path, os.O_RDWR | os.O_APPEND)
    try:
        size = _end_last_line(descriptor)
        try:
            write_all(descriptor, lines)
            os.fsync(descriptor)
        except BaseException:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)
    return size


def take_back(path: Path, size: int) -> None:
    """Cut off the lines that lead to a layer which could not be written; they would be void."""
    with suppress(OSError):
        descriptor = open_new(path, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, size)
        finally:
            os.close(descriptor)


def _end_last_line(descriptor: int) -> int:
    """Cut off a line that was being written when its writer ended; keep anything else.

    Returns:
        The size of the file.
    """
    size = os.fstat(descriptor).st_size
    if not size or os.pread(descriptor, 1, size - 1) == b"\n":
        return size
    content = os.pread(descriptor, size, 0)
    start = content.rfind(b"\n") + 1
    if _is_begun_line(content[start:]):
        os.ftruncate(descriptor, start)
        return start
    write_all(descriptor, b"\n")
    return size + 1


def shorten(path: Path, longest: int) -> None:
    """Drop the older half of a long history; call it while holding the layer's lock.

    Raises:
        OSError: It could not be written; the file stands as it was.
    """
    try:
        size = status(path).st_size
    except (FileNotFoundError, NotADirectoryError):
        return
    if size <= longest:
        return
    content = read_file(path)
    start = content.find(b"\n", len(content) - longest // 2) + 1
    write_atomically(path, content[start:])


class _Change(Struct, frozen=True, forbid_unknown_fields=True):
    """A change as JSON says it: an object with one key, the kind. One field for each kind."""

    add_span: Span | UnsetType = UNSET
    remove_span: Span | UnsetType = UNSET
    replace_span: changes.ReplaceSpan | UnsetType = UNSET
    add_relation: Relation | UnsetType = UNSET
    remove_relation: Relation | UnsetType = UNSET
    set_status: changes.SetStatus | UnsetType = UNSET
    set_note: changes.SetNote | UnsetType = UNSET
    batch: "tuple[_Change, ...] | UnsetType" = UNSET

    def change(self) -> Change:
        """Return the change.

        Raises:
            ValueError: There is none, or more than one.
        """
        said = [
            (name, value)
            for name in self.__struct_fields__
            if (value := getattr(self, name)) is not UNSET
        ]
        if len(said) != 1:
            raise ValueError("a change is an object with one key")
        name, value = said[0]
        if isinstance(value, tuple):
            return changes.Batch(tuple(part.change() for part in value))
        wrap = _WRAPPED.get(name)
        found: Change = wrap(value) if wrap else value
        return found


_WRAPPED: Final[dict[str, Any]] = {
    "add_span": changes.AddSpan,
    "remove_span": changes.RemoveSpan,
    "add_relation": changes.AddRelation,
    "remove_relation": changes.RemoveRelation,
}
"""Changes that JSON says by their one value; the others stand there field by field."""


def _check_values(change: Change) -> None:
    """Refuse what no layer can have, which an undo would bring into one.

    Raises:
        ValueError: There is such a thing.
    """
    spans: list[Span]
    relations: list[Relation]
    match change:
        case changes.Batch(parts):
            for part in parts:
                _check_values(part)
            return
        case changes.AddSpan(span) | changes.RemoveSpan(span):
            spans, relations = [span], []
        case changes.ReplaceSpan(before, after):
            spans, relations = [before, after], []
        case changes.AddRelation(relation) | changes.RemoveRelation(relation):
            spans, relations = [], [relation]
        case _:
            return
    if not all(0 <= span.start < span.end for span in spans):
        raise ValueError("a span goes nowhere")
    check_names(Layer("", "", "", spans=tuple(spans), relations=tuple(relations)))


class _Line(Struct, frozen=True):
    """A line of a history."""

    revision: int
    at: str
    annotator: str
    document: str
    host: str
    act: Act
    change: _Change
    digest: str
    account: str = ""

    def entry(self) -> LogEntry:
        """Return it as the rest of the program knows it.

        Raises:
            ValueError: Its change is none.
        """
        change = self.change.change()
        _check_values(change)
        step = Step(self.act, change, self.digest, self.at)
        return LogEntry(step, self.revision, self.annotator, self.document, self.host, self.account)


def record_of(change: Change) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind
    """Return a change as JSON says it: {"add_span": {...}}."""
    match change:
        case changes.Batch(parts):
            return {"batch": [record_of(part) for part in parts]}
        case changes.AddSpan(value):
            return {"add_span": value}
        case changes.RemoveSpan(value):
            return {"remove_span": value}
        case changes.AddRelation(relation):
            return {"add_relation": relation}
        case changes.RemoveRelation(relation):
            return {"remove_relation": relation}
        case changes.ReplaceSpan():
            return {"replace_span": change}
        case changes.SetStatus():
            return {"set_status": change}
        case changes.SetNote():
            return {"set_note": change}
    raise TypeError(f"{change!r} is no change that a history knows")
