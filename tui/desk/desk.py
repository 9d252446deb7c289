"""What the annotator is doing in an article: the reading, the window on it, the mode, the count.

A key goes in (`press`), what it did comes out (`Effect`). Knows nothing of screens: what needs one
is asked for (`asks`). The commands that act on the desk are its methods.
"""

from typing import Final

from annotations.model.layer import Layer
from tui.desk.articles import go_on, go_to_article
from tui.desk.asks import Ask, Effect, RunSteps, ShowPage, Wish
from tui.desk.edges import target_of
from tui.desk.marks import Marks
from tui.desk.modes.base import Mode, Outcome, TypingMode
from tui.desk.modes.going import GoMode, go_to_line
from tui.desk.modes.mentioning import review_mentions
from tui.desk.modes.noting import NoteMode, SpanNoteMode
from tui.desk.modes.relating import begin_relation, relate_at_once, unrelate
from tui.desk.modes.repeating import review_repeats
from tui.desk.modes.reviewing import ReviewMode
from tui.desk.modes.searching import SearchMode, go_to_hit
from tui.desk.modes.suggesting import review_suggestions
from tui.desk.modes.tagging import HintMode, JumpMode, TagMode
from tui.desk.motions import Motions
from tui.desk.pages import KeysPage, Page
from tui.desk.reading import Reading
from tui.desk.session import Session
from tui.desk.spreading import suggest_everywhere
from tui.desk.window import Window
from tui.keys.command import Command, Place, key_cap
from tui.keys.keyboard import Press

PAGE: Final = 1000
"""Stands for a screen in `SCROLLING`."""
SCROLLING: Final = {
    "move.up": -1, "move.down": 1, "move.page_up": -PAGE, "move.page_down": PAGE,
}  # fmt: skip
"""Lines that a motion scrolls by while hints are shown."""
MOST: Final = 9999
"""The largest count before a command."""


