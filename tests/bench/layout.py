"""Speed of the layout engine beside reshape + get_display on the same text in the same run.

    python -m tests.bench.layout

Prints; asserts nothing, since machines are noisy. Cold means that no word was seen before.
"""

import statistics
import time
from collections.abc import Callable

from arabic_reshaper import ArabicReshaper
from bidi import get_display

from tests.paths import SEEDS
from tui.text import bidi, shaping
from tui.text.layout import Layout, LineName
from tui.text.paragraph import tokenise

WIDTH = 76
ROWS = 30
RUNS = 7


def rate(
    name: str,
    characters: int,
    act: Callable[[], object],
    before: Callable[[], object] | None = None,
) -> float:
    """Print and return million characters a second, the median of several runs."""
    seconds = []
    for _ in range(RUNS):
        if before:
            before()
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    found = characters / statistics.median(seconds) / 1e6
    print(f"{name:52s} {found:8.2f} Mchar/s")
    return found


def lay_out(text: str) -> int:
    """Lay a text out whole: levels, shapes, lines, maps, visual text."""
    return sum(len(line.visual()) for _, line in Layout(text, WIDTH).lines())


def compare(name: str, text: str) -> None:
    """Print the rates of the peer, of the steps, and of the whole, on one text."""
    reshaper = ArabicReshaper({"delete_harakat": False, "ARABIC LIGATURE ALLAH": False})
    paragraphs = text.split("\n")
    tokens = [tokenise(paragraph) for paragraph in paragraphs]
    count = len(text)
    print(f"\n{name}: {count:,} characters, {len(paragraphs)} paragraphs")

    def peer() -> object:
        return [get_display(reshaper.reshape(paragraph)) for paragraph in paragraphs]

    def levels() -> object:
        return [bidi.resolve(paragraph) for paragraph in paragraphs]

    def shapes() -> object:
        return [shaping.shape_tokens(token) for token in tokens]

    beside = rate("arabic_reshaper.reshape + bidi.get_display", count, peer)
    rate("levels", count, levels)
    rate("shapes, cold", count, shapes, shaping.forget_shapes)
    rate("shapes, warm", count, shapes)
    cold = rate(
        "complete layout with maps, cold", count, lambda: lay_out(text), shaping.forget_shapes
    )
    warm = rate("complete layout with maps, warm", count, lambda: lay_out(text))
    print(f"beside the peer: {cold / beside:.2f} times as fast cold, {warm / beside:.2f} warm")


def main() -> None:
    seeds = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    for name, text in (("the seeds", "\n".join(seeds)), ("eight times", "\n".join(seeds * 8))):
        compare(name, text)
    one = " ".join(" ".join(seeds).replace("\n", " ").split(" ") * 40)[:500_000]
    shaping.forget_shapes()
    start = time.perf_counter()
    layout = Layout(one, WIDTH)
    rows = [layout.line(LineName(0, number)) for number in range(ROWS)]
    opened = time.perf_counter() - start
    keys = []
    for offset in range(400_000, 401_000, 20):
        start = time.perf_counter()
        top = layout.line_of(offset)
        rows = [layout.line(layout.moved(top, number), {offset}) for number in range(ROWS)]
        keys.append(time.perf_counter() - start)
    print(
        f"\none paragraph of {len(one):,} characters, {len(rows)} rows: opening {opened * 1e3:.0f} ms, "
        f"a later key {statistics.median(keys) * 1e3:.2f} ms (worst {max(keys) * 1e3:.2f})"
    )


if __name__ == "__main__":
    main()
