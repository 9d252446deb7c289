"""Whatever way a string takes, a terminal gets nothing raw that did not come from the program."""

import json
import unicodedata
from pathlib import Path

import pytest

from tests.command import hashiya
from tests.terminal import Pty, hashiya_command

pytestmark = pytest.mark.terminal

FORBIDDEN = [
    chr(code)
    for code in (*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x2000, 0x2070), 0xFEFF, 0x61C)
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp") and chr(code) not in "\n\r\t"
]
"""Controls, C1, bidi controls and joiners, by Unicode's own categories."""
OSC = "\x1b]52;c;ZXZpbA==\x07\x9b31mevil"
ALL = OSC + "".join(f"q{char}Q" for char in FORBIDDEN)
IN_NAMES = (
    "".join(char for char in ALL if char not in "/\0").encode()[:180].decode("utf-8", "ignore")
)
"""As much of it as a file name may hold."""


def raw(received: bytes) -> list[str]:
    """Name what got through: of each character whether it came between its letters."""
    return [hex(ord(char)) for char in FORBIDDEN if f"q{char}Q".encode() in received] + [
        what for what in ("\x1b]52", "\x9b31m", "\x1b]0;evil") if what.encode() in received
    ]


def received(*args: str | Path, **env: str) -> bytes:
    """Run a command in a terminal and return all that it wrote there."""
    said = [f"{name}={value}" for name, value in env.items()]
    terminal = Pty(["/usr/bin/env", *said, *hashiya_command(*map(str, args))], 110, 30)
    terminal.wait_for_end()
    return terminal.received


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A corpus in which every name and text is hostile."""
    corpus = tmp_path / f"c{IN_NAMES}"
    store = corpus / ".hashiya"
    store.mkdir(parents=True)
    text = "the army left Aleppo\n" + ALL.replace("\0", "")
    (corpus / f"a{IN_NAMES}.txt").write_text(text, "utf-8", newline="")
    (corpus / "empty.txt").write_text("", "utf-8")
    (corpus / f"bad{IN_NAMES}.txt").write_bytes(b"\xff\xfe\x00")
    record = {
        "id": f"a{IN_NAMES}", "text": text, "annotator": "layla", "note": ALL,
        "spans": [
            {"id": "s1", "start": 4, "end": 8, "label": "actor", "note": ALL},
            {"id": "s2", "start": 14, "end": 20, "label": "location"},
        ],
    }  # fmt: skip
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(record), "utf-8")
    done = hashiya("import", corpus, "--from", source)
    assert done.returncode == 0, done.stderr
    (store / "scheme.toml").write_text(
        f"# {ALL.translate(dict.fromkeys((*range(32), 127)))}\n"
        "[[labels]]\nname = 'actor'\nkey = 'a'\n"
        f"description = {json.dumps(ALL).replace('/', '')}\n"
        "[[labels]]\nname = 'location'\nkey = 'l'\n",
        "utf-8",
    )
    return corpus


COMMANDS: list[tuple[str | Path, ...]] = [
    ("check", "CORPUS"), ("check", "CORPUS", "--json"), ("stats", "CORPUS"),
    ("stats", "CORPUS", "--json"), ("log", "CORPUS"), ("log", "CORPUS", "--json"),
    ("export", "CORPUS"), ("export", "CORPUS", "-o", f"o{IN_NAMES}.jsonl"),
    ("export", "CORPUS", "-o", f"o{IN_NAMES}.jsonl", "--split", "80,10,10"),
    ("export", "CORPUS", "--format", "conll"), ("export", "CORPUS", "--format", ALL),
    ("export", "CORPUS", "--since", ALL), ("export", "CORPUS", "--annotator", ALL),
    ("export", "CORPUS", "--labels", ALL), ("scheme", "CORPUS"), ("merge", "CORPUS"),
    ("merge", "CORPUS", "--document", ALL), ("assign", "CORPUS", "--annotators", f"layla,{ALL}"),
    ("import", "CORPUS", "--from", f"{IN_NAMES}"), ("import", "CORPUS", "--from", "evil.jsonl"),
    ("import", "CORPUS", "--from", "evil.jsonl", "--rename", ALL), ("config", "path"),
    ("config", "show"), ("doctor",), ("show", "x", IN_NAMES, ALL), ("show", IN_NAMES), (ALL,),
    ("open", "CORPUS", ALL), ("CORPUS", "--annotator", ALL), ("CORPUS", ALL), ("formats", ALL),
    ("verify", IN_NAMES, "--against", "CORPUS", "--format", "jsonl"), ("tutor", ALL),
    ("stats", "CORPUS", f"--{ALL}"), ("stats", "CORPUS", "--encoding", ALL),
    ("stats", "c.csv", "--id-field", ALL, "--text-field", ALL), ("scheme", "CORPUS", "--init"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(map(str, command))[:30])
def test_no_command_lets_anything_through(
    hostile: Path, command: tuple[str | Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(hostile.parent)
    Path("evil.jsonl").write_text(
        json.dumps({"id": ALL, "text": ALL, ALL: ALL, "annotator": ALL, "spans": ALL})
        + "\n{"
        + OSC,
        "utf-8",
    )
    Path("c.csv").write_text("id,text\n1,x\n", "utf-8")
    settings = Path("settings") / f"s{IN_NAMES}"
    settings.mkdir(parents=True)
    (settings / "config.toml").write_text(
        f'bidi = {json.dumps(ALL)}\n[keys]\n{json.dumps(ALL)} = "x"\n"span.next" = {json.dumps(ALL)}\n',
        "utf-8",
    )
    args = [hostile if part == "CORPUS" else str(part).replace("\0", "") for part in command]
    came = received(
        *args, COLORTERM=ALL.replace("\0", ""), HASHIYA_CONFIG=str(settings.absolute()),
        HASHIYA_ANNOTATOR="layla",
    )  # fmt: skip
    assert raw(came) == []
    assert b"Traceback" not in came


@pytest.mark.parametrize(
    "keys", [("?",), ("\x10",), ("p",), ("i",), ("f",), ("/", "q"), ("\r", "?"), ("\r", "p"),
             ("\r", "\x10"), ("\r", "n"), ("\r", "i"), ("\r", "v")],
)  # fmt: skip
def test_no_screen_lets_anything_through(hostile: Path, keys: tuple[str, ...]) -> None:
    terminal = Pty(hashiya_command(str(hostile), "--annotator", "layla"), 120, 30)
    terminal.wait_for("army")
    for key in keys:
        terminal.press(key)
        terminal.settled()
    terminal.hang_up()
    terminal.wait_for_end_unseen()
    assert raw(terminal.received) == []


@pytest.mark.parametrize("field", ["label", "source", "id", "type"])
def test_a_layer_whose_names_hold_control_characters_is_refused_with_the_reason(
    hostile: Path, field: str
) -> None:
    (layer,) = (hostile / ".hashiya" / "layers" / "layla").rglob("*.json")
    stored = json.loads(layer.read_bytes())
    if field == "type":
        stored["relations"]["1"] = {"id": "r1", "type": OSC, "head": "s1", "child": "s2"}
    else:
        stored["spans"]["1"][field] = OSC
    layer.write_text(json.dumps(stored), "utf-8")
    said = hashiya("check", hostile).stdout.decode()
    assert "holds a control character" in said
    assert raw(received("check", hostile)) == []


def test_a_pipe_gets_the_bytes(hostile: Path) -> None:
    exported = hashiya("export", hostile).stdout
    assert json.loads(exported)["spans"][0]["note"] == ALL
    scheme = hashiya("scheme", hostile).stdout
    assert scheme == (hostile / ".hashiya" / "scheme.toml").read_bytes()
