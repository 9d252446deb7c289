"""Who annotates an article in a terminal by what is seen there; see `tests.bench.day`."""

import re
from collections import Counter

from annotations.language.folding import fold
from annotations.model.scheme import DEFAULT_SCHEME
from tests.bench.day_screen import Article, Chip, Look, look_at, plain
from tests.bench.gold import Extent, NotMadeError
from tests.terminal import Pty

Edges = tuple[int, int]
SENT = {
    "enter": "\r", "tab": "\t", "pagedown": "\x1b[6~", "pageup": "\x1b[5~", "ctrl+q": "\x11",
    "alt+left": "\x1b[1;3D", "alt+right": "\x1b[1;3C",
    "alt+shift+left": "\x1b[1;4D", "alt+shift+right": "\x1b[1;4C",
}  # fmt: skip
SHIFTED = set('~!@#$%^&*()_+{}|:"<>?')
LABEL_KEYS = {label.name: label.key for label in DEFAULT_SCHEME.labels}
ONE_SPAN = 2.3
"""Keys that a span costs where it isn't a repeat, for deciding whether repeats pay."""
MOST_PAGES = 60
MOST_MENDS = 30
MOST_CLAUSES = 4
FAR = 3
"""Words that an edge has to be away before hints pay."""
UNSEEN = 100
"""What an edge costs a word that is wrong where it isn't seen."""
CUTS = 3
"""How often the next proclitic is left out before letters are counted."""


