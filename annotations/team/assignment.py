"""Who is to annotate which article: dealt by the lead, kept in one file of the store.

A part of the articles is dealt to two annotators, so that their agreement can be measured. Who has
an article keeps it when new ones are dealt; where one goes depends on its id and the seed, not
on what else there is.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Final

import orjson

from annotations.disk.files import make_folder, write_atomically
from annotations.errors import StoreError

FILE: Final = "assignment.json"
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Assignment:
    """Annotators by the id of the article."""

    articles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def loads(self, articles: Collection[str] | None = None) -> dict[str, int]:
        """Count the articles of each annotator, of all or of those given by their ids."""
        loads: dict[str, int] = {}
        for article, names in self.articles.items():
            for name in names if articles is None or article in articles else ():
                loads[name] = loads.get(name, 0) + 1
        return loads


def deal(
    articles: Iterable[str],
    annotators: Sequence[str],
    overlap: float,
    seed: int,
    kept: Assignment,
) -> Assignment:
    """Deal the articles that nobody has.

    Args:
        articles: Ids of all articles.
        annotators: To whom; each gets as many as the others, with what they have.
        overlap: Which part of the new articles, from 0 to 1, goes to two annotators.
        seed: Chooses among the ways to deal.
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
    dealt = dict(kept.articles)
    for number, article in enumerate(new):
        if number < shared:
            names = min(pairs, key=lambda pair: (pairs[pair], loads[pair[0]] + loads[pair[1]]))
            pairs[names] += 1
            dealt[article] = names
        else:
            dealt[article] = (min(loads, key=lambda name: loads[name]),)
        for name in dealt[article]:
            loads[name] += 1
    return Assignment(dealt)


def read_assignment(root: Path) -> Assignment:
    """Read who has what in a store; there may be nothing.

    Raises:
        StoreError: The file is damaged, or can't be read.
    """
    path = root / FILE
    try:
        record = orjson.loads(path.read_bytes())
        if record["schema"] > _SCHEMA:
            raise StoreError(f"{path} was written by a newer Hashiya.")
        articles = {
            str(article): tuple(map(str, names)) for article, names in record["articles"].items()
        }
    except (FileNotFoundError, NotADirectoryError):
        return Assignment()
    except OSError as error:
        raise StoreError(f"{path} can't be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{path} is damaged ({error}).") from error
    return Assignment(articles)


def write_assignment(root: Path, assignment: Assignment) -> None:
    """Write who has what, an article a line.

    Raises:
        StoreError: It can't be written.
    """
    rows = b",\n".join(
        orjson.dumps(article) + b": " + orjson.dumps(names)
        for article, names in sorted(assignment.articles.items())
    )
    content = b'{"schema": %d, "articles": {\n%b\n}}\n' % (_SCHEMA, rows)
    try:
        make_folder(root)
        write_atomically(root / FILE, content)
    except OSError as error:
        raise StoreError(f"{root / FILE} can't be written: {error.strerror or error}.") from error
