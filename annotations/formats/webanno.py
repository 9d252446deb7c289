"""WebAnno TSV 3.3, which INCEpTION reads and writes: a folder of files for each annotator.

Rows are tokens; where a span begins or ends inside one, a row for that part of it follows. Offsets
count UTF-16 units. A relation stands on the first row of its child (the Dependent) and names the
first row of its head (the Governor). The text between sentences is not in it, so the article is
found by its letters. Read from INCEpTION's tsv3x package, Tsv3XSerializer and Tsv3XDeserializer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from annotations.errors import ImportRefusedError
from annotations.formats.base import Format, Job
from annotations.formats.choices import Carries
from annotations.formats.fitting import Fitted
from annotations.formats.records import Record, Refused, files_of, made, named, read_text
from annotations.formats.sentences import parted
from annotations.formats.sidecar import Known, Sidecar
from annotations.formats.tokens import Token, tokenize
from annotations.model import Document, Relation, Span

SPAN: Final = "webanno.custom.Span"
RELATION: Final = "webanno.custom.Relation"
_HEAD: Final = "#FORMAT=WebAnno TSV 3.3"
_SPAN_COLUMNS: Final = f"#T_SP={SPAN}|label|note"
_RELATION_COLUMNS: Final = f"#T_RL={RELATION}|label|BT_{SPAN}"
_LABELS: Final = ("label", "value", "identifier", "entity")
"""Features that may hold a label, the first there wins."""
_ROW: Final = re.compile(r"(\d+)-(\d+)(?:\.(\d+))?")
_TEXT: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\b": "\\b"}
_BACK: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}


def escape_text(text: str) -> str:
    """Write what stands after `#Text=`."""
    return "".join(
        _TEXT.get(char) or (f"\\{char}" if char < " " and char != "\x0b" else char) for char in text
    )


def escape_value(value: str) -> str:
    """Write the value of a feature; one that is empty is `*`."""
    escaped = re.sub(r"[\\\[\]|_;*]", r"\\\g<0>", value).replace("->", "\\->")
    return escaped.replace("\t", "\\t").replace("\n", "\\n") or "*"


def unescape(value: str) -> str:
    """Read what was escaped."""
    return re.sub(r"\\(.)", lambda found: _BACK.get(found[1], found[1]), value, flags=re.DOTALL)


@dataclass(slots=True)
class _Unit:
    """A row: a token, or a part of one."""

    address: str
    start: int
    end: int
    spans: list[Span] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


class _Sheet:
    """The rows of one article, with numbers for spans that need one."""

    def __init__(self, document: Document, fitted: Fitted) -> None:
        self.text = document.text
        layer = fitted.layer
        tokens = tokenize(self.text, "span-cut")
        self.rows: list[list[_Unit]] = []
        """The units of each sentence."""
        self.firsts: dict[str, str] = {}
        """The address of the first unit of each span."""
        units: dict[str, list[_Unit]] = {span.id: [] for span in layer.spans}
        waiting = list(layer.spans)
        for number, sentence in enumerate(parted(self.text, tokens, layer.spans), 1):
            row: list[_Unit] = []
            end = sentence[-1].end
            here = [span for span in waiting if span.start < end]
            waiting = waiting[len(here) :]
            for position, token in enumerate(sentence, 1):
                row += _units(f"{number}-{position}", token, here, units)
            self.rows.append(row)
        joined = {end for item in layer.relations for end in (item.head, item.child)}
        shared = {
            span.id for row in self.rows for unit in row if len(unit.spans) > 1
            for span in unit.spans
        }  # fmt: skip
        numbered = [
            span.id for span in layer.spans
            if len(units[span.id]) > 1 or span.id in shared or span.id in joined
        ]  # fmt: skip
        self.numbers = {name: number for number, name in enumerate(numbered, 1)}
        for name, found in units.items():
            self.firsts[name] = found[0].address
        for relation in layer.relations:
            units[relation.child][0].relations.append(relation)

    def cells(self, unit: _Unit, *, relations: bool) -> list[str]:
        """Write the columns of the layers."""
        suffixes = [
            f"[{self.numbers[span.id]}]" if span.id in self.numbers else "" for span in unit.spans
        ]
        pairs = list(zip(unit.spans, suffixes, strict=True))
        cells = [
            "|".join(escape_value(span.label) + suffix for span, suffix in pairs) or "_",
            "|".join(escape_value(span.note) + suffix for span, suffix in pairs) or "_",
        ]
        if relations:
            cells.append("|".join(escape_value(item.type) for item in unit.relations) or "_")
            cells.append(
                "|".join(
                    f"{self.firsts[item.head]}"
                    f"[{self.numbers[item.head]}_{self.numbers[item.child]}]"
                    for item in unit.relations
                )
                or "_"
            )
        return cells


def _units(
    address: str, token: Token, spans: Sequence[Span], units: dict[str, list[_Unit]]
) -> list[_Unit]:
    """Make the rows of a token: its own, and one for each part that a span covers alone."""
    found = {(token.start, token.end): _Unit(address, token.start, token.end)}
    for span in spans:
        start, end = max(span.start, token.start), min(span.end, token.end)
        if start >= end:
            continue
        if (start, end) not in found:
            found[start, end] = _Unit(f"{address}.{len(found)}", start, end)
        found[start, end].spans.append(span)
        units[span.id].append(found[start, end])
    return list(found.values())


def sheet(document: Document, fitted: Fitted, *, relations: bool) -> str:
    """Write a file."""
    made_of = _Sheet(document, fitted)
    text = document.text
    units = [0, *accumulate(1 + (char > "\uffff") for char in text)]
    lines = [_HEAD, _SPAN_COLUMNS, *([_RELATION_COLUMNS] if relations else []), ""]
    for row in made_of.rows:
        end = max(unit.end for unit in row)
        lines.append("")
        lines += [f"#Text={escape_text(line)}" for line in text[row[0].start : end].split("\n")]
        for unit in row:
            place = f"{units[unit.start]}-{units[unit.end]}"
            cells = [unit.address, place, text[unit.start : unit.end]]
            cells += made_of.cells(unit, relations=relations)
            lines.append("\t".join([*cells, ""]))
    return "".join(f"{line}\n" for line in lines)


class _Writer:
    """Writes a file for each layer."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.relations = bool(job.scheme.relations) and job.choices.relations
        self.sidecar = Sidecar("utf16")

    def encode(self, document: Document, fitted: Fitted) -> tuple[dict[str, Any], bytes]:
        """Make a layer into a file."""
        content = sheet(document, fitted, relations=self.relations).encode()
        return self.sidecar.record(document, fitted.layer), content

    def add(self, encoded: tuple[dict[str, Any], bytes], split: str) -> None:
        """Write it."""
        record, content = encoded
        *folders, name = self.sidecar.path(record, split)
        self.job.output.inside(*folders, f"{name}.tsv").write_bytes(content)

    def finish(self) -> None:
        """Write what the files have no place for."""
        self.sidecar.write(self.job.output)


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read .tsv files; their folder tells the annotator if nothing else does."""
    known = Known()
    for path in files_of(paths, (".tsv",)):
        yield made(named(path), lambda: known.complete(_record(path), path))  # noqa: B023


def _record(path: Path) -> Record:
    reader = _Reader()
    for number, line in enumerate(read_text(path).split("\n"), 1):
        try:
            reader.take(line.removesuffix("\r"))
        except ImportRefusedError as error:
            raise ImportRefusedError(f"line {number}: {error.message}") from error
    if not reader.begun:
        raise ImportRefusedError(f"it does not begin with {_HEAD}")
    spans, relations = reader.done()
    return Record(
        named(path),
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


@dataclass(slots=True)
class _Columns:
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
        """Take in one line."""
        if not self.begun:
            if line.strip() not in {_HEAD, _HEAD.replace("3.3", "3.2")}:
                raise ImportRefusedError(f"it does not begin with {_HEAD}")
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
        if not address or len(edges) != 2 or not all(map(str.isdecimal, edges)):
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
    """Part a cell at the bars that are not escaped."""
    return re.findall(r"(?:[^\\|]|\\.)+", cell, flags=re.DOTALL)


def _numbered(value: str) -> tuple[str, str]:
    """Part a value from its number in brackets."""
    found = re.fullmatch(r"((?:[^\\\[]|\\.)*)\[([\d_]+)\]", value, flags=re.DOTALL)
    return (found[1], found[2]) if found else (value, "")


FORMAT: Final = Format(
    name="webanno",
    about="WebAnno TSV 3.3, for INCEpTION",
    carries=Carries(
        spaces=False,
        note_lines=False,
        layer_note=False,
        keeps=frozenset({"annotator", "status", "kind"}),
    ),
    writer=_Writer,
    reader=read,
    target="folder",
    suffix=".tsv",
    offsets="UTF-16 units",
    advice=f"Make the layers {SPAN} (label, note) and {RELATION} (label) in the project first, "
    "with edges at the level of characters.",
)
