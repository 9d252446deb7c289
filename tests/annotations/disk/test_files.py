"""A file reaches the disk whole or not at all, as open as its folder."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotations.disk.files import (
    link_file,
    make_private,
    open_new,
    open_stream,
    read_file,
    read_head,
    read_named,
    remove_file,
    rename_file,
    status,
    write_all,
)
from annotations.disk.folders import (
    make_folder,
    names_in,
    resolved,
    sync_folder,
)
from annotations.disk.processes import is_alive
from annotations.disk.replacing import (
    atomic_file,
    is_stale,
    sweep_temporary_files,
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


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """Somebody's file, which nothing may change or show."""
    path = tmp_path / "private"
    path.write_text("private")
    path.chmod(0o600)
    return path


def untouched(private: Path) -> bool:
    return private.read_text() == "private" and mode(private) == 0o600


def test_a_link_in_the_place_of_a_file_is_neither_read_nor_written_through(
    tmp_path: Path, private: Path
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o775)
    planted = folder / "a.lock"
    planted.symlink_to(private)
    for flags in (os.O_RDWR, os.O_RDWR | os.O_APPEND, os.O_WRONLY | os.O_TRUNC):
        with pytest.raises(OSError, match="it is a link"):
            open_new(planted, flags)
    with pytest.raises(OSError, match="it is a link"):
        read_file(planted)
    with pytest.raises(OSError, match="it is a link"):
        read_head(planted, 9)
    assert untouched(private)
    write_atomically(planted, b"new")  # the link itself is replaced
    assert not planted.is_symlink()
    assert untouched(private)


def test_a_link_that_leads_nowhere_makes_no_file(tmp_path: Path) -> None:
    planted = tmp_path / "a.jsonl"
    planted.symlink_to(tmp_path / "made")
    with pytest.raises(OSError, match="it is a link"):
        open_new(planted, os.O_RDWR)
    assert not (tmp_path / "made").exists()


def test_a_temporary_name_can_not_be_guessed(tmp_path: Path) -> None:
    seen = set()
    for _ in range(20):
        with atomic_file(tmp_path / "a.json"):
            (temporary,) = tmp_path.glob(".a.json.*.tmp")
            seen.add(temporary.name)
            assert not is_stale(temporary)
    assert len(seen) == 20


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "socket"])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.json"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    with pytest.raises(OSError, match=r"regular file|Is a directory|No such device"):
        read_file(path)
    for flags in (os.O_RDWR, os.O_WRONLY):
        with pytest.raises(OSError, match=r"regular file|Is a directory|No such device"):
            open_new(path, flags)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * 2049)
    assert read_file(path, 2049) == path.read_bytes()
    with pytest.raises(OSError, match="larger than 2 kB"):
        read_file(path, 2048)


def test_owner_and_mode_are_set_only_of_what_was_just_made(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    tmp_path.chmod(0o775)
    os.close(open_new(path, os.O_RDWR))
    assert mode(path) == 0o664
    path.chmod(0o600)
    os.close(open_new(path, os.O_RDWR))
    assert mode(path) == 0o600


def test_a_new_folder_keeps_the_sticky_bit_of_the_one_it_is_made_in(tmp_path: Path) -> None:
    tmp_path.chmod(0o3775)
    make_folder(tmp_path / "a" / "b")
    assert mode(tmp_path / "a" / "b") == 0o3775


def inside(folder: Path) -> list[Callable[[], object]]:
    """Return each way to go through a folder."""
    return [
        lambda: read_file(folder / "a.json"),
        lambda: write_atomically(folder / "b.json", b"x"),
        lambda: make_folder(folder / "c"),
        lambda: open_new(folder / "d", os.O_RDWR),
        lambda: names_in(folder),
        lambda: status(folder / "a.json"),
        lambda: remove_file(folder / "a.json"),
        lambda: rename_file(folder / "a.json", folder / "e"),
        lambda: link_file(folder / "a.json", folder / "f"),
        lambda: sync_folder(folder),
    ]


@pytest.mark.parametrize("depth", ["", "x", "x/y"])
def test_a_link_is_no_step_of_a_path_whoever_made_it(tmp_path: Path, depth: str) -> None:
    mine = tmp_path / "mine"
    (mine / depth).mkdir(mode=0o700, parents=True)
    (mine / depth / "a.json").write_text("private")
    planted = tmp_path / "layers"
    planted.symlink_to(mine)
    for act in inside(planted / depth):
        with pytest.raises(OSError, match="it is reached through a link"):
            act()
    assert [item.name for item in (mine / depth).iterdir()] == ["a.json"]
    assert resolved(planted / depth / "a.json") == mine / depth / "a.json"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a link of somebody else's")
def test_what_a_user_names_is_not_reached_through_another_accounts_link(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir(mode=0o700)
    (mine / "a.json").write_text("private")
    theirs, own = tmp_path / "theirs", tmp_path / "own"
    theirs.symlink_to(mine)
    own.symlink_to("theirs/a.json")
    assert read_named(own) == read_named(theirs / "a.json") == b"private"
    os.lchown(theirs, 65534, 65534)
    for named in (own, theirs / "a.json", theirs / "not there"):
        with pytest.raises(OSError, match="link of another account"):
            resolved(named)
        with pytest.raises(OSError, match="link"):
            read_named(named)


def test_links_that_lead_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="too many links"):
        resolved(tmp_path / "a")


@pytest.mark.parametrize(
    "path", ["a/../b/./c", "link/c", "link/../d", "/", "/usr/..", "gone/x/../y"]
)
def test_links_are_followed_as_the_system_follows_them(
    tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "link").symlink_to("b")
    monkeypatch.chdir(tmp_path)
    assert resolved(Path(path)) == Path(path).resolve()


def test_a_temporary_file_that_was_exchanged_is_not_put_in_place(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def exchange() -> None:
        with atomic_file(path) as descriptor:
            write_all(descriptor, b"new")
            (temporary,) = tmp_path.glob(".a.json.*.tmp")
            temporary.unlink()
            temporary.write_bytes(b"evil")

    with pytest.raises(OSError, match="another file in its place"):
        exchange()
    assert path.read_bytes() == b"old"


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    make_folder(folder, private=True)
    path = folder / "index"
    make_private(path)
    assert (mode(folder), mode(path)) == (0o700, 0o600)
    path.chmod(0o644)
    make_private(path)
    assert mode(path) == 0o600
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="not a regular file"):
        make_private(path)
    path.unlink()
    folder.chmod(0o775)
    with pytest.raises(OSError, match="others may write"):
        make_private(path)


def test_a_pipe_is_written_to_only_if_it_is_ones_own(tmp_path: Path) -> None:
    pipe = tmp_path / "out"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    stream = open_stream(pipe)
    assert stream is not None
    with stream:
        stream.write(b"x")
    assert os.read(reader, 9) == b"x"
    os.close(reader)
    if os.geteuid() == 0:
        os.chown(pipe, 65534, 65534)
        with pytest.raises(OSError, match="another account"):
            open_stream(pipe)
    assert open_stream(tmp_path / "not there") is None
    assert open_stream(tmp_path) is None
