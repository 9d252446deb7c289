"""Giving a file that is in the way another name, never overwriting anything."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from annotations.disk.files import is_taken, rename_file
from annotations.disk.folders import sync_folder
from annotations.errors import StoreError, reason_of


def free_name_beside(path: Path, why: str, now: Callable[[], datetime]) -> Path:
    """Choose a name for a file that is set aside; arguments as for `set_aside`."""
    stamp = f"{now():%Y%m%dT%H%M%S}"
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    number = 1
    while is_taken(aside):
        number += 1
        aside = path.with_name(f"{path.name}.{why}-{stamp}-{number}")
    return aside


def set_aside(path: Path, why: str, now: Callable[[], datetime]) -> Path:
    """Rename a file to a name that is free; the caller holds its lock.

    Args:
        path: The file.
        why: A word for the new name, such as "damaged".
        now: Returns the present time, which the new name tells.

    Returns:
        The file under its new name.

    Raises:
        StoreError: It can't be renamed.
    """
    aside = free_name_beside(path, why, now)
    try:
        rename_file(path, aside)
        sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path} can't be set aside: {reason_of(error)}.") from error
    return aside
