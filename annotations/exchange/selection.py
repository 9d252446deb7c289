"""Choosing layers for export: in the order of the corpus, then by annotator.

Layers whose articles were renamed or moved (`store.belonging`) come last.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct, field

from annotations.corpus.corpus import Corpus
from annotations.corpus.sources import BadFile, Entry
from annotations.disk.names import file_name
from annotations.errors import CorpusError, StoreError
from annotations.model.layer import Document, Kind, Layer, Status, is_name
from annotations.store.belonging import Article, Kept, belonging, belongings_of
from annotations.store.checkout import changed_text_message
from annotations.store.layer_path import LayerPath, layer_paths
from annotations.store.location import home
from annotations.store.store import Store

Pair: TypeAlias = tuple[Document, Layer]


class Wanted(Struct, frozen=True):
    """Which layers; what is empty excludes nothing."""

    annotators: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    kinds: tuple[Kind, ...] = ()
    since: str = ""
    """Those saved at this time or later, as ISO 8601 in UTC says it."""

    def takes(self, layer: Layer) -> bool:
        """Return whether a layer is wanted, whoever made it."""
        return (
            (not self.statuses or layer.status in self.statuses)
            and (not self.kinds or layer.kind in self.kinds)
            and (not self.since or layer.saved_at >= self.since)
        )


class Task(Struct, frozen=True):
    """An article and the layers that are kept under its id."""

    entry: Entry
    paths: tuple[LayerPath, ...]


class Stray(Struct, frozen=True):
    """A layer that is not of the text of the article of its id."""

    kept: Kept
    path: LayerPath


class Haul(Struct):
    """What was met while layers were read."""

    left_out: list[str] = field(default_factory=list)
    """A sentence for each layer that can't be exported."""
    bad_files: list[BadFile] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    undated: int = 0
    """Layers that don't tell when they were saved, where that was asked for."""

    def merge(self, other: "Haul") -> None:
        """Add what another part met."""
        self.left_out += other.left_out
        self.bad_files += other.bad_files
        self.strays += other.strays
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
        self._left: dict[str, dict[str, LayerPath]] = {}
        """Layers that were not given yet, by the folder of their annotator and their key."""
        unseen: list[str] = []
        for path in layer_paths(store.root, unseen=unseen):
            self._left.setdefault(path.folder, {})[path.key] = path
        self.haul.left_out += [f"Left out: {told}" for told in unseen]
        if self.wanted.annotators:
            self._keep_only(self.wanted.annotators)
        self.size = sum(map(len, self._left.values()))
        """How many layer files there are to be looked at."""

    def _keep_only(self, annotators: Collection[str]) -> None:
        for name in annotators:
            if not is_name(name) or file_name(name) not in self._left:
                known = ", ".join(sorted(self._names())) or "none"
                raise StoreError(f"There is no layer by {name}; there are those of: {known}.")
        self._left = {name: self._left[name] for name in sorted(map(file_name, annotators))}

    def _names(self) -> set[str]:
        """Read what the annotators are called."""
        return {self._annotator(name, paths.values()) for name, paths in self._left.items()}

    def __iter__(self) -> Iterator[Pair]:
        for task in self.tasks():
            yield from self.load(task, self.haul)
        yield from self.rest()

    def tasks(self) -> Iterator[Task]:
        """List the articles that have layers under their id; each once, in a single pass."""
        for entry in self.corpus.articles(self.haul.bad_files):
            key = LayerPath.of(self.store.root, entry.id, "").key
            found = [paths.pop(key) for paths in self._left.values() if key in paths]
            if found:
                yield Task(entry, tuple(found))

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
                f"Left out: {path}. Its article can't be read." for path in task.paths
            ]
            return
        for path in task.paths:
            layer = self._layer(path, haul)
            if layer and layer.text_sha256 == document.sha256:
                yield from self._chosen(document, layer, haul)
            elif layer:
                haul.strays.append(Stray(_kept(layer), path))

    def rest(self) -> Iterator[Pair]:
        """Yield the layers whose articles were renamed or moved; name those that have none."""
        if self.corpus.is_single:
            yield from self._renamed_single()
            return
        for path in [path for paths in self._left.values() for path in paths.values()]:
            layer = self._layer(path, self.haul)
            if layer is not None:
                self.haul.strays.append(Stray(_kept(layer), path))
        if self.haul.strays:
            yield from self._by_text()

    def _renamed_single(self) -> Iterator[Pair]:
        """Yield the layers of the one article that are kept under another name.

        The store of its folder holds those of others too, which are not asked for.
        """
        rule = belongings_of(self.store, home(self.corpus, self.store))
        for document in self.corpus.documents():
            for folder, paths in self._left.items():
                annotator = self._annotator(folder, paths.values())
                name = rule.kept_as(document, annotator)
                path = paths.get(self.store.path(name, annotator).key)
                layer = self._layer(path, self.haul) if path and name != document.id else None
                if layer and layer.text_sha256 == document.sha256:
                    yield from self._chosen(document, layer, self.haul)

    def _annotator(self, folder: str, paths: Iterable[LayerPath]) -> str:
        """Return the name of the annotator of a folder, as the first sound layer tells it."""
        for path in paths:
            try:
                return self.store.layer_at(path).annotator
            except StoreError:
                continue
        return folder

    def _by_text(self) -> Iterator[Pair]:
        """Yield the strays, each with the article that it belongs to."""
        strays = self.haul.strays
        texts = {stray.kept.sha256 for stray in strays}
        articles: list[Article] = []
        entries: dict[str, Entry] = {}
        for entry in self.corpus.articles():
            try:
                document = self.corpus.read(entry)
            except CorpusError:
                continue
            if document.sha256 in texts:
                articles.append(Article(document.id, document.sha256))
                entries[document.id] = entry
        paths = {stray.kept: stray.path for stray in strays}
        annotators = sorted({kept.annotator for kept in paths})
        rule = belonging(articles, {*paths, *self._own(articles)})
        for article in articles:
            for annotator in annotators:
                name = rule.kept_as.get((article.id, annotator))
                path = paths.pop(Kept(annotator, name, article.sha256), None) if name else None
                layer = self._layer(path, self.haul) if path else None
                if layer is not None:
                    document = self.corpus.read(entries[article.id])
                    yield from self._chosen(document, layer, self.haul)
        for path in paths.values():
            layer = self._layer(path, self.haul)
            if layer is not None:
                self.haul.left_out.append(f"Left out: {path}. {self._reason(layer)}")

    def _own(self, articles: Collection[Article]) -> Iterator[Kept]:
        """List the layers of articles under their own ids, which were given already."""
        annotators = {stray.kept.annotator for stray in self.haul.strays}
        heads = belongings_of(self.store, self.corpus).known
        for article in articles:
            for annotator in annotators:
                if heads.text_of(annotator, article.id) == article.sha256:
                    yield Kept(annotator, article.id, article.sha256)

    def _chosen(self, document: Document, layer: Layer, haul: Haul) -> Iterator[Pair]:
        if self.wanted.takes(layer):
            yield document, layer
        elif self.wanted.since and not layer.saved_at:
            haul.undated += 1

    def _layer(self, path: LayerPath, haul: Haul) -> Layer | None:
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


def _kept(layer: Layer) -> Kept:
    return Kept(layer.annotator, layer.document_id, layer.text_sha256)
