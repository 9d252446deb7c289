"""WebAnno TSV 3.3, which INCEpTION reads and writes: a folder of files for each annotator.

Rows are tokens; where a span begins or ends inside one, a row for that part of it follows. Offsets
count UTF-16 units. A relation stands on the first row of its child (the Dependent) and names the
first row of its head (the Governor). The text between sentences is not in it, so the article is
found by its letters. Read from INCEpTION's tsv3x package, Tsv3XSerializer and Tsv3XDeserializer.
"""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

from msgspec import Struct, field

from annotations.formats.base import Format, Job
from annotations.formats.carries import KEEPS_WHO, Carries
from annotations.formats.sidecar import Sidecar
from annotations.formats.webanno_reading import HEAD, read
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.sentences import parted
from annotations.formats.writing.tokens import Token, tokenize
from annotations.model.layer import Document, Relation, Span

SPAN: Final = "webanno.custom.Span"
RELATION: Final = "webanno.custom.Relation"
_SPAN_COLUMNS: Final = f"#T_SP={SPAN}|label|note"
_RELATION_COLUMNS: Final = f"#T_RL={RELATION}|label|BT_{SPAN}"
_TEXT: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\b": "\\b"}


def escape_text(text: str) -> str:
    """Write what stands after `#Text=`."""
    return "".join(
        _TEXT.get(char) or (f"\\{char}" if char < " " and char != "\x0b" else char) for char in text
    )


def escape_value(value: str) -> str:
    """Write the value of a feature; one that is empty is `*`."""
    escaped = re.sub(r"[\\\[\]|_;*]", r"\\\g<0>", value).replace("->", "\\->")
    return escaped.replace("\t", "\\t").replace("\n", "\\n") or "*"


class _Unit(Struct):
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
    lines = [HEAD, _SPAN_COLUMNS, *([_RELATION_COLUMNS] if relations else []), ""]
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
        self.job.output.put(content, *folders, f"{name}.tsv")

    def finish(self) -> None:
        """Write what the files have no place for."""
        self.sidecar.write(self.job.output)


FORMAT: Final = Format(
    name="webanno",
    about="WebAnno TSV 3.3, for INCEpTION",
    carries=Carries(
        spaces=False,
        note_lines=False,
        layer_note=False,
        keeps=KEEPS_WHO,
    ),
    writer=_Writer,
    reader=read,
    target="folder",
    suffix=".tsv",
    offsets="UTF-16 units",
    advice=f"Make the layers {SPAN} (label, note) and {RELATION} (label) in the project first, "
    "with edges at the level of characters.",
)
