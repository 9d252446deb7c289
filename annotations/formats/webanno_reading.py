"""Reading WebAnno TSV, as INCEpTION exports it, too: several layers, slots, stacked spans.

Slots, chains and features that a span or relation here has no place for are told, not read.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from annotations.errors import ImportRefusedError
from annotations.formats.reading.records import (
    Record,
    Refused,
    files_of,
    made,
    read_text,
    with_folder,
)
from annotations.formats.sidecar import Known
from annotations.model.layer import Relation, Span

HEAD: Final = "#FORMAT=WebAnno TSV 3.3"
_LABELS: Final = ("label", "value", "identifier", "entity")
"""Features that may hold a label, the first there wins."""
_ROW: Final = re.compile(r"(\d+)-(\d+)(?:\.(\d+))?")
_OFFSET: Final = re.compile("[0-9]{1,12}")
_BACK: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read .tsv files; their folder tells the annotator if nothing else does."""
    known = Known()
    for path in files_of(paths, (".tsv",)):
        yield made(with_folder(path), lambda: known.complete(_record(path), path))  # noqa: B023


def _record(path: Path) -> Record:
    reader = _Reader()
    for number, line in enumerate(read_text(path).split("\n"), 1):
        try:
            reader.take(line.removesuffix("\r"))
        except ImportRefusedError as error:
            raise ImportRefusedError(f"line {number}: {error.message}") from error
    if not reader.begun:
        raise ImportRefusedError(f"it does not begin with {HEAD}")
    spans, relations = reader.done()
    return Record(
        with_folder(path),
        document=path.stem,
        file=f"{path.stem}.txt",
        annotator=path.parent.name or None,
        tokens=[text for _, _, text in reader.tokens],
        pieces=reader.tokens,
        spans=spans,
        relations=relations,
        unit="utf16",
        not_kept=reader.not_kept,
    )


def unescape(value: str) -> str:
    """Read what was escaped."""
    return re.sub(r"\\(.)", lambda found: _BACK.get(found[1], found[1]), value, flags=re.DOTALL)


class _Columns(Struct):
    """The columns of a layer."""

    kind: str
    type: str
    features: list[str]

    @property
    def own(self) -> list[int]:
        """Numbers of the columns that tell of the span itself, not of what its slots link to."""
        slots = {
            index + step
            for index, name in enumerate(self.features)
            if name.startswith("ROLE_")
            for step in (0, 1)
        }
        return [index for index in range(max(1, len(self.features))) if index not in slots]

    def labelled_by(self, values: list[str]) -> str:
        """Choose the feature that is the label; nothing if it is the name of the layer."""
        own = [self.features[index] for index in self.own if index < len(self.features)]
        for name in (*_LABELS, *own):
            if name in own and values[self.features.index(name)] != "*":
                return name
        return ""

    def label(self, values: list[str]) -> str:
        """Return the label."""
        name = self.labelled_by(values)
        if not name:
            return self.type.rsplit(".", 1)[-1]
        return unescape(values[self.features.index(name)])


