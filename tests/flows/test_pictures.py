"""Real terminals, looked at: the reader is photographed and read back by OCR.

Each terminal runs in an X server of its own. What it is not installed for is skipped by name; in CI
it runs and fails instead.
"""

import difflib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotations.language.folding import fold
from annotations.language.segmentation import words
from tests.debian import needs
from tests.paths import SEEDS
from tests.terminal import hashiya_command, needs_proc, wait_for, wait_until_idle

pytestmark = [pytest.mark.terminal, pytest.mark.slow]

SEED = SEEDS / "000_e7964ff5d011f848.txt"
FONT = "DejaVu Sans Mono"
TERMINALS: dict[str, tuple[str, Callable[[str], list[str]]]] = {
    "xterm": ("xterm", lambda run: ["xterm", "-fa", FONT, "-fs", "13", "-geometry", "84x26", "-e", run]),
    "tmux in xterm": (
        "tmux",
        lambda run: [
            "xterm", "-fa", FONT, "-fs", "13", "-geometry", "84x26", "-e",
            "tmux", "-u", "-L", f"picture{os.getpid()}", "-f", "/dev/null", "new-session", run,
        ],
    ),
    "xfce4-terminal (VTE)": (
        "xfce4-terminal",
        lambda run: [
            "dbus-run-session", "xfce4-terminal", "--disable-server", "--geometry", "84x26",
            "--font", f"{FONT} 13", "-x", run,
        ],
    ),
    "konsole": (
        "konsole",
        lambda run: ["dbus-run-session", "konsole", "--hide-menubar", "-p", f"Font={FONT},15", "-p", "TerminalColumns=84", "-p", "TerminalRows=26", "-e", run],
    ),
    "kitty": (
        "kitty",
        lambda run: [
            "kitty", "-o", f"font_family={FONT}", "-o", "font_size=14", "-o", "remember_window_size=no",
            "-o", "initial_window_width=84c", "-o", "initial_window_height=26c", run,
        ],
    ),
    "PuTTY's engine": (
        "pterm",
        lambda run: ["pterm", "-fn", f"{FONT} 13", "-geometry", "84x26", "-e", run],
    ),
    "mlterm": (
        "mlterm",
        lambda run: ["mlterm", "--type", "xft", "-w", "18", "--geometry", "84x26", "-e", run],
    ),
}  # fmt: skip
WRAPPER = """#!{python}
import json, os, re, select, subprocess, sys, termios, tty
def mode():
    before = termios.tcgetattr(0)
    tty.setraw(0)
    os.write(1, b"\\x1b[8$p\\x1b[c")
    got = b""
    while b"c" not in got and select.select([0], [], [], 2)[0]:
        got += os.read(0, 1024)
    termios.tcsetattr(0, termios.TCSANOW, before)
    found = re.search(rb"\\x1b\\[8;(\\d)\\$y", got)
    return found[1].decode() if found else ""
first = mode()
app = subprocess.Popen({command!r}, env={{**os.environ, "HASHIYA_ANNOTATOR": "layla"}})
open({pid!r} + ".tmp", "w").write(str(app.pid))
os.rename({pid!r} + ".tmp", {pid!r})
app.wait()
second = mode()
json.dump([first, second], open({modes!r} + ".tmp", "w"))
os.rename({modes!r} + ".tmp", {modes!r})
"""


@needs_proc
@needs("xvfb", command="Xvfb")
@needs("tesseract-ocr-ara", command="tesseract")
@needs("imagemagick", command="import")
@pytest.mark.parametrize("name", TERMINALS)
def test_the_reader_reads_right_in_a_real_terminal_which_is_left_as_it_was(
    name: str, tmp_path: Path, display: str
) -> None:
    package, command = TERMINALS[name]
    program = command("")[0] if package == "tmux" else package
    if not shutil.which(program) and not os.environ.get("CI"):
        pytest.skip(f"needs the Debian package {package}")
    shutil.copy(SEED, tmp_path / "seed.txt")
    (tmp_path / "seed.txt.hashiya" / "layers").mkdir(parents=True)
    run, pid, modes = tmp_path / "run", tmp_path / "pid", tmp_path / "modes"
    run.write_text(
        WRAPPER.format(
            python=sys.executable, command=hashiya_command(str(tmp_path / "seed.txt")),
            pid=str(pid), modes=str(modes),
        )
    )  # fmt: skip
    run.chmod(0o755)
    terminal = subprocess.Popen(
        command(str(run)),
        env={
            **os.environ, "DISPLAY": display, "HOME": str(tmp_path), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(tmp_path), "QT_QPA_PLATFORM": "xcb",
        },
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(pid.exists, "the app did not begin")
        read = photographed(display, tmp_path, terminal.pid, int(pid.read_text()))
        wanted = [
            fold(SEED.read_text("utf-8"))[start:end]
            for start, end in words(fold(SEED.read_text("utf-8")), 0, 1500)
        ]
        same = difflib.SequenceMatcher(None, read, wanted, autojunk=False).get_matching_blocks()
        in_order = sum(block.size for block in same)
        share = 0.5 if name == "kitty" else 0.7  # kitty draws letters narrower than their cells
        assert in_order > share * len(read), f"{in_order} of {len(read)} words in order: {read}"
        os.kill(int(pid.read_text()), signal.SIGTERM)
        wait_for(modes.exists, "the app did not end")
        first, second = json.loads(modes.read_text())
        assert first == second
        assert (first == "1") == ("VTE" in name)  # VTE alone tells, and begins with bidi on
    finally:
        terminal.terminate()
        terminal.wait()


def photographed(display: str, folder: Path, *processes: int) -> list[str]:
    """Photograph the screen each time that all have come to rest, until there is a page of words in it.

    Args:
        display: The X server.
        folder: Where the pictures are kept.
        processes: The terminal and the app in it.

    Returns:
        The Arabic words of the last picture.
    """
    read: list[str] = []
    picture = folder / "picture.png"

    def is_page() -> bool:
        wait_until_idle(*processes)
        subprocess.run(["import", "-display", display, "-window", "root", str(picture)], check=True)
        read[:] = _words_in(picture)
        return len(read) > 60

    wait_for(is_page, "no page of words was ever seen")
    return read


def _words_in(picture: Path) -> list[str]:
    grey = picture.with_name("grey.png")
    subprocess.run(
        ["convert", str(picture), "-colorspace", "gray", "-negate", "-resize", "200%", str(grey)],
        check=True,
    )
    done = subprocess.run(
        ["tesseract", str(grey), "-", "-l", "ara", "--psm", "6"],
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads wait for one another
        capture_output=True,
        check=True,
    )
    text = fold(done.stdout.decode())
    found = [text[start:end] for start, end in words(text, 0, len(text))]
    return [word for word in found if len(word) > 2 and not word.isascii()]
