"""The articles as the library lists them: filtered, sorted, and told row by row.

Knows nothing of screens. Numbers are the index's; a place on the shelf is counted from 0.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from annotations.library.catalogue import Catalogue
from annotations.library.filters import Filter, Sort, parse_filter
from annotations.library.index import Row
from annotations.model.scheme import Scheme

_WINDOW: Final = 60
"""Articles before and after one that is drawn that are asked for with it."""
_MOST_ROWS: Final = 2000


class Shelf:
    """What is listed, and in which order.

    Args:
        catalogue: All articles.
        scheme: Whose labels a filter may count.
    """

    def __init__(self, catalogue: Catalogue, scheme: Scheme) -> None:
        self.catalogue = catalogue
        self._labels = scheme.label_names
        self.filter = Filter()
        self.sort = Sort.QUEUE
        self.listing: Sequence[int] = ()
        """Numbers of the articles that are listed."""
        self._rows: dict[int, Row] = {}
        self._holding: frozenset[int] | None = None
        """Numbers of the articles that hold the words of the filter, once they were searched."""

    def refresh(self) -> None:
        """List the articles as they are now."""
        self._rows.clear()
        listing = self.catalogue.view(self.filter, self.sort)
        if self._holding is not None:
            listing = [number for number in listing if number in self._holding]
        elif self.filter.text:
            listing = []  # until they were searched
        self.listing = listing

    def choose(self, typed: str) -> None:
        """List only what a filter lets through.

        Raises:
            FilterError: It is none.
        """
        self.filter = parse_filter(typed, self._labels)
        self._holding = None
        self.refresh()

    def search_texts(self) -> Iterator[str]:
        """Search the articles for the words of the filter.

        Yields:
            After each article how far it is, in a sentence.
        """
        wanted = self.filter
        numbers = self.catalogue.view(wanted, self.sort)
        found: set[int] = set()
        for searched, hit in self.catalogue.mentioning(numbers, wanted.text):
            if hit is not None:
                found.add(hit)
            yield f"Searching: {searched:,} of {len(numbers):,}, {len(found):,} found."
            if self.filter is not wanted:
                return
        self._holding = frozenset(found)
        self.refresh()

    def row_at(self, index: int) -> Row | None:
        """Tell of the article at a place of the list; None if it is gone meanwhile."""
        number = self.listing[index]
        if number not in self._rows:
            first = max(0, index - _WINDOW)
            rows = self.catalogue.rows(self.listing[first : index + _WINDOW])
            if len(self._rows) > _MOST_ROWS:
                self._rows.clear()
            self._rows.update({row.number: row for row in rows})
        return self._rows.get(number)

    def index_of(self, number: int) -> int:
        """Return the place of an article in the list; 0 if it is not in it."""
        with suppress(ValueError):
            return self.listing.index(number)
        return 0

    def forget(self, number: int) -> None:
        """Have the row of an article asked for anew."""
        self._rows.pop(number, None)
