"""What a large project costs: saving, the index, the library, opening, the export.

    python -m tests.bench.store [--articles 10000,100000] [--layers 10000] [--spans 100] [--json]

Makes each corpus (`tests.bench.corpus`) in a temporary folder, or uses FOLDER/10000 and so on if
that is given with `--folder` and there. Times of a save are split into what the disk takes for
syncing and everything else. Nothing is asserted: machines are noisy.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from annotations.corpus.corpus import open_corpus
from annotations.language.segmentation import words
from annotations.library.catalogue import Catalogue
from annotations.library.filters import Filter, Sort
from annotations.model.changes import AddSpan
from annotations.model.layer import Span
from annotations.store.checkout import check_out
from annotations.store.journal import Step
from annotations.store.layer_path import layer_paths
from annotations.store.location import store_path
from annotations.store.store import Store
from tests.bench.corpus import make_corpus
from tests.bench.terminal import Program
from tests.terminal import hashiya_command

SAVES = 300
PATIENCE = 120.0
QUIET = 6.0
"""Seconds without a change after which the index is taken to be filled."""


class Syncs:
    """Counts the time that is spent in fsync."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._fsync = os.fsync
        os.fsync = self.fsync  # type: ignore[assignment]  # stands in for it

    def fsync(self, descriptor: Any) -> None:
        """Sync, and note how long that took."""
        began = time.perf_counter()
        self._fsync(descriptor)
        self.seconds += time.perf_counter() - began


def saves(folder: Path, spans: int) -> dict[str, float]:
    """Save one change after another in an article of a hundred spans, in the middle of the rest."""
    corpus = open_corpus(folder)
    store = Store(store_path(corpus))
    path = min(layer_paths(store.root), key=str)
    layer = store.layer_at(path)
    document = corpus.document(layer.document_id)
    assert document
    desk = check_out(store, document, layer.annotator)
    assert desk.lock
    layer = desk.layer.with_relations(())
    stretches = list(words(document.text, 0, len(document.text)))
    syncs = Syncs()
    whole: list[float] = []
    work: list[float] = []
    for number in range(SAVES):
        start, end = stretches[number % len(stretches)]
        change = AddSpan(Span(layer.free_id("x"), start, end, "actor"))
        if len(layer.spans) > spans:
            layer = layer.with_spans(layer.spans[1:])
        began, synced = time.perf_counter(), syncs.seconds
        layer = change.apply(layer)
        desk.lock.check()
        layer = store.save(layer, [Step.now("do", change, layer)], document.text)
        whole.append((time.perf_counter() - began) * 1000)
        work.append(whole[-1] - (syncs.seconds - synced) * 1000)
    desk.release()
    return {
        "save_p50_ms": statistics.median(whole),
        "save_p95_ms": statistics.quantiles(whole, n=20)[18],
        "save_without_fsync_p50_ms": statistics.median(work),
        "save_without_fsync_p95_ms": statistics.quantiles(work, n=20)[18],
    }


def index(folder: Path, caches: Path) -> dict[str, float]:
    """Fill an index from nothing, then again with nothing new; open an article in the middle."""
    corpus = open_corpus(folder)
    store = Store(store_path(corpus))
    path = caches / "bench.sqlite"
    found: dict[str, float] = {}
    for name in ("index_cold_s", "index_warm_s"):
        began = time.perf_counter()
        catalogue = Catalogue(corpus, store, "layla", path)
        assert catalogue.wait(PATIENCE)
        found[name] = time.perf_counter() - began
        catalogue.close()
    catalogue = Catalogue(corpus, store, "layla", path)
    assert catalogue.wait(PATIENCE)
    numbers = catalogue.view(Filter(), Sort.CORPUS)
    row = catalogue.row(numbers[len(numbers) // 2])
    assert row
    began = time.perf_counter()
    document = catalogue.read(row)
    check_out(store, document, "layla", catalogue.kept_as(document)).release()
    found["open_in_the_middle_ms"] = (time.perf_counter() - began) * 1000
    catalogue.close()
    return found


def export(folder: Path, out: Path) -> dict[str, float]:
    """Export everything by the command, in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.perf_counter()
    command = hashiya_command("export", str(folder), "-o", str(out))
    done = subprocess.run(command, capture_output=True, check=True)
    seconds = time.perf_counter() - began
    found = re.search(rb"layers?, ([\d,]+) spans?", done.stderr)
    assert found
    peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return {
        "export_spans_a_second": int(found[1].replace(b",", b"")) / seconds,
        "export_memory_mb": peak / 1024,
    }


def library(folder: Path, caches: Path) -> dict[str, float]:
    """Open the library in a pty with a warm index, and an article out of its middle."""
    os.environ["XDG_CACHE_HOME"] = str(caches)
    found: dict[str, float] = {}
    for name in ("first_paint_cold_s", "first_paint_s"):
        began = time.perf_counter()
        program = Program(hashiya_command(str(folder), "--annotator", "bench"))
        received = b""
        while len(received) < 1000:
            more, last = program.output(PATIENCE, 0.01)
            received += more
        found[name] = last - began
        while program.output(QUIET, 1.0)[0]:
            pass
        if name == "first_paint_s":
            for key in ("\x1b[F", "\x1b[5~"):
                program.press(key)
            found["library_key_ms"] = 1000 * statistics.median(
                program.press("\x1b[A")[1] for _ in range(9)
            )
            found["open_by_enter_ms"] = 1000 * program.press("\r")[1]
        found["app_memory_mb"] = program.peak_memory
        program.end()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", default="10000,100000")
    parser.add_argument("--layers", type=int, default=10_000)
    parser.add_argument("--spans", type=int, default=100)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        root = given.folder or Path(temporary)
        for articles in map(int, given.articles.split(",")):
            folder, caches = root / str(articles), Path(temporary) / f"caches{articles}"
            caches.mkdir()
            if not folder.exists():
                make_corpus(folder, articles, given.layers, given.spans)
            found = {**index(folder, caches), **export(folder, Path(temporary) / "out.jsonl")}
            found |= {**library(folder, caches), **saves(folder, given.spans)}
            results[str(articles)] = found
    if given.json:
        json.dump(results, sys.stdout, indent=1)
        return
    names = next(iter(results.values()))
    print(f"{'':<28}" + "".join(f"{name:>14}" for name in results) + " articles")
    for name in names:
        print(f"{name:<28}" + "".join(f"{found[name]:>14,.1f}" for found in results.values()))


if __name__ == "__main__":
    main()
