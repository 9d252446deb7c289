"""What is made takes the permissions of its folder, and is never writable by everybody."""

import os
import stat
from pathlib import Path

import pytest

from annotations.disk.names import file_name
from annotations.model.changes import AddSpan
from annotations.model.layer import Document, Span
from annotations.store.bookmarks import Bookmark, save_bookmark
from annotations.store.checkout import check_out
from annotations.store.journal import Step
from annotations.store.store import Store

DOCUMENT = Document("news/a", "one two three")


def work(root: Path) -> Store:
    """Annotate an article in a new store."""
    store = Store(root / ".hashiya")
    desk = check_out(store, DOCUMENT, "layla")
    change = AddSpan(Span("s1", 0, 3, "actor"))
    layer = change.apply(desk.layer)
    store.save(layer, [Step.now("do", change, layer)])
    save_bookmark(store, "layla", Bookmark("a"))
    desk.release()
    return store


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
@pytest.mark.parametrize(
    ("folder", "folders", "files"),
    [
        (0o2770, 0o2770, 0o660),
        (0o2750, 0o2750, 0o640),
        (0o755, 0o755, 0o644),
        (0o700, 0o700, 0o600),
        (0o777, 0o775, 0o664),
    ],
)
def test_a_store_is_as_open_as_the_folder_it_is_in_but_never_to_all_for_writing(
    tmp_path: Path, umask: int, folder: int, folders: int, files: int
) -> None:
    root = tmp_path / "corpus"
    root.mkdir()
    root.chmod(folder)
    before = os.umask(umask)
    try:
        store = work(root)
    finally:
        os.umask(before)
    found = [store.root, *store.root.rglob("*")]
    assert len(found) > 10
    for path in found:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (folders if path.is_dir() else files), (path, oct(mode))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to other groups")
def test_a_store_belongs_to_the_group_of_its_folder(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    root.mkdir()
    os.chown(root, -1, 54321)
    root.chmod(0o770)
    store = work(root)
    assert {path.stat().st_gid for path in [store.root, *store.root.rglob("*")]} == {54321}


NAMES = [
    "../../up", "/etc/passwd", "..", ".", "a\0b", "x" * 5000, "Layla", "layla", "LAYLA", "a/b", "a\\b",
    "\u00e9t\u00e9", "e\u0301te\u0301", ".hidden", "con\n", "~", "", "\u0644\u064a\u0644\u0649",
]  # fmt: skip


def test_no_name_leaves_the_store_or_meets_another(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    paths = set()
    for name in NAMES:
        for path in (
            store.path(name, "layla").layer,
            store.path("a", name).layer,
            store.path(name, name).history,
            store.path(name, name).lock,
        ):
            assert path.is_relative_to(store.root)
            assert ".." not in path.parts
            assert len(os.fsencode(path.name)) < 200
            paths.add(str(path).lower())
    assert len(paths) >= 4 * len(NAMES) - 2
    assert len({file_name(name).lower() for name in NAMES}) == len(NAMES)