class _Reader:
    """What the lines of a file say."""

    def __init__(self) -> None:
        self.begun = False
        self.layers: list[_Columns] = []
        self.tokens: list[tuple[int, int, str]] = []
        self.spans: dict[str, Span] = {}
        """Spans by their number, or by row and place if they have none."""
        self.joins: list[tuple[str, str, str, str, str, str]] = []
        """Relation type, type of its ends, row and number of the head, then of the child."""
        self.at: dict[tuple[str, str], list[str]] = {}
        """Keys of the spans on each row, by their type."""
        self.not_kept: set[str] = set()

    def take(self, line: str) -> None:
        """Read one line."""
        if not self.begun:
            if line.strip() not in {HEAD, HEAD.replace("3.3", "3.2")}:
                raise ImportRefusedError(f"it does not begin with {HEAD}")
            self.begun = True
        elif line.startswith("#T_"):
            kind, _, rest = line[3:].partition("=")
            name, *features = rest.split("|")
            features = [feature for feature in features if feature]
            if kind == "CH":
                self.not_kept.add("chains")
            self.layers.append(_Columns(kind, name, features))
        elif line and not line.startswith("#"):
            self._row(line.split("\t"))

    def _row(self, cells: list[str]) -> None:
        address = _ROW.fullmatch(cells[0])
        edges = cells[1].split("-") if len(cells) > 2 else []
        if not address or len(edges) != 2 or not all(map(_OFFSET.fullmatch, edges)):
            raise ImportRefusedError("it is no row of a token")
        start, end = map(int, edges)
        if address[3] is None:
            self.tokens.append((start, end, cells[2]))
        column = 3
        for layer in self.layers:
            width = max(1, len(layer.features)) if layer.kind != "CH" else 2
            found = cells[column : column + width]
            if len(found) < width:
                raise ImportRefusedError(f"it has {len(cells)} columns, too few for its layers")
            column += width
            if layer.kind == "SP" and found[0] != "_":
                self._take_spans(layer, found, cells[0], start, end)
            elif layer.kind == "RL" and found[-1] != "_":
                self._take_relations(layer, found, cells[0])

    def _take_spans(
        self, layer: _Columns, cells: list[str], row: str, start: int, end: int
    ) -> None:
        stacked = [_stacked(cell) for cell in cells]
        if len({len(values) for values in stacked}) > 1:
            raise ImportRefusedError("its columns hold unlike numbers of spans")
        for place, values in enumerate(zip(*stacked, strict=True)):
            numbered = [_numbered(value) for value in values]
            plain = [value for value, _ in numbered]
            number = next((numbered[index][1] for index in layer.own if numbered[index][1]), "")
            key = f"{layer.type}#{number}" if number else f"{row}/{layer.type}/{place}"
            old = self.spans.get(key)
            if old:
                self.spans[key] = Span(
                    key, min(old.start, start), max(old.end, end), old.label, old.source, old.note
                )
                continue
            note = plain[layer.features.index("note")] if "note" in layer.features else "*"
            note = "" if note == "*" else unescape(note)
            self.spans[key] = Span(key, start, end, layer.label(plain), "import", note)
            self.at.setdefault((row, layer.type), []).append(key)
            kept = {layer.labelled_by(plain), "note"}
            self.not_kept |= {
                f"{layer.type}.{feature}"
                for feature, value in zip(layer.features, plain, strict=False)
                if feature not in kept and value not in {"*", "_"}
            }

    def _take_relations(self, layer: _Columns, cells: list[str], row: str) -> None:
        targets = _stacked(cells[-1])
        labels = _stacked(cells[0]) if len(cells) > 1 else ["*"] * len(targets)
        if len(labels) != len(targets):
            raise ImportRefusedError("its columns hold unlike numbers of relations")
        kind = layer.features[-1].removeprefix("BT_") if layer.features else ""
        for label, target in zip(labels, targets, strict=True):
            address, numbers = _numbered(target)
            head, _, child = numbers.partition("_")
            name = unescape(_numbered(label)[0]) if label != "*" else layer.type.rsplit(".", 1)[-1]
            self.joins.append((name, kind, address, head, row, child))
        self.not_kept |= {
            f"{layer.type}.{feature}"
            for feature, cell in zip(layer.features[1:-1], cells[1:-1], strict=True)
            if not set(cell) <= set("*_|")
        }

    def done(self) -> tuple[list[Span], list[Relation]]:
        """Return all spans and relations, under ids of their own."""
        names = {key: f"s{number}" for number, key in enumerate(self.spans, 1)}
        spans = [
            Span(names[key], span.start, span.end, span.label, span.source, span.note)
            for key, span in self.spans.items()
        ]
        joined = dict.fromkeys(
            (name, names[self._end(kind, *ends[:2])], names[self._end(kind, *ends[2:])])
            for name, kind, *ends in self.joins
        )
        return spans, [Relation("", *item) for item in joined]

    def _end(self, kind: str, row: str, number: str) -> str:
        """Find the span that a relation joins."""
        if number not in {"", "0"}:
            key = f"{kind}#{number}"
            if key in self.spans:
                return key
        elif self.at.get((row, kind)):
            return self.at[row, kind][0]
        raise ImportRefusedError(f"a relation joins a span at {row} that is not there")


def _stacked(cell: str) -> list[str]:
    """Split a cell at the bars that are not escaped."""
    return re.findall(r"(?:[^\\|]|\\.)+", cell, flags=re.DOTALL)


def _numbered(value: str) -> tuple[str, str]:
    """Split a value from its number in brackets."""
    found = re.fullmatch(r"((?:[^\\\[]|\\.)*)\[([\d_]+)\]", value, flags=re.DOTALL)
    return (found[1], found[2]) if found else (value, "")
