"""brat's standoff: a folder for each annotator with the texts, their annotations, and the settings.

Offsets are code points of the .txt file. A span that crosses a line end is written in fragments, as
brat itself does, and joined again when read. Read from brat's server/src/annotation.py.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from annotations.errors import FormatError, ImportRefusedError
from annotations.formats.base import Format, Job
from annotations.formats.carries import KEEPS_WHO, Carries
from annotations.formats.reading.records import (
    Record,
    Refused,
    files_of,
    made,
    read_text,
    with_folder,
)
from annotations.formats.sidecar import Known, Sidecar
from annotations.formats.writing.fitting import Fitted
from annotations.language.segmentation import trim
from annotations.model.layer import Document, Layer, Relation, Span
from annotations.model.scheme import Scheme

_BREAK: Final = re.compile("[\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]+")
"""Where a line or a column of a file may end for whoever reads it."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_COLOURS: Final = {
    "blue": "#9ec5fe", "orange": "#fecba1", "green": "#a3cfbb", "violet": "#c5b3e6",
    "red": "#f1aeb5", "teal": "#a6e9d5", "yellow": "#ffe69c", "grey": "#ced4da",
}  # fmt: skip


def annotation_conf(scheme: Scheme) -> str:
    """Write which types there are."""
    lines = ["[entities]", *(label.name for label in scheme.labels), "", "[relations]"]
    lines += [
        f"{item.name} Arg1:{'|'.join(item.heads)}, Arg2:{'|'.join(item.children)}"
        for item in scheme.relations
    ]
    return "\n".join([*lines, "", "[events]", "", "[attributes]", ""])


def visual_conf(scheme: Scheme) -> str:
    """Write how it looks: from right to left."""
    lines = ["[labels]", *(f"{label.name} | {label.name}" for label in scheme.labels), ""]
    lines += ["[drawing]"]
    lines += [
        f"{label.name} bgColor:{_COLOURS[label.colour]}, fgColor:black" for label in scheme.labels
    ]
    return "\n".join([*lines, "", "[options]", "Text direction:rtl", ""])


def standoff(layer: Layer, text: str) -> str:
    """Write the lines of an .ann file."""
    numbers = {span.id: f"T{number}" for number, span in enumerate(layer.spans, 1)}
    lines = []
    notes: list[str] = []
    for span in layer.spans:
        fragments = _fragments(text, span)
        places = ";".join(f"{start} {end}" for start, end in fragments)
        covered = " ".join(text[start:end] for start, end in fragments)
        lines.append(f"{numbers[span.id]}\t{span.label} {places}\t{covered}")
        if span.note:
            place = numbers[span.id]
            notes.append(f"#{len(notes) + 1}\tAnnotatorNotes {place}\t{span.note}")
    lines += [
        f"R{number}\t{item.type} Arg1:{numbers[item.head]} Arg2:{numbers[item.child]}"
        for number, item in enumerate(layer.relations, 1)
    ]
    return "".join(f"{line}\n" for line in lines + notes)


def _fragments(text: str, span: Span) -> list[tuple[int, int]]:
    """Split a span at line ends and tabs, without the white space there."""
    bounds = [span.start]
    for match in _BREAK.finditer(text, span.start, span.end):
        bounds += (
            trim(text, bounds[-1], match.start())[1],
            trim(text, match.end(), span.end)[0],
        )
    bounds.append(span.end)
    found = (bounds[index : index + 2] for index in range(0, len(bounds), 2))
    return [(start, end) for start, end in found if start < end]


