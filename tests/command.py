"""The command line as tests run it: a process of its own, and what it wrote read back."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

LOSSY = 3
"""The exit code of an export or import that something was lost in."""


def hashiya(
    *args: str | Path, stdin: bytes = b"", **env: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tui.cli", *map(str, args)]
    environment = {**os.environ, "HASHIYA_ANNOTATOR": "layla", **env}
    return subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False)


def refused(done: subprocess.CompletedProcess[bytes], *words: str, code: int = 1) -> str:
    """Assert that a command ended with one line on standard error and no traceback."""
    message = done.stderr.decode()
    assert done.returncode == code, message
    assert "Traceback" not in message
    if code == 1:
        assert len(message.strip().splitlines()) == 1, message
    for word in words:
        assert word in message
    return message


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def exported(*args: str | Path) -> list[dict[str, Any]]:
    done = hashiya("export", *args)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def spans(record: dict[str, object]) -> list[tuple[object, object]]:
    found = record["spans"]
    assert isinstance(found, list)
    return [(span["label"], span["text"]) for span in found]
