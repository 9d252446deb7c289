"""What does not belong in a store, or lets others in: links, odd files, modes, far articles."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from annotations.corpus.sources import Entry
from annotations.disk.folders import resolved, walk


class Oddity(Struct, frozen=True):
    """A file that is not what it seems, or is more open than it should be."""

    path: Path
    what: str
    is_fault: bool = True


def oddities(root: Path) -> Iterator[Oddity]:
    """Look at all names below a store, and at its folder."""
    for path, found in walk(root):
        mode = found.st_mode
        if stat.S_ISLNK(mode):
            yield Oddity(path, "It is a link, which is not followed; put what it leads to here.")
        elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            yield Oddity(path, "It is neither a file nor a folder, and is not opened.")
        elif mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            what = "Everybody on this machine may write it; take that away with chmod o-w."
            yield Oddity(path, what)


def links_out(folder: Path, entries: Iterable[Entry]) -> Iterator[Oddity]:
    """List articles that are links to files outside of their corpus.

    Args:
        folder: The corpus.
        entries: Its articles.
    """
    try:
        inside = resolved(folder)
    except OSError:
        return
    for entry in entries:
        path = folder / entry.file
        if not os.path.islink(path):  # noqa: PTH114 - many thousands of them
            continue
        try:
            target = resolved(path)
        except OSError:
            continue  # it could not be read, and that was told
        if not target.is_relative_to(inside):
            what = f"It is a link to {target}; the words of its spans are kept in the store here."
            yield Oddity(path, what, is_fault=False)
