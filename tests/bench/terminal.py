"""What a key costs in a terminal: time, bytes and memory, beside the editors that are installed.

    python -m tests.bench.terminal [ARTICLE.txt] [--json] [--runs 3] [--keys 60]

Each program runs in a pty of 100 columns and 30 rows and is sent real keys one at a time. Times are
from the key to the last byte before a silence; the silence is left out. The last column adds what a
line of 200 ms and 128 kbit/s would. First paint is a multiple of `python3 -I -c pass`, and of an
empty Textual app (`tests.bench.empty`), in the same run; both start from compiled modules, as an
installed wheel does. Nothing is asserted: machines are noisy.

A lone Escape is a measure of its own: 30 ms of it are the wait for the rest of a sequence
(ESCDELAY), and it would hide what the keys beside it cost.
"""

import argparse
import contextlib
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.paths import SEEDS
from tests.terminal import QUERIES, hashiya_command

COLUMNS, ROWS = 100, 30
SILENCE = 0.04
"""Seconds without output after which a key is taken to be answered."""
PATIENCE = 0.5
"""Seconds after which a key has not been answered."""
ROUND_TRIP, BITS = 0.2, 128_000
PACKET = 64
"""Bytes of headers a key's answer costs on the line, about."""
KEYS = {
    "cursor": {"hashiya": ["\x1b[D"], "": ["\x1b[C"]},
    "line down": {"": ["\x1b[B"]},
    "page down": {"": ["\x1b[6~"]},
    "page up": {"": ["\x1b[5~"]},
    "label key": {"hashiya": ["a", "\x1b"]},
    "tag a word": {"hashiya": [" ", "a", "\x1b", "w"]},
    "escape": {"hashiya": ["a", "\x1b"]},
}
"""By measure: the keys that are sent in turn, for one program or for all."""
COUNTED = {"label key": "a", "tag a word": "a", "escape": "\x1b"}
"""By measure: the key among those whose cost is measured, where it is not all."""


