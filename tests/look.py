"""Shows the app in a real terminal: the list of the seeds, the first of them, and a hint tagged.

    python -m tests.look [COLUMNSxROWS]

It runs on a copy, in a tmux of its own, and prints what tmux has on its screen.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.paths import SEEDS
from tests.terminal import Tmux, hashiya_command


def main() -> None:
    """Print the screens."""
    columns, rows = map(int, (sys.argv[1] if len(sys.argv) > 1 else "80x24").split("x"))
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "seeds")
        shutil.copytree(SEEDS, corpus, ignore=shutil.ignore_patterns(".hashiya"))
        os.environ["XDG_CACHE_HOME"] = folder
        terminal = Tmux(hashiya_command(str(corpus)), columns, rows, HASHIYA_ANNOTATOR="layla")
        try:
            terminal.wait_for("5 articles")
            show(terminal, "The library")
            terminal.press("Enter")
            terminal.wait_for("article 1 of 5")
            show(terminal, "The first article")
            terminal.press("l")
            show(terminal, "Hints, after l")
        finally:
            terminal.close()


def show(terminal: Tmux, title: str) -> None:
    """Print a screen once nothing more comes."""
    terminal.settled()
    print(f"== {title}\n{terminal.screen()}")


if __name__ == "__main__":
    main()
