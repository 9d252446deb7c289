"""The command that says who changed what and when."""

from pathlib import Path

import click

from annotations.disk.codec import encode
from annotations.errors import StoreError
from annotations.model.layer import Document
from annotations.model.telling import told
from annotations.project import Project
from annotations.store.belonging import Kept, belongings_of
from annotations.store.journal import LogEntry, record_of
from annotations.store.layer_path import LayerPath, history_paths
from annotations.store.location import home
from tui.cli.common import on_corpus, output_to
from tui.cli.output import complain

_MOST = 12
"""Changes of one step that are listed; --json has all of them."""


@click.command()
@on_corpus
@click.option("--document", metavar="ID", help="Only this article.")
@click.option("--annotator", metavar="NAME", help="Only this annotator.")
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
    """List who changed what and when: article by article, the oldest change first."""
    store = project.store
    unseen: list[str] = []
    with output_to(output) as stream:
        for path in history_paths(store.root, unseen=unseen):
            try:
                journal = store.journal(path)
            except StoreError as error:
                complain(str(error))
                continue
            if journal.damaged:
                lines = ", ".join(map(str, journal.damaged))
                complain(f"The history {path.history} is damaged in line {lines}.")
            wanted = [
                entry
                for entry in journal.entries
                if document in (None, entry.document_id) and annotator in (None, entry.annotator)
            ]
            if not wanted:
                continue
            article = None if as_json else _article(project, path)
            for entry in sorted(wanted, key=lambda entry: entry.step.at):
                row = _record(entry) if as_json else _line(entry, article)
                stream.write(row + b"\n")
    for sentence in unseen:
        complain(sentence)
    if unseen:
        raise SystemExit(1)


def _article(project: Project, path: LayerPath) -> Document | None:
    """Read the article of a history, if it has the text that was annotated."""
    try:
        layer = project.store.layer_at(path)
    except StoreError:
        return None
    corpus = home(project.corpus, project.store)
    document = corpus.document(layer.document_id)
    if document is not None and document.sha256 == layer.text_sha256:
        return document
    kept = Kept(layer.annotator, layer.document_id, layer.text_sha256)
    name = belongings_of(project.store, corpus).article_of(kept)
    return corpus.document(name) if name else None


def _record(entry: LogEntry) -> bytes:
    return encode(
        {
            "at": entry.step.at,
            "annotator": entry.annotator,
            "host": entry.host,
            "account": entry.account,
            "document": entry.document_id,
            "revision": entry.revision,
            "act": entry.step.act,
            "change": record_of(entry.step.change),
        }
    )


def _line(entry: LogEntry, article: Document | None) -> bytes:
    act = {"do": "", "undo": "undo: ", "redo": "redo: "}.get(entry.step.act, f"{entry.step.act}: ")
    parts = list(told(entry.step.change, article.text if article else None))
    if len(parts) > _MOST:
        parts[_MOST:] = [f"and {len(parts) - _MOST} more"]
    what = "; ".join(parts)
    when = entry.step.at[:19].replace("T", " ")
    who = f"{entry.annotator}@{entry.host}"
    if entry.account not in ("", entry.annotator):
        who += f" (account {entry.account})"
    return f"{when}  {who}  {entry.document_id}  {act}{what}".encode("utf-8", "surrogateescape")
