"""The command that puts together what git could not."""

import sys
from collections.abc import Sequence

import click

from annotations.errors import HashiyaError, StoreError
from annotations.language.wording import counted
from annotations.model.layer import Document, Layer, Span
from annotations.project import Project
from annotations.store.belonging import Kept, belongings_of
from annotations.store.layer_file import ConflictedLayerError
from annotations.store.location import home
from annotations.team.merging import Conflict, Side, merged, read_conflict, save_merged
from tui.cli.common import on_corpus
from tui.cli.output import complain

_AROUND = 30
"""Code points of an article that are shown around a span."""


@click.command()
@on_corpus
@click.option("--document", metavar="ID", help="Only this article.")
@click.option("--annotator", metavar="NAME", help="Only this annotator.")
@click.option(
    "--keep",
    type=click.Choice(["both", "ours", "theirs"]),
    help="What to do with spans that only one side has [default: ask for each].",
)
def merge(
    project: Project, *, document: str | None, annotator: str | None, keep: str | None
) -> None:
    """Merge two versions of a layer that git could not merge."""
    store = project.store
    failed: list[str] = []
    chosen: list[tuple[Conflict, Layer, Document | None]] = []
    for path, found in store.layers(unseen=failed):
        if not isinstance(found, ConflictedLayerError):
            continue
        try:
            conflict = read_conflict(path)
        except StoreError as error:
            failed.append(str(error))
            continue
        layer = conflict.ours
        if document not in (None, layer.document_id) or annotator not in (None, layer.annotator):
            continue
        article = _article(project, layer)
        chosen.append((conflict, merged(conflict, _choose(conflict, keep, article)), article))
    for sentence in _merged(project, chosen):
        click.echo(sentence)
    for sentence in failed:
        complain(sentence)
    if failed:
        raise SystemExit(1)
    if not chosen:
        click.echo("Nothing to merge.", err=True)


def _merged(
    project: Project, chosen: Sequence[tuple[Conflict, Layer, Document | None]]
) -> list[str]:
    """Write what was decided, all of it or nothing; return what to say of each."""
    if not chosen:
        return []
    told = []
    with project.store.together.changing("A merge", "hashiya merge") as together:
        for conflict, after, article in chosen:
            aside = save_merged(project.store, conflict, after, article, together)
            told.append(
                f"{after.document_id} by {after.annotator}: "
                f"{counted(len(after.spans), 'span')} ({len(conflict.ours.spans)} ours, "
                f"{len(conflict.theirs.spans)} theirs); both versions are kept in {aside.name}."
            )
    return told


def _article(project: Project, layer: Layer) -> Document | None:
    """Read the article that a layer belongs to."""
    corpus = home(project.corpus, project.store)
    document = corpus.document(layer.document_id)
    if document is not None and document.sha256 == layer.text_sha256:
        return document
    kept = Kept(layer.annotator, layer.document_id, layer.text_sha256)
    name = belongings_of(project.store, corpus).article_of(kept)
    if name is None:  # its file is in conflict, so nothing tells that it is there
        same = (found for found in corpus.documents() if found.sha256 == layer.text_sha256)
        return next(same, None)
    return corpus.document(name)


def _choose(
    conflict: Conflict, keep: str | None, article: Document | None
) -> dict[tuple[Span, Side], bool]:
    """Decide on each span that only one side has, or ask."""
    chosen: dict[tuple[Span, Side], bool] = {}
    undecided = conflict.undecided()
    if undecided and keep is None and not sys.stdin.isatty():
        raise HashiyaError(
            f"{counted(len(undecided), 'span')} of {conflict.ours.document_id} on one side only.",
            "Say what to do with them: --keep both, ours or theirs.",
        )
    layer = conflict.ours
    if undecided and keep is None:
        name = layer.document_id
        click.echo(f"{name}: {counted(len(undecided), 'span')} on one side only.")
    for number, (span, side) in enumerate(undecided, 1):
        if keep is None:
            chosen[span, side] = _ask(span, side, f"{number} of {len(undecided)}", article)
        else:
            chosen[span, side] = keep in ("both", side)
    return chosen


def _ask(span: Span, side: Side, place: str, article: Document | None) -> bool:
    if article is not None:
        start, end = max(0, span.start - _AROUND), span.end + _AROUND
        text = article.text
        around = f"{text[start : span.start]}[{text[span.start : span.end]}]{text[span.end : end]}"
        click.echo(" ".join(around.split()))
    whose = "this side" if side == "ours" else "the other side"
    question = f"{place}: {span.label} {span.start}-{span.end}, only on {whose}. Keep it?"
    return click.confirm(question, default=True)
