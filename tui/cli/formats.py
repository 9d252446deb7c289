"""Commands about formats: what there is, the schema of our own, and whether an export is sound."""

import logging
import textwrap
from pathlib import Path
from typing import Any

import click

from annotations.disk.codec import decode, encode_indented
from annotations.disk.files import open_named
from annotations.disk.folders import resolved
from annotations.errors import FormatError, HashiyaError
from annotations.exchange.export import report_beside
from annotations.exchange.selection import Selection, Wanted
from annotations.exchange.verify.compare import Comparison, reader_of
from annotations.formats import jsonl
from annotations.formats.base import Format
from annotations.formats.parts import parts_of
from annotations.formats.registry import all_formats, format_named
from annotations.formats.writing.choices import Choices
from annotations.language.wording import counted
from annotations.project import Project
from tui.cli.choosing import FormatName, choices_from, choosing, wanted_from
from tui.cli.common import against_corpus, tell_bad_files
from tui.cli.output import complain

_log = logging.getLogger(__name__)


@click.command()
@click.argument("name", metavar="[NAME]", type=FormatName(), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def formats(name: str | None, *, as_json: bool) -> None:
    """List the formats and what each can carry, or describe one."""
    chosen = [format_named(name)] if name else all_formats()
    rows = [_row(format_) for format_ in chosen]
    if as_json:
        click.echo(encode_indented(rows).decode())
    elif name:
        _describe(rows[0])
    else:
        _tabulate(rows)


_COLUMNS = {
    "nested and crossing spans": "nested",
    "relations": "relations",
    "notes of spans": "notes",
    "annotator": "annotator",
    "status": "status",
    "ids": "ids",
    "reading back": "read",
}


def _tabulate(rows: list[dict[str, Any]]) -> None:
    """Print a line for each format, with a mark for what it carries."""
    heads = list(_COLUMNS.values())
    click.echo(f"{'':<11} {' '.join(heads)} offsets")
    for row in rows:
        marks = " ".join(
            ("x" if feature in row["carries"] else "-").center(len(head))
            for feature, head in _COLUMNS.items()
        )
        click.echo(f"{row['name']:<11} {marks} {row['offsets']}")
    click.echo("\n`hashiya formats NAME` describes one of them.")


def _describe(row: dict[str, Any]) -> None:
    click.echo(f"{row['name']}: {row['about']}")
    for key in ("files", "offsets", "carries", "lacks", "options", "needs", "mind", "verified_by"):
        if row[key]:
            value = row[key] if isinstance(row[key], str) else ", ".join(row[key])
            head = f"  {key.replace('_', ' ')}:"
            wrapped = textwrap.fill(
                value,
                78,
                initial_indent=f"{head:<16}",
                subsequent_indent=" " * 16,
                break_on_hyphens=False,
            )
            click.echo(wrapped)


def _row(format_: Format) -> dict[str, Any]:
    carried = {**format_.carries.features(), "reading back": format_.reader is not None}
    names = ({"groups": "layers"}.get(name, name) for name in format_.options)
    return {
        "name": format_.name,
        "about": format_.about,
        "files": format_.suffix if format_.target == "file" else f"a folder ({format_.suffix})",
        "offsets": format_.offsets,
        "carries": [name for name, there in carried.items() if there],
        "lacks": [name for name, there in carried.items() if not there],
        "options": ["--" + name.replace("_", "-") for name in names],
        "needs": f"pip install 'hashiya[{format_.extra}]'" if format_.extra else "",
        "mind": format_.advice,
        "verified_by": reader_of(format_)[1],
    }


@click.command()
def schema() -> None:
    """Print the JSON Schema of Hashiya's own JSON lines."""
    click.echo(jsonl.schema().decode(), nl=False)


@click.command()
@click.argument("export", metavar="PATH", type=click.Path(path_type=Path))
@against_corpus
@click.option(
    "--format", "name", type=FormatName(), default="jsonl", show_default=True,
    help="What the export was written in.",
)  # fmt: skip
@choosing
def verify(project: Project, export: Path, name: str, **options: Any) -> None:  # noqa: ANN401
    """Read an export back with another library, and compare it with the corpus span by span.

    How it was made is taken from the report beside it, if there is one, else from the options,
    which are those of the export. The exit code is 1 if anything differs from what the report
    says.
    """
    format_ = format_named(name)
    base, wanted = _reported(export, name)
    choices = choices_from(options, format_, base)
    reader, library = reader_of(format_)
    paths = parts_of(export, layers=format_.has_layer_files)
    if not paths:
        raise HashiyaError(f"{export} is not there.")
    selection = Selection(project.store, project.corpus, wanted_from(options, wanted))
    comparison = Comparison(selection, format_, project.store.scheme(), choices)
    tell_bad_files(selection.haul.bad_files)
    for message in selection.haul.left_out:
        complain(message)
    try:
        found = comparison.check(reader(paths))
    except HashiyaError:
        raise
    except Exception as error:
        _log.exception("%s was not read", export)
        raise HashiyaError(
            f"{export} can't be read by {library} ({type(error).__name__}: {error})."
        ) from error
    for fault in found.faults:
        complain(fault)
    spans, layers = counted(found.spans, "span"), counted(found.tally.layers, "layer")
    click.echo(f"{spans} in {layers}, read by {library}.")
    for sentence in found.tally.sentences():
        click.echo(f"By the format, and so expected: {sentence}")
    if found.faults:
        count = counted(len(found.faults), "difference")
        raise HashiyaError(f"{count} from what was to be expected.")
    click.echo("Nothing differs from what the corpus and the report say.")


def _reported(export: Path, name: str) -> tuple[Choices, Wanted]:
    """Read how an export was made, and of what, from the report beside it."""
    report = report_beside(export)
    try:
        if not report.is_file():
            report = report_beside(resolved(export))
        with open_named(report) as stream:
            head = decode(stream.readline(1 << 20))
        if head["format"] != name:
            raise FormatError(f"The report beside {export.name} is of {head['format']}.")
        wanted = Wanted(
            **{
                name: tuple(map(str, head["wanted"][name]))
                for name in ("annotators", "statuses", "kinds")
            },  # type: ignore[arg-type]  # a status that is none finds nothing
            since=str(head["wanted"]["since"]),
        )
        return Choices.from_record(head["choices"]), wanted
    except FileNotFoundError:
        return Choices(), Wanted()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"The report beside {export.name} is damaged ({error}).") from error
