"""Keys a span of a working day: an expert annotation, made again in a real terminal.

    python -m tests.bench.day GOLD.jsonl ARTICLE.txt [--json] [--size 100x30]

Unlike `tests.bench.keystrokes`, the user that is played knows nothing of the app but its screen.
She knows the article and what is to be tagged; where that stands, which hint is under which word,
what a key did and what a review proposes she reads from the cells of the terminal, scrolls where
that is needed, and mends what came out otherwise than she thought. Every key is counted as it is
sent; a chord (Shift, Alt, Ctrl) counts two. At the end the exported layer must equal the gold,
extents, labels and relations, or the run fails.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.day_screen import Article
from tests.bench.day_user import Edges, User
from tests.bench.gold import Gold, play
from tests.command import exported
from tests.terminal import Pty

ANNOTATOR = "layla"


def annotate(gold: Gold, copy: Path, size: Edges) -> User:
    """Annotate a copy of an article in a terminal."""
    home = str(copy.parent / "home")
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")
    env = [f"{name}={home}" for name in names] + [f"HASHIYA_ANNOTATOR={ANNOTATOR}"]
    terminal = Pty(["/usr/bin/env", *env, sys.executable, "-m", "tui.cli", str(copy)], *size)
    try:
        terminal.wait_for("saved")
        user = User(terminal, Article(copy.read_bytes().decode()), gold.spans, gold.relations)
        user.annotate()
        user.send("close", "ctrl+q")
    except BaseException:
        terminal.end(9)
        raise
    assert terminal.wait_for_end() == 0
    return user


def run(record: dict[str, Any], article: Path, size: Edges) -> dict[str, Any]:
    """Annotate an article as the gold has it, and report."""
    gold = Gold.of(record)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / article.name
        shutil.copyfile(article, copy)
        user = annotate(gold, copy, size)
        (result,) = exported(copy, "--format", "jsonl", "--annotator", ANNOTATOR)
    keys = sum(user.counts.values())
    return {
        "keys": keys,
        "spans": len(gold.spans),
        "keys_per_span": round(keys / len(gold.spans), 3),
        "keys_by_purpose": dict(user.counts),
        "events": dict(user.events),
        "relations": len(gold.relations),
        "status": result.get("status"),
        **gold.differences(Gold.of(result)),
    }


def main() -> int:
    """Run from the command line; exit 1 if the result is not the gold."""
    return play("Keys a span of a working day", "100x30", run)


if __name__ == "__main__":
    sys.exit(main())
