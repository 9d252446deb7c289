"""Spans a second of each format, written and read by the commands, and the memory they take.

    python -m tests.bench.formats [--layers 10000] [--spans 100] [--formats jsonl,parquet] [--import]

Makes a corpus (`tests.bench.corpus`) in a temporary folder, or uses the one that `--folder` names.
Each figure is of a whole command, start-up included. Nothing is asserted: machines are noisy.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from annotations.formats.registry import format_named, names
from tests.bench.corpus import make_corpus
from tests.terminal import hashiya_command

SLOW = ("spacy", "uima", "webanno", "brat")
"""Formats of which a tenth is enough to tell their speed."""


def run(*arguments: str | Path) -> tuple[int, float, float]:
    """Run a command; return the spans that it tells of, its seconds, and its peak in megabytes.

    The peak is that of its largest process.
    """
    command = hashiya_command(*map(str, arguments))
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, errors.fileno(), 2)],
        )
        _, status, used = os.wait4(process, 0)
        seconds = time.perf_counter() - began
        errors.seek(0)
        said = errors.read().decode()
    found = re.search(r"([\d,]+) spans?", said)
    if found is None or os.waitstatus_to_exitcode(status) not in {0, 3}:
        raise SystemExit(said)
    return int(found[1].replace(",", "")), seconds, used.ru_maxrss / 1024


def measure(name: str, corpus: Path, folder: Path, *, reads: bool) -> dict[str, float]:
    """Export in one format, and read it back into an empty store."""
    format_ = format_named(name)
    out = folder / f"out-{name}{format_.suffix if format_.target == 'file' else ''}"
    spans, seconds, peak = run("export", corpus, "--format", name, "-o", out, "--allow", "all")
    found = {"spans": spans, "export_spans_a_second": spans / seconds, "export_memory_mb": peak}
    if reads and format_.reader:
        store = folder / f"store-{name}"
        arguments: list[str | Path] = [
            "import",
            corpus,
            "--format",
            name,
            "--from",
            out,
            "--store",
            store,
        ]
        spans, seconds, peak = run(*arguments)
        found |= {"import_spans_a_second": spans / seconds, "import_memory_mb": peak}
        shutil.rmtree(store)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=10_000)
    parser.add_argument("--spans", type=int, default=100)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--formats", default=",".join(names()))
    parser.add_argument("--import", dest="reads", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        large, small = given.folder or folder / "large", folder / "small"
        if not large.exists():
            make_corpus(large, given.layers, given.layers, given.spans)
        make_corpus(small, given.layers // 10, given.layers // 10, given.spans)
        for name in given.formats.split(","):
            corpus = small if name in SLOW else large
            results[name] = measure(name, corpus, folder, reads=given.reads)
    if given.json:
        json.dump(results, sys.stdout, indent=1)
        return
    columns = sorted({key for found in results.values() for key in found})
    print(f"{'':<12}" + "".join(f"{name:>24}" for name in columns))
    for name, found in results.items():
        cells = (f"{found[key]:>24,.0f}" if key in found else f"{'':>24}" for key in columns)
        print(f"{name:<12}" + "".join(cells))


if __name__ == "__main__":
    main()
