"""Names of files that are made from ids and from people's names."""

import hashlib
import re
import unicodedata

_LONGEST = 120
"""Bytes of a name that is kept as it is."""


def file_name(name: str) -> str:
    """Turn an id or a person's name into a file name that is safe, readable and its own.

    Two names that a file system takes for one, since they differ by case or in the way accents
    are written, get different file names. None holds a path separator or begins with a dot.
    """
    safe = _safe(name)
    plain = unicodedata.normalize("NFC", name).lower()
    if name and safe == name == plain and len(name.encode()) <= _LONGEST:
        return name
    return f"{safe[:30].lower()}~{_digest(name)}"


def shard(document_id: str) -> str:
    """Return the folder, one of 256, that the files of a document are in."""
    return hashlib.sha256(document_id.encode()).hexdigest()[:2]


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name)[:80].lstrip(".")


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
