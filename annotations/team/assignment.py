"""Who is to annotate which article: assigned by the lead, kept in one file of the store.

A part of the articles is assigned to two annotators, so that their agreement can be measured. Who
has an article keeps it when new ones are assigned; where one goes depends on its id and the seed,
not on what else there is.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from annotations.disk.codec import encode
from annotations.store.side_files import read_side_file, write_side_file

FILE: Final = "assignment.json"
_SCHEMA: Final = 1


class Assignment(Struct, frozen=True):
    """Annotators by the id of the article."""

    articles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def loads(self, articles: Collection[str] | None = None) -> dict[str, int]:
        """Count the articles of each annotator, of all or of those given by their ids."""
        loads: dict[str, int] = {}
        for article, names in self.articles.items():
            for name in names if articles is None or article in articles else ():
                loads[name] = loads.get(name, 0) + 1
        return loads


def assign_articles(
    articles: Iterable[str],
    annotators: Sequence[str],
    overlap: float,
    seed: int,
    kept: Assignment,
) -> Assignment:
    """Assign the articles that nobody has.

    Args:
        articles: Ids of all articles.
        annotators: To whom; each gets as many as the others, counting what they have.
        overlap: Which part of the new articles, from 0 to 1, goes to two annotators.
        seed: Chooses among the ways to assign.
        kept: Who has what already.

    Returns:
        Who has what then, articles that are gone left as they are.
    """

    def chance(article: str) -> str:
        return hashlib.sha256(f"{seed} {article}".encode()).hexdigest()

    articles = list(articles)
    new = sorted((item for item in articles if item not in kept.articles), key=chance)
    had = kept.loads(set(articles))
    loads = {name: had.get(name, 0) for name in annotators}
    pairs = dict.fromkeys(combinations(annotators, 2), 0)
    shared = round(overlap * len(new)) if pairs else 0
    assigned = dict(kept.articles)
    for number, article in enumerate(new):
        if number < shared:
            names = min(pairs, key=lambda pair: (pairs[pair], loads[pair[0]] + loads[pair[1]]))
            pairs[names] += 1
            assigned[article] = names
        else:
            assigned[article] = (min(loads, key=lambda name: loads[name]),)
        for name in assigned[article]:
            loads[name] += 1
    return Assignment(assigned)


class _File(Struct, frozen=True):
    schema: int
    articles: dict[str, tuple[str, ...]]


def read_assignment(root: Path) -> Assignment:
    """Read who has what in a store; there may be nothing.

    Raises:
        StoreError: The file is damaged, or can't be read.
    """
    found = read_side_file(root / FILE, _File, _SCHEMA)
    return Assignment(found.articles) if found else Assignment()


def write_assignment(root: Path, assignment: Assignment) -> None:
    """Write who has what, an article a line.

    Raises:
        StoreError: It can't be written.
    """
    rows = b",\n".join(
        encode(article) + b": " + encode(names)
        for article, names in sorted(assignment.articles.items())
    )
    content = b'{"schema": %d, "articles": {\n%b\n}}\n' % (_SCHEMA, rows)
    write_side_file(root / FILE, [content])
