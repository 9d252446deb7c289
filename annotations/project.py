"""A corpus with its annotations: what a script or a notebook opens.

from annotations.project import open_project

project = open_project("seeds")
for document, layer in project.layers():
    print(document.id, layer.annotator, len(layer.spans))
project.export("jsonl", "spans.jsonl")
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from annotations.corpus.corpus import Corpus, open_corpus
from annotations.errors import FormatError, HashiyaError
from annotations.store.location import store_path
from annotations.store.store import Store

# what exports and imports is a third of the modules: the app, which also begins here, is faster
# on the screen without them
# ruff: noqa: PLC0415
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from annotations.corpus.sources import FieldNames
    from annotations.exchange.export import Exported
    from annotations.exchange.importing import Plan
    from annotations.exchange.selection import Pair, Wanted
    from annotations.formats.writing.choices import Choices
    from annotations.model.layer import Document
    from annotations.model.scheme import Scheme


class Project(Struct, frozen=True):
    """A corpus and the store of its annotations."""

    corpus: Corpus
    store: Store
    notices: tuple[str, ...] = ()
    """What had been stopped before its end, and was completed or undone now."""

    @property
    def scheme(self) -> Scheme:
        """The labels and relations of the corpus.

        Raises:
            HashiyaError: Its scheme can't be read, or is none.
        """
        return self.store.scheme()

    def documents(self) -> Iterator[Document]:
        """Read all articles that can be read, one after the other, in their order."""
        return self.corpus.documents()

    def layers(self, wanted: Wanted | None = None) -> Iterator[Pair]:
        """Read layers with their articles, in the order of the corpus, then by annotator.

        Args:
            wanted: Which layers; None for all.

        Raises:
            StoreError: An annotator who is wanted has no layer.
        """
        from annotations.exchange.selection import Selection

        return iter(Selection(self.store, self.corpus, wanted))

    def export(
        self,
        format_name: str,
        output: str | Path,
        *,
        choices: Choices | None = None,
        wanted: Wanted | None = None,
        split: str = "",
        seed: int = 0,
    ) -> Exported:
        """Write layers in a format.

        Args:
            format_name: Its name, as `hashiya formats` lists it.
            output: The file or folder to write.
            choices: How layers are fitted into the format.
            wanted: Which layers; None for all.
            split: Shares such as "80,10,10" for train, validation and test; empty for one part.
            seed: Which of the ways to split.

        Returns:
            What became of all items; `losses` counts what the format could not carry.

        Raises:
            HashiyaError: It can't be written.
        """
        from annotations.exchange.export import Order, run_export
        from annotations.exchange.selection import Wanted
        from annotations.exchange.splits import Shares
        from annotations.formats.registry import format_named
        from annotations.formats.writing.choices import Choices

        order = Order(
            format_named(format_name),
            Path(output),
            choices or Choices(),
            wanted or Wanted(),
            Shares(split) if split else None,
            seed,
        )
        return run_export(self.corpus, self.store, order)

    def plan_import(
        self,
        format_name: str,
        sources: Collection[str | Path],
        *,
        annotator: str | None = None,
        renames: Mapping[str, str] | None = None,
        may_replace: bool = False,
    ) -> Plan:
        """Read annotations from files and say what would become of them; nothing is written.

        Args:
            format_name: Its name, as `hashiya formats` lists it.
            sources: Files or folders.
            annotator: Whose layers they become; None takes each record's own annotator.
            renames: Labels and relations of the scheme by what the files call them.
            may_replace: Whether layers that hold something may be replaced.

        Raises:
            FormatError: The format can only be written, or a source is not there.
        """
        from annotations.exchange.admission import Terms
        from annotations.exchange.importing import plan_import
        from annotations.formats.registry import format_named

        format_ = format_named(format_name)
        if format_.reader is None:
            raise FormatError(f"{format_name} can be written, not read.")
        terms = Terms(annotator, renames=renames or {}, may_replace=may_replace)
        records = format_.reader([Path(source) for source in sources])
        return plan_import(records, self.corpus, self.store, format_.carries, terms)

    def apply_import(self, plan: Plan, *, skip_refused: bool = False) -> int:
        """Save what was planned, all of it or nothing.

        Args:
            plan: What `plan_import` returned.
            skip_refused: Whether to import what fits although other records were refused.

        Returns:
            How many layers changed.

        Raises:
            HashiyaError: A record was refused, or a layer can't be written.
        """
        from annotations.exchange.importing import apply_import

        if plan.refused and not skip_refused:
            first = plan.refused[0]
            raise HashiyaError(f"Nothing was imported: {first.where}: {first.reason}.")
        return apply_import(plan, self.store, "import")


def open_project(
    path: str | Path,
    *,
    store: str | Path | None = None,
    encoding: str = "utf-8",
    fields: FieldNames | None = None,
) -> Project:
    """Open a corpus with its annotations; what was stopped in its store is finished first.

    Args:
        path: A folder of .txt articles, a file of records, or one article.
        store: Where annotations are kept, if not in the usual place.
        encoding: The encoding of the articles.
        fields: Which fields of a record hold its id and its text.

    Raises:
        CorpusError: There is no such path, or nothing in it can be opened.
    """
    corpus = open_corpus(Path(path), encoding, fields)
    kept = Store(Path(store) if store else store_path(corpus))
    return Project(corpus, kept, tuple(kept.together.finish_abandoned()))
