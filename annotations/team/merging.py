"""Putting two versions of a layer together that git could not: one annotator on two machines.

A layer file has a row a line, so each side of a conflict is a layer file of its own. What both
sides say stays; what only one says was added there or removed on the other, which the common
version tells if git has written it, and otherwise a person.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from annotations.disk.files import read_file
from annotations.disk.transaction import Transaction
from annotations.errors import StoreError, reason_of
from annotations.model.changes import difference
from annotations.model.layer import Document, Layer, Relation, Span, Status
from annotations.store.aside import free_name_beside
from annotations.store.journal import Step
from annotations.store.layer_file import UnreadableLayerError, layer_of
from annotations.store.layer_path import LayerPath
from annotations.store.store import Store

Side: TypeAlias = Literal["ours", "theirs"]
Chosen: TypeAlias = Mapping[tuple[Span, Side], bool]
"""Of each span that only one side has, whether it stays."""

_OURS: Final = b"<<<<<<< "
_BASE: Final = b"||||||| "
_MIDDLE: Final = b"======="
_THEIRS: Final = b">>>>>>> "
_ATTENTION: Final[tuple[Status, ...]] = ("flagged", "done", "skipped", "in_progress", "new")
_Key: TypeAlias = tuple[int, int, str, str]


class Conflict(Struct, frozen=True):
    """Two versions of a layer, and the one they came from if that is known."""

    path: LayerPath
    ours: Layer
    theirs: Layer
    base: Layer | None

    def undecided(self) -> list[tuple[Span, Side]]:
        """List the spans that only one side has and of which nothing else is known."""
        if self.base is not None:
            return []
        ours, theirs = _by_key(self.ours), _by_key(self.theirs)
        found: list[tuple[Span, Side]] = [
            (span, "ours") for key, span in ours.items() if key not in theirs
        ]
        found += [(span, "theirs") for key, span in theirs.items() if key not in ours]
        return sorted(found, key=lambda item: item[0].reading_order)


def split_conflict(content: bytes) -> tuple[bytes, bytes, bytes | None]:
    """Undo what git wrote into a file: return our side, their side, and the common one if given."""
    sides: dict[str, list[bytes]] = {"ours": [], "theirs": [], "base": []}
    now = ""
    has_base = False
    for line in content.splitlines(keepends=True):
        if line.startswith(_OURS):
            now = "ours"
        elif now == "ours" and line.startswith(_BASE):
            now, has_base = "base", True
        elif now in ("ours", "base") and line.rstrip() == _MIDDLE:
            now = "theirs"
        elif now == "theirs" and line.startswith(_THEIRS):
            now = ""
        else:
            for name in (now,) if now else sides:
                sides[name].append(line)
    base = b"".join(sides["base"]) if has_base else None
    return b"".join(sides["ours"]), b"".join(sides["theirs"]), base


def read_conflict(path: LayerPath) -> Conflict:
    """Read both sides of a layer file.

    Raises:
        StoreError: It can't be read, or a side is no layer.
    """
    try:
        ours, theirs, base = split_conflict(read_file(path.layer))
    except OSError as error:
        raise StoreError(f"{path} can't be read: {reason_of(error)}.") from error
    our, their = _side(path, "our", ours), _side(path, "their", theirs)
    if our.text_sha256 != their.text_sha256:
        raise StoreError(
            f"{path}: the two sides annotate different texts of {our.document_id}.",
            "Choose one with git checkout --ours or --theirs; hashiya check helps with the other.",
        )
    try:
        common = _side(path, "common", base) if base is not None else None
    except StoreError:
        common = None  # then a person decides
    return Conflict(path, our, their, common)


def _side(path: LayerPath, name: str, content: bytes) -> Layer:
    try:
        return layer_of(content, path.layer)
    except UnreadableLayerError as error:
        raise StoreError(f"{path}: {name} side of the conflict is no layer ({error}).") from error


def merged(conflict: Conflict, chosen: Chosen) -> Layer:
    """Merge the sides.

    Args:
        conflict: The sides.
        chosen: What becomes of those that are `undecided`.

    Returns:
        The layer; its revision is the higher one.
    """
    ours, theirs = _by_key(conflict.ours), _by_key(conflict.theirs)
    base = None if conflict.base is None else _by_key(conflict.base)
    layer = replace(conflict.ours, spans=(), relations=(), status=_status(conflict))
    layer = replace(layer, revision=max(conflict.ours.revision, conflict.theirs.revision))
    if conflict.theirs.note not in conflict.ours.note:
        notes = (conflict.ours.note, conflict.theirs.note)
        layer = replace(layer, note=" / ".join(note for note in notes if note))
    names: dict[_Key, str] = {}
    taken: set[str] = set()
    free = _free_ids(conflict, "s")
    spans: list[Span] = []
    for key in [*ours, *(key for key in theirs if key not in ours)]:
        span = ours.get(key) or theirs[key]
        if (key in ours) != (key in theirs):
            side: Side = "ours" if key in ours else "theirs"
            if not (chosen[span, side] if base is None else key not in base):
                continue
        if span.id in taken:
            span = replace(span, id=next(free))
        taken.add(span.id)
        names[key] = span.id
        spans.append(span)
    free = _free_ids(conflict, "r")
    relations: list[Relation] = []
    for relation in _relations(conflict, names):
        kept = replace(relation, id=next(free)) if relation.id in taken else relation
        taken.add(kept.id)
        relations.append(kept)
    return layer.with_spans(spans).with_relations(relations)


def _free_ids(conflict: Conflict, prefix: str) -> Iterator[str]:
    """Make ids that neither side has."""
    both = conflict.ours.with_spans((*conflict.ours.spans, *conflict.theirs.spans))
    both = both.with_relations((*both.relations, *conflict.theirs.relations))
    return both.free_ids(prefix)


def _status(conflict: Conflict) -> Status:
    """Return the status that one side has set; of two the one that asks for more attention."""
    ours, theirs, base = conflict.ours.status, conflict.theirs.status, conflict.base
    if base is not None and base.status in (ours, theirs):
        return theirs if ours == base.status else ours
    return min(ours, theirs, key=_ATTENTION.index)


def _relations(conflict: Conflict, names: dict[_Key, str]) -> list[Relation]:
    """List the relations of both sides between spans that stay; one that a side removed goes."""

    def of(layer: Layer | None) -> dict[tuple[str, _Key, _Key], Relation]:
        if layer is None:
            return {}
        spans = {span.id: _key(span) for span in layer.spans}
        return {(item.type, spans[item.head], spans[item.child]): item for item in layer.relations}

    ours, theirs, base = of(conflict.ours), of(conflict.theirs), of(conflict.base)
    found: list[Relation] = []
    for key, relation in {**theirs, **ours}.items():
        _, head, child = key
        removed = key in base and not (key in ours and key in theirs)
        if head in names and child in names and not removed:
            found.append(replace(relation, head=names[head], child=names[child]))
    return found


def _key(span: Span) -> _Key:
    return (span.start, span.end, span.label, span.note)


def _by_key(layer: Layer) -> dict[_Key, Span]:
    return {_key(span): span for span in layer.spans}


def save_merged(
    store: Store,
    conflict: Conflict,
    layer: Layer,
    document: Document | None,
    together: Transaction,
) -> Path:
    """Write a merged layer, with the conflicted file kept under another name.

    Args:
        store: Where it is.
        conflict: Both sides.
        layer: What came of them.
        document: Its article, if it is there.
        together: What else is merged with it.

    Returns:
        The conflicted file, once all is done.

    Raises:
        StoreError: Somebody has it open, or it can't be written.
    """
    change = difference(conflict.ours, layer)
    steps = [Step.now("merge", change, layer)] if change else []
    text = document.text if document else None
    lock = store.lock_at(conflict.path, layer.annotator)
    try:
        aside = free_name_beside(conflict.path.layer, "conflict", store.now)
        store.save(layer, steps, text, lock=lock, within=together, aside=aside)
    finally:
        lock.release()
    return aside
