"""The articles as the library lists them: filtered, sorted, told row by row, one of them chosen.

Knows nothing of screens. Numbers are the index's; a place in the list is counted from 0.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from annotations.library.catalogue import Catalogue
from annotations.library.filters import Filter, Row, Sort, parse_filter
from annotations.model.scheme import Scheme

_WINDOW: Final = 60
"""Articles before and after one that is drawn that are asked for with it."""
_MOST_ROWS: Final = 2000


class Listing:
    """What is listed, in which order, and which article is chosen.

    Args:
        catalogue: All articles.
        scheme: Whose labels a filter may count.
    """

    def __init__(self, catalogue: Catalogue, scheme: Scheme) -> None:
        self.catalogue = catalogue
        self._labels = scheme.label_names
        self.filter = Filter()
        self.sort = Sort.QUEUE
        self.numbers: Sequence[int] = ()
        """Numbers of the articles that are listed."""
        self.chosen = 0
        """The place of the chosen article, which is the open one if any is."""
        self._number: int | None = None
        """The chosen article, which stays chosen when the list changes."""
        self._rows: dict[int, Row] = {}
        self._holding: frozenset[int] | None = None
        """Numbers of the articles that hold the words of the filter, once they were searched."""

    def __len__(self) -> int:
        return len(self.numbers)

    def refresh(self) -> None:
        """List the articles as they are now, the same one chosen if it is among them."""
        self._rows.clear()
        numbers = self.catalogue.view(self.filter, self.sort)
        if self._holding is not None:
            numbers = [number for number in numbers if number in self._holding]
        elif self.filter.text:
            numbers = []  # until they were searched
        self.numbers = numbers
        if self._number is not None:
            self.chosen = self.place_of(self._number)
        self.chosen = max(0, min(self.chosen, len(numbers) - 1))

    def narrow(self, typed: str) -> None:
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

    def choose(self, place: int) -> None:
        """Choose the article at a place, or the nearest one."""
        self.chosen = max(0, min(place, len(self.numbers) - 1))
        self._number = self.numbers[self.chosen] if self.numbers else None

    def choose_number(self, number: int) -> None:
        """Choose an article by its number, whether or not it is listed."""
        self._number = number
        self.chosen = self.place_of(number)

    @property
    def chosen_row(self) -> Row | None:
        """The chosen article; None if there is none, or it is gone."""
        return self.row_at(self.chosen) if self.chosen < len(self.numbers) else None

    def neighbour(self, step: int) -> Row | None:
        """Return the article so many places after the chosen one, if there is one."""
        place = self.chosen + step
        return self.row_at(place) if 0 <= place < len(self.numbers) else None

    def row_at(self, place: int) -> Row | None:
        """Return the article at a place of the list; None if it is gone meanwhile."""
        number = self.numbers[place]
        if number not in self._rows:
            first = max(0, place - _WINDOW)
            rows = self.catalogue.rows(self.numbers[first : place + _WINDOW])
            if len(self._rows) > _MOST_ROWS:
                self._rows.clear()
            self._rows.update({row.number: row for row in rows})
        return self._rows.get(number)

    def place_of(self, number: int) -> int:
        """Return the place of an article in the list; 0 if it is not in it."""
        with suppress(ValueError):
            return self.numbers.index(number)
        return 0

    def forget(self, number: int) -> None:
        """Forget the row of an article, so that it is read again."""
        self._rows.pop(number, None)
