"""Keys a span: an expert annotation, made again in the running app by real keys.

    python -m tests.bench.keystrokes GOLD.jsonl ARTICLE.txt [--json] [--size 80x24]

The user that is played makes no errors and is sensible: she looks at the hints on screen, takes
the cheapest way that she can see, tags repeats where that saves keys, and never counts words at a
distance. Every key is counted as it is sent; a chord (Shift, Alt, Ctrl) counts two. At the end the
exported layer must equal the gold, extents, labels and relations, or the run fails.
"""

import asyncio
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from annotations.corpus.corpus import open_corpus
from annotations.exchange.selection import Selection, Wanted
from annotations.language.pairs import balanced
from annotations.model.layer import Span
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.location import store_path
from annotations.store.store import Store
from annotations.suggest.repeats import LIKENESSES, Hit, find_repeats
from tests.bench.gold import Extent, Gold, NotMadeError, play
from tui.app import HashiyaApp
from tui.desk.edges import EdgeAct, moved
from tui.desk.hints import Hinting
from tui.desk.modes.relating import RelationMode, likeliest
from tui.desk.modes.repeating import RepeatMode
from tui.desk.modes.tagging import TagMode
from tui.desk.reading import Reading
from tui.screens.reader import ReaderScreen

SHIFTED = set('~!@#$%^&*()_+{}|:"<>?')
ACTS: dict[str, EdgeAct] = {
    "'": "cut", ",": "start_back", ".": "start_forward", "-": "end_back", "=": "end_forward",
    "\\": "clause", "alt+shift+right": "start_letter_back", "alt+shift+left": "start_letter_forward",
    "alt+right": "end_letter_back", "alt+left": "end_letter_forward",
}  # fmt: skip
MOST_EDGES = 20_000
MOST_PAGES = 200
ONE_SPAN = 2.3
"""Keys that a span costs where it isn't a repeat, for deciding whether repeats pay."""


@dataclass
class Count:
    """What was sent, and for what."""

    keys: int = 0
    by_purpose: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    rejected: int = 0


