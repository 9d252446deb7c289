"""What a colleague may have put into the store reaches no terminal raw, and stops nobody."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.command import hashiya, refused
from tests.terminal import Pty, hashiya_command

ESCAPES = "\x1b]52;c;ZXZpbA==\x07\x1b[31m\u202eevil\u009b0m"
SCHEME = f"""\
[[labels]]
name = "actor"
key = "a"
description = {json.dumps(ESCAPES)}

[[labels]]
name = "claim"
key = "c"
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / ".hashiya").mkdir(parents=True)
    (folder / "a.txt").write_text("the army left Aleppo", "utf-8")
    (folder / "b.txt").write_text("nobody knows", "utf-8")
    return folder


def received(corpus: Path, *keys: str) -> bytes:
    """Open the app at the first article, press keys, and return all that the terminal got."""
    command = hashiya_command(str(corpus), "--annotator", "layla")
    terminal = Pty(command, 110, 30)
    terminal.wait_for("article")
    for key in ("\r", *keys):
        terminal.press(key)
        terminal.settled()
    terminal.press("\x11")
    assert terminal.wait_for_end() == 0
    return terminal.received


def is_harmless(sent: bytes) -> bool:
    return not any(raw.encode() in sent for raw in ("\x1b]52", "\x1b[31mevil", "\u202e", "\u009b"))


@pytest.mark.terminal
@pytest.mark.parametrize("keys", [("?",), ("\x10",)])
def test_what_a_scheme_describes_reaches_the_terminal_as_symbols(
    corpus: Path, keys: tuple[str, ...]
) -> None:
    (corpus / ".hashiya" / "scheme.toml").write_text(SCHEME, "utf-8")
    sent = received(corpus, *keys, "\x1b")
    assert b"actor" in sent
    assert is_harmless(sent)


@pytest.mark.terminal
def test_a_label_that_the_scheme_lacks_reaches_the_terminal_as_symbols(corpus: Path) -> None:
    spans = [{"id": "s1", "start": 4, "end": 8, "label": "actor"}]
    record = {"id": "a", "text": "the army left Aleppo", "annotator": "layla", "spans": spans}
    source = corpus.parent / "in.jsonl"
    source.write_text(json.dumps(record), "utf-8")
    assert hashiya("import", corpus, "--from", source).returncode == 0
    (layer,) = (corpus / ".hashiya" / "layers").rglob("a.json")
    stored = json.loads(layer.read_bytes())
    next(iter(stored["spans"].values()))["label"] = ESCAPES
    layer.write_text(json.dumps(stored), "utf-8")
    assert is_harmless(received(corpus))


def plant(path: Path, kind: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("layers/layla/ca/a.json", "check"),
        ("layers/layla/ca/a.json", "export"),
        ("history/layla/ca/a.jsonl", "log"),
        ("scheme.toml", "scheme"),
        ("scheme.toml", "export"),
        ("assignment.json", "check"),
    ],
)
def test_what_is_no_file_stops_nobody(corpus: Path, name: str, command: str, kind: str) -> None:
    plant(corpus / ".hashiya" / name, kind)
    done = hashiya(command, corpus)  # it would hang, or read until memory ends
    assert b"Traceback" not in done.stderr
    said = (done.stdout + done.stderr).decode()
    assert Path(name).name in said


@pytest.mark.parametrize("name", ["locks/layla/ca/a.lock", "history/layla/ca/a.jsonl"])
def test_a_planted_link_is_not_written_through(corpus: Path, name: str) -> None:
    private = corpus.parent / "private"
    private.write_text("private", "utf-8")
    private.chmod(0o600)
    planted = corpus / ".hashiya" / name
    planted.parent.mkdir(parents=True)
    planted.symlink_to(private)
    record = {"id": "a", "text": "the army left Aleppo", "annotator": "layla", "spans": [
        {"id": "s1", "start": 4, "end": 8, "label": "actor"}
    ]}  # fmt: skip
    source = corpus.parent / "in.jsonl"
    source.write_text(json.dumps(record), "utf-8")
    refused(hashiya("import", corpus, "--from", source), "it is a link")
    assert private.read_text("utf-8") == "private"
    assert private.stat().st_mode & 0o777 == 0o600
    shutil.rmtree(corpus)


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("layers", ["import", "check", "stats", "export"]),
        ("layers/layla", ["import", "check", "stats"]),
        ("layers/layla/ca", ["import"]),
        ("history", ["import", "log"]),
        ("history/layla/ca", ["import", "check"]),
        ("locks", ["import", "check"]),
        ("locks/layla/ca", ["import"]),
    ],
)
def test_a_folder_of_the_store_that_is_a_link_is_not_gone_through(
    corpus: Path, name: str, commands: list[str]
) -> None:
    private = corpus.parent / "private"
    private.mkdir(mode=0o700)
    planted = corpus / ".hashiya" / name
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.symlink_to(private)
    source = corpus.parent / "in.jsonl"
    record = {"id": "a", "text": "the army left Aleppo", "annotator": "layla", "spans": [
        {"id": "s1", "start": 4, "end": 8, "label": "actor"}
    ]}  # fmt: skip
    source.write_text(json.dumps(record), "utf-8")
    for command in commands:
        done = hashiya(command, corpus, *(("--from", source) if command == "import" else ()))
        assert b"Traceback" not in done.stderr
        assert command != "import" or b"link" in done.stderr
    assert not list(private.iterdir())


def test_check_names_links_odd_files_and_open_modes(corpus: Path) -> None:
    store = corpus / ".hashiya"
    (store / "history").symlink_to(corpus.parent)
    os.mkfifo(store / "scheme.toml")
    (store / "assignment.json").write_text('{"schema": 1, "articles": {}}', "utf-8")
    (store / "assignment.json").chmod(0o666)
    (store / "places").mkdir()
    (store / "places").chmod(0o777)
    far = corpus.parent / "far.txt"
    far.write_text("far away", "utf-8")
    (corpus / "c.txt").symlink_to(far)
    (corpus / "d.txt").symlink_to("b.txt")
    done = hashiya("check", corpus)
    said = done.stdout.decode().splitlines()
    for line in (
        "fault: history: It is a link",
        "fault: scheme.toml: It is neither a file nor a folder",
        "fault: assignment.json: Everybody on this machine may write it",
        "fault: places: Everybody on this machine may write it",
        f"note: c.txt: It is a link to {far}",
    ):
        assert sum(found.startswith(line) for found in said) == 1, said
    assert not any("d.txt" in line for line in said)
    assert done.returncode == 1
