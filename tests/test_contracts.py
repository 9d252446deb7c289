"""The import contracts are kept, and a breach of each is found."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

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


@pytest.mark.slow
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


OPENING = {
    "read_text", "read_bytes", "write_text", "write_bytes", "touch", "unlink", "rename", "mkdir",
    "rmdir", "symlink_to", "hardlink_to", "chmod", "lchmod", "link", "symlink", "makedirs",
    "chown", "fdopen", "mkfifo", "NamedTemporaryFile", "mkstemp", "mkdtemp",
}  # fmt: skip
"""Calls by which a file is opened, made, renamed or removed by its name."""
EXEMPT = {
    ("annotations/formats/jsonl.py", "read_bytes"): "a file of the package itself",
    ("annotations/formats/writing/output.py", "rename"): "in a folder that was just made",
    ("annotations/formats/writing/output.py", "rmdir"): "in a folder that was just made",
    ("tui/cli/output.py", "os.open"): "/dev/null",
    ("tui/cli/output.py", "open"): "the streams by their numbers",
    ("tui/terminal/setup.py", "os.open"): "/dev/tty",
}


def opens(source: str) -> Iterator[str]:
    """Name the calls of a module by which it opens, makes, renames or removes files by name."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name("open"):
                first = node.args[0]
                if not (isinstance(first, ast.Name) and first.id == "descriptor"):
                    yield "open"
            case ast.Attribute(
                ast.Name("os" | "io" | "gzip" | "codecs" as module), "open" | "remove"
            ):
                yield f"{module}.open"
            case ast.Attribute(_, "open") if node.args and isinstance(node.args[0], ast.Constant):
                yield "open"
            case ast.Attribute(_, name) if name in OPENING:
                yield name


def test_only_the_disk_opens_files() -> None:
    """Whoever opened one by its name elsewhere would follow what somebody planted there."""
    found = {
        (str(path.relative_to(ROOT)), call)
        for name in ("annotations", "tui")
        for path in (ROOT / name).rglob("*.py")
        if path.parent != ROOT / "annotations" / "disk"
        for call in opens(path.read_text("utf-8"))
    }
    assert found <= EXEMPT.keys()


@pytest.mark.parametrize(
    "breach",
    ["open(path)", "path.open('rb')", "os.open(path, 0)", "path.read_text()", "os.unlink(path)",
     "gzip.open(path)", "path.rename(other)", "path.mkdir()"],
)  # fmt: skip
def test_opening_a_file_by_its_name_is_found(breach: str) -> None:
    assert list(opens(breach))
    assert not list(opens("catalogue.open(); open(descriptor, 'rb'); text.replace('a', 'b')"))
