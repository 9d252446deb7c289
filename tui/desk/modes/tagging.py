"""Label first: hints on the words, to tag them or to jump to one."""

from abc import abstractmethod

from msgspec.structs import replace

from annotations.language.graphemes import previous_boundary
from annotations.language.pairs import balanced
from tui.desk.hints import Hinting, Target, make_hints
from tui.desk.modes.base import Mode, Outcome
from tui.desk.reading import Reading
from tui.desk.window import Window
from tui.keys.command import key_cap
from tui.keys.keyboard import Press
from tui.keys.keymap import KeyHint


class HintMode(Mode):
    """A mode in which letters choose a hint; the window may be scrolled meanwhile.

    Args:
        reading: The article.
        window: What is on screen.
        taken: Letters that are no hints.
    """

    def __init__(self, reading: Reading, window: Window, taken: str) -> None:
        super().__init__(reading)
        self.window = window
        self.taken = taken
        self.hinting: Hinting = self._made()

    @abstractmethod
    def targets(self) -> list[Target]:
        """List what is on screen and can be chosen, in reading order."""

    @property
    def origin(self) -> int:
        """The offset from which the nearest targets are counted."""
        return self.reading.cursor

    def _made(self) -> Hinting:
        first, last = self._covered = self.window.offsets
        origin = self.origin
        if not first <= origin < last:
            origin = first  # the window was scrolled away from it
        return Hinting(make_hints(self.targets(), origin, self.taken))

    def cover(self, offsets: tuple[int, int]) -> None:
        """Show hints on what is on screen now, if that is something else; what was chosen stays.

        Args:
            offsets: The offsets on screen.
        """
        if offsets == self._covered:
            return
        before = self.hinting
        self.hinting = replace(self._made(), first=before.first, offered=before.offered)

    def press_else(self, press: Press) -> Outcome | Mode:
        """Type a letter of a hint."""
        typed = self.hinting.type(press.key) if len(press.key) == 1 else None
        if isinstance(typed, Hinting):
            self.hinting = typed
            return Outcome.STAY
        return self.choose(typed) if typed else self.no_hint(press)

    @abstractmethod
    def choose(self, target: Target) -> Outcome:
        """Handle the target of a hint."""

    def no_hint(self, press: Press) -> Outcome:
        """Handle a key that goes on with no hint."""
        self.reading.say("There is no hint {key} here.", key=key_cap(press.key))
        return Outcome.STAY

    def point(self, offset: int) -> Outcome:
        """Choose the word at an offset, as its hint does."""
        before = [hint.target for hint in self.hinting.hints if hint.target.start <= offset]
        if not before:
            return Outcome.STAY
        return self.choose(max(before, key=lambda target: target.start))

    def back(self) -> Outcome | Mode:
        """Erase the last letter; without one, leave."""
        before = self.hinting.back()
        if before is None:
            return self.leave()
        self.hinting = before
        return Outcome.STAY


class TagMode(HintMode):
    """Label first: a hint for the first word, then one for the last.

    Args:
        reading: The article.
        label: What to tag as.
        window: What is on screen.
        taken: Letters that are no hints.
    """

    place = "hints"

    def __init__(self, reading: Reading, label: str, window: Window, taken: str) -> None:
        self.label = label
        super().__init__(reading, window, taken)

    def targets(self) -> list[Target]:
        """List the words on screen, as the label takes them."""
        exclude = self.reading.scheme.label(self.label).clitics == "exclude"
        return [
            Target(unit.begin(exclude_clitics=exclude), unit.end)
            for unit in self.reading.units.between(*self.window.offsets)
        ]

    @property
    def prompt(self) -> str:
        """Ask for the first word, or the last."""
        return f"{self.label}: {'last' if self.hinting.first else 'first'} word?"

    @property
    def keys(self) -> list[KeyHint]:
        """The keys that the bar shows: what ends the choice depends on what was chosen."""
        keymap = self.reading.keymap
        if self.hinting.first:
            words = {"hints.take": "one word"}
            return keymap.hints(["hints.take", "hints.clause", "hints.back"], words=words)
        return keymap.hints(["hints.take", "hints.leave"], words={"hints.take": "the word here"})

    def leave(self) -> Outcome:
        """Leave the hints, and nothing selected."""
        self.reading.pointing.selection = None
        return Outcome.LEAVE

    def back(self) -> Outcome | Mode:
        """Erase the last letter, or the first word; without one, leave."""
        outcome = super().back()
        self._mark()
        return outcome

    def take(self) -> Outcome:
        """Tag the word here, or the one word that was chosen."""
        hinting = self.hinting
        if hinting.typed:
            return Outcome.STAY
        if hinting.first:
            return self._tag(hinting.first.start, hinting.first.end)
        here = self.reading.cursor
        first, last = self.window.offsets
        if not first <= here < last:
            self.reading.say("The cursor is not on this screen: choose a word by its hint.")
            return Outcome.STAY
        under = next((hint.target for hint in hinting.hints if hint.target.end > here), None)
        return self.choose(under) if under else Outcome.STAY

    def to_clause_end(self) -> Outcome:
        """Tag from the word that was chosen to the end of its clause."""
        hinting = self.hinting
        if hinting.typed or hinting.first is None:
            return self.take()
        first = hinting.first
        clause = self.reading.segments.at("clause", first.start)
        return self._tag(first.start, max(first.end, clause[1] if clause else first.end))

    def no_hint(self, press: Press) -> Outcome:
        """Tag the one word that was chosen, and let the key do its own work."""
        hinting = self.hinting
        if hinting.typed:
            return super().no_hint(press)
        if hinting.first:
            self._tag(hinting.first.start, hinting.first.end)
        else:
            self.reading.pointing.selection = None
        return Outcome.PASS

    def choose(self, target: Target) -> Outcome:
        """Choose the first word, or the last and tag."""
        first = self.hinting.first
        if first is None:
            self.hinting = self.hinting.chosen(target)
            self._mark()
            return Outcome.STAY
        return self._tag(min(first.start, target.start), max(first.end, target.end))

    def _mark(self) -> None:
        first = self.hinting.first
        if first:
            self.reading.select(first.start, first.end - 1)
        else:
            self.reading.pointing.selection = None

    def _tag(self, start: int, end: int) -> Outcome:
        self.reading.drop()
        start, end = balanced(self.reading.text, start, end)
        self.reading.tag_range(self.label, start, end)
        first, last = self.window.offsets
        # who has scrolled on to the end of a long span goes on reading there
        is_seen = first <= start < last or not first < end <= last
        end = previous_boundary(self.reading.text, end)
        self.reading.pointing.cursor = start if is_seen else end
        return Outcome.LEAVE


class JumpMode(HintMode):
    """A hint moves the cursor."""

    place = "jump"
    prompt = "jump to which word?"

    def targets(self) -> list[Target]:
        """List the words on screen."""
        units = self.reading.units.between(*self.window.offsets)
        return [Target(unit.start, unit.end) for unit in units]

    def choose(self, target: Target) -> Outcome:
        """Move the cursor to a word."""
        self.reading.move_to(target.start)
        return Outcome.LEAVE
