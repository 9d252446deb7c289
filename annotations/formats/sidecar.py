"""What a folder of files has no place for: `hashiya.jsonl`, a line a layer, beside the files.

Other programs leave it alone; reading the folder back, it tells whose a file is, of which article,
and its status.
"""

from pathlib import Path
from typing import Any

from annotations.disk.codec import decode, encode_line
from annotations.disk.files import read_named
from annotations.disk.names import file_name
from annotations.formats.parts import SIDECAR
from annotations.formats.reading.records import MOST_BYTES, Record
from annotations.formats.writing.output import Output
from annotations.model.layer import Document, Layer


class Sidecar:
    """Gathers the lines while files are written.

    Args:
        unit: What the offsets of the files count.
    """

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.lines: list[bytes] = []

    @staticmethod
    def record(document: Document, layer: Layer) -> dict[str, Any]:
        """Return what a line says, but for the file."""
        return {
            "document": document.id,
            "text_sha256": document.sha256,
            "annotator": layer.annotator,
            "status": layer.status,
            "kind": layer.kind,
        }

    def path(self, record: dict[str, Any], split: str) -> tuple[str, ...]:
        """Note a layer; return its path in the folder, without suffix."""
        parts = (split, file_name(record["annotator"]), file_name(record["document"]))
        path = tuple(part for part in parts if part)
        line = {"path": "/".join(path), **record, "offset_unit": self.unit}
        self.lines.append(encode_line(line))
        return path

    def write(self, output: Output) -> None:
        """Write the lines into the folder."""
        output.put(b"".join(self.lines), SIDECAR)


class Known:
    """What the sidecars of folders say, each read once."""

    def __init__(self) -> None:
        self._read: dict[Path, dict[str, dict[str, Any]]] = {}

    def complete(self, record: Record, path: Path) -> Record:
        """Add what a sidecar says of a file to its record."""
        found = self._of(path)
        for name in ("document", "annotator", "status", "kind"):
            if isinstance(found.get(name), str):
                setattr(record, name, found[name])
        if isinstance(found.get("text_sha256"), str):
            record.sha256 = found["text_sha256"]
        return record

    def _of(self, path: Path) -> dict[str, Any]:
        path = path.resolve()
        for folder in list(path.parents)[:4]:
            if folder not in self._read:
                self._read[folder] = _lines(folder / SIDECAR)
            inside = path.relative_to(folder).with_suffix("").as_posix()
            if inside in self._read[folder]:
                return self._read[folder][inside]
        return {}


def _lines(path: Path) -> dict[str, dict[str, Any]]:
    """Read a sidecar; one that is damaged says nothing."""
    found: dict[str, dict[str, Any]] = {}
    try:
        for line in read_named(path, MOST_BYTES).splitlines():
            record = decode(line)
            found[record["path"]] = record
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found
