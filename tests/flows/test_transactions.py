"""Whatever stops a command that changes many files, all of them are old or all are new."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from annotations.project import open_project
from tests.kills import EVENTS, home, moments
from tui.cli.main import COMMANDS
from tui.cli.own_plans import finish_own

pytestmark = pytest.mark.slow
ALL = pytest.mark.torture
TEXT = "the army left Aleppo and the minister denied it {}"


def cli(*args: object) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "tui.cli", *map(str, args)]
    return subprocess.run(command, capture_output=True, check=False)


def record(number: int, count: int) -> str:
    places = [(4, 8), (9, 13), (14, 20), (29, 37)]
    spans = [
        {"id": f"s{index}", "start": start, "end": end, "label": "actor"}
        for index, (start, end) in enumerate(places[:count])
    ]
    text = TEXT.format(number)
    return json.dumps({"id": f"d{number}", "text": text, "annotator": "layla", "spans": spans})


class Scene:
    """A corpus before a command, kept to be put back, and how it looks."""

    def __init__(self, root: Path, command: tuple[object, ...]) -> None:
        self.root = root
        self.corpus = root / "corpus"
        self.out = root / "out"
        self.kept = root / "kept"
        self.command = command

    def keep(self) -> None:
        self.kept.mkdir()
        for folder in (self.corpus, self.out):
            if folder.exists():
                shutil.copytree(folder, self.kept / folder.name)

    def restore(self) -> None:
        for folder in (self.corpus, self.out):
            shutil.rmtree(folder, ignore_errors=True)
            if (self.kept / folder.name).exists():
                shutil.copytree(self.kept / folder.name, folder)
        shutil.rmtree(self.root / "home", ignore_errors=True)
        (self.root / "home").mkdir()

    def looks(self) -> dict[str, object]:
        """Return what all files hold, but for times and names that tell a time."""
        found: dict[str, object] = {}
        for folder in (self.corpus, self.out):
            for path in sorted(folder.rglob("*")):
                name = str(path.relative_to(self.root))
                if ".tmp" in name:  # what a killed writer left, which the next one sweeps
                    continue
                if (
                    path.is_dir()
                    or "/locks/" in name
                    or name.endswith((".gitignore", ".gitattributes"))
                ):
                    continue
                content = path.read_bytes()
                content = re.sub(rb'"(saved_at|at)": ?"[^"]*"', b"", content)
                found[re.sub(r"\d{8}T\d{6}(-\d+)?", "TIME", name)] = content
        return found


def importing(root: Path, count: int) -> Scene:
    scene = Scene(root, ("import", root / "corpus", "--from", root / "three.jsonl", "--replace"))
    scene.corpus.mkdir()
    for number in range(count):
        (scene.corpus / f"d{number}.txt").write_text(TEXT.format(number))
    for name, spans in (("one", 1), ("three", 3)):
        lines = [record(number, spans) for number in range(count)]
        (root / f"{name}.jsonl").write_text("\n".join(lines))
    # the last is new
    first = (root / "one.jsonl").read_text().splitlines()[:-1]
    (root / "one.jsonl").write_text("\n".join(first))
    assert cli("import", scene.corpus, "--from", root / "one.jsonl").returncode == 0
    return scene


def merging(root: Path, count: int) -> Scene:
    scene = importing(root, count)
    layers = sorted((scene.corpus / ".hashiya" / "layers").rglob("*.json"))
    ours = {path: path.read_bytes() for path in layers}
    assert cli(*scene.command).returncode == 0
    for path, content in ours.items():
        theirs = path.read_bytes()
        path.write_bytes(b"<<<<<<< a\n" + content + b"=======\n" + theirs + b">>>>>>> b\n")
    scene.command = ("merge", scene.corpus, "--keep", "both")
    return scene


def repairing(root: Path, count: int) -> Scene:
    scene = importing(root, count)
    assert cli(*scene.command).returncode == 0
    for number in range(count):
        path = scene.corpus / f"d{number}.txt"
        if number % 2:
            path.write_text(f"Yesterday {TEXT.format(number)}")
    layer = next((scene.corpus / ".hashiya" / "layers").rglob("d0.json"))
    layer.write_bytes(layer.read_bytes()[:100])
    history = next((scene.corpus / ".hashiya" / "history").rglob("d2.jsonl"))
    history.write_bytes(b"damaged\n" + history.read_bytes())
    scene.command = ("check", scene.corpus, "--repair")
    return scene


def exporting(root: Path, count: int) -> Scene:
    scene = importing(root, count)
    scene.out.mkdir()
    scene.command = (
        "export", scene.corpus, "-o", scene.out / "o.jsonl", "--split", "60,20,20", "--report",
        scene.out / "report.jsonl",
    )  # fmt: skip
    assert cli(*scene.command).returncode == 0
    assert cli("import", scene.corpus, "--from", root / "three.jsonl", "--replace").returncode == 0
    return scene


def exporting_a_folder(root: Path, count: int) -> Scene:
    scene = importing(root, count)
    (scene.out / "brat").mkdir(parents=True)
    scene.command = ("export", scene.corpus, "--format", "brat", "-o", scene.out / "brat")
    return scene


def assigning(root: Path, count: int) -> Scene:
    scene = importing(root, count)
    assert cli("assign", scene.corpus, "--annotators", "layla,omar").returncode == 0
    scene.command = ("assign", scene.corpus, "--annotators", "layla,omar,salma", "--again")
    return scene


SCENES: list[Callable[[Path, int], Scene]] = [
    importing, merging, repairing, exporting, exporting_a_folder, assigning,
]  # fmt: skip


@pytest.fixture
def at_home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "home").mkdir()
    with home(tmp_path / "home"):
        yield tmp_path


@pytest.mark.parametrize(
    "event", [EVENTS[0], *(pytest.param(event, marks=ALL) for event in EVENTS[1:])]
)
@pytest.mark.parametrize("make", SCENES)
def test_all_is_old_or_all_is_new_after_a_command_was_stopped_anywhere(
    at_home: Path, make: Callable[[Path, int], Scene], event: str
) -> None:
    scene = make(at_home, 3)
    scene.keep()
    scene.restore()
    old = scene.looks()
    assert cli(*scene.command).returncode in (0, 1)
    new = scene.looks()
    assert new != old
    for command in COMMANDS.values():
        import_module(f"tui.cli.{command.partition(':')[0]}")  # else each of them would
    outcomes = {"old": 0, "new": 0}
    stops = 0
    for code in moments(scene.command, event, scene.restore):
        stops += 1
        list(finish_own())  # as the next start does, in a process that lives
        open_project(scene.corpus)
        looks = scene.looks()
        assert looks in (old, new), difference(looks, old, new)
        outcomes["old" if looks == old else "new"] += 1
        if code == 0 and event in ("ENOSPC", "EIO"):
            assert looks == new
    assert min(outcomes.values()) > 0, outcomes
    print(f"{make.__name__}, {event}: {stops} stops, {outcomes}")
    assert not list((scene.corpus / ".hashiya").glob("transactions/*"))
    assert not list((at_home / "home").rglob("transactions/*"))


def difference(looks: dict[str, object], *states: dict[str, object]) -> str:
    """List in which files a state differs from those that it should be one of."""
    return "\n".join(
        f"state {number}: {name}"
        for number, state in enumerate(states)
        for name in sorted({*looks, *state})
        if looks.get(name) != state.get(name)
    )


@pytest.mark.parametrize(
    "size", [8, 16, pytest.param(32, marks=ALL), 64, pytest.param(128, marks=ALL)]
)
@pytest.mark.parametrize("make", [importing, merging, repairing, exporting])
@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk can't be mounted here")
def test_a_disk_that_fills_up_anywhere_leaves_all_as_it_was(
    at_home: Path, make: Callable[[Path, int], Scene], size: int
) -> None:
    """On a disk with room for the state before and so many kB more."""
    disk = at_home / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
    try:
        scene = make(disk, 12)
        scene.keep()
        old = scene.looks()
        ballast = disk / "ballast"
        free = shutil.disk_usage(disk).free
        ballast.write_bytes(b"x" * (free - size * 1024))
        done = cli(*scene.command)
        assert b"Traceback" not in done.stderr
        left = scene.looks()
        ballast.unlink()
        assert cli("stats", scene.corpus).returncode == 0
        if left != old:
            assert done.returncode in (0, 3) or make is repairing
            scene.restore()
            cli(*scene.command)
            assert left == scene.looks()
        else:
            assert done.returncode == 1
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_plan_that_somebody_wrote_leads_nowhere(at_home: Path) -> None:
    scene = importing(at_home, 2)
    private = at_home / "private"
    private.write_text("private")
    plans = scene.corpus / ".hashiya" / "transactions"
    plans.mkdir(exist_ok=True)
    for number, step in enumerate(
        [
            {"path": "../../private", "new": "transactions/1@x.2/0123456789abcdef.wait"},
            {"path": "scheme.toml", "new": "../../private"},
            {"path": "scheme.toml", "new": "assignment.json"},
            {"path": "x", "old": "../../private"},
            {"path": "/etc/passwd", "size": 0, "added": 10**9},
            {"path": "../../private", "size": 0, "added": 10**9},
        ]
    ):
        plan = {"what": "An import", "host": os.uname().nodename, "process": 2**22 + 1,
                "started": "1", "steps": [step]}  # fmt: skip
        for ending in ("undo", "redo", "back"):
            (plans / f"{number}.{ending}").write_text(json.dumps(plan))
    (plans / "9.redo").write_bytes(b"damaged")
    (plans / "10.undo").mkdir()
    assert (
        cli("import", scene.corpus, "--from", at_home / "three.jsonl", "--replace").returncode == 0
    )
    told = cli("check", scene.corpus)
    assert told.stdout.count(b"It is no plan that Hashiya made") == 20
    assert private.read_text() == "private"
    assert cli("check", scene.corpus, "--repair").returncode == 1
    assert not list(plans.glob("[0-9].*"))
    assert private.read_text() == "private"


def test_what_was_begun_on_another_machine_is_told_and_ended_by_repair(at_home: Path) -> None:
    scene = importing(at_home, 2)
    plans = scene.corpus / ".hashiya" / "transactions"
    plans.mkdir(exist_ok=True)
    plan = {"what": "An import", "host": "elsewhere", "process": 1, "started": "1", "steps": []}
    (plans / "1@elsewhere.2.undo").write_text(json.dumps(plan))
    done = cli("import", scene.corpus, "--from", at_home / "three.jsonl", "--replace")
    assert done.returncode == 1
    assert b"was begun on elsewhere and has not ended" in done.stderr
    told = cli("check", scene.corpus)
    assert b"began to be changed on elsewhere" in told.stdout
    assert b"it has been undone" in cli("check", scene.corpus, "--repair").stderr
    done = cli("import", scene.corpus, "--from", at_home / "three.jsonl", "--replace")
    assert done.returncode == 0
