"""What is told in a sentence leaves its trace in the log, and the doctor says where that is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import hashiya
from tui.cli.log_file import log_path

FAILING = """
import logging
from tui.cli.log_file import start_log
start_log()
start_log()
for number in range({times}):
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("annotations.store.saver").exception("A layer was not saved")
"""


def fail(times: int = 1) -> subprocess.CompletedProcess[bytes]:
    code = FAILING.format(times=times)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)


def test_a_trace_is_written_once_and_to_the_log_alone() -> None:
    done = fail()
    assert done.stdout == done.stderr == b""
    logged = log_path().read_text("utf-8")
    assert logged.count("A layer was not saved") == 1
    assert "ZeroDivisionError" in logged
    assert log_path().parent.stat().st_mode & 0o077 == 0


def test_a_long_log_is_begun_anew_and_old_ones_are_few() -> None:
    fail(8000)
    files = sorted(log_path().parent.iterdir())
    assert [file.name for file in files] == [
        "hashiya.log", "hashiya.log.1", "hashiya.log.2", "hashiya.log.3",
    ]  # fmt: skip
    assert max(file.stat().st_size for file in files) <= 256 << 10


def test_nothing_is_made_while_there_is_nothing_to_log() -> None:
    assert hashiya("formats").returncode == 0
    assert not log_path().parent.exists()


def test_a_log_that_can_not_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert fail().stderr == b""


def test_a_file_that_no_library_reads_is_told_in_a_sentence_and_logged(
    small_corpus: Path, tmp_path: Path
) -> None:
    pytest.importorskip("spacy")
    (tmp_path / "bad.spacy").write_bytes(b"nothing")
    done = hashiya("verify", tmp_path / "bad.spacy", "--format", "spacy", "--against", small_corpus)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert "Traceback" in log_path().read_text("utf-8")


def test_the_doctor_names_the_log() -> None:
    assert f"Log: {log_path()} (nothing" in hashiya("doctor", "--bidi", "off").stdout.decode()
    fail()
    said = hashiya("doctor", "--bidi", "off").stdout.decode().splitlines()
    assert f"Log: {log_path()}" in said
    assert os.environ["XDG_STATE_HOME"] in str(log_path())
