"""The README tells the truth: its keys come from the command table, its commands are real."""

import re

from click.testing import CliRunner

from tests.paths import ROOT
from tui.cli import main
from tui.cli.main import COMMANDS

README = (ROOT / "README.md").read_text("utf-8")


def keys_table() -> str:
    return CliRunner().invoke(main, ["keys", "--markdown"]).output.strip()


def test_the_keys_in_the_readme_are_those_of_the_command_table() -> None:
    assert keys_table() in README, f"put this into the README:\n{keys_table()}"


def test_the_readme_names_every_command() -> None:
    for name in COMMANDS:
        if name != "open":
            assert f"hashiya {name}" in README


def test_the_commands_of_the_first_screen_are_one_line_each() -> None:
    found = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert found == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/hashiya seeds",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest",
    ]
