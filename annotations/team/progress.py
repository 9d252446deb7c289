"""How far a project is: for each annotator articles, spans, days and speed.

Speed comes from the histories: the time between two changes of an annotator counts as work if it
is no longer than a pause.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct, field

from annotations.errors import StoreError
from annotations.model.changes import AddSpan, Batch, Change, RemoveSpan
from annotations.model.layer import FINISHED, Layer
from annotations.store.answers import read_answers
from annotations.store.layer_path import LayerPath
from annotations.store.store import Store
from annotations.team.assignment import read_assignment
from annotations.team.flags import Flag, flag_of, with_answers

PAUSE: Final = 300.0
"""Seconds without a change after which an annotator is taken to do something else."""


class Figures(Struct):
    """What one annotator has done."""

    annotator: str
    assigned: int = 0
    """Articles assigned; 0 if none were."""
    statuses: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    relations: int = 0
    days: Counter[str] = field(default_factory=Counter)
    """Spans added by day, less those removed: ISO dates, UTC."""
    seconds: float = 0.0
    """Time at work, as far as the histories tell."""
    timed_spans: int = 0
    """Spans added in that time."""
    unreadable: int = 0
    flags: list[Flag] = field(default_factory=list)
    """Articles that are flagged, without the answers."""

    @property
    def spans(self) -> int:
        """How many spans there are."""
        return self.labels.total()

    @property
    def finished(self) -> int:
        """How many articles are done or skipped."""
        return sum(self.statuses[status] for status in FINISHED)

    @property
    def spans_an_hour(self) -> float | None:
        """How fast spans are made; None while nothing is known of the time."""
        return self.timed_spans / self.seconds * 3600 if self.seconds else None

    def record(self) -> dict[str, Any]:
        """Return all of it as what JSON can hold."""
        speed = self.spans_an_hour
        return {
            "annotator": self.annotator,
            "assigned": self.assigned,
            "statuses": dict(self.statuses),
            "labels": dict(self.labels),
            "relations": self.relations,
            "days": dict(self.days),
            "timed_spans": self.timed_spans,
            "unreadable": self.unreadable,
            "spans": self.spans,
            "finished": self.finished,
            "seconds": round(self.seconds, 1),
            "spans_an_hour": None if speed is None else round(speed, 1),
        }


def gather(
    store: Store,
    articles: Collection[str],
    annotator: str | None = None,
    *,
    unseen: list[str] | None = None,
) -> list[Figures]:
    """Count what is in a store.

    Args:
        store: The store.
        articles: Ids of the articles that there are.
        annotator: Only this annotator; None for all.
        unseen: Takes a sentence for each folder, and each file beside, that can't be read.

    Returns:
        The figures of each annotator, in the order of their names.
    """
    found: dict[str, Figures] = {}

    def of(name: str) -> Figures:
        return found.setdefault(name, Figures(name))

    times: dict[str, list[tuple[float, int]]] = {}
    unreadable: Counter[str] = Counter()
    names: dict[str, str] = {}
    for path, layer in store.layers(unseen=unseen):
        folder = path.folder
        if not isinstance(layer, Layer):
            unreadable[folder] += 1
            continue
        names[folder] = layer.annotator
        figures = of(layer.annotator)
        figures.statuses[layer.status] += 1
        figures.labels.update(layer.counts())
        figures.relations += len(layer.relations)
        figures.flags += flag_of(layer)
        for at, added in _moments(store, path, layer):
            figures.days[f"{at:%Y-%m-%d}"] += added
            times.setdefault(layer.annotator, []).append((at.timestamp(), added))
    for folder, count in unreadable.items():
        of(names.get(folder, folder)).unreadable = count
    for name, moments in times.items():
        _time(of(name), sorted(moments))
    try:
        for name, count in read_assignment(store.root).loads(articles).items():
            of(name).assigned = count
    except StoreError as error:
        if unseen is not None:
            unseen.append(str(error))
    chosen = [figures for name, figures in found.items() if annotator in (None, name)]
    return sorted(chosen, key=lambda figures: figures.annotator)


def flags_of(store: Store, found: Iterable[Figures], unseen: list[str]) -> list[Flag]:
    """List the flags of annotators with what was answered, in the order of the articles' ids.

    Args:
        store: The store.
        found: The figures of the annotators.
        unseen: Takes a sentence for each file of answers that can't be read.
    """
    flags = [flag for figures in found for flag in figures.flags]
    flags.sort(key=lambda flag: (flag.document, flag.annotator))
    return with_answers(flags, read_answers(store.root, unseen))


def _moments(store: Store, path: LayerPath, layer: Layer) -> Iterator[tuple[datetime, int]]:
    """List when a layer was changed, and how many spans were added then."""
    try:
        journal = store.journal(path)
    except StoreError:
        return
    for entry in journal.kept(layer.revision):
        with suppress(ValueError):
            yield datetime.fromisoformat(entry.step.at), spans_added(entry.step.change)


def _time(figures: Figures, moments: list[tuple[float, int]]) -> None:
    for (before, _), (now, added) in pairwise(moments):
        if now - before <= PAUSE:
            figures.seconds += now - before
            figures.timed_spans += added


def spans_added(change: Change) -> int:
    """Count the spans that a change adds, less those it removes."""
    if isinstance(change, Batch):
        return sum(map(spans_added, change.changes))
    return isinstance(change, AddSpan) - isinstance(change, RemoveSpan)
