"""Putting annotations of a file into a store: first a plan, then all of it or nothing.

A plan reads each layer that is there once and says what would become of every record; applying it
takes each layer's lock once, while nobody else gets one.
"""

import time
from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field, structs

from annotations.corpus.corpus import Corpus
from annotations.disk.accounts import other_account
from annotations.disk.transaction import Transaction
from annotations.errors import StoreError
from annotations.exchange.admission import Imported, Terms, admit
from annotations.exchange.reconciling import reconciled
from annotations.formats.carries import Carries
from annotations.formats.losses import Tally
from annotations.formats.reading.records import Record, Refused
from annotations.model.changes import difference
from annotations.model.layer import Layer
from annotations.store.belonging import belongings_of
from annotations.store.journal import Step
from annotations.store.location import home
from annotations.store.locks import LayerLock, LockedError
from annotations.store.store import Store

_TRIES: Final = 20
_PAUSE: Final = 0.01
"""Seconds between two tries to get a lock that somebody only looks at."""


class Planned(Struct, frozen=True):
    """A record that can be imported."""

    imported: Imported
    """With the layer as it will be."""
    existing: Layer | None
    """The layer that is there now."""

    @property
    def changes(self) -> bool:
        """Whether it would change what is there."""
        layer = self.imported.layer
        return self.existing is None or layer != structs.replace(
            self.existing, revision=layer.revision, saved_at=layer.saved_at
        )


class Plan(Struct):
    """What an import would do."""

    fitting: list[Planned] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    is_applied: bool = False
    """Whether it was done, all of it."""

    def applied(self) -> None:
        """Note that it was done."""
        self.is_applied = True

    def others(self, store: Store) -> dict[str, str]:
        """Return the accounts, by annotator, whose layers would be written though one is another.

        Args:
            store: Where the layers are.
        """
        found: dict[str, str] = {}
        for planned in self.fitting:
            layer = planned.imported.layer
            if planned.existing is not None and planned.changes and layer.annotator not in found:
                other = other_account(store.path(layer.document_id, layer.annotator).layer)
                if other:
                    found[layer.annotator] = other
        return found

    @property
    def tally(self) -> Tally:
        """Count what becomes of the items of the records that fit."""
        tally = Tally()
        for planned in self.fitting:
            tally.add(planned.imported.verdicts())
        return tally


def plan_import(
    records: Iterable[Record | Refused],
    corpus: Corpus,
    store: Store,
    carries: Carries,
    terms: Terms,
) -> Plan:
    """Compare what a file says with the corpus and the layers that are there.

    Args:
        records: What a reader found.
        corpus: The articles that it speaks of.
        store: The layers; nothing is written.
        carries: What the format of the file can say.
        terms: On which terms records are let in.
    """
    admitted = admit(records, corpus, store.scheme(), terms)
    plan = Plan(refused=admitted.refused)
    rule = belongings_of(store, home(corpus, store))
    for item in admitted.accepted:
        annotator = item.layer.annotator
        name = rule.kept_as(item.document, annotator)
        layer = structs.replace(item.layer, document_id=name)
        try:
            existing = store.read(name, annotator)
            holder = store.holder(store.path(name, annotator))
        except StoreError as error:
            plan.refused.append(Refused(item.where, str(error)))
            continue
        if holder:
            why = f"another session has this article open, {holder}"
            plan.refused.append(Refused(item.where, why))
            continue
        planned = Planned(reconciled(item, layer, existing, carries), existing)
        fault = _fault(planned, may_replace=terms.may_replace)
        if fault:
            plan.refused.append(Refused(item.where, fault))
        else:
            plan.fitting.append(planned)
    return plan


def _fault(planned: Planned, *, may_replace: bool) -> str:
    """Return why a layer can't replace the one there; empty if it can."""
    existing, layer = planned.existing, planned.imported.layer
    if existing is None or not planned.changes:
        return ""
    if existing.text_sha256 != layer.text_sha256:
        return (
            f"{layer.annotator} has a layer of another text under this name; "
            "hashiya check tells more"
        )
    if not may_replace and (existing.spans or existing.relations):
        return (
            f"{layer.annotator} has {len(existing.spans)} spans in {layer.document_id} "
            "already; --replace puts these in their place"
        )
    if not may_replace and (existing.note or existing.status != "new"):
        return (
            f"{layer.annotator} has marked {layer.document_id} as {existing.status} "
            "already; --replace puts this in its place"
        )
    return ""


def apply_import(plan: Plan, store: Store, who: str) -> int:
    """Save the layers of a plan, all of them or none.

    Args:
        plan: What was planned; layers that have changed since then are not overwritten.
        store: Where to.
        who: The name under which the store is locked meanwhile.

    Returns:
        How many layers changed.

    Raises:
        StoreError: A layer is locked, has changed since the plan, or can't be written; then all
            is as it was.
    """
    changing = [planned for planned in plan.fitting if planned.changes]
    if not changing:
        return 0
    with store.together.changing("An import", who) as together:
        for planned in changing:
            _save(store, planned, together)
        together.on_done = plan.applied
    return len(changing)


def _save(store: Store, planned: Planned, together: Transaction) -> None:
    """Save a layer in place of another, as a step that can be undone."""
    after = planned.imported.layer
    before = planned.existing or Layer(after.document_id, after.text_sha256, after.annotator)
    change = difference(before, after)
    steps = [Step.now("import", change, after)] if change else []
    after = structs.replace(after, revision=before.revision, saved_at=before.saved_at)
    lock = _locked(store, after)
    try:
        store.save(after, steps, planned.imported.document.text, lock=lock, within=together)
    finally:
        lock.release()


def _locked(store: Store, layer: Layer) -> LayerLock:
    """Acquire the lock of a layer; a session that was refused may hold it for a moment."""
    for _ in range(_TRIES):
        try:
            return store.lock(layer.document_id, layer.annotator)
        except LockedError:
            time.sleep(_PAUSE)
    return store.lock(layer.document_id, layer.annotator)