@dataclass
class Samples:
    """What the keys of one measure cost."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    silent: int = 0


class Program:
    """A program in a pty."""

    def __init__(self, command: list[str]) -> None:
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor"})
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.execvp(command[0], command)

    def output(self, patience: float, silence: float) -> tuple[bytes, float]:
        """Read until nothing comes for a while; tell when the last of it came."""
        received = b""
        last = time.perf_counter()
        wait = patience
        while select.select([self.descriptor], [], [], wait)[0]:
            try:
                chunk = os.read(self.descriptor, 65536)
            except OSError:
                break
            if QUERIES in chunk:
                os.write(self.descriptor, b"\x1b[?1;2c")
                chunk = chunk.replace(QUERIES, b"")
                last, wait = time.perf_counter(), patience
                continue
            received += chunk
            last, wait = time.perf_counter(), silence
        return received, last

    def press(self, key: str) -> tuple[int, float]:
        """Send a key; return the bytes of its answer and the seconds until the last of them."""
        began = time.perf_counter()
        os.write(self.descriptor, key.encode())
        received, last = self.output(PATIENCE, SILENCE)
        return len(received), last - began

    @property
    def peak_memory(self) -> float:
        """Megabytes at most."""
        status = Path(f"/proc/{self.process}/status").read_text("utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.descriptor)


def python_start() -> float:
    """Seconds of a Python that does nothing, the median of five."""
    found = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(["python3", "-I", "-c", "pass"], check=True)
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def first_paint(command: list[str]) -> float:
    """Seconds until a program has painted its first screen."""
    began = time.perf_counter()
    program = Program(command)
    _, last = program.output(20.0, 0.4)
    program.end()
    return last - began


def programs(article: Path) -> Iterator[tuple[str, list[str]]]:
    """List Hashiya and the peers that are installed."""
    yield "hashiya", hashiya_command(str(article), "--annotator", "bench")
    for name, command in (
        ("vim", ["vim", "-u", "NONE", "-n", "-c", "set arabic"]),
        ("emacs", ["emacs", "-nw", "-Q"]),
        ("nano", ["nano", "-I"]),
        ("slate", ["slate"]),
    ):
        if shutil.which(command[0]):
            yield name, [*command, str(article)]


def measure(name: str, command: list[str], count: int) -> dict[str, object]:
    """Run a program once."""
    base = python_start()
    began = time.perf_counter()
    program = Program(command)
    received, last = program.output(20.0, 0.4)
    first = last - began
    result: dict[str, object] = {
        "first_paint_x": round(first / base, 1),
        "first_paint_ms": round(1000 * first),
        "start_bytes": len(received),
    }
    if name == "hashiya":
        empty = first_paint([sys.executable, "-m", "tests.bench.empty"])
        result["first_paint_empty_x"] = round(first / empty, 2)
    try:
        for title, keys in KEYS.items():
            sent = keys.get(name) or keys.get("")
            if sent:
                samples = Samples()
                for index in range(count * (max(1, len(sent)))):
                    key = sent[index % len(sent)]
                    size, seconds = program.press(key)
                    if key != COUNTED.get(title, key):
                        continue
                    if size:
                        samples.sizes.append(size)
                        samples.seconds.append(seconds)
                    else:
                        samples.silent += 1
                result[title] = told(samples)
        result["peak_mb"] = round(program.peak_memory, 1)
    finally:
        program.end()
    return result


def told(samples: Samples) -> dict[str, float]:
    """Sum samples up; the 95th percentile is a sample, not a guess between two."""
    if not samples.sizes:
        return {"silent": samples.silent}
    times, sizes = sorted(samples.seconds), sorted(samples.sizes)
    last = min(len(times) - 1, int(0.95 * len(times)))
    line = ROUND_TRIP + statistics.median(times) + (statistics.median(sizes) + PACKET) * 8 / BITS
    return {
        "p50_ms": round(1000 * statistics.median(times), 1),
        "p95_ms": round(1000 * times[last], 1),
        "bytes_p50": statistics.median(sizes),
        "bytes_p95": sizes[last],
        "silent": samples.silent,
        "slow_line_ms": round(1000 * line),
    }


def median_run(runs: list[dict[str, object]]) -> dict[str, object]:
    """Return the median of each figure over the runs."""
    found: dict[str, object] = {}
    for name, value in runs[0].items():
        values = [run[name] for run in runs]
        if isinstance(value, dict):
            found[name] = median_run([item for item in values if isinstance(item, dict)])
        else:
            found[name] = statistics.median(
                item for item in values if isinstance(item, int | float)
            )
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.terminal")
    parser.add_argument("article", nargs="?", type=Path, default=sorted(SEEDS.glob("*.txt"))[1])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keys", type=int, default=60)
    options = parser.parse_args()
    table = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, command in programs(Path(folder) / "a.txt"):
            runs = []
            if name == "hashiya":
                (Path(folder) / "warm.txt").write_text("warm", "utf-8")
                first_paint(hashiya_command(str(Path(folder) / "warm.txt"), "--annotator", "bench"))
            for number in range(options.runs):
                copy = Path(folder) / str(number)
                shutil.rmtree(copy, ignore_errors=True)
                copy.mkdir()
                article = copy / "a.txt"
                shutil.copy(options.article, article)
                (copy / "a.txt.hashiya" / "layers").mkdir(parents=True)
                here = [str(article) if word.endswith("a.txt") else word for word in command]
                runs.append(measure(name, here, options.keys))
            table[name] = median_run(runs)
            print(f"{name} ...", file=sys.stderr)
    if options.json:
        print(json.dumps(table, indent=1))
        return
    for name, result in table.items():
        plain = {key: value for key, value in result.items() if not isinstance(value, dict)}
        print(f"\n{name}: " + ", ".join(f"{key} {value:g}" for key, value in plain.items()))
        for title, value in result.items():
            if isinstance(value, dict):
                figures = "  ".join(f"{key} {figure:g}" for key, figure in value.items())
                print(f"  {title:<12} {figures}")


if __name__ == "__main__":
    main()
