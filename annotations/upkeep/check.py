"""Whether all of a store is sound: each layer against its article, and everything beside them.

A *fault* is something that loses or hides work, or may; a *note* is worth knowing. What can be
repaired is, when asked, without ever overwriting: damaged files get another name, and spans of a
text that has changed are found again and suggested.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotations.corpus.corpus import Corpus
from annotations.corpus.sources import BadFile, Entry
from annotations.disk.files import TEMPORARY, is_stale
from annotations.errors import HashiyaError, StoreError
from annotations.library.index import damage_of, remove_index
from annotations.model.layer import Document, Layer, faults_of
from annotations.model.scheme import DEFAULT_SCHEME, Scheme
from annotations.store.belonging import head_of
from annotations.store.journal import read_journal
from annotations.store.layer_file import ConflictedLayerError, NewerLayerError, layer_from_tables
from annotations.store.locks import held_path, read_holder
from annotations.store.store import MisplacedLayerError, Store
from annotations.store.suggestions import propose_layer
from annotations.team.assignment import FILE as ASSIGNMENT
from annotations.team.assignment import read_assignment
from annotations.upkeep.reanchoring import find_again

Repair = Callable[[], str]
"""Mends a fault and says what was done; raises StoreError if it can't."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found."""

    where: str
    what: str
    is_fault: bool = True
    repair: Repair | None = None


@dataclass(slots=True)
class Checked:
    """How much a check has looked at."""

    articles: int = 0
    layers: int = 0
    spans: int = 0
    histories: int = 0


