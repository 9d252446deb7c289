"""Whether all of a store is sound: each layer against its article, and everything beside them.

A *fault* is something that loses or hides work, or may; a *note* is worth knowing. What can be
repaired is, when asked, without ever overwriting: damaged files get another name, and spans of a
text that has changed are found again and suggested.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from annotations.corpus.corpus import Corpus
from annotations.corpus.sources import BadFile, Entry, TextFolder
from annotations.disk.files import is_taken, remove_file
from annotations.disk.folders import walk
from annotations.disk.replacing import TEMPORARY, is_stale
from annotations.disk.transaction import Transaction
from annotations.errors import HashiyaError, StoreError, reason_of
from annotations.library.index import damage_of, remove_index
from annotations.model.layer import Document, Layer, faults_of
from annotations.model.scheme import DEFAULT_SCHEME, Scheme
from annotations.store.aside import free_name_beside
from annotations.store.belonging import Article, Belonging, Kept, belonging, belongings_of
from annotations.store.journal import read_journal
from annotations.store.layer_file import (
    ConflictedLayerError,
    NewerLayerError,
    SpanRow,
    Stored,
)
from annotations.store.layer_path import LayerPath, history_paths, layer_paths
from annotations.store.location import home
from annotations.store.locks import held_path, read_holder
from annotations.store.store import MisplacedLayerError, Store
from annotations.store.suggestions import propose_layer
from annotations.team.assignment import FILE as ASSIGNMENT
from annotations.team.assignment import read_assignment
from annotations.team.flags import Flag, flag_of
from annotations.upkeep.oddities import links_out, oddities
from annotations.upkeep.reanchoring import find_again
from annotations.upkeep.waiting import waiting

Repair = Callable[[Transaction], str]
"""Mends a fault, together with all others, and returns what was done; raises StoreError if it
can't."""
_WHO = "hashiya check"
_ASIDE = (".damaged-", ".text-", ".conflict-")
"""What the names of files say that were set aside."""


class Finding(Struct, frozen=True):
    """Something that a check found."""

    where: str
    what: str
    is_fault: bool = True
    repair: Repair | None = None


