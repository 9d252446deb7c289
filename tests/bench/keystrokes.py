"""Keys a span: an expert annotation, made again in the running app by real keys.

    python -m tests.bench.keystrokes GOLD.jsonl ARTICLE.txt [--json] [--size 80x24]

The user that is played makes no errors and is sensible: she looks at the hints on screen, takes
the cheapest way that she can see, tags repeats where that saves keys, and never counts words at a
distance. Every key is counted as it is sent; a chord (Shift, Alt, Ctrl) counts two. At the end the
exported layer must equal the gold, extents, labels and relations, or the run fails.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from annotations.corpus import open_corpus
from annotations.exchange import select_layers
from annotations.model import Span
from annotations.scheme import DEFAULT_SCHEME
from annotations.store import Store
from annotations.suggest.repeats import LIKENESSES, find_repeats
from tui.app import HashiyaApp
from tui.hints import Hinting
from tui.modes import RelationMode, ReviewMode, TagMode
from tui.reading import Reading
from tui.screens.reader import ReaderScreen

SHIFTED = set('~!@#$%^&*()_+{}|:"<>?')
Extent = tuple[int, int, str]
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
            if extent not in self.made():
                await self.tag(extent)
                await self.fix(extent)
                await self.tag_repeats(extent)
            await self.relate(extent)
        if isinstance(self.screen.mode, TagMode):
            await self.press("close", "enter")

    async def tag(self, extent: Extent) -> None:
        """Label first, then the hints that are seen."""
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
        clause = self.reading.segments.at("clause", first.target.start)
        if first.target.end >= end:
            # one word: what comes next closes it; edges are fixed when it is closed
            await self.press(label, "enter")
            return
        last = next((hint for hint in hinting.hints if hint.target.end == end), None)
        if clause and clause[1] == end:
            await self.press(label, "]")
        elif last:
            await self.press(label, *last.keys)
        else:
            near = [hint for hint in hinting.hints if first.target.end <= hint.target.end <= end]
            await self.press(label, *(near[-1].keys if near else ["enter"]))

    def nearest_start(self, hinting: Hinting, start: int) -> Any:
        exact = next((hint for hint in hinting.hints if hint.target.start == start), None)
        if exact:
            return exact
        covering = [hint for hint in hinting.hints if hint.target.start <= start < hint.target.end]
        after = [hint for hint in hinting.hints if hint.target.start > start]
        return covering[-1] if covering else after[0]

    async def bring_into_view(self, start: int, label: str) -> None:
        for _ in range(200):
            first, last = self.screen.view.window
            if first <= start < last:
                return
            await self.press(label, "pagedown" if start >= last else "pageup")
        raise AssertionError(f"{start} never came into view")

    async def fix(self, extent: Extent) -> None:
        """Move the edges of the span just made until they stand right."""
        start, end, label = extent
        for _ in range(60):
            span = self.reading.active
            assert span, f"{extent}: nothing is armed"
            if (span.start, span.end) == (start, end):
                return
            await self.press(label, self.step(span, start, end))
        raise AssertionError(f"{extent} can't be reached")

    def step(self, span: Span, start: int, end: int) -> str:
        """Choose the key that brings the span nearest to its gold edges."""
        units = self.reading.units
        if span.start != start:
            word = units.at(span.start)
            if word and word.start <= start < word.end and word.start <= span.start < word.end:
                cuts = set()
                at: int | None = span.start
                while at is not None and at not in cuts:
                    cuts.add(at)
                    at = units.next_cut(at)
                if start in cuts:
                    return "'"
                return "alt+." if span.start < start else "alt+,"
            return "." if span.start < start else ","
        clause = self.reading.segments.at("clause", span.end - 1)
        if span.end < end:
            if clause and span.end < clause[1] <= end and end - span.end > 12:
                return "+"
            following = units.at(span.end) or units.neighbour(span.end, 1)
            return "=" if following and following.end <= end else "alt+="
        before = units.neighbour(span.end - 1, -1)
        return "-" if before and before.end >= end else "alt+-"

    async def tag_repeats(self, extent: Extent) -> None:
        """Tag the other mentions where that saves keys, and mend the hits."""
        start, end, label = extent
        span = self.reading.active
        assert span
        made = self.made()
        hits = find_repeats(self.reading.segments, self.reading.folded, start, end)
        best: tuple[float, int] | None = None
        for narrower in range(len(LIKENESSES)):
            kept = [
                hit for hit in hits if LIKENESSES.index(hit.likeness) < len(LIKENESSES) - narrower
            ]
            states = [
                (hit.start, hit.end, label) in self.gold
                for hit in kept
                if not any(s <= hit.start and hit.end <= e and name == label for s, e, name in made)
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
            if not isinstance(mode, ReviewMode):
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

    async def relate(self, extent: Extent) -> None:
        """Join a span with the ones made before it."""
        for head, child in sorted(self.relations):
            other = head if child == extent else child if head == extent else None
            spans = self.made()
            if other is None or other not in spans:
                continue
            span = spans[extent]
            if self.reading.active is None or self.reading.active.id != span.id:
                await self.go_to(span)
            await self.press("relation", "r")
            mode = self.screen.mode
            assert isinstance(mode, RelationMode), self.reading.message
            hinting = mode.hinting
            assert hinting
            if hinting.offered and hinting.offered.span_id == spans[other].id:
                await self.press("relation", "enter")
                continue
            hint = next(item for item in hinting.hints if item.target.span_id == spans[other].id)
            await self.press("relation", *hint.keys)

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
        store = Store(corpus.store_path)
        gold = {(item["start"], item["end"], item["label"]) for item in record["spans"]}
        by_id = {
            item["id"]: (item["start"], item["end"], item["label"]) for item in record["spans"]
        }
        relations = {
            (by_id[item["head"]], by_id[item["child"]]) for item in record.get("relations", [])
        }
        app = HashiyaApp(corpus, store, DEFAULT_SCHEME, "user")
        async with app.run_test(size=size) as pilot:
            user = User(pilot, gold, relations)
            await user.annotate()
        ((_, layer),) = select_layers(store, corpus, ["user"], []).chosen
    made = {(span.start, span.end, span.label) for span in layer.spans}
    ids = {span.id: (span.start, span.end, span.label) for span in layer.spans}
    joined = {(ids[item.head], ids[item.child]) for item in layer.relations}
    count = user.count
    labels = Counter(label for _, _, label in gold)
    return {
        "keys": count.keys,
        "spans": len(gold),
        "keys_per_span": round(count.keys / len(gold), 3),
        "keys_by_purpose": dict(count.by_purpose),
        "keys_per_span_by_label": {
            label: round(count.by_purpose[label] / labels[label], 2) for label in sorted(labels)
        },
        "relations": len(relations),
        "keys_per_relation": round(count.by_purpose["relation"] / max(1, len(relations)), 2),
        "spans_from_repeats": count.repeats,
        "false_repeats_rejected": count.rejected,
        "missing": sorted(gold - made),
        "surplus": sorted(made - gold),
        "relations_missing": sorted(relations - joined),
        "relations_surplus": sorted(joined - relations),
    }


def main() -> int:
    """Run from the command line; exit 1 if the result is not the gold."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else ""
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("article", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", default="80x24")
    given = parser.parse_args()
    columns, _, rows = given.size.partition("x")
    lines = [
        json.loads(line) for line in given.gold.read_text("utf-8").splitlines() if line.strip()
    ]
    record = next((line for line in lines if line.get("file") == given.article.name), lines[0])
    report = asyncio.run(run(record, given.article, (int(columns), int(rows))))
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for name, value in report.items():
            print(f"{name:26s} {value}")
    wrong = any(
        report[name] for name in ("missing", "surplus", "relations_missing", "relations_surplus")
    )
    if wrong:
        print("the layer made is not the gold", file=sys.stderr)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
