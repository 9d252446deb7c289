"""Which room may enter which, at run time."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("annotations.exchange.export", ["tui", "textual", "rich", "click"]),
        ("tui.text.excerpt", ["textual", "rich", "tinydb", "annotations.store"]),
        ("tui.desk.modes.searching", ["textual", "rich", "click"]),
        ("tui.desk.motions", ["textual", "rich", "click"]),
        ("tui.desk.session", ["textual", "rich", "click"]),
        ("tui.cli", ["textual", "rich", "annotations"]),
        ("tui.cli.opening", ["textual", "rich", "annotations.exchange.verify"]),
        (
            "tui.cli.exporting",
            ["textual", "rich", "spacy", "pyarrow", "annotations.exchange.verify"],
        ),
        ("tui.cli.formats", ["textual", "rich", "spacy", "pyarrow", "cassis", "datasets"]),
    ],
)
def test_a_room_brings_nothing_along_that_it_may_not_know(
    module: str, forbidden: list[str]
) -> None:
    code = f"import sys, {module}; print([name for name in {forbidden!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