class _Writer:
    """Writes a text and its annotations into the folder of their split and annotator."""

    def __init__(self, job: Job) -> None:
        self.job = job
        types = (relation.name for relation in job.scheme.relations)
        for name in (*job.scheme.label_names, *types):
            if not _NAME.fullmatch(name):
                raise FormatError(
                    f"brat has no names such as {name!r}: only Latin letters, digits, _ and -."
                )
        self.sidecar = Sidecar("codepoint")

    def encode(self, document: Document, fitted: Fitted) -> tuple[dict[str, Any], bytes, bytes]:
        """Make a layer into the content of two files."""
        layer, text = fitted.layer, document.text
        record = self.sidecar.record(document, layer)
        return record, text.encode(), standoff(layer, text).encode()

    def add(self, encoded: tuple[dict[str, Any], bytes, bytes], split: str) -> None:
        """Write both files."""
        record, text, annotations = encoded
        *folders, name = self.sidecar.path(record, split)
        output = self.job.output
        output.put(text, *folders, f"{name}.txt")
        output.put(annotations, *folders, f"{name}.ann")

    def finish(self) -> None:
        """Write the settings, which hold for all folders beneath."""
        output, scheme = self.job.output, self.job.scheme
        output.put(annotation_conf(scheme).encode(), "annotation.conf")
        output.put(visual_conf(scheme).encode(), "visual.conf")
        self.sidecar.write(output)


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read .ann files; the .txt beside each tells the article, its folder the annotator."""
    known = Known()
    for path in files_of(paths, (".ann",)):
        yield made(with_folder(path), lambda: known.complete(_record(path), path))  # noqa: B023


def _record(path: Path) -> Record:
    source = path.with_suffix(".txt")
    if not source.is_file():
        raise ImportRefusedError(f"{source.name} is not beside it")
    text = read_text(source)
    reader = _Standoff(text)
    for number, line in enumerate(re.split("\r?\n", read_text(path)), 1):
        if line.strip():
            try:
                reader.take(line)
            except ImportRefusedError as error:
                raise ImportRefusedError(f"line {number}: {error.message}") from error
    return Record(
        with_folder(path),
        document=path.stem,
        file=source.name,
        text=text,
        annotator=path.parent.name or None,
        spans=list(reader.noted()),
        relations=reader.relations,
        not_kept=reader.not_kept,
        gaps=reader.gaps,
    )


class _Standoff:
    """What the lines of an .ann file say."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: dict[str, Span] = {}
        self.relations: list[Relation] = []
        self.notes: dict[str, list[str]] = {}
        self.not_kept: set[str] = set()
        self.gaps: set[str] = set()

    def take(self, line: str) -> None:
        """Read one line."""
        name, _, rest = line.partition("\t")
        kind = name[:1]
        if kind == "T":
            self._span(name, rest)
        elif kind == "R":
            self._relation(name, rest)
        elif kind == "#":
            head, _, note = rest.partition("\t")
            self.notes.setdefault(head.split(" ")[-1], []).append(note)
        elif kind in set("EAMN*"):
            named = {"E": "events", "N": "normalisations", "*": "equivalences"}
            self.not_kept.add(named.get(kind, "attributes"))
        else:
            raise ImportRefusedError(f"{name!r} is nothing that brat knows")

    def _span(self, name: str, rest: str) -> None:
        head, tab, covered = rest.partition("\t")
        label, _, places = head.partition(" ")
        try:
            edges = [tuple(map(int, place.split(" "))) for place in places.split(";")]
            fragments = [(start, end) for start, end in edges]
        except ValueError as error:
            raise ImportRefusedError(f"{name} has no start and end") from error
        if not tab or not label or name in self.spans:
            raise ImportRefusedError(f"{name} has no text, no label, or is there already")
        previous = 0
        for start, end in fragments:
            if not previous <= start < end <= len(self.text):
                raise ImportRefusedError(f"{name} ({start} to {end}) lies outside the text")
            previous = end
        pieces = [self.text[start:end] for start, end in fragments]
        if covered != " ".join(pieces):
            raise ImportRefusedError(
                f"{name} says {covered!r}, but the text has {' '.join(pieces)!r}"
            )
        start, end = fragments[0][0], fragments[-1][1]
        between = [self.text[a[1] : b[0]] for a, b in pairwise(fragments)]
        if any(gap.strip() for gap in between):
            self.gaps.add(name)
        self.spans[name] = Span(name, start, end, label, "import")

    def _relation(self, name: str, rest: str) -> None:
        parts = rest.split()
        ends = [part.partition(":")[2] for part in parts[1:]]
        if len(ends) != 2 or not all(ends):
            raise ImportRefusedError(f"{name} does not join two spans")
        self.relations.append(Relation(name, parts[0], *ends))

    def noted(self) -> Iterator[Span]:
        """Return the spans with their notes."""
        for name, span in self.spans.items():
            note = "\n".join(self.notes.pop(name, ()))
            yield Span(span.id, span.start, span.end, span.label, span.source, note)
        if self.notes:
            self.not_kept.add("notes")


FORMAT: Final = Format(
    name="brat",
    about="brat, a folder of texts and standoff",
    carries=Carries(
        spaces=False,
        note_lines=False,
        layer_note=False,
        keeps=KEEPS_WHO,
    ),
    writer=_Writer,
    reader=read,
    target="folder",
    holds_texts=True,
    suffix=".txt, .ann",
    advice="A name of a label or relation must be of Latin letters, digits, _ and -.",
)
