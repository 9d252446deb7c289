"""A file reaches the disk whole or not at all, as open as its folder."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from annotations.disk.files import (
    atomic_file,
    is_alive,
    is_stale,
    make_folder,
    open_new,
    sweep_temporary_files,
    write_all,
    write_atomically,
)


def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_over_the_old_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError, ValueError, KeyboardInterrupt])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def write_half() -> None:
        with atomic_file(path) as descriptor:
            write_all(descriptor, b"half")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_is_there_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    with atomic_file(path) as descriptor:
        write_all(descriptor, b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_content_and_name_are_synced_before_it_counts_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    synced = []

    def fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        synced.append(("folder" if is_folder else "file", path.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomically(path, b"x")
    assert synced == [("file", False), ("folder", True)]


def test_a_content_is_written_whole_however_little_the_system_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
    write_atomically(tmp_path / "a", b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    ("above", "folder", "file"),
    [(0o755, 0o755, 0o644), (0o2770, 0o2770, 0o660), (0o700, 0o700, 0o600), (0o777, 0o775, 0o664)],
)
def test_what_is_made_is_as_open_as_the_folder_above(
    tmp_path: Path, above: int, folder: int, file: int
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    root.chmod(above)
    make_folder(root / "a" / "b")
    write_atomically(root / "a" / "b" / "c", b"x")
    assert mode(root / "a") == mode(root / "a" / "b") == folder
    assert mode(root / "a" / "b" / "c") == file


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    make_folder(tmp_path)
    assert mode(tmp_path) == 0o711


def test_a_file_that_is_there_is_opened_with_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    descriptor = open_new(tmp_path / "a", os.O_RDWR | os.O_APPEND)
    write_all(descriptor, b" and new")
    os.close(descriptor)
    assert (tmp_path / "a").read_bytes() == b"old and new"


def test_a_process_is_alive_until_it_has_ended() -> None:
    assert is_alive(os.getpid())
    assert not is_alive(ended())
    assert not is_alive(1 << 70)


def test_a_temporary_file_is_stale_once_its_writer_on_this_machine_has_ended() -> None:
    dead, here = ended(), socket.gethostname()
    stale = {
        f".a.json.{dead}.tmp": True,
        f".a.json.{dead}@{here}.tmp": True,
        f".a.json.{os.getpid()}@{here}.tmp": False,
        f".a.json.{dead}@another-{here}.tmp": False,
        ".a.json.tmp": False,
        f".a.json.{dead}": False,
    }
    assert {name: is_stale(Path(name)) for name in stale} == stale


@pytest.mark.parametrize("name", ["a.json", "a[1].json", "[a", "a*"])
def test_sweeping_removes_what_writers_of_this_file_left_and_nothing_of_others(
    tmp_path: Path, name: str
) -> None:
    mine = tmp_path / f".{name}.1@{socket.gethostname()}.tmp"
    others = [tmp_path / name, tmp_path / ".b.json.1@host.tmp", tmp_path / f".{name}"]
    for path in (mine, *others):
        path.write_bytes(b"x")
    sweep_temporary_files(tmp_path / name)
    assert sorted(tmp_path.iterdir()) == sorted(others)
