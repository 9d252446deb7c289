"""Options that say which layers are exported, and how they are fitted into a format."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from annotations.errors import HashiyaError
from annotations.exchange.selection import Wanted
from annotations.formats.base import Format
from annotations.formats.losses import LOSSES, Tally
from annotations.formats.registry import names
from annotations.formats.writing.choices import CAS, DEFAULT_WIDTH, FILES, RULES, TAGS, Choices
from annotations.formats.writing.tokens import TOKENS
from annotations.language.wording import counted
from annotations.model.layer import STATUSES, Kind
from annotations.model.scheme import CLITICS
from tui.cli.output import complain

LOSSY = 3
"""Exit code of an export that is complete but for what its format can't carry."""


class Commas(click.ParamType[tuple[str, ...]]):
    """Names with commas between them."""

    name = "names"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[str, ...]:
        """Split the names."""
        if isinstance(value, tuple):
            return value
        return tuple(part.strip() for part in str(value).split(",") if part.strip())


class FormatName(click.ParamType[str]):
    """The name of a format."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """List the names."""
        return f"[{'|'.join(names())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is no name of a format."""
        if value not in names():
            self.fail(f"{value!r} is not one of {', '.join(map(repr, names()))}.", param, ctx)
        return value


def losses_allowed(allow: tuple[str, ...]) -> None:
    """Refuse names that no loss has.

    Raises:
        click.UsageError: There is one.
    """
    if unknown := {*allow} - {*LOSSES, "all"}:
        names = ", ".join(LOSSES)
        raise click.UsageError(f"--allow has no {min(unknown)!r}; there are all, {names}.")


def choosing(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command that say which layers, and how they are fitted."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS = (
    click.option(
        "--annotator", "annotators", multiple=True, metavar="NAME",
        help="Only this annotator; may be given several times.",
    ),
    click.option(
        "--status",
        "statuses",
        multiple=True,
        type=click.Choice(STATUSES),
        help="Only articles of this status.",
    ),
    click.option("--gold-only", is_flag=True, help="Only layers that were made gold."),
    click.option(
        "--since", metavar="DATE", help="Only layers saved on that day or later: 2026-11-22."
    ),
    click.option("--labels", type=Commas(), metavar="A,B", help="Only spans of these labels."),
    click.option("--relations/--no-relations", default=None, help="With relations, or without."),
    click.option(
        "--clitics",
        type=click.Choice(CLITICS),
        help="include: widen spans that exclude proclitics to the whole word.",
    ),
    click.option(
        "--tokens",
        type=click.Choice(TOKENS),
        help="How text is cut into tokens [default: span-cut].",
    ),
    click.option(
        "--flatten",
        type=Commas(),
        metavar="HOW",
        help="What a flat layer takes of spans that overlap: outermost, innermost or priority, and "
        "layers (one for each group of labels) or one-layer [default: layers,outermost].",
    ),
    click.option(
        "--layers",
        "groups",
        type=Commas(),
        metavar="A+B,C",
        help="Labels that share a flat layer [default: tinted ones together, others alone].",
    ),
    click.option(
        "--priority", type=Commas(), metavar="A,B", help="Labels that win, the first over the rest."
    ),
    click.option(
        "--max-width",
        type=click.IntRange(min=1),
        help=f"Words that a span may have [default: {DEFAULT_WIDTH}].",
    ),
    click.option("--tags", type=click.Choice(TAGS), help="The kind of tags [default: bio]."),
    click.option(
        "--files", type=click.Choice(FILES), help="The kind of files for rows [default: jsonl]."
    ),
    click.option("--cas", type=click.Choice(CAS), help="How a CAS is written [default: json]."),
)  # fmt: skip


def wanted_from(options: dict[str, Any], base: Wanted) -> Wanted:
    """Turn the options that choose layers into what they choose.

    Args:
        options: As click has them.
        base: What holds where none was given.

    Raises:
        HashiyaError: The date is none.
    """
    since = options["since"] or ""
    if since:
        try:
            moment = datetime.fromisoformat(since).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise HashiyaError(f"{since!r} is no date.", "Write it as 2026-11-22.") from error
        since = moment.isoformat(timespec="seconds").split("+")[0]
    kinds: tuple[Kind, ...] = ("gold",) if options["gold_only"] else ()
    return Wanted(
        options["annotators"] or base.annotators,
        options["statuses"] or base.statuses,
        kinds or base.kinds,
        since or base.since,
    )


def choices_from(options: dict[str, Any], format_: Format, base: Choices) -> Choices:
    """Turn the options that fit layers into choices.

    Args:
        options: As click has them; None where one was not given.
        format_: What must obey them.
        base: What holds where none was given.

    Raises:
        click.UsageError: The format knows no such option, or how to flatten is not told right.
    """
    given = {name: value for name, value in options.items() if value is not None}
    for name in ("tokens", "flatten", "groups", "priority", "max_width", "tags", "files", "cas"):
        if name in given and name not in format_.options:
            shown = {"groups": "layers"}.get(name, name).replace("_", "-")
            raise click.UsageError(f"--{shown} means nothing for {format_.name}.")
    found = {
        name: given.get(name, getattr(base, name))
        for name in (
            "labels", "relations", "clitics", "tokens", "priority", "max_width", "tags", "files",
            "cas", "rule", "one_layer", "groups",
        )
    }  # fmt: skip
    if "groups" in given:
        found["groups"] = tuple(tuple(group.split("+")) for group in given["groups"])
    words = given.get("flatten", ())
    if len({*RULES} & {*words}) > 1 or {"layers", "one-layer"} <= {*words}:
        raise click.UsageError("--flatten takes one rule, and one of layers and one-layer.")
    if "one-layer" in words and "groups" in given:
        raise click.UsageError("--layers means nothing with --flatten one-layer.")
    for word in words:
        if word in RULES:
            found["rule"] = word
        elif word in {"layers", "one-layer"}:
            found["one_layer"] = word == "one-layer"
        else:
            raise click.UsageError(
                f"--flatten has no {word!r}; there are {', '.join(RULES)}, layers, one-layer."
            )
    return Choices(**found)


def tell_losses(tally: Tally, losses: dict[str, int], report: Path | None, *, strict: bool) -> None:
    """Print what was carried, and what was not."""
    said = [counted(tally.layers, "layer"), counted(tally.count("span"), "span")]
    if tally.count("relation"):
        said.append(counted(tally.count("relation"), "relation"))
    click.echo(f"{', '.join(said)}.", err=True)
    for sentence in tally.sentences():
        complain(sentence)
    if report and tally.losses:
        complain(f"Each with its reason in {report}.")
    if losses:
        ending = "Nothing was written." if strict else ""
        complain(f"{ending} Accept it with --allow {','.join(sorted(losses))}.".strip())
