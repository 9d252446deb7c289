"""Commands for who works with others: who has which article, who did what, two versions of one."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import orjson

from annotations.corpus.sources import BadFile
from annotations.errors import HashiyaError, StoreError
from annotations.model.changes import (
    AddRelation,
    AddSpan,
    Batch,
    Change,
    RemoveRelation,
    RemoveSpan,
    ReplaceSpan,
    SetNote,
    SetStatus,
)
from annotations.model.layer import Document, Span, is_name
from annotations.store.belonging import article_of
from annotations.store.journal import Entry, read_journal, record_of
from annotations.store.layer_file import ConflictedLayerError
from annotations.team.assignment import Assignment, deal, read_assignment, write_assignment
from annotations.team.merging import Conflict, Side, merged, read_conflict, save_merged
from tui.cli.common import Project, complain, on_corpus, output_to, shown_plainly

_AROUND = 30
"""Code points of an article that are shown around a span."""


class _Share(click.ParamType[float]):
    """A part of the whole: 20% or 0.2."""

    name = "share"

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        text = str(value)
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.fail(f"{text!r} is no part of the whole, such as 20% or 0.2.", param, ctx)
        return share


@click.command()
@on_corpus
@click.option("--annotators", required=True, metavar="A,B,C", help="To whom, by their names.")
@click.option(
    "--overlap",
    type=_Share(),
    default="0%",
    show_default=True,
    help="Which part goes to two annotators, to measure how they agree.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses how they fall.")
@click.option("--again", is_flag=True, help="Deal all anew, also what somebody has already.")
def assign(project: Project, *, annotators: str, overlap: float, seed: int, again: bool) -> None:
    """Deal the articles; who has one keeps it when you deal again."""
    names = [name.strip() for name in annotators.split(",")]
    wrong = next((name for name in names if not is_name(name)), None)
    if wrong is not None or len(set(names)) < len(names):
        raise HashiyaError(f"{annotators!r} is no list of different names.")
    if overlap and len(names) < 2:
        raise HashiyaError("An overlap takes two annotators at least.")
    listed = project.corpus.entries()
    articles = [entry.id for entry in listed if not isinstance(entry, BadFile)]
    lock = project.store.lock("", "hashiya assign")  # two at once would lose a deal
    try:
        kept = Assignment() if again else read_assignment(project.store.root)
        dealt = deal(articles, names, overlap, seed, kept)
        write_assignment(project.store.root, dealt)
    finally:
        lock.release()
    loads = dealt.loads(set(articles))
    shared = sum(len(dealt.articles[article]) > 1 for article in articles)
    for name in sorted(loads):
        click.echo(f"{loads[name]:>8,}  {shown_plainly(name)}")
    new = len(articles) - sum(article in kept.articles for article in articles)
    click.echo(f"{new:,} articles dealt, {shared:,} of all go to two annotators.", err=True)


@click.command()
@on_corpus
@click.option("--document", metavar="ID", help="Only of this article.")
@click.option("--annotator", metavar="NAME", help="Only hers or his.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each change.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
def log(
    project: Project,
    *,
    document: str | None,
    annotator: str | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Tell who changed what and when: article by article, the oldest change first."""
    store = project.store
    with output_to(output) as stream:
        for path in sorted((store.root / "history").glob("*/*/*.jsonl")):
            try:
                journal = read_journal(path)
            except OSError as error:
                complain(f"{path} can't be read: {error.strerror or error}.")
                continue
            if journal.damaged:
                lines = ", ".join(map(str, journal.damaged))
                complain(f"The history {path} is damaged in line {lines}.")
            wanted = [
                entry
                for entry in journal.entries
                if document in (None, entry.document_id) and annotator in (None, entry.annotator)
            ]
            if not wanted:
                continue
            name = wanted[-1].document_id
            article = None if as_json else _article(project, name, wanted[-1].annotator)
            for entry in sorted(wanted, key=lambda entry: entry.step.at):
                row = _record(entry) if as_json else _line(entry, article)
                stream.write(row + b"\n")


def _article(project: Project, document_id: str, annotator: str) -> Document | None:
    """Read the article of a history by its id, if it has the text that was annotated."""
    try:
        layer = project.store.read(document_id, annotator)
    except StoreError:
        return None
    document = project.corpus.document(document_id) if layer else None
    same = layer and document and layer.text_sha256 == document.sha256
    return document if same else None


