"""How long a key takes, press to picture, in articles that are hard to walk.

    python -m tests.bench.hostile [NAME ...]

For each text the time to open it and the slowest of the keys after that, in milliseconds, and the
most memory that the app had; the app runs in a pty, as it does for a user.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile_texts import TEXTS
from tests.terminal import Pty, hashiya_command

KEYS = {
    "w": "w", "b": "b", "down": "\x1b[B", "left": "\x1b[D", "page down": "\x1b[6~", "page up": "\x1b[5~",
    "end": "G", "clause": "]", "paragraph": "}", "begin": "g", "select": " ", "tag": "a",
    "repeats": ";", "escape": "\x1b", "undo": "u", "search": "/", "letter": "ق", "leave": "\x1b",
    "jump": "f", "leave again": "\x1b",
}  # fmt: skip
PATIENCE = 30.0
_QUIET = 0.15
"""Seconds without a byte after which a picture is complete."""


def press(terminal: Pty, key: str) -> float:
    """Press a key and wait for what it shows; return the milliseconds, 0 if it shows nothing."""
    begun = time.perf_counter()
    before = len(terminal.received)
    terminal.press(key)
    shown = begun
    while time.perf_counter() - begun < PATIENCE:
        terminal.read(0.002)
        if len(terminal.received) > before:
            before = len(terminal.received)
            shown = time.perf_counter()
        elif time.perf_counter() - max(shown, begun) > (_QUIET if shown > begun else 0.6):
            break
    return 1000 * (shown - begun)


def memory_of(process: int) -> int:
    """Return the most memory that a process had, in MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) >> 10
    return 0


def main() -> None:
    """Measure and print."""
    names = sys.argv[1:] or list(TEXTS)
    print(f"{'text':<22} {'open':>8} {'slowest key':>24} {'memory':>8}")
    for name in names:
        with TemporaryDirectory() as folder:
            (Path(folder) / "a.txt").write_text(TEXTS[name], "utf-8", newline="")
            terminal = Pty(hashiya_command(folder, "--annotator", "x"))
            terminal.wait_for("article")
            opened = press(terminal, "\r")
            took = {what: press(terminal, key) for what, key in KEYS.items()}
            worst = max(took, key=lambda what: took[what])
            memory = memory_of(terminal.process)
            terminal.end(9)
        print(
            f"{name:<22} {opened:>5.0f} ms {worst:>14} {took[worst]:>6.0f} ms {memory:>5} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