class Checked(Struct):
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
        index: Where the index of the user is.
    """

    def __init__(self, store: Store, corpus: Corpus, index: Path) -> None:
        self.store = store
        self.corpus = corpus
        self.index = index
        self.checked = Checked()
        self._scheme: Scheme = DEFAULT_SCHEME
        self._entries: dict[str, Entry] = {}
        self._articles: list[Article] = []
        self._flags: list[Flag] = []

    def findings(self) -> Iterator[Finding]:
        """Check everything, one thing after the other."""
        yield from self._check_unfinished()
        yield from self._check_scheme()
        yield from self._check_articles()
        yield from self._check_layers()
        yield from self._check_suggestions()
        yield from self._check_histories()
        yield from self._check_leftovers()
        yield from self._check_oddities()
        yield from self._check_locks()
        yield from self._check_assignment()
        for item in waiting(self.store.root, self._flags):
            yield Finding(item.where, item.what, is_fault=item.is_fault)
        yield from self._check_index()

    def _where(self, path: Path) -> str:
        return path.relative_to(self.store.root).as_posix()

    def _check_unfinished(self) -> Iterator[Finding]:
        """Name what was begun elsewhere and has not ended; what was begun here is finished."""

        def repair(_: Transaction) -> str:
            return "It is finished before all else."

        for host in self.store.together.begun_elsewhere():
            what = f"Many layers began to be changed on {host}, and that has not ended."
            yield Finding("transactions", what, repair=repair)
        for path in self.store.together.odd_plans():
            what = "It is no plan that Hashiya made, and is not followed."
            yield Finding(self._where(path), what, repair=self._remove(path))

    def _check_scheme(self) -> Iterator[Finding]:
        try:
            self._scheme = self.store.scheme()
        except HashiyaError as error:
            yield Finding(str(self.store.scheme_path), str(error))

    def _check_articles(self) -> Iterator[Finding]:
        firsts: dict[str, str] = {}
        twice: set[str] = set()
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
            self._articles.append(Article(document.id, document.sha256))
            first = firsts.setdefault(document.sha256, document.id)
            if first != document.id and document.sha256 not in twice:
                twice.add(document.sha256)
                yield Finding(document.id, f"It has the same text as {first}.", is_fault=False)

    # Layers

    def _check_layers(self) -> Iterator[Finding]:
        sound: list[tuple[LayerPath, Kept]] = []
        unseen: list[str] = []
        for path in layer_paths(self.store.root, unseen=unseen):
            self.checked.layers += 1
            where = self._where(path.layer)
            try:
                stored = self._stored(path)
            except (ConflictedLayerError, NewerLayerError, MisplacedLayerError) as error:
                yield Finding(where, str(error))
                continue
            except StoreError as error:
                yield Finding(where, str(error), repair=self._set_aside(path, path.layer))
                continue
            layer = stored.layer
            kept = Kept(layer.annotator, layer.document_id, layer.text_sha256)
            sound.append((path, kept))
            self.checked.spans += len(layer.spans)
            self._flags += flag_of(layer)
        yield from (Finding("layers", sentence) for sentence in unseen)
        rule = self._rule([kept for _, kept in sound])
        for path, kept in sound:
            yield from self._check_layer(path, kept, rule)

    def _rule(self, layers: Sequence[Kept]) -> Belonging:
        whole = home(self.corpus, self.store)
        if whole is self.corpus:
            return belonging(self._articles, layers)
        answers = belongings_of(self.store, whole)
        here = {article.id for article in self._articles}
        article_of = {
            kept: name for kept in layers if (name := answers.article_of(kept)) in here and name
        }
        names = {(name, kept.annotator): kept.kept_as for kept, name in article_of.items()}
        return Belonging(article_of, names)

    def _stored(self, path: LayerPath) -> Stored:
        """Read a layer.

        Raises:
            StoreError: It can't be read, or has gone meanwhile.
        """
        stored = self.store.stored(path)
        if stored is None:
            raise StoreError(f"{path} is gone.")
        return stored

    def _check_layer(self, path: LayerPath, kept: Kept, rule: Belonging) -> Iterator[Finding]:
        where = self._where(path.layer)
        try:
            stored = self._stored(path)
        except StoreError as error:
            yield Finding(where, str(error))
            return
        layer = stored.layer
        name = rule.article_of.get(kept)
        if name is None:
            if not self.corpus.is_single:
                yield self._orphan(where, path, stored)
            return
        if name != layer.document_id:
            what = f"It was made for {layer.document_id} and belongs to {name} by its text."
            yield Finding(where, what, is_fault=False)
        document = self.corpus.read(self._entries[name])
        for fault in self._faults(layer, stored.rows, document):
            yield Finding(where, f"In {document.id}: {fault}.")

    def _faults(self, layer: Layer, rows: Sequence[SpanRow], document: Document) -> Iterator[str]:
        yield from (fault.says for fault in faults_of(layer, document.text, self._scheme))
        for row in rows:
            covered = document.text[row.start : row.end]
            if row.text not in ("", covered):
                yield f"span {row.id} notes {row.text!r}, but the text has {covered!r}"
        seen = set()
        for span in layer.spans:
            key = (span.start, span.end, span.label)
            if key in seen:
                yield f"span {span.id} stands there twice as {span.label}"
            seen.add(key)

    def _orphan(self, where: str, path: LayerPath, stored: Stored) -> Finding:
        """Describe a layer that is nobody's: its article was changed, or is gone."""
        layer = stored.layer
        same = [name for name, sha256 in self._articles if sha256 == layer.text_sha256]
        if same:
            what = f"{layer.annotator} has another layer of this text, that of {same[0]}."
            return Finding(where, what)
        entry = self._entries.get(layer.document_id)
        if entry is None:
            what = f"Its article {layer.document_id} is not in the corpus"
            return Finding(where, f"{what} ({len(layer.spans)} spans).")
        document = self.corpus.read(entry)
        found = find_again(layer, stored.rows, document)
        what = (
            f"The text of {layer.document_id} has changed since; {len(found.layer.spans)} of "
            f"{len(layer.spans)} spans stand in the new text too."
        )

        def repair(together: Transaction) -> str:
            lock = self.store.lock(layer.document_id, layer.annotator)
            together.until_end(lock.release)
            propose_layer(self.store, document, found.layer, together)
            why = f"text-{layer.text_sha256[:12]}"
            aside = free_name_beside(path.layer, why, self.store.now)
            together.set_aside(path.layer, aside)
            lost = ", ".join(span.id for span in found.lost)
            return (
                f"{len(found.layer.spans)} spans are suggested for the new text, which "
                f"{layer.annotator} finds when opening it; the old layer is kept as {aside.name}"
                + (f"; not found: {lost}." if lost else ".")
            )

        return Finding(where, what, repair=repair)

    # What is beside the layers

    def _check_suggestions(self) -> Iterator[Finding]:
        kept_in = self.store.suggestions
        for path, found in kept_in.layers():
            if isinstance(found, StoreError):
                repair = self._set_aside(path, path.layer, kept_in)
                yield Finding(self._where(path.layer), str(found), repair=repair)

    def _check_histories(self) -> Iterator[Finding]:
        unseen: list[str] = []
        for path in history_paths(self.store.root, unseen=unseen):
            where = self._where(path.history)
            self.checked.histories += 1
            try:
                damaged = read_journal(path.history).damaged
            except OSError as error:
                yield Finding(where, f"It can't be read: {reason_of(error)}.")
                continue
            if not is_taken(path.layer):
                yield Finding(where, "Its layer is gone.", is_fault=False)
            if damaged:
                lines = ", ".join(map(str, damaged[:8]))
                ending = "; what was done before can't be undone any more"
                repair = self._set_aside(path, path.history, ending=ending)
                yield Finding(where, f"Damaged in line {lines}.", repair=repair)

        yield from (Finding("history", sentence) for sentence in unseen)

    def _check_leftovers(self) -> Iterator[Finding]:
        aside: list[Path] = []
        for path, _ in walk(self.store.root):
            name = path.name
            if name.startswith(".") and name.endswith(TEMPORARY):
                if is_stale(path):
                    what = "It was left by a writer that was killed."
                    yield Finding(self._where(path), what, repair=self._remove(path))
                else:
                    yield Finding(self._where(path), "It is being written.", is_fault=False)
            elif any(word in name for word in _ASIDE):
                aside.append(path)
        for path in aside:
            yield Finding(self._where(path), "It was set aside.", is_fault=False)

    def _check_oddities(self) -> Iterator[Finding]:
        for odd in oddities(self.store.root):
            yield Finding(self._where(odd.path), odd.what, is_fault=odd.is_fault)
        if isinstance(self.corpus.source, TextFolder):
            for odd in links_out(self.corpus.path, self._entries.values()):
                where = odd.path.relative_to(self.corpus.path).as_posix()
                yield Finding(where, odd.what, is_fault=odd.is_fault)

    def _check_locks(self) -> Iterator[Finding]:
        for path, _ in walk(self.store.root / "locks"):
            if path.suffix != ".lock":
                continue
            held = held_path(path)
            has_file = is_taken(held)
            holder = read_holder(held if has_file else path)
            where = self._where(path)
            if has_file and (holder is None or holder.is_gone):
                yield Finding(where, "Its holder is gone.", repair=self._remove(held))
            elif holder is not None and not holder.is_gone:
                yield Finding(where, f"Open: {holder.sentence}.", is_fault=False)

    def _check_assignment(self) -> Iterator[Finding]:
        try:
            assignment = read_assignment(self.store.root)
        except StoreError as error:
            yield Finding(ASSIGNMENT, str(error))
            return
        gone = [name for name in assignment.articles if name not in self._entries]
        if gone:
            are = "article was" if len(gone) == 1 else "articles were"
            what = f"{len(gone)} {are} assigned that the corpus does not have, such as {gone[0]}."
            yield Finding(ASSIGNMENT, what, is_fault=False)

    def _check_index(self) -> Iterator[Finding]:
        damage = damage_of(self.index)
        if damage:
            repair = self._remove(self.index, remove_index)
            yield Finding(str(self.index), f"The index is damaged ({damage}).", repair=repair)

    # Repairs

    def _set_aside(
        self, path: LayerPath, file: Path, store: Store | None = None, *, ending: str = ""
    ) -> Repair:
        kept_in = store or self.store

        def repair(together: Transaction) -> str:
            lock = kept_in.lock_at(path, _WHO)
            together.until_end(lock.release)
            aside = free_name_beside(file, "damaged", kept_in.now)
            together.set_aside(file, aside)
            return f"Set aside as {aside.name}{ending}."

        return repair

    @staticmethod
    def _remove(path: Path, remove: Callable[[Path], None] = remove_file) -> Repair:
        def repair(_: Transaction) -> str:
            try:
                with suppress(FileNotFoundError):
                    remove(path)
            except OSError as error:
                raise StoreError(f"It can't be removed: {reason_of(error)}.") from error
            return "Removed."

        return repair
