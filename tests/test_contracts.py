"""The import contracts are kept, and a breach of each is found."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.slow

BREACHES = {
    "the floors of annotations": ("annotations/model/layer.py", "import annotations.store.store"),
    "the floors of tui": ("tui/desk/hints.py", "import tui.widgets.article"),
    "annotations knows nothing of any user interface": ("annotations/errors.py", "import click"),
    "what is written does not know how it is verified": (
        "annotations/exchange/selection.py", "import annotations.exchange.verify.compare",
    ),
    "only the store knows TinyDB": ("annotations/library/index.py", "import tinydb"),
    "only the library knows SQLite": ("annotations/team/progress.py", "import sqlite3"),
    "the layout engine knows only text": ("tui/text/lines.py", "import annotations.model.layer"),
    "what the annotator does needs no screen": ("tui/desk/units.py", "import textual"),
    "the display knows cells, and nothing of Textual": ("tui/terminal/pen.py", "import textual"),
}  # fmt: skip


def linted(folder: Path) -> dict[str, str]:
    """Return of each contract whether it is kept or broken."""
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return dict(re.findall(r"^(.+) (KEPT|BROKEN)", done.stdout, re.MULTILINE))


def test_the_contracts_are_kept_and_a_breach_of_each_is_found(tmp_path: Path) -> None:
    pytest.importorskip("importlinter")
    for name in ("annotations", "tui"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    before = linted(tmp_path)
    assert before == dict.fromkeys(BREACHES, "KEPT")
    for module, line in BREACHES.values():
        path = tmp_path / module
        path.write_text(path.read_text("utf-8") + f"\n{line}\n", "utf-8")
    assert linted(tmp_path) == dict.fromkeys(BREACHES, "BROKEN")