class Desk:
    """An annotator at an article.

    Args:
        session: The work on the corpus.
        reading: The article.
    """

    def __init__(self, session: Session, reading: Reading) -> None:
        self.session = session
        self.keymap = session.keymap
        self.reading = reading
        self.window = Window(reading.text, base=session.base)
        self.mode: Mode | None = None
        self.hides_vowels = False
        self.paints_cursor = True
        """Whether the cursor is among the marks; else the terminal's own stands there."""
        self.count = 0
        """How often the next motion is done; 0 for once."""
        self._last = ""
        """Id of the command that was done last."""
        self.is_again = False
        """Whether the command that is being done is the one before again."""
        self._has_count = False
        """Whether it was said how often."""
        self.times = 1
        """How often the command that is being done is to be done."""
        self._repeated: str | None = None
        """Id of the span whose repeats were tagged last; the same key again looks everywhere."""
        self._beside = False
        """Whether the next label key tags beside a span of the same extent."""
        self.just_opened = False
        """Whether finishing another article opened this one, and no key was pressed since."""
        self.motions = Motions(reading, self.window)

    # What is shown

    def marks(self) -> Marks:
        """Return what lies over the text now."""
        reading = self.reading
        selection = reading.selection
        return Marks(
            spans=reading.layer.spans,
            labels={label.name: label for label in reading.scheme.labels},
            cursor=reading.cursor if self.paints_cursor else -1,
            selection=(selection.start, selection.end) if selection else None,
            active=reading.active_id,
            hits=reading.pointing.hits,
            heads=reading.heads,
            hides_vowels=self.hides_vowels,
        )

    @property
    def kept_layer(self) -> Layer:
        """The layer without what is only shown for review."""
        return self.mode.before if isinstance(self.mode, ReviewMode) else self.reading.layer

    def update_window(self) -> Marks:
        """Update the window.

        Returns:
            What lies over the text in it.
        """
        marks, mode = self.marks(), self.mode
        hints = mode if isinstance(mode, HintMode) else None
        # hints stay where they are until the annotator scrolls
        self.window.update(marks, self.reading.cursor, follow=hints is None)
        if hints:
            hints.cover(self.window.offsets)
        return marks

    # Keys

    def press(self, press: Press) -> Effect:
        """Do what a key stands for: in the mode, as part of a count, or as a command."""
        self.reading.message = ""
        command = self.keymap.command_at("reader", press)
        if command is None or command.id not in ("article.done", "article.skip"):
            self.just_opened = False
        if command is None or command.id != "edit.undo":
            self.reading.stepping.forget_question()
        if command is None or not command.keeps_column:
            self.motions.leave_column()
        if not isinstance(self.mode, HintMode):
            self.window.is_away = False
        elif self._scrolls(command, press):
            return Effect(used=True)
        if command is not None and command.id == "help" and self._may_show_help(press):
            return Effect(used=True, wish=self.keys_page(), command_id=command.id)
        if self.mode is not None:
            passes, wish = self._press_in_mode(self.mode, press)
            if not passes:
                self._saw(command if self.mode is not None else None)
                return Effect(used=True, wish=wish)
        if self._counts(press.key):
            self._saw(None)
            return Effect(used=True)
        return self.run(command) if command else self._nothing(press)

    def _nothing(self, press: Press) -> Effect:
        """Answer a key that stands for nothing here."""
        self.count = 0
        self._repeated = None
        self._beside = False
        self._last = ""
        self._saw(None)
        if press.text.strip() or len(press.key) > 1:
            self.reading.say(
                "{key} does nothing here; {help} shows the keys.", key=key_cap(press.key)
            )
        return Effect(used=False)

    def run(self, command: Command["Desk"]) -> Effect:
        """Do a command, as often as a count says."""
        self._has_count = self.count > 0
        self.times, self.count = max(1, self.count) if command.repeats else 1, 0
        if command.id != "span.repeats":
            self._repeated = None
        self.is_again, self._last = command.id == self._last, command.id
        self._beside = self._beside and command.is_label
        wish: Wish = None
        for _ in range(1 if command.one_step else self.times):
            wish = command.run(self) or wish
        self._saw(command)
        return Effect(used=True, wish=wish, command_id=command.id)

    def _saw(self, command: Command["Desk"] | None) -> None:
        """Show the tutor what was done; while a mode is open, only how it was begun."""
        if self.mode is None or (command is not None and command.is_label):
            self.session.saw(command)

    def _counts(self, key: str) -> bool:
        """Read a digit as part of a count before a motion, as in 3w."""
        if not (len(key) == 1 and "0" <= key <= "9") or (key == "0" and not self.count):
            return False
        self.count = min(MOST, self.count * 10 + int(key))
        self.reading.say("{count} times ...", count=self.count)
        return True

    def _press_in_mode(self, mode: Mode, press: Press) -> tuple[bool, Wish]:
        """Pass a key to the mode.

        Returns:
            Whether the key does its usual work, too; and what the screen is to do.
        """
        return self.leave_by(mode, mode.press(press))

    def leave_by(self, mode: Mode, outcome: Outcome | Mode) -> tuple[bool, Wish]:
        """Go on after what a mode did; see `_press_in_mode`."""
        if outcome is Outcome.STAY:
            return False, None
        if isinstance(outcome, Mode):
            self.mode = outcome
            return False, None
        self.mode = None
        self.window.is_away = False
        wish: Wish = None
        if isinstance(mode, NoteMode) and mode.is_kept and mode.status:
            wish = go_on(self)
        elif isinstance(mode, GoMode) and mode.article is not None:
            wish = go_to_article(self, mode.article)
        elif self.reading.armed:
            self.window.look_ahead(self.reading.cursor)
        return outcome is Outcome.PASS, wish

    def _may_show_help(self, press: Press) -> bool:
        """Return whether the keys are shown over a mode, which stays as it is."""
        mode = self.mode
        if mode is None or isinstance(mode, TypingMode):
            return False
        return not self.keymap.is_of(mode.place, press)

    def _scrolls(self, command: Command["Desk"] | None, press: Press) -> bool:
        """Scroll by the keys that move by lines and screens, while hints are shown.

        Returns:
            Whether it was such a key.
        """
        assert self.mode
        step = SCROLLING.get(command.id) if command and not press.is_letter else None
        if step is None or self.keymap.is_of(self.mode.place, press):
            return False
        self.scroll(step if abs(step) < PAGE else step // PAGE * self.window.page)
        return True

    def scroll(self, lines: int) -> None:
        """Scroll without moving the cursor; hints come on what is shown then."""
        self.window.scroll(lines)

    def paste(self, text: str) -> bool:
        """Type a pasted text into the line of a mode; return whether there is one."""
        if isinstance(self.mode, TypingMode):
            self.mode.paste(text)
            return True
        return False

    def clear(self) -> None:
        """Clear the selection and the marked hits, and leave the active span."""
        reading = self.reading
        if reading.active is None and reading.selection is None and not reading.pointing.hits:
            reading.say("Nothing is selected; {reader.leave} goes to the library.")
        reading.drop()

    # Tagging

    def label(self, label: str) -> None:
        """Tag what is at hand, or put hints on the words to choose from."""
        beside, self._beside = self._beside, False
        if self.reading.has_target:
            self.reading.tag(label, beside=beside)
        elif self.reading.may_change():
            self.mode = TagMode(self.reading, label, self.window, self.taken("hints"))

    def tag_beside(self) -> None:
        """Make the next label key tag beside a span of the same extent."""
        self._beside = True
        self.reading.say("Tag beside what is there: which label?")

    def taken(self, place: Place, *names: str) -> str:
        """Letters that are no hints in a place, since they mean something else there.

        Args:
            place: The place.
            names: Commands of the reader whose keys do their usual work there.
        """
        keymap = self.keymap
        names = ("span.relate", *names, *(item.id for item in keymap.own_commands(place)))
        letters = [key for name in names for key in keymap.keys_of(name) if len(key) == 1]
        return "".join([*letters, *(label.key for label in self.session.scheme.labels)])

    def repeats(self) -> Wish:
        """Show every other mention of the span at hand for review; twice, suggest everywhere."""
        span = target_of(self.reading)
        if span is not None and span.id == self._repeated:
            return self.repeats_everywhere()
        self.mode = review_repeats(self.reading, span)
        self._repeated = span.id if span else None
        return None

    def repeats_everywhere(self) -> Wish:
        """Suggest the mentions of the span at hand in all other articles."""
        self._repeated = None
        span = target_of(self.reading)
        if span is None:
            self.reading.say("There is no span here whose mentions could be suggested.")
            return None
        if not self.reading.may_change():
            return None
        reading = self.reading

        def tell(message: str) -> None:
            if self.reading is reading:
                reading.message = self.keymap.fill(message)

        return RunSteps(suggest_everywhere(self.session, reading, span), tell)

    def review_suggestions(self) -> None:
        """Show what is suggested for this article for review."""
        self.mode = review_suggestions(self.reading)

    def relate(self) -> None:
        """Join the span at hand with another."""
        span = target_of(self.reading)
        self.mode = begin_relation(self.reading, span, self.window, self.taken("relation"))

    def relate_at_once(self) -> None:
        """Join the span at hand with its likeliest other end."""
        relate_at_once(self.reading, target_of(self.reading))

    def mentions(self) -> None:
        """Show all tagged mentions of the span at hand, to delete or to relabel them."""
        self.mode = review_mentions(self.reading, target_of(self.reading))

    def note_span(self) -> None:
        """Write a note on the span at hand."""
        span = target_of(self.reading)
        if span is None:
            self.reading.say("There is no span here; {article.note} notes on the article.")
        elif self.reading.may_change():
            self.mode = SpanNoteMode(self.reading, span)

    def unrelate(self) -> None:
        """Remove the newest relation of the span at hand."""
        unrelate(self.reading, target_of(self.reading))

    # Finding

    def go(self) -> None:
        """Ask where to go."""
        self.mode = GoMode(self.reading)

    def to_line_or_end(self) -> Wish:
        """Go to the line that a count says; without one to the end of the article."""
        if self._has_count:
            go_to_line(self.reading, self.times)
            return None
        return self.motions.document_edge(end=True)

    def search(self) -> None:
        """Open the search line."""
        self.mode = SearchMode(self.reading)

    def hit(self, step: int) -> None:
        """Go to the next hit (1) or the one before (-1)."""
        go_to_hit(self.reading, step)

    def jump(self) -> None:
        """Show hints on the words, to jump to one."""
        self.mode = JumpMode(self.reading, self.window, self.taken("jump"))

    # The article

    def put_down(self, reading: Reading) -> None:
        """Replace the article on the desk, in a window of the same size."""
        width, height = self.window.width, self.window.height
        window = Window(reading.text, width, height, base=self.session.base)
        if not self.window.shows_lanes:
            window.toggle_lanes()
        self.reading, self.window, self.mode = reading, window, None
        self.motions = Motions(reading, window)

    def leave(self) -> Wish:
        """Go back to the library, if all is saved; the status bar says why if it is not."""
        return Ask.LEAVE if self.reading.finish_saving() else None

    # The view

    def next_base(self) -> None:
        """Change to the next rule for the direction of paragraphs, for all who read this corpus."""
        self.reading.message = self.session.next_base()
        self.window.set_base(self.session.base)

    def toggle_lanes(self) -> None:
        """Show the rows under the text, or not."""
        self.window.toggle_lanes()

    def toggle_vowels(self) -> None:
        """Show vowel marks, or not: some terminals draw them badly."""
        self.hides_vowels = not self.hides_vowels

    def keys_page(self, *, finding: bool = False) -> ShowPage:
        """Show the keys, or find a command by its name."""
        mode = self.mode.place if self.mode else None
        recent = self.session.recent
        page = KeysPage("reader", self.keymap, mode=mode, finding=finding, recent=recent)
        return ShowPage(page)

    def long_message(self, width: int) -> ShowPage | None:
        """Return a page for what must be known of an article, if so many cells can't hold it."""
        message = self.reading.checked_out.message
        if len(message) <= width:
            return None
        return ShowPage(Page(self.reading.document.id, [message], self.keymap))
