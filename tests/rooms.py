"""How much of each room the tests reach, from what coverage.py wrote as JSON.

    python -m tests.rooms coverage.json

A room is a folder under `annotations` or `tui`. Only what runs in the tests' own processes counts,
not what the commands do that they start.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

LOW = 80
"""Percent below which a room is named at the end."""


def shares(report: Path) -> dict[str, tuple[int, int]]:
    """Return by room how many lines were reached, of how many."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, file in json.loads(report.read_text("utf-8"))["files"].items():
        room = "/".join(Path(name).parts[:2])
        found[room][0] += file["summary"]["covered_lines"]
        found[room][1] += file["summary"]["num_statements"]
    return {room: (reached, of) for room, (reached, of) in sorted(found.items()) if of}


def table(found: dict[str, tuple[int, int]]) -> list[str]:
    """Write a line for each room, and one that names those of which little is reached."""
    percent = {room: 100 * reached / of for room, (reached, of) in found.items()}
    lines = [
        f"{room:<28}{found[room][1]:>6} lines {value:5.1f} %" for room, value in percent.items()
    ]
    low = [room for room, value in percent.items() if value < LOW]
    return [*lines, f"Below {LOW} %: {', '.join(low) or 'none'}."]


if __name__ == "__main__":
    print("\n".join(table(shares(Path(sys.argv[1])))))
