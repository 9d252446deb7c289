"""The command that says who annotates what."""

import click

from annotations.errors import HashiyaError
from annotations.language.wording import counted
from annotations.model.layer import is_name
from annotations.project import Project
from annotations.team.assignment import (
    Assignment,
    assign_articles,
    read_assignment,
    write_assignment,
)
from tui.cli.common import on_corpus


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
@click.option(
    "--annotators", required=True, metavar="A,B,C", help="Annotators, separated by commas."
)
@click.option(
    "--overlap",
    type=_Share(),
    default="0%",
    show_default=True,
    help="Which part goes to two annotators, so that their agreement can be measured.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Which way to assign.")
@click.option("--again", is_flag=True, help="Assign all articles anew.")
def assign(project: Project, *, annotators: str, overlap: float, seed: int, again: bool) -> None:
    """Assign articles; existing assignments stay."""
    names = [name.strip() for name in annotators.split(",")]
    wrong = next((name for name in names if not is_name(name)), None)
    if wrong is not None or len(set(names)) < len(names):
        raise HashiyaError(f"{annotators!r} is not a list of different names.")
    if overlap and len(names) < 2:
        raise HashiyaError("An overlap needs at least two annotators.")
    articles = [entry.id for entry in project.corpus.articles()]
    lock = project.store.lock_file("assignment", "hashiya assign")  # two at once would lose one
    try:
        kept = Assignment() if again else read_assignment(project.store.root)
        assigned = assign_articles(articles, names, overlap, seed, kept)
        write_assignment(project.store.root, assigned)
    finally:
        lock.release()
    loads = assigned.loads(set(articles))
    shared = sum(len(assigned.articles[article]) > 1 for article in articles)
    for name in sorted(loads):
        click.echo(f"{loads[name]:>8,}  {name}")
    new = len(articles) - sum(article in kept.articles for article in articles)
    told = f"{counted(new, 'article')} assigned"
    if shared:
        told += f"; {counted(shared, 'article')} of {len(articles):,} with two annotators"
    click.echo(f"{told}.", err=True)
