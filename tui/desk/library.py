"""The library without a screen: the list, the filter as it is typed, and what keys do to them."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from annotations.errors import CorpusError
from annotations.language.wording import counted
from annotations.library.filters import FilterError, Row
from tui.desk.asks import Ask, Effect, RunSteps, ShowPage, Wish
from tui.desk.listing import Listing
from tui.desk.pages import KeysPage, Page
from tui.desk.session import Session
from tui.desk.typed import Typed, TypedLine
from tui.keys.command import Place
from tui.keys.keyboard import Press

VIEWS: Final = ("", "mine", "status:new", "status:in_progress", "flagged", "status:done")
"""The usual filters."""


def midnight() -> str:
    """Return when this day began here, as layers write it: ISO 8601, UTC."""
    now = datetime.now().astimezone()
    begun = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return begun.astimezone(UTC).isoformat(timespec="milliseconds")


def _local(saved_at: str) -> str:
    """Write when a layer was saved, in the time of this machine; nothing if that is no time."""
    with suppress(ValueError, OverflowError):
        return f"{datetime.fromisoformat(saved_at).astimezone():%d %b %H:%M}"
    return ""


class Library(TypedLine):
    """An annotator at the list of articles.

    Args:
        session: The work on the corpus.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.keymap = session.keymap
        self.message = ""
        """What to tell the annotator until the next key."""
        self.is_typing = False
        """Whether a filter is being typed."""
        self.page_rows = 1
        """Rows that a screen moves by."""

    @property
    def listing(self) -> Listing:
        """What is listed."""
        return self.session.listing

    @property
    def place(self) -> Place:
        """Whose keys work now."""
        return "filter" if self.is_typing else "library"

    @property
    def status(self) -> str:
        """What is worth knowing: a message, the progress, the filter, or of the chosen article."""
        progress, chosen = self.session.catalogue.progress, self.listing.chosen_row
        if self.message or progress:
            return self.message or (progress.sentence if progress else "")
        if self.listing.filter.typed:
            found = "" if len(self.listing) else "Nothing matches. "
            said = f"{found}Listed: {{filter}}   ({{library.clear}} lists all)"
            return self.keymap.fill(said, {"filter": self.listing.filter.typed})
        if chosen is None:
            return ""
        if chosen.fault:
            return chosen.fault
        flags = self.session.flags_on(chosen.id) if chosen.flags else []
        is_flagged = chosen.status == "flagged"
        answers = self.session.answers_to(chosen.id, chosen.note) if is_flagged else []
        told = [flag.sentence for flag in flags]
        told += [f"{item.answered_by} answers: {item.says}" for item in answers]
        told += [f"Note: {chosen.note}"] if chosen.note else []
        told += [f"{counted(chosen.suggested, 'suggestion')} to review"] if chosen.suggested else []
        return "; ".join(told)

    def overview(self) -> list[tuple[str, str]]:
        """Describe the chosen article, what was done today and what waits.

        Returns:
            Lines with a name, the first an empty one.
        """
        catalogue, chosen = self.session.catalogue, self.listing.chosen_row
        states = catalogue.status_counts()
        count = sum(states.values())
        if not count:
            return []
        lines = [("", "")]
        if chosen is not None:
            letters = "" if chosen.length is None else f", {counted(chosen.length, 'letter')}"
            saved = f", saved {_local(chosen.saved_at)}" if chosen.saved_at else ""
            lines.append(
                ("Article", f"{chosen.id}{letters}, {counted(chosen.spans, 'span')}{saved}")
            )
        if not self.session.has_begun and states.get("new") == count:
            said = "{library.open} opens an article. New here? hashiya tutor shows the keys."
            lines.append(("Begin", self.keymap.fill(said)))
        else:
            finished, spans = catalogue.done_since(midnight())
            done = f"{counted(finished, 'article')} finished, with {counted(spans, 'span')}"
            lines.append(("Today", done))
        assigned, left = catalogue.own_share()
        if assigned:
            lines.append(("Yours", f"{left:,} of {assigned:,} that were assigned to you are open"))
        waiting = sum(flag.is_open for flag in self.session.flags())
        if waiting:
            said = f"{counted(waiting, 'flag')} to answer; {{library.filter}} flagged lists them"
            lines.append(("Flags", self.keymap.fill(said)))
        return lines

    def look_for_faults(self) -> None:
        """Set a message with the number of faults, if there are any."""
        count = self.session.catalogue.count_faults()
        if count:
            said = f"{counted(count, 'fault')} in the corpus; {{library.faults}} lists them."
            self.message = self.keymap.fill(said)

    # Keys

    def press(self, press: Press) -> Effect:
        """Do what a key stands for, or type it into the filter."""
        command = self.keymap.command_at(self.place, press)
        if command is not None:
            wish: Wish = command.run(self)
            return Effect(used=True, wish=wish, command_id=command.id)
        if self.is_typing:
            self.type(press)
            return Effect(used=True)
        if press.is_letter:
            said = "{key} does nothing here; {library.help} shows the keys."
            self.message = self.keymap.fill(said, {"key": press.key})
        return Effect()

    # The filter

    def begin_filter(self) -> None:
        """Type a filter."""
        typed = self.listing.filter.typed
        self.is_typing, self.typed = True, Typed(typed, len(typed))

    def erase(self) -> Wish:
        """Erase the letter before the cursor; without one, list everything."""
        if not self.typed.text:
            return self.clear()
        super().erase()
        return None

    def apply_filter(self) -> Wish:
        """List what the filter lets through that was typed."""
        self.is_typing = False
        return self.narrow(self.typed.text)

    def clear(self) -> Wish:
        """List everything again."""
        self.is_typing = False
        return self.narrow("")

    def narrow(self, typed: str) -> Wish:
        """List what a filter lets through; words are looked for in the articles themselves."""
        try:
            self.listing.narrow(typed)
        except FilterError as error:
            self.message = str(error)
            return None
        self.message = ""
        if not self.listing.filter.text:
            return None
        return RunSteps(self.listing.search_texts(), self._tell)

    def _tell(self, message: str) -> None:
        self.message = message

    def next_view(self) -> Wish:
        """List by the next of the usual filters."""
        typed = self.listing.filter.typed
        index = VIEWS.index(typed) + 1 if typed in VIEWS else 0
        if not self.session.catalogue.has_assignments() and VIEWS[index % len(VIEWS)] == "mine":
            index += 1
        return self.narrow(VIEWS[index % len(VIEWS)])

    def next_sort(self) -> None:
        """Sort by the next thing."""
        self.message = ""
        self.listing.sort = self.listing.sort.following
        self.listing.refresh()

    # Choosing

    def step(self, rows: int) -> None:
        """Choose an article so many rows down (up if negative)."""
        self.choose(self.listing.chosen + rows)

    def page(self, pages: int) -> None:
        """Move by screens."""
        self.step(pages * max(1, self.page_rows))

    def choose(self, place: int) -> None:
        """Choose the article at a place of the list."""
        self.message = ""
        self.listing.choose(place)

    def edge(self, *, end: bool) -> None:
        """Choose the first or the last article."""
        self.choose(len(self.listing) - 1 if end else 0)

    def next_unfinished(self) -> None:
        """Choose the next article that is neither done nor put aside."""
        following = self.session.next_unfinished()
        if following is None:
            self.message = "Every article is done, skipped or flagged."
        else:
            self.choose(self.listing.place_of(following.number))

    def open(self) -> Wish:
        """Open the chosen article."""
        row = self.listing.chosen_row
        return self.open_row(row) if row else None

    def open_row(self, row: Row) -> Wish:
        """Open an article."""
        self.message = ""
        try:
            self.session.open(row)
        except CorpusError as error:
            self.message = str(error)
            return None
        return Ask.OPEN

    def returned(self) -> None:
        """Return to the library after an article was left."""
        self.session.to_library()
        self.listing.choose(self.listing.chosen)
        self.listing.refresh()

    # Pages

    def faults_page(self) -> ShowPage:
        """List what can't be opened, and texts that occur twice."""
        lines = self.session.catalogue.faults() or ["None."]
        return ShowPage(Page("Faults in the corpus", lines, self.keymap))

    def keys_page(self, *, finding: bool = False) -> ShowPage:
        """Show the keys, or find a command by its name."""
        return ShowPage(KeysPage("library", self.keymap, finding=finding))
