"""Streams that are closed, full or oddly encoded end a command with a sentence, not a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = [
    ("stats", "{corpus}"), ("check", "{corpus}"), ("log", "{corpus}"), ("log", "{corpus}", "--json"),
    ("export", "{corpus}"), ("scheme", "{corpus}"), ("keys",), ("keys", "--markdown"), ("formats",),
    ("formats", "--json"), ("schema",), ("doctor",), ("config", "show"), ("config", "path"),
    ("show", "{corpus}/a.txt"), ("show", "-"), ("--help",), ("--version",), ("{corpus}",),
    ("merge", "{corpus}"), ("assign", "{corpus}", "--annotators", "a,b"),
]  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("قال الجيش\n", "utf-8")
    return tmp_path


def run(redirection: str, corpus: Path, command: tuple[str, ...], **env: str) -> tuple[int, str]:
    """Run a command with its streams redirected by a shell; return its exit code and errors."""
    said = corpus.parent / "said"
    words = [sys.executable, "-m", "tui.cli", *(part.format(corpus=corpus) for part in command)]
    script = f'exec 2>"{said}"; "$@" {redirection}'
    done = subprocess.run(
        ["sh", "-c", script, "-", *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        check=False, env={**os.environ, "HASHIYA_ANNOTATOR": "layla", **env},
    )  # fmt: skip
    return done.returncode, said.read_text("utf-8", "replace")


def is_calm(said: str) -> bool:
    return "Traceback" not in said and "Exception ignored" not in said


@pytest.mark.parametrize(
    "redirection", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"]
)
@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_stream_that_is_closed_or_full_is_told_in_a_line(
    corpus: Path, command: tuple[str, ...], redirection: str
) -> None:
    code, said = run(redirection, corpus, command)
    assert is_calm(said), said
    assert code in (0, 1, 2)
    if redirection == ">/dev/full" and command[0] in ("stats", "export", "keys", "schema", "show"):
        assert code == (1 if command[0] != "export" and command != ("show", "-") else code)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1256", "utf-16", "ascii:strict"])
def test_whatever_encoding_is_said_to_be_wanted_no_command_fails_for_it(
    corpus: Path, command: tuple[str, ...], encoding: str
) -> None:
    code, said = run("", corpus, command, PYTHONIOENCODING=encoding)
    assert is_calm(said)
    assert code == (1 if command in (("{corpus}",), ("show", "-")) else 0)


def test_a_file_that_the_next_open_would_take_for_standard_output_gets_none_of_it(
    corpus: Path,
) -> None:
    run(">&-", corpus, ("assign", "{corpus}", "--annotators", "a,b"))
    for path in (corpus / ".hashiya").rglob("*.json"):
        assert path.read_bytes().startswith(b"{")
