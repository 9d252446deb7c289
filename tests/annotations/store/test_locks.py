"""One writer for each layer, whatever the file system makes of flock."""

import errno
import fcntl
import multiprocessing
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotations.disk.codec import decode, encode
from annotations.errors import StoreError
from annotations.store.locks import LayerLock, LockedError, flock_is_shared, held_path

WITH_FLOCK, WITHOUT, NO_OP = "flock", "refused", "ignored"


def now() -> datetime:
    return datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture(params=[WITH_FLOCK, WITHOUT, NO_OP])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock on a file system that has flock, refuses it, or takes it and locks nothing."""

    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    if request.param == WITHOUT:
        monkeypatch.setattr(fcntl, "flock", refuse)
    elif request.param == NO_OP:
        monkeypatch.setattr(fcntl, "flock", lambda _descriptor, _operation: None)
    return tmp_path / "locks" / "layla" / "a.lock"


def test_a_lock_is_had_by_one_and_tells_who_that_is(path: Path) -> None:
    first = LayerLock(path, path.parents[2], "layla", now)
    with pytest.raises(LockedError, match=r"layla on .* since 2026-01-02 03:04 UTC"):
        LayerLock(path, path.parents[2], "layla", now)
    first.check()
    first.release()
    second = LayerLock(path, path.parents[2], "omar", now)
    with pytest.raises(StoreError, match="given back"):
        first.check()
    second.release()
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def _hold(path: Path, ready: "multiprocessing.connection.Connection") -> None:
    LayerLock(path, path.parents[2], "omar", now)
    ready.send(os.getpid())
    signal.pause()


def test_a_lock_is_free_again_when_its_holder_was_killed_and_not_before(path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    mine, theirs = fork.Pipe()
    process = fork.Process(target=_hold, args=(path, theirs))
    process.start()
    assert mine.poll(20)
    mine.recv()
    with pytest.raises(LockedError, match="omar"):
        LayerLock(path, path.parents[2], "layla", now)
    process.kill()
    process.join()
    LayerLock(path, path.parents[2], "layla", now).release()


def test_a_holder_on_another_machine_is_never_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda _descriptor, _operation: None)
    path = tmp_path / "locks" / "layla" / "a.lock"
    with monkeypatch.context() as other:
        other.setattr(socket, "gethostname", lambda: "faraway")
        LayerLock(path, path.parents[2], "omar", now)
    holder = decode(held_path(path).read_bytes())
    held_path(path).write_bytes(encode({**holder, "process": 2**30}))
    with pytest.raises(LockedError, match=r"omar on faraway.*remove .*held"):
        LayerLock(path, path.parents[2], "layla", now)


def test_a_lock_that_was_removed_by_hand_is_taken_again_unless_another_has_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "locks" / "layla" / "a.lock"
    first = LayerLock(path, path.parents[2], "layla", now)
    path.unlink()
    first.check()
    assert path.exists()
    path.unlink()
    second = LayerLock(path, path.parents[2], "layla", now)
    with pytest.raises(StoreError, match="another session has it"):
        first.check()
    second.release()


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b'{"annotator": 3}'])
def test_a_lock_whose_file_says_nothing_useful_is_still_a_lock(path: Path, content: bytes) -> None:
    lock = LayerLock(path, path.parents[2], "layla", now)
    path.write_bytes(content)
    if held_path(path).exists():
        held_path(path).write_bytes(content)
    with pytest.raises(LockedError, match="another session"):
        LayerLock(path, path.parents[2], "layla", now)
    lock.release()


@pytest.mark.parametrize(
    ("kind", "options", "shared"),
    [
        ("ext4", "rw", True),
        ("nfs4", "rw,vers=4.2,local_lock=none", True),
        ("nfs", "rw,vers=3,nolock,local_lock=all", False),
        ("fuse.sshfs", "rw,user_id=0", False),
    ],
)
def test_file_systems_whose_locks_stay_on_one_machine_are_known(
    tmp_path: Path, kind: str, options: str, *, shared: bool
) -> None:
    device = tmp_path.stat().st_dev
    mounts = (
        "22 1 0:1 / / rw - proc proc rw\n"
        f"36 35 {os.major(device)}:{os.minor(device)} / /mnt rw,relatime shared:1 - {kind} src {options}\n"
    )
    assert flock_is_shared(tmp_path, mounts) is shared