class User:
    """Plays the keys.

    Args:
        terminal: Where the app runs.
        article: What is annotated.
        gold: The spans to make.
        relations: The relations to make, as (head, child).
    """

    def __init__(
        self,
        terminal: Pty,
        article: Article,
        gold: set[Extent],
        relations: set[tuple[Extent, Extent]],
    ) -> None:
        self.terminal, self.article = terminal, article
        self.gold, self.relations = gold, relations
        self.made: list[Extent] = []
        self.pending = False
        """Whether one word is chosen that the next key tags."""
        self.counts: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.log: list[str] = []
        self.seen = Look()
        self.look()

    # Keys and looks

    def press(self, purpose: str, *keys: str) -> None:
        """Press keys and look at the screen."""
        for key in keys:
            self.send(purpose, key)
        if keys:
            self.look()

    def send(self, purpose: str, key: str) -> None:
        """Press a key without a look at what it does."""
        is_chord = "+" in key[:-1] or key in SHIFTED or (len(key) == 1 and key.isupper())
        self.counts[purpose] += 1 + is_chord
        self.log.append(key)
        self.terminal.press(SENT.get(key, key))

    def turn(self, purpose: str, *, down: bool) -> None:
        """Turn a page."""
        self.press(purpose, "pagedown" if down else "pageup")
        self.events["pages turned"] += 1

    def look(self) -> None:
        self.terminal.settled()
        self.seen = look_at(self.terminal._screen, self.article)

    def wait(self, words: str) -> None:
        """Wait until the bar asks something, if it is late, and look again."""
        if words not in self.seen.bar:
            self.events["late screens"] += 1
            self.terminal.wait_for(words)
            self.look()

    @property
    def edges(self) -> Edges | None:
        """The edges on screen of what is tagged or about to be."""
        return self.seen.marked if self.pending else self.seen.active

    # The article

    def annotate(self) -> None:
        """Make every span in reading order, with its relations and repeats."""
        for extent in sorted(self.gold, key=lambda item: (item[0], -item[1])):
            self.log.clear()
            try:
                self.annotate_one(extent)
            except AssertionError as error:
                words = self.article.text[extent[0] : min(extent[1], extent[0] + 40)]
                where = f"{extent[2]} {extent[0]}-{extent[1]} {words!r}"
                said = f"{str(error).splitlines()[0] if str(error) else 'it could not be made'}"
                keys = " ".join(self.log)
                raise NotMadeError(f"{where}: {said} (keys: {keys}; {self.seen.bar})") from error
        if self.pending:
            self.press("close", "enter")
        self.press("close", "d")

    def annotate_one(self, extent: Extent) -> None:
        if extent not in self.made:
            self.tag(extent)
            self.mend(extent)
            self.made.append(extent)
            self.tag_repeats(extent)
        self.relate(extent)

    # One span

    def tag(self, extent: Extent) -> None:
        """Label first, then the hints that are seen, whichever way looks the shortest."""
        start, end, label = extent
        self.press(label, LABEL_KEYS[label])
        self.wait("first word?")
        self.pending = False
        first = self.find(start, label)
        self.press(label, *first.keys)
        self.wait("last word?")
        for _ in range(MOST_PAGES):
            cost, keys = self.shortest(first, end)
            if cost <= FAR or end <= self.seen.last:
                break
            self.turn(label, down=True)
        self.pending = not keys
        self.press(label, *keys)

    def find(self, start: int, label: str) -> Chip:
        """Find the hint of the word that an offset stands in, scrolling to it."""
        first, last = self.article.word(start)
        for _ in range(MOST_PAGES):
            chips = [chip for chip in self.seen.chips if first <= chip.offset < last]
            before = [chip for chip in chips if chip.offset <= start]
            if chips:
                return max(before, key=_offset) if before else min(chips, key=_offset)
            self.turn(label, down=start >= self.seen.last - 1)
        raise AssertionError("its first word never had a hint")

    def shortest(self, first: Chip, end: int) -> tuple[int, list[str]]:
        """Return what the shortest way to the last word would cost, and the keys of it."""
        article = self.article
        ways: list[tuple[list[str], int]] = [([], article.word_end(first.offset))]
        keys = ["]"]
        for reached, _ in zip(article.clause_ends(first.offset), range(MOST_CLAUSES), strict=False):
            ways.append((keys, reached))
            keys = [*keys, "\\"]
        ways += [
            (list(chip.keys), article.word_end(chip.offset))
            for chip in self.seen.chips
            if chip.offset > first.offset
        ]
        is_seen = end <= self.seen.last
        return min(
            (len(keys) + article.distance(reached, end) * (1 if is_seen else UNSEEN), keys)
            for keys, reached in ways
        )

    # Its edges

    def mend(self, extent: Extent) -> None:
        """Move the edges of the span just made, looking after each key, until they stand right."""
        tried: Counter[tuple[Edges, str]] = Counter()
        cuts = 0
        for _ in range(MOST_MENDS):
            edges = self.edges
            assert edges, "nothing is seen to be tagged"
            start, end = self.shown(extent)
            if edges == (start, end):
                if extent[1] <= end or self.pending or self.seen.goes_on:
                    return
                self.turn("edges", down=True)
                continue
            if edges[1] != end:
                keys = self.end_keys(edges[1], end)
            else:
                keys = self.start_keys(edges[0], start, cuts)
                cuts += keys == ["'"]
            tried[edges, keys[0]] += 1
            if tried[edges, keys[0]] > 1 and keys[0] != "'":
                keys = self.letter_keys(edges, (start, end))
            self.press("edges", *keys)
            self.events["edges moved"] += 1
            self.pending = False
        raise AssertionError(f"its edges stand at {self.edges}")

    def shown(self, extent: Extent) -> Edges:
        """Return the edges of a span as they look where it goes on beyond the screen."""
        return max(extent[0], self.seen.first), min(extent[1], self.seen.last)

    def end_keys(self, reached: int, end: int) -> list[str]:
        text = self.article.text
        between = text[min(reached, end) : max(reached, end)]
        if not re.search(r"\s", between):
            return ["alt+left" if reached < end else "alt+right"]
        if reached > end:
            return ["-"]
        if next(iter(self.article.clause_ends(reached)), None) == end:
            return ["\\"]
        return ["="]

    def start_keys(self, reached: int, start: int, cuts: int) -> list[str]:
        between = self.article.text[min(reached, start) : max(reached, start)]
        if re.search(r"\s", between):
            return ["," if start < reached else "."]
        if cuts < CUTS and between.isalpha():
            return ["'"]
        return ["alt+shift+left" if reached < start else "alt+shift+right"]

    def letter_keys(self, edges: Edges, wanted: Edges) -> list[str]:
        if edges[1] != wanted[1]:
            return ["alt+left" if edges[1] < wanted[1] else "alt+right"]
        return ["alt+shift+left" if edges[0] < wanted[0] else "alt+shift+right"]

    # Repeats

    def tag_repeats(self, extent: Extent) -> None:
        """Tag the other mentions where that saves keys; look at each up to the last wrong one."""
        found = self.worth_repeating(extent)
        if found is None:
            return
        expected, narrower = found
        self.press("repeats", ";", *["v"] * narrower)
        self.pending = False
        spot = self.spot()
        if spot is None:
            self.events["no repeats came"] += 1
            return
        rights = [(start, end, extent[2]) in self.gold for start, end in expected]
        wrong = rights.count(False)
        if spot[1] != len(expected):
            self.events["other repeats than thought"] += 1
            wrong, expected = -1, []
        seen = self.review(extent[2], wrong)
        right = {(*edges, extent[2]) for edges in [*expected, *seen]} & self.gold
        self.made += sorted(right - set(self.made))

    def worth_repeating(self, extent: Extent) -> tuple[list[Edges], int] | None:
        """Return the mentions that repeats would find, and by how much to narrow, if it pays."""
        mentions = self.article.mentions(*extent[:2])
        best: tuple[float, list[Edges], int] | None = None
        for narrower in range(3):
            edges = [
                (mention.start, mention.end)
                for mention in mentions
                if mention.likeness <= 2 - narrower and not self.is_tagged(mention.end, extent[2])
            ]
            states = [(*those, extent[2]) in self.gold for those in edges]
            walk = len(states) - states[::-1].index(False) if False in states else 0
            saved = ONE_SPAN * sum(states) - 2 - narrower - walk
            if saved > 0 and (best is None or saved > best[0]):
                best = (saved, edges, narrower)
        return best and best[1:]

    def is_tagged(self, end: int, label: str) -> bool:
        first = self.article.word(end - 1)[0]
        return any(
            label == name
            and last == end
            and (first <= start or " " in self.article.text[start:end])
            for start, last, name in self.made
        )

    def spot(self) -> tuple[int, int] | None:
        """Read which of how many repeats is looked at."""
        found = re.match(r"repeat (\d+) of (\d+)", self.seen.bar)
        return (int(found[1]), int(found[2])) if found else None

    def review(self, label: str, wrong: int) -> list[Edges]:
        """Look at one repeat after the other while there are wrong ones left; -1 if none knows.

        Returns:
            The right ones that were looked at.
        """
        rights: list[Edges] = []
        while wrong and (spot := self.spot()):
            edges = self.seen.active
            assert edges, "the repeat is not on screen"
            here, count = spot
            if (*edges, label) in self.gold:
                rights.append(edges)
                if here == count:
                    break
                self.press("repeats", "n")
                continue
            wrong -= 1
            self.press("repeats", "x")
            self.events["repeats rejected"] += 1
            if here == count:
                break
        if (spot := self.spot()) is not None:
            self.events["spans from repeats"] += spot[1]
            self.press("repeats", "enter")
        return rights

    # Relations

    def relate(self, extent: Extent) -> None:
        """Join a span with the ones made before it."""
        for head, child in sorted(self.relations):
            other = head if child == extent else child
            if extent in (head, child) and other in self.made:
                self.join(extent, other)
                self.see_joined(head)

    def join(self, extent: Extent, other: Extent) -> None:
        """Join two spans, the one at hand with another, in the way that is seen to be shortest."""
        if not self.pending:
            for _ in range(len(self.made)):
                if self.edges == self.shown(extent):
                    break
                self.press("relation", "tab")
            if self.is_named("y", other):
                self.press("relation", "y")
                return
        self.press("relation", "r")
        self.pending = False
        for key in ("enter", "1", "2", "3"):
            if self.is_named(key.capitalize(), other):
                self.press("relation", key)
                return
        for _ in range(MOST_PAGES):
            chip = self.chip_of(other)
            if chip:
                self.press("relation", *(["enter"] if chip.offered else chip.keys))
                return
            self.turn("relation", down=other[0] >= self.seen.first)
        raise AssertionError(f"{other} never came into view to be joined")

    def is_named(self, key: str, other: Extent) -> bool:
        """Whether the bar says of a key that it joins with a span, and with no other."""
        said = _known(self.seen.keys.get(key, ""))
        if not said:
            return False
        text = self.article.text
        like = [
            extent
            for extent in self.made
            if extent[2] == other[2] and _known(text[extent[0] : extent[1]]).startswith(said)
        ]
        return like == [other]

    def chip_of(self, other: Extent) -> Chip | None:
        """Find the hint of a span: of several that begin alike the longer ones stand first."""
        alike = sorted(
            (extent for extent in self.made if extent[0] == other[0] and extent[2] == other[2]),
            key=lambda extent: -extent[1],
        )
        chips = {(chip.row, chip.columns[1]): chip for chip in self.seen.chips}
        found = next((chip for chip in self.seen.chips if chip.offset == other[0]), None)
        for _ in range(alike.index(other)):
            found = found and chips.get((found.row, found.columns[0] - 1))
        return found

    def see_joined(self, head: Extent) -> None:
        """Read in the bar whether the right head was taken."""
        said = re.search(r"Claimant: (.*?)(?:;|$)", self.seen.bar)
        assert said, "the bar names no claimant"
        words = _known(said[1][::-1])  # the shaped words stand from right to left
        known = _known(self.article.text[head[0] : head[1]])
        assert words, "the bar names no claimant"
        assert known.startswith(words), f"joined with {said[1]!r}"


def _offset(chip: Chip) -> int:
    return chip.offset


def _known(words: str) -> str:
    """Return the letters of words that were quoted, perhaps cut."""
    return "".join(filter(str.isalnum, plain(fold(words))))