def _record(entry: Entry) -> bytes:
    return orjson.dumps(
        {
            "at": entry.step.at,
            "annotator": entry.annotator,
            "host": entry.host,
            "document": entry.document_id,
            "revision": entry.revision,
            "act": entry.step.act,
            "change": record_of(entry.step.change),
        }
    )


_TOLD = 12
"""Changes of one step that are told; --json has all of them."""


def _line(entry: Entry, article: Document | None) -> bytes:
    act = {"do": "", "undo": "undo: ", "redo": "redo: "}.get(entry.step.act, f"{entry.step.act}: ")
    told = list(_told(entry.step.change, article))
    if len(told) > _TOLD:
        told[_TOLD:] = [f"and {len(told) - _TOLD} more"]
    what = "; ".join(told)
    when = entry.step.at[:19].replace("T", " ")
    who = f"{entry.annotator}@{entry.host}"
    return shown_plainly(f"{when}  {who}  {entry.document_id}  {act}{what}").encode()


def _told(  # noqa: C901 - a case for each kind
    change: Change, article: Document | None
) -> Iterator[str]:
    """Say what a change did, with the words that it was about."""

    def words(span: Span) -> str:
        covered = f" {article.text[span.start : span.end]!r}" if article else ""
        return f"{span.label} {span.start}-{span.end}{covered}"

    match change:
        case Batch(parts):
            for part in parts:
                yield from _told(part, article)
        case AddSpan(span):
            yield f"tagged {words(span)}"
        case RemoveSpan(span):
            yield f"deleted {words(span)}"
        case ReplaceSpan(before, after):
            yield f"{words(before)} became {words(after)}"
        case AddRelation(item):
            yield f"joined {item.head} and {item.child} as {item.type}"
        case RemoveRelation(item):
            yield f"parted {item.head} and {item.child}"
        case SetStatus(_, after):
            yield f"now {after.replace('_', ' ')}"
        case SetNote(_, after):
            yield f"noted {after!r}"


@click.command()
@on_corpus
@click.option("--document", metavar="ID", help="Only of this article.")
@click.option("--annotator", metavar="NAME", help="Only hers or his.")
@click.option(
    "--keep",
    type=click.Choice(["both", "ours", "theirs"]),
    help="What to do with spans that only one side has [default: ask for each].",
)
def merge(
    project: Project, *, document: str | None, annotator: str | None, keep: str | None
) -> None:
    """Put together the two versions of a layer that git could not merge."""
    store = project.store
    count = 0
    failed = False
    for path, found in store.layers():
        if not isinstance(found, ConflictedLayerError):
            continue
        try:
            conflict = read_conflict(path)
        except StoreError as error:
            complain(str(error))
            failed = True
            continue
        layer = conflict.ours
        if document not in (None, layer.document_id) or annotator not in (None, layer.annotator):
            continue
        article = article_of(project.corpus, layer)
        after = merged(conflict, _choose(conflict, keep, article))
        aside = save_merged(store, conflict, after, article)
        count += 1
        click.echo(
            f"{shown_plainly(layer.document_id)} by {shown_plainly(layer.annotator)}: "
            f"{len(after.spans)} spans ({len(conflict.ours.spans)} ours, "
            f"{len(conflict.theirs.spans)} theirs); both versions are kept in {aside.name}."
        )
    if failed:
        raise SystemExit(1)
    if not count:
        click.echo("Nothing is to be merged.", err=True)


def _choose(
    conflict: Conflict, keep: str | None, article: Document | None
) -> dict[tuple[Span, Side], bool]:
    """Decide on each span that only one side has, or ask."""
    chosen: dict[tuple[Span, Side], bool] = {}
    undecided = conflict.undecided()
    if undecided and keep is None and not sys.stdin.isatty():
        raise HashiyaError(
            f"{len(undecided)} spans of {conflict.ours.document_id} are on one side only.",
            "Say what to do with them: --keep both, ours or theirs.",
        )
    layer = conflict.ours
    if undecided and keep is None:
        name = shown_plainly(layer.document_id)
        click.echo(f"{name}: {len(undecided)} spans are on one side only.")
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
        click.echo(shown_plainly(" ".join(around.split())))
    whose = "this side" if side == "ours" else "the other side"
    question = f"{place}: {span.label} {span.start}-{span.end}, only on {whose}. Keep it?"
    return click.confirm(question, default=True)
