"""UIMA CAS, as JSON or XMI, which INCEpTION and dkpro read: a folder for each annotator.

dkpro-cassis writes and reads it, and converts code points to the UTF-16 units that UIMA counts.
Relations are annotations at their child (the Dependent) with the head as Governor.
"""

import logging
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from annotations.errors import FormatError, ImportRefusedError
from annotations.formats.base import Format, Job
from annotations.formats.carries import KEEPS_WHO, Carries
from annotations.formats.libraries import library
from annotations.formats.reading.records import (
    Record,
    Refused,
    files_of,
    made,
    read_text,
    read_whole,
    with_folder,
)
from annotations.formats.sidecar import Known, Sidecar
from annotations.formats.writing.choices import Choices
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.sentences import parted
from annotations.formats.writing.tokens import tokenize
from annotations.model.layer import Document, Relation, Span

_log = logging.getLogger(__name__)

SPAN: Final = "webanno.custom.Span"
RELATION: Final = "webanno.custom.Relation"
_SEGMENT: Final = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
_META: Final = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_MOST_TYPES: Final = 20_000
"""Types of the largest type system that is read."""
_TYPES: Final = "TypeSystem.xml"
_STRING: Final = "uima.cas.String"


def _cassis() -> Any:  # noqa: ANN401 - a module
    return library("cassis", "uima", "The format uima")


def type_system() -> Any:  # noqa: ANN401 - cassis's
    """Describe spans and relations, and the types of dkpro that INCEpTION knows."""
    types = _cassis().TypeSystem()
    annotation = "uima.tcas.Annotation"
    span = types.create_type(SPAN, annotation)
    types.create_feature(span, "label", _STRING)
    types.create_feature(span, "note", _STRING)
    relation = types.create_type(RELATION, annotation)
    types.create_feature(relation, "label", _STRING)
    types.create_feature(relation, "Governor", span)
    types.create_feature(relation, "Dependent", span)
    types.create_type(f"{_SEGMENT}.Token", annotation)
    types.create_type(f"{_SEGMENT}.Sentence", annotation)
    meta = types.create_type(_META, "uima.tcas.DocumentAnnotation")
    types.create_feature(meta, "documentId", _STRING)
    types.create_feature(meta, "documentTitle", _STRING)
    return types


