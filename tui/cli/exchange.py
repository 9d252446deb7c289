"""Commands that write annotations out and read them back."""

from pathlib import Path

import click

from annotations.corpus import open_corpus
from annotations.errors import HashiyaError
from annotations.exchange import import_faults, import_layers, select_layers
from annotations.formats.jsonl import Reading, export_lines, read_records
from annotations.model import STATUSES, Status
from annotations.store import Store
from tui.cli.common import (
    annotator_name,
    complain,
    on_corpus,
    output_to,
    store_of,
    tell_bad_files,
    tells_errors,
)


@click.command()
@on_corpus
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.")
@click.option("--annotator", "annotators", multiple=True, metavar="NAME", help="Only hers or his.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(STATUSES),
    help="Only articles of this status.",
)  # fmt: skip
@tells_errors
def export(
    path: Path,
    *,
    output: Path | None,
    annotators: tuple[str, ...],
    statuses: tuple[Status, ...],
    store_path: Path | None,
    encoding: str,
) -> None:
    """Write annotations as JSON lines, one record for each article and annotator."""
    corpus = open_corpus(path, encoding)
    tell_bad_files(corpus)
    selection = select_layers(store_of(corpus, store_path), corpus, annotators, statuses)
    for message in selection.left_out:
        complain(message)
    with output_to(output) as pieces:
        pieces.extend(line.encode() for line in export_lines(selection.chosen))
    spans = sum(len(layer.spans) for _, layer in selection.chosen)
    click.echo(f"{len(selection.chosen)} layers, {spans} spans.", err=True)
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
@tells_errors
def import_(
    path: Path,
    *,
    source: Path,
    annotator: str | None,
    may_replace: bool,
    skip_refused: bool,
    store_path: Path | None,
    encoding: str,
) -> None:
    """Read JSON lines back; if any record is refused, none is imported."""
    corpus = open_corpus(path, encoding)
    tell_bad_files(corpus)
    store = store_of(corpus, store_path)
    fallback = annotator_name(annotator)
    try:
        with source.open("rb") as stream:
            reading = read_records(stream, corpus, store.scheme(), annotator, fallback)
    except OSError as error:
        raise HashiyaError(f"{source} can't be read: {error.strerror or error}.") from error
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
    changed = import_layers(store, [item.layer for item in accepted])
    for item in accepted:
        if item.not_kept:
            complain(f"line {item.line}: fields not kept: {', '.join(item.not_kept)}")
        for renamed in item.renamed:
            complain(f"line {item.line}: relation read {renamed}")
    spans = sum(len(item.layer.spans) for item in accepted)
    same = len(accepted) - changed
    unchanged = f", {same} were there already" if same else ""
    click.echo(f"{changed} layers imported{unchanged}; {spans} spans in the file.", err=True)