class Check:
    """A check of a corpus and its store.

    Args:
        store: The store.
        corpus: The articles.
        index: Where the index of the one who asks is.
    """

    def __init__(self, store: Store, corpus: Corpus, index: Path) -> None:
        self.store = store
        self.corpus = corpus
        self.index = index
        self.checked = Checked()
        self._scheme: Scheme = DEFAULT_SCHEME
        self._entries: dict[str, Entry] = {}
        self._shas: dict[str, str] = {}
        self._by_sha: dict[str, list[str]] = {}
        self._own: set[tuple[str, str]] = set()
        self._given: dict[tuple[str, str], Path] = {}

    def findings(self) -> Iterator[Finding]:
        """Look at everything, one thing after the other."""
        yield from self._check_scheme()
        yield from self._check_articles()
        paths = list(self.store.layer_paths())
        self._find_own(paths)
        for path in paths:
            yield from self._check_layer(path)
        yield from self._check_suggestions()
        yield from self._check_histories()
        yield from self._check_leftovers()
        yield from self._check_locks()
        yield from self._check_assignment()
        yield from self._check_index()

    def _check_scheme(self) -> Iterator[Finding]:
        try:
            self._scheme = self.store.scheme()
        except HashiyaError as error:
            yield Finding(str(self.store.scheme_path), str(error))

    def _check_articles(self) -> Iterator[Finding]:
        for listed in self.corpus.entries():
            if isinstance(listed, BadFile):
                yield Finding(listed.file, listed.reason)
                continue
            try:
                document = self.corpus.read(listed)
            except HashiyaError as error:
                yield Finding(listed.file, str(error))
                continue
            self.checked.articles += 1
            self._entries[document.id] = listed
            self._shas[document.id] = document.sha256
            same = self._by_sha.setdefault(document.sha256, [])
            same.append(document.id)
            if len(same) == 2:
                what = f"It has the same text as {same[0]}."
                yield Finding(document.id, what, is_fault=False)

    def _check_layer(self, path: Path) -> Iterator[Finding]:
        where = path.relative_to(self.store.root).as_posix()
        self.checked.layers += 1
        try:
            tables = self.store.tables_at(path)
            rows = [dict(row) for row in tables.get("spans", {}).values()]
            layer = layer_from_tables(tables, path)
            self.store.check_owner(layer, path)
        except (ConflictedLayerError, NewerLayerError, MisplacedLayerError) as error:
            yield Finding(where, str(error))
            return
        except (StoreError, TypeError, ValueError, AttributeError) as error:
            repair = self._set_aside(path, "damaged")
            yield Finding(where, str(error), repair=repair)
            return
        self.checked.spans += len(layer.spans)
        document = self._document_of(layer, path.parents[1].name)
        if document is None:
            if not self.corpus.is_single:
                yield self._orphan(where, path, layer, rows)
            return
        if document.id != layer.document_id:
            what = f"It was made for {layer.document_id} and belongs to {document.id} by its text."
            yield Finding(where, what, is_fault=False)
        key = (document.id, layer.annotator)
        other = self._given.setdefault(key, path)
        if other != path:
            yield Finding(where, f"{layer.annotator} has another layer of this text: {other}.")
        for fault in self._faults(layer, rows, document):
            yield Finding(where, f"In {document.id}: {fault}.")

    def _find_own(self, paths: list[Path]) -> None:
        """Note which articles have a layer of their id and text; others are found by their text."""
        for path in paths:
            name, sha256 = head_of(path)
            if sha256 and self._shas.get(name) == sha256:
                self._own.add((name, path.parents[1].name))

    def _document_of(self, layer: Layer, folder: str) -> Document | None:
        """Read the article that a layer belongs to: of its id, or else of its text."""
        name = layer.document_id
        if self._shas.get(name) != layer.text_sha256:
            same = self._by_sha.get(layer.text_sha256, [])
            free = (
                other
                for other in same
                if (other, folder) not in self._own and (other, layer.annotator) not in self._given
            )
            name = next(free, "")
        entry = self._entries.get(name)
        return self.corpus.read(entry) if entry else None

    def _faults(
        self, layer: Layer, rows: list[dict[str, Any]], document: Document
    ) -> Iterator[str]:
        yield from faults_of(layer, document.text, self._scheme)
        for row in rows:
            covered = document.text[row["start"] : row["end"]]
            if row.get("text", covered) != covered:
                yield f"span {row['id']} notes {row['text']!r}, but the text has {covered!r}"
        seen = set()
        for span in layer.spans:
            key = (span.start, span.end, span.label)
            if key in seen:
                yield f"span {span.id} stands there twice as {span.label}"
            seen.add(key)

    def _orphan(self, where: str, path: Path, layer: Layer, rows: list[dict[str, Any]]) -> Finding:
        """Tell of a layer whose text is nowhere: its article was changed, or is gone."""
        entry = self._entries.get(layer.document_id)
        if entry is None:
            what = f"Its article {layer.document_id} is not in the corpus"
            return Finding(where, f"{what} ({len(layer.spans)} spans).")
        document = self.corpus.read(entry)
        found = find_again(layer, rows, document)
        what = (
            f"The text of {layer.document_id} has changed since; {len(found.layer.spans)} of "
            f"{len(layer.spans)} spans stand in the new text too."
        )

        def repair() -> str:
            lock = self.store.lock(layer.document_id, layer.annotator)
            try:
                propose_layer(self.store, document, found.layer)
                aside = self.store.move_aside(path, f"text-{layer.text_sha256[:12]}")
            finally:
                lock.release()
            lost = ", ".join(span.id for span in found.lost)
            return (
                f"{len(found.layer.spans)} spans are suggested for the new text, which "
                f"{layer.annotator} reviews with o; the old layer is kept as {aside.name}"
                + (f"; not found: {lost}." if lost else ".")
            )

        return Finding(where, what, repair=repair)

    def _set_aside(self, path: Path, why: str, store: Store | None = None) -> Repair:
        kept_in = store or self.store

        def repair() -> str:
            lock = kept_in.lock_at(path, "hashiya check")
            try:
                return f"Set aside as {kept_in.move_aside(path, why).name}."
            finally:
                lock.release()

        return repair

    def _check_suggestions(self) -> Iterator[Finding]:
        for path, found in self.store.suggestions.layers():
            if isinstance(found, StoreError):
                where = path.relative_to(self.store.root).as_posix()
                repair = self._set_aside(path, "damaged", self.store.suggestions)
                yield Finding(where, str(found), repair=repair)

    def _check_histories(self) -> Iterator[Finding]:
        for path in sorted((self.store.root / "history").glob("*/*/*.jsonl")):
            where = path.relative_to(self.store.root).as_posix()
            self.checked.histories += 1
            try:
                damaged = read_journal(path).damaged
            except OSError as error:
                yield Finding(where, f"It can't be read: {error.strerror or error}.")
                continue
            *_, annotator, part, name = path.parts
            layer = self.store.root / "layers" / annotator / part / name.removesuffix("l")
            if not layer.exists() and annotator == annotator.lower():
                yield Finding(where, "Its layer is gone.", is_fault=False)
            if damaged:
                lines = ", ".join(map(str, damaged[:8]))
                repair = self._set_aside_history(path)
                yield Finding(where, f"Damaged in line {lines}.", repair=repair)

    def _set_aside_history(self, path: Path) -> Repair:
        def repair() -> str:
            layer = path.with_name(path.name.removesuffix(".jsonl") + ".json")
            lock = self.store.lock_at(layer, "hashiya check")
            try:
                aside = self.store.move_aside(path, "damaged").name
            finally:
                lock.release()
            return f"Set aside as {aside}; what was done before can't be undone any more."

        return repair

    def _check_leftovers(self) -> Iterator[Finding]:
        for path in sorted(self.store.root.rglob(f".*{TEMPORARY}")):
            where = path.relative_to(self.store.root).as_posix()
            if is_stale(path):
                what = "It was left by a writer that was killed."
                yield Finding(where, what, repair=self._remove(path))
            else:
                yield Finding(where, "It is being written.", is_fault=False)
        for pattern in ("*.damaged-*", "*.text-*", "*.conflict-*"):
            for path in sorted(self.store.root.rglob(pattern)):
                where = path.relative_to(self.store.root).as_posix()
                yield Finding(where, "It was set aside.", is_fault=False)

    @staticmethod
    def _remove(path: Path, remove: Callable[[Path], None] = Path.unlink) -> Repair:
        def repair() -> str:
            try:
                with suppress(FileNotFoundError):
                    remove(path)
            except OSError as error:
                raise StoreError(f"It can't be removed: {error.strerror or error}.") from error
            return "Removed."

        return repair

    def _check_locks(self) -> Iterator[Finding]:
        for path in sorted((self.store.root / "locks").rglob("*.lock")):
            held = held_path(path)
            holder = read_holder(held if held.exists() else path)
            where = path.relative_to(self.store.root).as_posix()
            if held.exists() and (holder is None or holder.is_gone):
                yield Finding(where, "Its holder is gone.", repair=self._remove(held))
            elif holder is not None and not holder.is_gone:
                yield Finding(where, f"Open: {holder.told}.", is_fault=False)

    def _check_assignment(self) -> Iterator[Finding]:
        try:
            dealt = read_assignment(self.store.root)
        except StoreError as error:
            yield Finding(ASSIGNMENT, str(error))
            return
        gone = [name for name in dealt.articles if name not in self._shas]
        if gone:
            what = f"{len(gone)} articles were dealt that are not in the corpus, such as {gone[0]}."
            yield Finding(ASSIGNMENT, what, is_fault=False)

    def _check_index(self) -> Iterator[Finding]:
        damage = damage_of(self.index)
        if damage:
            repair = self._remove(self.index, remove_index)
            yield Finding(str(self.index), f"The index is damaged ({damage}).", repair=repair)