class _Writer:
    """Writes a file for each layer, and the type system beside XMI."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.types = type_system()
        self.cassis = _cassis()
        self.sidecar = Sidecar("utf16")

    def encode(self, document: Document, fitted: Fitted) -> tuple[dict[str, Any], bytes]:
        """Make a layer into a file; nothing if XML can't write its text."""
        record = self.sidecar.record(document, fitted.layer)
        if not fitted.is_written:
            return record, b""
        cas = self._cas(document, fitted)
        content = cas.to_json() if self.job.choices.cas == "json" else cas.to_xmi()
        return record, content.encode()

    def add(self, encoded: tuple[dict[str, Any], bytes], split: str) -> None:
        """Write it."""
        record, content = encoded
        if content:
            *folders, name = self.sidecar.path(record, split)
            self.job.output.put(content, *folders, f"{name}.{self.job.choices.cas}")

    def finish(self) -> None:
        """Write the type system, and what the files have no place for."""
        if self.job.choices.cas == "xmi":
            self.job.output.put(self.types.to_xml().encode(), _TYPES)
        self.sidecar.write(self.job.output)

    def _cas(self, document: Document, fitted: Fitted) -> Any:  # noqa: ANN401 - cassis's
        layer, text = fitted.layer, document.text
        types = self.types
        cas = self.cassis.Cas(typesystem=types)
        cas.sofa_string = text
        cas.sofa_mime = "text/plain"
        meta = types.get_type(_META)
        found = [meta(begin=0, end=len(text), documentId=document.id, documentTitle=document.file)]
        rows = parted(text, tokenize(text, "span-cut"), layer.spans)
        sentence, token = (types.get_type(f"{_SEGMENT}.{name}") for name in ("Sentence", "Token"))
        found += [sentence(begin=row[0].start, end=row[-1].end) for row in rows]
        found += [token(begin=item.start, end=item.end) for row in rows for item in row]
        span, relation = types.get_type(SPAN), types.get_type(RELATION)
        spans = {
            item.id: span(begin=item.start, end=item.end, label=item.label, note=item.note or None)
            for item in layer.spans
        }
        found += spans.values()
        found += [
            relation(
                begin=spans[item.child].begin,
                end=spans[item.child].end,
                label=item.type,
                Governor=spans[item.head],
                Dependent=spans[item.child],
            )
            for item in layer.relations
        ]
        cas.add_all(found)
        return cas


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read CAS files; the type system of XMI stands beside or above them."""
    known = Known()
    for path in files_of(paths, (".json", ".xmi")):
        yield made(with_folder(path), lambda: known.complete(_record(path), path))  # noqa: B023


def _record(path: Path) -> Record:
    cas = _loaded(path)
    spans: dict[int, Span] = {}
    record = Record(with_folder(path), document=path.stem, annotator=path.parent.name or None)
    record.text = cas.sofa_string
    if not isinstance(record.text, str):
        raise ImportRefusedError("it holds no text")
    found = list(cas.select_all_annotations())
    for item in found:
        if item.type.name == _META and getattr(item, "documentId", None):
            record.document = str(item.documentId)
        if item.type.name != SPAN:
            continue
        if type(item.begin) is not int or type(item.end) is not int:
            raise ImportRefusedError("a span begins or ends at no character")
        name = f"s{len(spans) + 1}"
        note = getattr(item, "note", None) or ""
        spans[id(item)] = Span(
            name, item.begin, item.end, str(item.label or ""), "import", str(note)
        )
    for item in found:
        if item.type.name == RELATION:
            ends = [spans.get(id(getattr(item, name, None))) for name in ("Governor", "Dependent")]
            if not all(ends):
                raise ImportRefusedError("a relation joins a span that is not there")
            head, child = (end.id for end in ends if end)
            record.relations.append(Relation("", str(item.label or ""), head, child))
        elif item.type.name not in {SPAN, _META} and not item.type.name.startswith(
            ("uima.", _SEGMENT)
        ):
            record.not_kept.add(item.type.name)
    record.spans = list(spans.values())
    return record


def _loaded(path: Path) -> Any:  # noqa: ANN401 - cassis's
    content = read_whole(path)
    cassis = _cassis()
    types = None
    if path.suffix == ".xmi":
        described = (folder / _TYPES for folder in list(path.parents)[:4])
        place = next((file for file in described if file.is_file()), None)
        if place is None:
            raise ImportRefusedError(f"{_TYPES} is neither beside nor above it")
        described_by = read_text(place)
        if described_by.count("<typeDescription") > _MOST_TYPES:
            raise ImportRefusedError(f"{_TYPES} has more than {_MOST_TYPES:,} types")
        types = _guarded(lambda: cassis.load_typesystem(described_by), _TYPES)
    if types is None:
        return _guarded(lambda: cassis.load_cas_from_json(content.decode()), "CAS JSON")
    return _guarded(lambda: cassis.load_cas_from_xmi(content.decode(), typesystem=types), "CAS XMI")


def _guarded(load: Any, what: str) -> Any:  # noqa: ANN401 - cassis's
    """Run a parser of another library; whatever goes wrong in it becomes a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it warns of is looked at afterwards
            return load()
    except FormatError:
        raise
    except Exception as error:
        _log.exception("A file was refused as no %s", what)
        raise ImportRefusedError(f"it is no {what} ({type(error).__name__}: {error})") from error


def _as_xml(carries: Carries, choices: Choices) -> Carries:
    is_xml = choices.cas == "xmi"
    return replace(carries, xml=is_xml, note_lines=not is_xml)


FORMAT: Final = Format(
    name="uima",
    about="UIMA CAS in JSON or XMI, for INCEpTION and dkpro",
    carries=Carries(layer_note=False, keeps=KEEPS_WHO),
    adapted=_as_xml,
    writer=_Writer,
    reader=read,
    target="folder",
    suffix=".json or .xmi",
    options=("cas",),
    offsets="UTF-16 units",
    extra="uima",
    advice=f"Make the layers {SPAN} (label, note) and {RELATION} (label) in the project first. XMI "
    "can't hold control characters; JSON can.",
)
