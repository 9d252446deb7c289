"""Commands that write annotations out and read them back."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from annotations.errors import HashiyaError
from annotations.exchange import Selection, attached, import_faults, import_layers
from annotations.formats.jsonl import Reading, read_records, to_line
from annotations.model import STATUSES, Status
from annotations.store import Store
from tui.cli.common import (
    Project,
    annotator_name,
    complain,
    on_corpus,
    output_to,
    tell_bad_files,
)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Do without the collector of cycles: millions of small values come and go, none in a cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@click.command()
@on_corpus
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
@click.option("--annotator", "annotators", multiple=True, metavar="NAME", help="Only hers or his.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(STATUSES),
    help="Only articles of this status.",
)
def export(
    project: Project,
    *,
    output: Path | None,
    annotators: tuple[str, ...],
    statuses: tuple[Status, ...],
) -> None:
    """Write annotations as JSON lines, one record for each article and annotator."""
    selection = Selection(project.store, project.corpus, annotators, statuses)
    layers = spans = 0
    with output_to(output) as stream, _without_collecting():
        for document, layer in selection:
            stream.write(to_line(document, layer))
            layers += 1
            spans += len(layer.spans)
    tell_bad_files(selection.bad_files)
    for message in selection.left_out:
        complain(message)
    click.echo(f"{layers} layers, {spans} spans.", err=True)
    if selection.left_out:
        raise SystemExit(1)


@click.command("import")
@on_corpus
@click.option(
    "--from", "source", required=True, type=click.Path(path_type=Path), help="File of JSON lines."
)
@click.option("--annotator", metavar="NAME", help="Whose layers they become [default: as written].")
@click.option("--replace", "may_replace", is_flag=True, help="Overwrite layers that have spans.")
@click.option(
    "--skip-refused", is_flag=True, help="Import what fits even if other records are refused."
)
def import_(
    project: Project,
    *,
    source: Path,
    annotator: str | None,
    may_replace: bool,
    skip_refused: bool,
) -> None:
    """Read JSON lines back; if any record is refused, none is imported."""
    corpus, store = project.corpus, project.store
    fallback = annotator_name(annotator)
    try:
        with source.open("rb") as stream:
            reading = read_records(stream, corpus, store.scheme(), annotator, fallback)
    except OSError as error:
        raise HashiyaError(f"{source} can't be read: {error.strerror or error}.") from error
    reading.accepted = attached(store, corpus, reading.accepted)
    for line, reason in reading.refused:
        complain(f"{source}, line {line}: refused, {reason}")
    faults = import_faults(store, reading.accepted, may_replace=may_replace)
    for fault in faults:
        complain(f"{source}, line {fault.line}: refused, {fault.reason}")
    refused = {line for line, _ in reading.refused} | {fault.line for fault in faults}
    if refused and not skip_refused:
        raise HashiyaError(f"Nothing was imported; {len(refused)} records were refused.")
    _import(store, reading, refused)
    if refused:
        raise SystemExit(1)


def _import(store: Store, reading: Reading, refused: set[int]) -> None:
    accepted = [item for item in reading.accepted if item.line not in refused]
    changed = import_layers(store, accepted)
    for item in accepted:
        if item.not_kept:
            complain(f"line {item.line}: fields not kept: {', '.join(item.not_kept)}")
        for renamed in item.renamed:
            complain(f"line {item.line}: relation read {renamed}")
    spans = sum(len(item.layer.spans) for item in accepted)
    same = len(accepted) - changed
    unchanged = f", {same} were there already" if same else ""
    click.echo(f"{changed} layers imported{unchanged}; {spans} spans in the file.", err=True)