class User:
    """Plays the keys.

    Args:
        pilot: Sends them.
        gold: The spans to make.
        relations: The relations to make, as (head, child) extents.
    """

    def __init__(
        self, pilot: Pilot[None], gold: set[Extent], relations: set[tuple[Extent, Extent]]
    ) -> None:
        self.pilot = pilot
        self.gold = gold
        self.relations = relations
        self.count = Count()

    @property
    def screen(self) -> ReaderScreen:
        screen = self.pilot.app.screen
        assert isinstance(screen, ReaderScreen)
        return screen

    @property
    def reading(self) -> Reading:
        return self.screen.reading

    def made(self) -> dict[Extent, Span]:
        return {(span.start, span.end, span.label): span for span in self.reading.layer.spans}

    async def press(self, purpose: str, *keys: str) -> None:
        for key in keys:
            cost = (
                2 if "+" in key[:-1] or key in SHIFTED or (len(key) == 1 and key.isupper()) else 1
            )
            self.count.keys += cost
            self.count.by_purpose[purpose] += cost
            await self.pilot.press(key)

    async def annotate(self) -> None:
        """Make every span in reading order, with its relations and repeats."""
        for extent in sorted(self.gold, key=lambda item: (item[0], -item[1])):
            try:
                if extent not in self.made():
                    await self.fix(await self.tag(extent), extent)
                    await self.tag_repeats(extent)
                await self.relate(extent)
            except AssertionError as error:
                words = self.reading.text[extent[0] : min(extent[1], extent[0] + 40)]
                where = f"{extent[2]} {extent[0]}-{extent[1]} {words!r}"
                raise NotMadeError(f"{where}: {error or 'it could not be made'}") from error
        if isinstance(self.screen.mode, TagMode):
            await self.press("close", "enter")

    async def tag(self, extent: Extent) -> tuple[int, int]:
        """Label first, then the hints that are seen, whichever way is the shortest.

        Returns:
            The edges that the span has, or will have once the next key closes it.
        """
        start, end, label = extent
        await self.bring_into_view(start, label)
        key = next(item.key for item in self.reading.scheme.labels if item.name == label)
        await self.press(label, key)
        mode = self.screen.mode
        assert isinstance(mode, TagMode), f"{extent}: no hints"
        hinting = mode.hinting
        assert hinting
        first = self.nearest_start(hinting, start)
        await self.press(label, *first.keys)
        text = self.reading.text
        begin, word_end = first.target.start, first.target.end
        clause = self.reading.segments.at("clause", begin)
        ways: list[tuple[list[str], int]] = [([], word_end)]
        if clause:
            ways.append((["]"], max(word_end, clause[1])))
        ways += [
            (list(hint.keys), hint.target.end)
            for hint in hinting.hints
            if hint.target.end > word_end
        ]
        ways.sort(key=lambda way: (way[1] != end, abs(way[1] - end), len(way[0])))
        costs = []
        for keys, reached in ways[:6]:
            edges = balanced(text, begin, reached)
            path = self.path(edges, extent)
            if path is not None:
                costs.append((len(keys) + len(path), keys, edges))
        assert costs, "its edges are too far from any hint"
        _, keys, edges = min(costs)
        await self.press(label, *keys)
        return edges

    def nearest_start(self, hinting: Hinting, start: int) -> Any:
        exact = next((hint for hint in hinting.hints if hint.target.start == start), None)
        if exact:
            return exact
        covering = [hint for hint in hinting.hints if hint.target.start <= start < hint.target.end]
        after = [hint for hint in hinting.hints if hint.target.start > start]
        return covering[-1] if covering else after[0]

    async def bring_into_view(self, start: int, label: str) -> None:
        for _ in range(200):
            first, last = self.screen.desk.window.offsets
            if first <= start < last:
                return
            await self.press(label, "pagedown" if start >= last else "pageup")
        raise AssertionError(f"{start} never came into view")

    async def fix(self, edges: tuple[int, int], extent: Extent) -> None:
        """Move the edges of the span just made until they stand right."""
        path = self.path(edges, extent)
        assert path is not None, "its edges are too far from any hint"
        await self.press(extent[2], *path)

    def path(self, edges: tuple[int, int], extent: Extent) -> list[str] | None:
        """Find the fewest keys that move a span's edges to where they belong; None if it is far."""
        goal = extent[:2]
        paths: dict[tuple[int, int], list[str]] = {edges: []}
        frontier = [edges]
        while goal not in paths:
            following = []
            for start, end in frontier:
                for key, act in ACTS.items():
                    reached = moved(self.reading, Span("", start, end, extent[2]), act)
                    legal = 0 <= reached[0] < reached[1] <= len(self.reading.text)
                    if legal and reached not in paths:
                        paths[reached] = [*paths[start, end], key]
                        following.append(reached)
            frontier = following
            if not following or len(paths) > MOST_EDGES:
                return None
        return paths[goal]

    async def tag_repeats(self, extent: Extent) -> None:
        """Tag the other mentions where that saves keys, and mend the hits."""
        start, end, label = extent
        made = [*self.made(), extent]
        hits = find_repeats(self.reading.segments, self.reading.folded, start, end)
        best: tuple[float, int] | None = None
        for narrower in range(len(LIKENESSES)):
            kept = [
                hit for hit in hits if LIKENESSES.index(hit.likeness) < len(LIKENESSES) - narrower
            ]
            states = [
                (hit.start, hit.end, label) in self.gold
                for hit in kept
                if not self.is_tagged(hit, label, made)
            ]
            if not any(states):
                continue
            falses = [index for index, right in enumerate(states) if not right]
            walk = (falses[-1] + 1) if falses else 0
            cost = 2 + narrower + walk
            saved = ONE_SPAN * sum(states) - cost
            if saved > 0 and (best is None or saved > best[0]):
                best = (saved, narrower)
        if best is None:
            return
        await self.press("repeats", ";")
        for _ in range(best[1]):
            await self.press("repeats", "v")
        while True:
            mode = self.screen.mode
            if not isinstance(mode, RepeatMode):
                return
            wrong = [
                index for index, tagged in enumerate(mode.tagged)
                if (tagged.start, tagged.end, label) not in self.gold
            ]  # fmt: skip
            if not wrong:
                break
            ahead = [index for index in wrong if index >= mode.index]
            if ahead and ahead[0] == mode.index:
                await self.press("repeats", "x")
                self.count.rejected += 1
            else:
                await self.press("repeats", "n")
        self.count.repeats += len(mode.tagged)
        await self.press("repeats", "enter")

    def is_tagged(self, hit: Hit, label: str, made: list[Extent]) -> bool:
        """Whether a mention has a span of the label, its proclitic left out or not."""
        first, last = self.reading.segments.at("word", hit.start) or (hit.start, hit.end)
        return any(e == hit.end and first <= s < last for s, e, name in made if name == label)

    async def relate(self, extent: Extent) -> None:
        """Join a span with the ones made before it."""
        for head, child in sorted(self.relations):
            other = head if child == extent else child if head == extent else None
            if other is None or other not in self.made():
                continue
            await self.join(extent, other)

    async def join(self, extent: Extent, other: Extent) -> None:
        """Join two spans, the one just made with another, in the way that takes fewest keys."""
        pending = isinstance(self.screen.mode, TagMode)
        if not pending:
            span = self.made()[extent]
            if self.reading.active is None or self.reading.active.id != span.id:
                await self.go_to(span)
            likely = likeliest(self.reading, span)
            if likely is not None and (likely.start, likely.end, likely.label) == other:
                await self.press("relation", "y")  # the bar names it
                return
        await self.press("relation", "r")
        mode = self.screen.mode
        assert isinstance(mode, RelationMode), self.reading.message
        wanted = self.made()[other].id
        offered = mode.hinting.offered
        recent = [span.id for span in mode.recent]
        if offered and offered.span_id == wanted:
            await self.press("relation", "enter")
            return
        if wanted in recent:
            await self.press("relation", str(recent.index(wanted) + 1))
            return
        for _ in range(MOST_PAGES):
            hints = [hint for hint in mode.hinting.hints if hint.target.span_id == wanted]
            if hints:
                await self.press("relation", *hints[0].keys)
                return
            is_above = other[0] < self.screen.desk.window.offsets[0]
            await self.press("relation", "pageup" if is_above else "pagedown")
        raise AssertionError(f"{other} never came into view for {extent}")

    async def go_to(self, span: Span) -> None:
        for _ in range(len(self.reading.layer.spans) + 1):
            if self.reading.active and self.reading.active.id == span.id:
                return
            await self.press("relation", "tab")
        raise AssertionError(f"{span} never came")


