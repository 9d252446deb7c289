"""The command that reads annotations of other tools, and of exports."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from annotations.disk.codec import encode_line
from annotations.errors import HashiyaError
from annotations.exchange.admission import Imported, Terms
from annotations.exchange.export import report_to
from annotations.exchange.importing import Plan, apply_import, plan_import
from annotations.formats.losses import LOSSES, Tally, report_lines
from annotations.formats.reading.records import Refused
from annotations.formats.registry import format_named
from annotations.language.wording import counted
from annotations.project import Project
from tui.cli.choosing import LOSSY, Commas, FormatName, losses_allowed, tell_losses
from tui.cli.common import annotator_name, on_corpus, refuse_places
from tui.cli.output import complain, shown_plainly

_TOLD = 100
"""Refusals that are listed one by one on a terminal."""


@click.command("import")
@on_corpus
@click.option(
    "--format", "name", type=FormatName(), default="jsonl", show_default=True,
    help="`hashiya formats` lists which can be read.",
)  # fmt: skip
@click.option(
    "--from", "sources", required=True, multiple=True, type=click.Path(path_type=Path),
    help="File or folder to read.",
)  # fmt: skip
@click.option("--annotator", metavar="NAME", help="Whose layers they become [default: as written].")
@click.option("--replace", "may_replace", is_flag=True, help="Overwrite layers that have spans.")
@click.option(
    "--skip-refused", is_flag=True, help="Import what fits even if other records are refused."
)
@click.option(
    "--rename", "renames", type=Commas(), default=(), metavar="PER=actor,..",
    help="What a label or relation of the file is called in the scheme.",
)  # fmt: skip
@click.option("--snap", is_flag=True, help="Move edges inside a letter and its marks outward.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Where to say what became of each span."
)
@click.option("--strict", is_flag=True, help="Import nothing if anything would be lost or changed.")
@click.option(
    "--allow", type=Commas(), default=(), metavar="LOSS,..", help="Losses that --strict accepts."
)
def import_(  # noqa: PLR0917 - as click calls it
    project: Project,
    name: str,
    sources: tuple[Path, ...],
    annotator: str | None,
    may_replace: bool,
    skip_refused: bool,
    renames: tuple[str, ...],
    snap: bool,
    report: Path | None,
    strict: bool,
    allow: tuple[str, ...],
) -> None:
    """Read annotations of another tool or an export; if a record is refused, none is imported."""
    losses_allowed(allow)
    format_ = format_named(name)
    if format_.reader is None:
        raise click.UsageError(f"{name} can be written, not read.")
    who = annotator_name(annotator)
    terms = Terms(annotator, who, _renames(renames), may_replace=may_replace, snaps=snap)
    refuse_places(project, [report], sources=sources)
    records = format_.reader(sources)
    plan = plan_import(records, project.corpus, project.store, format_.carries, terms)
    _tell_refused(str(sources[0]) if len(sources) == 1 else "import", plan.refused)
    tally = plan.tally
    if report:
        _write_report(report, name, plan, tally)
    if plan.refused and not skip_refused:
        raise HashiyaError(f"Nothing was imported; {counted(len(plan.refused), 'record')} refused.")
    losses = {} if "all" in allow else tally.not_allowed(allow)
    if strict and losses:
        tell_losses(tally, losses, report, strict=True)
        raise SystemExit(LOSSY)
    for whose, account in plan.others(project.store).items():
        complain(f"Layers of {whose} were written by the account {account}.")
    try:
        changed = apply_import(plan, project.store, who)
    except (KeyboardInterrupt, SystemExit):
        complain("Stopped: all was imported." if plan.is_applied else "Stopped: nothing was.")
        raise
    _tell_import(tally, [planned.imported for planned in plan.fitting], changed)
    if plan.refused:
        raise SystemExit(1)


def _tell_refused(origin: str, refused: Sequence[Refused]) -> None:
    """Print which records were refused, and why; of very many, the first."""
    for item in refused[:_TOLD]:
        complain(f"{origin}, {item.where}: refused, {item.reason}")
    if len(refused) > _TOLD:
        complain(f"And {len(refused) - _TOLD} more; --report FILE lists them all.")


def _renames(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [item.split("=", 1) for item in given]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise click.UsageError("--rename takes pairs such as PER=actor.")
    return dict(pairs)


def _write_report(path: Path, format_name: str, plan: Plan, tally: Tally) -> None:
    """Write down what became of each item, and why records were refused."""
    with ExitStack() as stack:
        stream = stack.enter_context(report_to(path))
        stream.write(encode_line({"format": format_name}))
        for planned in plan.fitting:
            item = planned.imported
            annotator = item.layer.annotator
            stream.write(report_lines(item.document.id, annotator, item.verdicts(), full=True))
        for fault in plan.refused:
            stream.write(encode_line({"refused": fault.where, "reason": fault.reason}))
        stream.write(encode_line({"summary": tally.record() | {"refused": len(plan.refused)}}))


def _tell_import(tally: Tally, accepted: Sequence[Imported], changed: int) -> None:
    """Print what was imported, and what was not kept of it."""
    for item in accepted:
        if item.not_kept:
            complain(f"{item.where}: fields not kept: {', '.join(item.not_kept)}")
        renamed = {
            reason.why
            for found in item.reasons.values()
            for reason in found
            if reason.loss == "renamed"
        }
        for why in sorted(renamed):
            complain(f"{item.where}: {why}")
    for name in ("letters", "gaps"):
        if tally.losses[name]:
            complain(f"{counted(tally.losses[name], 'span')}: {LOSSES[name]}.")
    same = len(accepted) - changed
    were = "was" if same == 1 else "were"
    unchanged = f", {same} {were} there already" if same else ""
    names = ", ".join(sorted({shown_plainly(item.layer.annotator) for item in accepted}))
    by = f" by {names}" if changed else ""
    layers, spans = counted(changed, "layer"), counted(tally.count("span"), "span")
    click.echo(f"{layers}{by} imported{unchanged}; {spans} in the file.", err=True)
