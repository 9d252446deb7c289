"""Label first: hints on the words, to tag them or to jump to one."""

from tui.desk.hints import Hinting, Target, make_hints
from tui.desk.modes.base import Outcome
from tui.desk.reading import Reading

CLAUSE_KEY = "]"
"""Takes a span to the end of its clause while hints stand on the screen."""


class TagMode:
    """Label first: a hint for the first word, then one for the last.

    Args:
        reading: The article.
        label: What to tag as.
        window: The offsets on screen.
        taken: Letters that are keys of labels.
    """

    takes_text = False

    def __init__(self, reading: Reading, label: str, window: tuple[int, int], taken: str) -> None:
        self.reading = reading
        exclude = reading.scheme.label(label).clitics == "exclude"
        targets = [
            Target(unit.begin(exclude_clitics=exclude), unit.end)
            for unit in reading.units.between(*window)
        ]
        hints = make_hints(targets, reading.cursor, taken)
        self.hinting: Hinting | None = Hinting("tag", hints, label)

    @property
    def prompt(self) -> str:
        """Ask for the first word, or the last."""
        assert self.hinting
        if self.hinting.first:
            return (
                f"{self.hinting.label}: last word?  the same hint or Enter: one word   "
                "] to the clause's end   Backspace"
            )
        return f"{self.hinting.label}: first word?   Enter the word here   Esc leaves"

    def press(self, key: str) -> Outcome:
        """Take a letter of a hint, or a key that ends the choice."""
        hinting = self.hinting
        assert hinting
        if key == "escape":
            self.reading.selection = None
            return Outcome.LEAVE
        if key == "backspace":
            self.hinting = hinting.back()
            self._mark()
            return Outcome.STAY if self.hinting else Outcome.LEAVE
        if key in ("enter", "space", CLAUSE_KEY) and not hinting.typed:
            return self._without_hint(hinting, to_clause_end=key == CLAUSE_KEY)
        return self._type(hinting, key)

    def _without_hint(self, hinting: Hinting, *, to_clause_end: bool) -> Outcome:
        first = hinting.first
        if first is None:
            here = self.reading.cursor
            under = next((hint.target for hint in hinting.hints if hint.target.end > here), None)
            return self._choose(under) if under else Outcome.STAY
        end = first.end
        if to_clause_end:
            clause = self.reading.segments.at("clause", first.start)
            end = max(end, clause[1] if clause else end)
        return self._tag(first.start, end)

    def _type(self, hinting: Hinting, key: str) -> Outcome:
        typed = hinting.type(key) if len(key) == 1 else None
        if isinstance(typed, Hinting):
            self.hinting = typed
            return Outcome.STAY
        if typed:
            return self._choose(typed)
        if hinting.typed:
            return Outcome.STAY
        first = hinting.first
        if first:
            # any other key closes a span of one word and then does its own work
            self._tag(first.start, first.end)
        return Outcome.PASS

    def _choose(self, target: Target) -> Outcome:
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
            self.reading.selection = None

    def _tag(self, start: int, end: int) -> Outcome:
        assert self.hinting
        self.reading.drop()
        self.reading.tag_range(self.hinting.label, start, end)
        self.reading.cursor = start
        return Outcome.LEAVE


class JumpMode:
    """A hint moves the cursor.

    Args:
        reading: The article.
        window: The offsets on screen.
        taken: Letters that are no hints.
    """

    takes_text = False
    prompt = "jump to which word?   Esc leaves"

    def __init__(self, reading: Reading, window: tuple[int, int], taken: str) -> None:
        self.reading = reading
        targets = [Target(unit.start, unit.end) for unit in reading.units.between(*window)]
        self.hinting: Hinting | None = Hinting("jump", make_hints(targets, reading.cursor, taken))

    def press(self, key: str) -> Outcome:
        """Take a letter of a hint."""
        assert self.hinting
        if key == "backspace" and self.hinting.typed:
            self.hinting = self.hinting.back()
            return Outcome.STAY
        typed = self.hinting.type(key) if len(key) == 1 else None
        if isinstance(typed, Hinting):
            self.hinting = typed
            return Outcome.STAY
        if typed:
            self.reading.move_to(typed.start)
        return Outcome.LEAVE