async def run(record: dict[str, Any], article: Path, size: tuple[int, int]) -> dict[str, Any]:
    """Annotate an article as the gold has it, and report."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / article.name
        shutil.copyfile(article, copy)
        corpus = open_corpus(copy)
        store = Store(store_path(corpus))
        gold = Gold.of(record)
        app = HashiyaApp(corpus, store, DEFAULT_SCHEME, "user")
        async with app.run_test(size=size) as pilot:
            user = User(pilot, gold.spans, gold.relations)
            await user.annotate()
        ((_, layer),) = Selection(store, corpus, Wanted(("user",)))
    made = {(span.start, span.end, span.label) for span in layer.spans}
    ids = {span.id: (span.start, span.end, span.label) for span in layer.spans}
    joined = {(ids[item.head], ids[item.child]) for item in layer.relations}
    gone = gold.differences(Gold(made, joined))
    count = user.count
    labels = Counter(label for _, _, label in gold.spans)
    return {
        "keys": count.keys,
        "spans": len(gold.spans),
        "keys_per_span": round(count.keys / len(gold.spans), 3),
        "keys_by_purpose": dict(count.by_purpose),
        "keys_per_span_by_label": {
            label: round(count.by_purpose[label] / labels[label], 2) for label in sorted(labels)
        },
        "relations": len(gold.relations),
        "keys_per_relation": round(count.by_purpose["relation"] / max(1, len(gold.relations)), 2),
        "spans_from_repeats": count.repeats,
        "false_repeats_rejected": count.rejected,
        **gone,
    }


def main() -> int:
    """Run from the command line; exit 1 if the result is not the gold."""
    return play("Keys a span", "80x24", lambda *given: asyncio.run(run(*given)))


if __name__ == "__main__":
    sys.exit(main())
