"""Choosing layers for export: in the order of the corpus, then by annotator.

A layer belongs to the article of its id; if that has another text now, to the article that has
its text. Those found by their text come last.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from annotations.corpus.corpus import Corpus
from annotations.corpus.sources import BadFile, Entry
from annotations.disk.names import file_name, old_file_name, shard
from annotations.errors import CorpusError, StoreError
from annotations.model.layer import Document, Kind, Layer, Status
from annotations.store.checkout import changed_text_message
from annotations.store.store import Store

Pair: TypeAlias = tuple[Document, Layer]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which layers; what is empty excludes nothing."""

    annotators: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    kinds: tuple[Kind, ...] = ()
    since: str = ""
    """Those saved at this time or later, as ISO 8601 in UTC says it."""

    def takes(self, layer: Layer) -> bool:
        """Tell whether a layer is wanted, by whomever it is."""
        return (
            (not self.statuses or layer.status in self.statuses)
            and (not self.kinds or layer.kind in self.kinds)
            and (not self.since or layer.saved_at >= self.since)
        )


@dataclass(frozen=True, slots=True)
class Task:
    """An article and the layer files under its id, by the folder of their annotator."""

    entry: Entry
    paths: tuple[tuple[str, Path], ...]


@dataclass(slots=True)
class Haul:
    """What was found while layers were read."""

    left_out: list[str] = field(default_factory=list)
    """A sentence for each layer that can't be exported."""
    bad_files: list[BadFile] = field(default_factory=list)
    strays: list[tuple[str, Path]] = field(default_factory=list)
    """Layers of other texts than their article's, by the hash of theirs."""
    undated: int = 0
    """Layers that don't tell when they were saved, where that was asked for."""
    given: set[tuple[str, str]] = field(default_factory=set)
    """Articles and annotators' folders that were given."""

    def merge(self, other: "Haul") -> None:
        """Take in what another part found."""
        self.left_out += other.left_out
        self.bad_files += other.bad_files
        self.strays += other.strays
        self.given |= other.given
        self.undated += other.undated


class Selection:
    """Layers chosen for export, one after the other.

    Args:
        store: Where the layers are.
        corpus: The documents; layers of others are left out, and said so.
        wanted: Which layers.

    Raises:
        StoreError: One of the annotators named has no layer.
    """

    def __init__(self, store: Store, corpus: Corpus, wanted: Wanted | None = None) -> None:
        self.store = store
        self.corpus = corpus
        self.wanted = wanted or Wanted()
        self.haul = Haul()
        """Complete after the last layer was given."""
        self._folders: dict[str, dict[str, Path]] = {}
        for path in store.layer_paths():
            *_, folder, part, name = path.parts
            self._folders.setdefault(folder, {})[f"{part}/{name}"] = path
        if self.wanted.annotators:
            self._keep_only(self.wanted.annotators)
        self.size = sum(map(len, self._folders.values()))
        """How many layer files there are to be looked at."""

    def _keep_only(self, annotators: Collection[str]) -> None:
        wanted: set[str] = set()
        for name in annotators:
            found = {file_name(name), old_file_name(name)} & self._folders.keys()
            if not found:
                known = ", ".join(sorted(self._names())) or "none"
                raise StoreError(f"There is no layer by {name}; there are those of: {known}.")
            wanted |= found
        self._folders = {name: self._folders[name] for name in sorted(wanted)}

    def _names(self) -> set[str]:
        """Read what the annotators are called."""
        names = set()
        for paths in self._folders.values():
            for path in paths.values():
                try:
                    names.add(self.store.layer_at(path).annotator)
                except StoreError:
                    continue
                break
        return names

    def __iter__(self) -> Iterator[Pair]:
        for task in self.tasks():
            yield from self.load(task, self.haul)
        yield from self.rest()

    def tasks(self) -> Iterator[Task]:
        """List the articles that have layers under their id; each once, in a single pass."""
        for listed in self.corpus.entries():
            if isinstance(listed, BadFile):
                self.haul.bad_files.append(listed)
                continue
            found = self._take(listed.id)
            if found:
                yield Task(listed, tuple(found))

    def load(self, task: Task, haul: Haul) -> Iterator[Pair]:
        """Read the layers of an article, keeping back those of another text.

        Args:
            task: The article and its layer files.
            haul: Where to note what can't be given.
        """
        try:
            document = self.corpus.read(task.entry)
        except CorpusError as error:
            haul.bad_files.append(BadFile(task.entry.file, error.message))
            haul.left_out += [
                f"Left out: {path}. Its article can't be read." for _, path in task.paths
            ]
            return
        for folder, path in task.paths:
            layer = self._layer(path, haul)
            if layer and layer.text_sha256 == document.sha256:
                haul.given.add((document.id, folder))
                yield from self._wanted(document, layer, haul)
            elif layer:
                haul.strays.append((layer.text_sha256, path))

    def rest(self) -> Iterator[Pair]:
        """Give the layers whose articles were renamed or moved; name those that have none."""
        haul = self.haul
        if not self.corpus.is_single:  # the store of its folder holds those of others too
            for path in [path for paths in self._folders.values() for path in paths.values()]:
                layer = self._layer(path, haul)
                if layer is not None:
                    haul.strays.append((layer.text_sha256, path))
        if haul.strays:
            yield from self._by_text(haul)

    def _by_text(self, haul: Haul) -> Iterator[Pair]:
        strays: dict[str, list[Path]] = {}
        for sha256, path in haul.strays:
            strays.setdefault(sha256, []).append(path)
        for document in self.corpus.documents():
            for path in strays.pop(document.sha256, []):
                folder = path.parents[1].name
                layer = self._layer(path, haul)
                if (document.id, folder) in haul.given or layer is None:
                    strays.setdefault(document.sha256, []).append(path)
                    continue
                haul.given.add((document.id, folder))
                yield from self._wanted(document, layer, haul)
        for path in [path for paths in strays.values() for path in paths]:
            layer = self._layer(path, haul)
            if layer is not None:
                haul.left_out.append(f"Left out: {path}. {self._reason(layer)}")

    def _wanted(self, document: Document, layer: Layer, haul: Haul) -> Iterator[Pair]:
        if self.wanted.takes(layer):
            yield document, layer
        elif self.wanted.since and not layer.saved_at:
            haul.undated += 1

    def _take(self, document_id: str) -> list[tuple[str, Path]]:
        """Take the layer files of an article out of those that are left, by annotator."""
        part = shard(document_id)
        names = {f"{part}/{made(document_id)}.json" for made in (file_name, old_file_name)}
        return [
            (folder, paths.pop(name))
            for folder, paths in self._folders.items()
            for name in names
            if name in paths
        ]

    def _layer(self, path: Path, haul: Haul) -> Layer | None:
        try:
            return self.store.layer_at(path)
        except StoreError as error:
            haul.left_out.append(f"Left out: {error}")
            return None

    def _reason(self, layer: Layer) -> str:
        document = self.corpus.document(layer.document_id)
        if document is None:
            return f"It annotates {layer.document_id}, which is not in the corpus."
        if document.sha256 == layer.text_sha256:
            return f"Another layer of {layer.annotator} is that of {document.id} already."
        return changed_text_message(document, layer)
