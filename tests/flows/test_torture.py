"""Nothing that was called saved is ever lost: kills, full and read-only disks, many at once.

A few of each by default, many in the lane `torture`, of which `HASHIYA_TORTURE=N` makes all N times
as long; `python -m tests.torture` runs the kills alone.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.language.segmentation import words
from annotations.model.changes import AddSpan
from annotations.model.layer import Span
from annotations.store.store import Store
from tests.paths import ROOT, SEEDS
from tests.torture import open_reading

TIMES = int(os.environ.get("HASHIYA_TORTURE", "1"))
TORTURE = [pytest.mark.slow, pytest.mark.torture]


def run(*args: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.torture", *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


def result(process: subprocess.Popen[bytes]) -> dict[str, object]:
    out, _ = process.communicate()
    found: dict[str, object] = json.loads(out)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [60, pytest.param(1000 * TIMES, marks=TORTURE, id="a thousand")])
def test_after_any_kill_everything_that_was_saved_is_there(corpus_path: Path, rounds: int) -> None:
    process = run(corpus_path, "--rounds", rounds, "--seed", 5)
    outcome = result(process)
    assert outcome["faults"] == []
    assert outcome["rounds"] == rounds
    assert process.returncode == 0
    acknowledged, undoable = outcome["acknowledged"], outcome["undoable"]
    assert isinstance(acknowledged, int)
    assert isinstance(undoable, int)
    assert acknowledged > 2 * rounds, "hardly anything was ever saved"
    assert undoable > rounds // 2
    killed = outcome["killed_by"]
    assert isinstance(killed, dict)
    assert len(killed) == 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "seconds", "options"),
    [
        (["layla", "layla"], 2, []),
        (["layla", "layla"], 2, ["--no-flock"]),
        pytest.param(["layla", "layla"], 4 * TIMES, [], marks=TORTURE),
        pytest.param(["layla", "layla"], 4 * TIMES, ["--no-flock"], marks=TORTURE),
        pytest.param(["layla", "omar", "salma", "yusuf"] * 2, 10 * TIMES, [], marks=TORTURE),
        pytest.param(
            ["layla", "omar", "salma", "yusuf"] * 2, 10 * TIMES, ["--no-flock"], marks=TORTURE
        ),
    ],
)
def test_several_processes_lose_no_change_of_each_other(
    corpus_path: Path, names: list[str], seconds: int, options: list[str]
) -> None:
    workers = [
        run(corpus_path, "--share", name, "--seconds", seconds, "--seed", number, *options)
        for number, name in enumerate(names)
    ]
    saved: dict[tuple[str, str], int] = {}
    refused = 0
    for name, worker in zip(names, workers, strict=True):
        told = result(worker)
        assert worker.returncode == 0
        refused += int(str(told.pop("")))
        for article, count in told.items():
            saved[name, article] = saved.get((name, article), 0) + int(str(count))
    store = Store(corpus_path / ".hashiya")
    for (name, article), count in saved.items():
        layer = store.read(article, name)
        assert layer
        assert layer.revision == count, "a change was lost"
        journal = store.journal(store.path(article, name))
        assert journal.damaged == ()
        assert [entry.revision for entry in journal.kept(count)][-50:] == list(
            range(max(1, count - 49), count + 1)
        )
    assert refused, "nobody ever met another"
    assert sum(saved.values()) > 100
    assert not list(store.root.rglob("*.tmp"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 512 KB, with the seeds on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = shutil.which("mount") and (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )
    if not mounted:
        pytest.skip("a file system can't be mounted here")
    try:
        shutil.copytree(SEEDS, disk / "corpus", ignore=shutil.ignore_patterns(".hashiya"))
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Use up all the room there is."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
    return ballast


def test_a_full_disk_loses_nothing_and_is_written_when_there_is_room_again(
    small_disk: Path,
) -> None:
    document = next(open_corpus(small_disk / "corpus").documents())
    reading = open_reading(small_disk / "corpus", document)
    store = Store(small_disk / "corpus" / ".hashiya")
    stretches = list(words(document.text, 0, 900))
    for start, end in stretches[:10]:
        reading.tag_range("actor", start, end)
    assert reading.finish_saving()
    saved = store.read(document.id, "layla")
    assert saved
    history = store.journal(store.path(document.id, "layla")).kept(saved.revision)
    ballast = fill(small_disk)
    for start, end in stretches[10:60]:
        reading.tag_range("claim", start, end)
    assert not reading.finish_saving()
    assert "No space left on device" in reading.save_error
    assert len(reading.layer.spans) == 60
    assert store.read(document.id, "layla") == saved
    assert store.journal(store.path(document.id, "layla")).kept(saved.revision) == history
    ballast.unlink()
    reading.saver.retry()
    assert reading.finish_saving()
    after = store.read(document.id, "layla")
    assert after
    assert after.digest == reading.layer.digest
    assert after.revision == 60
    reading.close()


@pytest.mark.slow
@pytest.mark.torture
def test_kills_on_a_disk_that_is_nearly_full(small_disk: Path) -> None:
    ballast = fill(small_disk)
    os.truncate(ballast, ballast.stat().st_size - 40_960)
    process = run(small_disk / "corpus", "--rounds", 100 * TIMES, "--seed", 3)
    outcome = result(process)
    assert outcome["faults"] == []
    assert int(str(outcome["acknowledged"])) > 0


def test_a_disk_that_becomes_read_only_is_told_and_nothing_is_lost(small_disk: Path) -> None:
    document = next(open_corpus(small_disk / "corpus").documents())
    reading = open_reading(small_disk / "corpus", document)
    reading.tag_range("actor", *next(iter(words(document.text, 0, 200))))
    assert reading.finish_saving()
    mount("--bind", small_disk, small_disk)
    try:
        mount("-o", "remount,bind,ro", small_disk)
        reading.tag_range("claim", 0, 60)
        assert not reading.finish_saving()
        assert "Read-only file system" in reading.save_error
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)
    assert reading.finish_saving()
    reading.close()


def test_a_disk_that_vanishes_is_told_and_nothing_is_written_where_it_was(
    small_disk: Path,
) -> None:
    document = next(open_corpus(small_disk / "corpus").documents())
    reading = open_reading(small_disk / "corpus", document)
    mount("-t", "tmpfs", "tmpfs", small_disk)  # another disk in its place
    try:
        reading.tag_range("claim", 0, 60)
        assert not reading.finish_saving()
        assert "is gone. Is its disk still there?" in reading.save_error
        assert list(small_disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)
    assert reading.finish_saving()
    reading.close()


def mount(*args: object) -> None:
    subprocess.run(["mount", *map(str, args)], check=True)


def test_a_quota_is_a_failed_save_like_any_other(corpus_path: Path) -> None:
    """A process that may write no file over 4 KB edits until it can't save, then may again."""
    code = """
import resource, signal, sys
from pathlib import Path
from annotations.corpus.corpus import open_corpus
from annotations.language.segmentation import words
from tests.torture import open_reading
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
root = Path(sys.argv[1])
document = next(open_corpus(root).documents())
reading = open_reading(root, document)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
for start, end in list(words(document.text, 0, 900))[:60]:
    reading.tag_range("actor", start, end)
assert not reading.finish_saving()
assert "File too large" in reading.save_error, reading.save_error
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert reading.finish_saving()
print(len(reading.layer.spans))
reading.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(corpus_path)],
        capture_output=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    document = next(open_corpus(corpus_path).documents())
    layer = Store(corpus_path / ".hashiya").read(document.id, "layla")
    assert layer
    assert len(layer.spans) == int(done.stdout)


def test_the_same_change_can_be_saved_in_the_second_session_after_the_first_has_ended(
    corpus_path: Path,
) -> None:
    document = next(open_corpus(corpus_path).documents())
    first = open_reading(corpus_path, document)
    with pytest.raises(AssertionError, match="another session"):
        open_reading(corpus_path, document)
    first.do(AddSpan(Span("s1", 0, 2, "actor")))
    first.close()
    second = open_reading(corpus_path, document)
    assert second.layer.spans == (Span("s1", 0, 2, "actor"),)
    second.close()
