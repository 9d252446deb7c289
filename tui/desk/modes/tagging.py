"""Label first: hints on the words, to tag them or to jump to one."""

from annotations.language.pairs import balanced
from tui.desk.hints import Hinting, Target, make_hints
from tui.desk.modes.base import Mode, Outcome
from tui.desk.reading import Reading
from tui.keys.keyboard import Press


class HintMode(Mode):
    """A mode in which letters choose a hint."""

    def __init__(self, reading: Reading, hinting: Hinting) -> None:
        super().__init__(reading)
        self.hinting: Hinting | None = hinting

    def press_else(self, press: Press) -> Outcome:
        """Type a letter of a hint."""
        hinting = self.hinting
        assert hinting
        typed = hinting.type(press.key) if len(press.key) == 1 else None
        if isinstance(typed, Hinting):
            self.hinting = typed
            return Outcome.STAY
        return self.choose(typed) if typed else self.no_hint(hinting)

    def choose(self, target: Target) -> Outcome:
        """Handle the target of a hint."""
        raise NotImplementedError

    def no_hint(self, hinting: Hinting) -> Outcome:  # noqa: ARG002 - for those that need it
        """Handle a key that goes on with no hint."""
        return Outcome.LEAVE

    def back(self) -> Outcome:
        """Erase the last letter; without one, leave."""
        assert self.hinting
        self.hinting = self.hinting.back()
        return Outcome.STAY if self.hinting else Outcome.LEAVE


class TagMode(HintMode):
    """Label first: a hint for the first word, then one for the last.

    Args:
        reading: The article.
        label: What to tag as.
        window: The offsets on screen.
        taken: Letters that are no hints.
    """

    place = "hints"

    def __init__(self, reading: Reading, label: str, window: tuple[int, int], taken: str) -> None:
        exclude = reading.scheme.label(label).clitics == "exclude"
        targets = [
            Target(unit.begin(exclude_clitics=exclude), unit.end)
            for unit in reading.units.between(*window)
        ]
        super().__init__(reading, Hinting(make_hints(targets, reading.cursor, taken)))
        self.label = label

    @property
    def prompt(self) -> str:
        """Ask for the first word, or the last."""
        is_first = self.hinting is None or self.hinting.first is None
        return f"{self.label}: {'first' if is_first else 'last'} word?"

    @property
    def keys(self) -> list[tuple[str, str]]:
        """The keys that the bar shows: what ends the choice depends on what was chosen."""
        keymap = self.reading.keymap
        if self.hinting and self.hinting.first:
            words = {"hints.take": "one word"}
            return keymap.hints(["hints.take", "hints.clause", "hints.back"], words=words)
        return keymap.hints(["hints.take", "hints.leave"], words={"hints.take": "the word here"})

    def leave(self) -> Outcome:
        """Leave the hints, and nothing selected."""
        self.reading.pointing.selection = None
        return Outcome.LEAVE

    def back(self) -> Outcome:
        """Erase the last letter, or the first word; without one, leave."""
        outcome = super().back()
        self._mark()
        return outcome

    def take(self) -> Outcome:
        """Tag the word here, or the one word that was chosen."""
        hinting = self.hinting
        assert hinting
        if hinting.typed:
            return Outcome.STAY
        if hinting.first:
            return self._tag(hinting.first.start, hinting.first.end)
        here = self.reading.cursor
        under = next((hint.target for hint in hinting.hints if hint.target.end > here), None)
        return self.choose(under) if under else Outcome.STAY

    def to_clause_end(self) -> Outcome:
        """Tag from the word that was chosen to the end of its clause."""
        hinting = self.hinting
        assert hinting
        if hinting.typed or hinting.first is None:
            return self.take()
        first = hinting.first
        clause = self.reading.segments.at("clause", first.start)
        return self._tag(first.start, max(first.end, clause[1] if clause else first.end))

    def no_hint(self, hinting: Hinting) -> Outcome:
        """Tag the one word that was chosen, and let the key do its own work."""
        if hinting.typed:
            return Outcome.STAY
        if hinting.first:
            self._tag(hinting.first.start, hinting.first.end)
        return Outcome.PASS

    def choose(self, target: Target) -> Outcome:
        """Choose the first word, or the last and tag."""
        assert self.hinting
        first = self.hinting.first
        if first is None:
            self.hinting = self.hinting.chosen(target)
            self._mark()
            return Outcome.STAY
        return self._tag(min(first.start, target.start), max(first.end, target.end))

    def _mark(self) -> None:
        first = self.hinting.first if self.hinting else None
        if first:
            self.reading.select(first.start, first.end - 1)
        else:
            self.reading.pointing.selection = None

    def _tag(self, start: int, end: int) -> Outcome:
        self.reading.drop()
        start, end = balanced(self.reading.text, start, end)
        self.reading.tag_range(self.label, start, end)
        self.reading.pointing.cursor = start
        return Outcome.LEAVE


class JumpMode(HintMode):
    """A hint moves the cursor.

    Args:
        reading: The article.
        window: The offsets on screen.
        taken: Letters that are no hints.
    """

    place = "jump"
    prompt = "jump to which word?"

    def __init__(self, reading: Reading, window: tuple[int, int], taken: str) -> None:
        targets = [Target(unit.start, unit.end) for unit in reading.units.between(*window)]
        super().__init__(reading, Hinting(make_hints(targets, reading.cursor, taken)))

    def choose(self, target: Target) -> Outcome:
        """Move the cursor to a word."""
        self.reading.move_to(target.start)
        return Outcome.LEAVE
