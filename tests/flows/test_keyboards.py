"""Real keys in a real xterm under the Arabic layout, by the codes that a keyboard sends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import exported
from tests.debian import needs
from tests.keyboards import layout, needs_layouts, needs_names
from tests.terminal import Pty, hashiya_command, needs_proc, wait_for

pytestmark = pytest.mark.terminal

CODES = {
    **{f"AE{number:02}": 9 + number for number in range(1, 13)},
    **{f"AD{number:02}": 23 + number for number in range(1, 13)},
    **{f"AC{number:02}": 37 + number for number in range(1, 12)},
    **{f"AB{number:02}": 51 + number for number in range(1, 11)},
    "TLDE": 49,
    "BKSL": 51,
}
"""By its place on the keyboard: the code of a key, as evdev numbers them."""

RECORDER = """
import json, sys
from textual import events
from tui.keys.keyboard import Keyboard
from tui.terminal.driver import HashiyaDriver
from tui.terminal.hook import TerminalApp
class Recorder(TerminalApp):
    keyboard = Keyboard("arabic")
    async def on_event(self, event):
        if isinstance(event, events.Key):
            with open(sys.argv[1], "a") as record:
                record.write(json.dumps(self.keyboard.press(event.key, event.character).key) + "\\n")
            return
        await super().on_event(event)
    def on_mount(self):
        open(sys.argv[1], "a").close()
Recorder(driver_class=HashiyaDriver).run()
"""


def meant(place: str) -> str:
    """The Latin character on a key; ASCII that the layout sends means itself."""
    sent = layout("ara")[place]
    return sent if sent.isascii() and sent not in "<>" else layout("us")[place]


@pytest.fixture
def recorded(tmp_path: Path, display: str) -> Iterator[tuple[dict[str, str], Path]]:
    """An xterm whose keyboard is Arabic; the keys that were pressed in it are in a file."""
    record = tmp_path / "keys"
    env = {**os.environ, "DISPLAY": display, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    subprocess.run(["setxkbmap", "ara"], env=env, check=True)
    command = ["xterm", "-geometry", "80x24", "-e", sys.executable, "-c", RECORDER, str(record)]
    terminal = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    wait_for(record.exists, "the recorder did not begin")
    yield env, record
    terminal.terminate()
    terminal.wait()


@needs("xvfb", command="Xvfb")
@needs("xterm", command="xterm")
@needs("xdotool", command="xdotool")
@needs("x11-xkb-utils", command="setxkbmap")
@needs_layouts
@needs_names
@pytest.mark.slow
@pytest.mark.parametrize("shifted", [False, True])
def test_every_key_of_an_arabic_keyboard_is_known(
    recorded: tuple[dict[str, str], Path], shifted: bool
) -> None:
    env, record = recorded
    places = [f"{place} shifted" if shifted else place for place in CODES]
    codes = [str(CODES[place.removesuffix(" shifted")]) for place in places]
    keys = [part for code in codes for part in ("key", code)]
    hold = (["keydown", "shift"], ["keyup", "shift"]) if shifted else ([], [])
    subprocess.run(
        ["xdotool", "mousemove", "50", "50", *hold[0], *keys, *hold[1]], env=env, check=True
    )

    def count() -> int:
        return len(record.read_text().splitlines())

    wait_for(lambda: count() >= len(places), "not all keys came")
    found = [json.loads(line) for line in record.read_text().splitlines()]
    wanted = [meant(place) for place in places]
    names = {"grave_accent": "`"}
    assert [names.get(key, key) for key in found] == wanted


@needs_proc
def test_the_two_letters_of_one_key_are_one_key_wherever_they_come(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("one two three four five six seven eight nine ten", "utf-8")
    terminal = Pty(hashiya_command(str(article)), HASHIYA_ANNOTATOR="layla")
    terminal.wait_for("article 1 of 1")

    def press(*keys: str) -> str:
        for key in keys:
            terminal.press(key)
            terminal.settled()
        return terminal.settled()

    # w three times goes to "four"; the B key, which comes as lam and alef, back to "three"
    press("\u0635", "\u0635", "\u0635", "\u0644\u0627", "Space", "\u0634", "Escape")
    # in a line that is typed they are the two letters, shaped
    assert "\ufefb" in press("/", "\u0644\u0627")
    assert "\ufefb" not in press("\x7f"), "one letter of the two was erased"
    # with Shift lam and hamza on alef are G, the end of the article; a count goes before B, too
    press("Escape", "\u0644\u0623", "\u0663", "\u0644\u0627", "Space", "\u0645", "Escape")
    terminal.press("C-q")
    terminal.wait_for_end()
    found = [(item["label"], item["text"]) for item in exported(article)[0]["spans"]]
    assert found == [("actor", "three"), ("location", "eight")]
