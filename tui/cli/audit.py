"""Commands that look over a whole project: is it sound, and how far is it."""

from collections import Counter
from collections.abc import Iterator, Sequence

import click
import msgspec
from platformdirs import user_cache_path

from annotations.corpus.sources import BadFile
from annotations.disk.codec import encode, encode_indented
from annotations.disk.transaction import Transaction
from annotations.errors import HashiyaError
from annotations.language.wording import counted
from annotations.library.index import index_path
from annotations.model.layer import STATUSES
from annotations.project import Project
from annotations.team.flags import Flag
from annotations.team.progress import Figures, flags_of, gather
from annotations.upkeep.check import Check, Finding
from tui.cli.common import on_corpus, tell_bad_files
from tui.cli.output import complain

_BAR = 32
"""Cells of the longest bar of a chart."""
_TELLING = 300.0
"""Seconds of work from which a speed says anything."""
_DAYS = 14
"""Days of work that are charted."""


@click.command()
@on_corpus
@click.option("--repair", is_flag=True, help="Set aside what is damaged; suggest moved spans.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each finding.")
def check(project: Project, *, repair: bool, as_json: bool) -> None:
    """Check every layer and its history; exit 1 if anything is wrong."""
    caches = user_cache_path("hashiya")
    index = index_path(caches, project.store.root, project.corpus.path)
    checking = Check(project.store, project.corpus, index)
    faults = mended = 0
    for finding, outcome, done in _findings(project, checking, repair=repair):
        faults += finding.is_fault
        mended += done
        if as_json:
            record = {
                "where": finding.where,
                "what": finding.what,
                "fault": finding.is_fault,
                "can_repair": finding.repair is not None,
                "outcome": outcome,
            }
            click.echo(encode(record))
        else:
            kind = "fault" if finding.is_fault else "note"
            click.echo(f"{kind}: {finding.where}: {finding.what} {outcome}".rstrip())
    seen = checking.checked
    parts = {
        "article": seen.articles,
        "layer": seen.layers,
        "span": seen.spans,
        "history": seen.histories,
    }
    told = ", ".join(counted(count, noun) for noun, count in parts.items())
    repaired = f", {mended:,} repaired" if repair else ""
    click.echo(f"{told}: {counted(faults, 'fault')}{repaired}.", err=True)
    if faults:
        raise SystemExit(1)


def _findings(
    project: Project, checking: Check, *, repair: bool
) -> Iterator[tuple[Finding, str, bool]]:
    """List what was found, what was done about it, and whether that mends it."""
    if not repair:
        yield from ((finding, "", False) for finding in checking.findings())
        return
    together = project.store.together
    told = list(checking.findings())
    for sentence in together.finish_abandoned(even_elsewhere=True):
        complain(sentence)
    done: list[tuple[Finding, str, bool]] = []
    if any(finding.repair for finding in told):
        with together.changing("A repair", "hashiya check") as transaction:
            done = [(finding, *_repaired(finding, transaction)) for finding in told]
    yield from done or ((finding, "", False) for finding in told)


def _repaired(finding: Finding, together: Transaction) -> tuple[str, bool]:
    if finding.repair is None:
        return "", False
    try:
        return finding.repair(together), True
    except HashiyaError as error:
        return f"Not repaired: {error}", False


@click.command()
@on_corpus
@click.option("--annotator", metavar="NAME", help="Only this annotator.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def stats(project: Project, *, annotator: str | None, as_json: bool) -> None:
    """Show how far the work is: articles, spans, days and speed of each annotator."""
    bad: list[BadFile] = []
    ids = {entry.id for entry in project.corpus.articles(bad)}
    tell_bad_files(bad)
    unseen: list[str] = []
    found = gather(project.store, ids, annotator, unseen=unseen)
    flags = flags_of(project.store, found, unseen)
    for sentence in unseen:
        complain(sentence)
    articles = len(ids)
    if as_json:
        people = [figures.record() for figures in found]
        told = [msgspec.to_builtins(flag) for flag in flags]
        record = {"articles": articles, "annotators": people, "flags": told}
        click.echo(encode_indented(record))
    else:
        _print_figures(found, articles)
        _print_flags(flags)
    if unseen or any(item.file == project.corpus.path.name for item in bad):
        raise SystemExit(1)


def _print_figures(found: Sequence[Figures], articles: int) -> None:
    click.echo(f"{articles:,} articles")
    for figures in found:
        _print_person(figures, articles)
    totals: Counter[str] = Counter()
    days: Counter[str] = Counter()
    for figures in found:
        totals.update(figures.labels)
        days.update(figures.days)
    _print_chart("Spans by label", totals.most_common())
    latest = sorted(days.items())[-_DAYS:]
    _print_chart("Spans by day", latest)


def _print_flags(flags: Sequence[Flag]) -> None:
    if flags:
        waiting = sum(flag.is_open for flag in flags)
        click.echo(f"\n{counted(len(flags), 'flag')}, {waiting:,} not answered")
    for flag in flags:
        click.echo(f"  {flag.document}: {flag.sentence}")


def _print_person(figures: Figures, articles: int) -> None:
    whole = figures.assigned or articles
    full = min(_BAR, _BAR * figures.finished // whole) if whole else 0
    click.echo(f"\n{figures.annotator}")
    of = "assigned" if figures.assigned else "in all"
    click.echo(
        f"  [{'#' * full}{'.' * (_BAR - full)}] {figures.finished:,} finished of {whole:,} {of}"
    )
    states = [
        f"{figures.statuses[status]:,} {status.replace('_', ' ')}"
        for status in STATUSES
        if figures.statuses[status]
    ]
    if states:
        click.echo(f"  articles: {', '.join(states)}")
    labels = [f"{count:,} {label}" for label, count in figures.labels.most_common()]
    click.echo(f"  spans: {figures.spans:,}" + (f" ({', '.join(labels)})" if labels else ""))
    if figures.relations:
        click.echo(f"  relations: {figures.relations:,}")
    speed = figures.spans_an_hour
    if speed is not None and figures.seconds > _TELLING:
        hours = figures.seconds / 3600
        click.echo(f"  speed: {speed:,.0f} spans an hour, in {hours:.1f} hours of work")
    if figures.unreadable:
        layers = counted(figures.unreadable, "layer")
        click.echo(f"  {layers} can't be read: hashiya check names them")


def _print_chart(title: str, rows: list[tuple[str, int]]) -> None:
    if not rows:
        return
    click.echo(f"\n{title}")
    most = max(1, *(count for _, count in rows))
    width = max(len(name) for name, _ in rows)
    for name, count in rows:
        cells = max(0, round(_BAR * count / most))
        click.echo(f"  {name:<{width}} {'#' * cells:<{_BAR}} {count:,}")
