"""The files that one export consists of, by the path that it was given."""

import os
from pathlib import Path
from typing import Final

REPORT: Final = ".report.jsonl"
"""How the report of an export ends, which stands beside it."""

SIDECAR: Final = "hashiya.jsonl"
"""A file in a folder of an export that says what the others have no place for."""


SPLITS: Final = frozenset({"train", "validation", "test"})


def spelled_out(path: Path) -> Path:
    """Return a path from the root, without `.` and `..`; a link stays a link."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve would follow links


def siblings(path: Path, *, layers: bool = False) -> list[Path]:
    """List the files beside a path that may be parts of an export to it.

    Args:
        path: What the export was named.
        layers: Whether flat layers are parts, as in `out.train.entities.conll`; splits always
            are, as in `out.train.jsonl`.
    """
    stem = path.name.removesuffix(path.suffix)
    found = []
    for file in sorted(path.parent.glob("*")):
        if not file.name.startswith(f"{stem}.") or file.name.endswith(REPORT):
            continue
        parts = file.name[len(stem) + 1 :].removesuffix(file.suffix[1:]).rstrip(".").split(".")
        is_part = parts != [""] and (layers or set(parts) <= SPLITS)
        if is_part and path.suffix in {"", file.suffix}:
            found.append(file)
    return found


def parts_of(path: Path, *, layers: bool = False) -> list[Path]:
    """List the files of an export by the path that it was given: itself, or its parts beside it."""
    path = spelled_out(path)
    return [path] if path.exists() else siblings(path, layers=layers)
