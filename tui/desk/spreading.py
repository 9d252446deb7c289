"""Suggesting the mentions of a span in all other articles."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from annotations.errors import StoreError
from annotations.language.wording import counted
from annotations.library.filters import Filter, Sort
from annotations.model.layer import Span
from annotations.store.suggestions import propose
from tui.desk.reading import Reading
from tui.desk.session import Session


class Spread(Struct, frozen=True):
    """How far the search for a mention in the other articles is."""

    total: int
    done: int = 0
    mentions: int = 0
    articles: int = 0
    """In how many of them it was found."""
    refused: int = 0
    """Articles whose suggestions could not be written."""

    @property
    def sentence(self) -> str:
        """How far it is, in words that may name keys."""
        if self.done < self.total:
            return f"Looking through the other articles: {self.done:,} of {self.total:,}."
        found = "No new mention in the other articles."
        if self.mentions:
            mentions = counted(self.mentions, "mention")
            found = f"{mentions} suggested in {counted(self.articles, 'other article')}; "
            found += "there {suggestions.review} reviews them."
        return found + (f" {self.refused} could not be written." if self.refused else "")


def suggest_everywhere(session: Session, reading: Reading, span: Span) -> Iterator[str]:
    """Suggest the mentions of a span in every article but its own.

    Yields:
        How far it is, after each article, in words that may name keys.
    """
    mention = reading.text[span.start : span.end]
    catalogue = session.catalogue
    numbers = catalogue.view(Filter(), Sort.CORPUS)
    spread = Spread(len(numbers) - 1)
    for row, document in catalogue.documents(numbers):
        if row.id == reading.document.id:
            continue
        added = 0
        try:
            if document is not None:
                named = session.as_suggested(document)
                added = propose(session.store, named, session.annotator, span.label, mention)
        except StoreError:
            spread = replace(spread, refused=spread.refused + 1)
        if added:
            session.suggested_more(row, added)
        spread = replace(
            spread,
            done=spread.done + 1,
            mentions=spread.mentions + added,
            articles=spread.articles + bool(added),
        )
        yield spread.sentence
