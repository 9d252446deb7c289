"""Comparing what independent readers see in an export with what the corpus says.

The export of a format that can't carry a layer whole differs from it, and that is no fault: what
counts is that it differs in nothing but what the loss report says.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct, field

from annotations.errors import FormatError
from annotations.exchange.offsets import with_space
from annotations.exchange.verify import folders, rows, training
from annotations.exchange.verify.seen import Extent, Join, Seen, see_records
from annotations.formats.base import Format
from annotations.formats.losses import Tally, judge
from annotations.formats.writing.choices import Choices
from annotations.formats.writing.fitting import Fitted, chosen, fit
from annotations.model.layer import Document, Layer
from annotations.model.scheme import Scheme

Reader: TypeAlias = Callable[[list[Path]], Iterator[Seen]]
_READERS: Final[Mapping[str, tuple[Reader, str]]] = {
    "jsonl": (rows.see_jsonl, "Python's json"),
    "doccano": (rows.see_doccano, "Python's json"),
    "prodigy": (rows.see_prodigy, "spaCy"),
    "labelstudio": (rows.see_labelstudio, "label-studio-sdk"),
    "brat": (folders.see_brat, "bioc"),
    "spacy": (training.see_spacy, "spaCy"),
    "huggingface": (training.see_huggingface, "datasets"),
    "conll": (rows.see_conll, "seqeval"),
    "gliner": (rows.see_gliner, "Python's json"),
    "uima": (folders.see_uima, "dkpro-cassis"),
    "webanno": (folders.see_webanno, "a parser of its own"),
    "parquet": (training.see_parquet, "DuckDB"),
    "csv": (rows.see_csv, "Python's csv"),
}
"""What reads each format independently, and what that is called."""


def reader_of(format_: Format) -> tuple[Reader, str]:
    """Return what reads the exports of a format, and what that is called.

    A format that no other library reads here is read by its own reader.

    Raises:
        FormatError: Nothing reads it.
    """
    if format_.name in _READERS:
        return _READERS[format_.name]
    if format_.reader is None:
        raise FormatError(f"Nothing here reads {format_.name}.")
    return partial(see_records, format_.reader), "Hashiya itself"


class _Promise(Struct):
    """What a layer's part of the export has to say."""

    where: str
    sha256: str
    letters: str
    text: str
    spans: Counter[Extent]
    relations: Counter[Join]
    flats: dict[str, Counter[Extent]]
    ids: dict[str, Extent]
    notes: Counter[tuple[Extent, str]]
    said: dict[str, str]
    found: bool = False


class Verification(Struct):
    """What was found."""

    tally: Tally = field(default_factory=Tally)
    """What the format can and can't carry of the layers, as a report would say."""
    faults: list[str] = field(default_factory=list)
    """A sentence for each difference from that."""
    spans: int = 0
    """Spans that were read back."""


Value = TypeVar("Value", Extent, Join)


class Comparison:
    """Holds what is seen against what was promised.

    Args:
        pairs: The layers that were exported, with their articles.
        format_: In which format.
        scheme: Their labels.
        choices: How they were fitted.
    """

    def __init__(
        self,
        pairs: Iterable[tuple[Document, Layer]],
        format_: Format,
        scheme: Scheme,
        choices: Choices,
    ) -> None:
        self.format = format_
        self.result = Verification()
        self.taken: Counter[tuple[str, str]] = Counter()
        self.promises: dict[tuple[str, str], list[_Promise]] = {}
        for document, whole in pairs:
            layer = chosen(whole, choices)
            fitted = fit(document, layer, scheme, format_.carries_with(choices), choices)
            verdicts = list(judge(layer, fitted.layer, fitted.reasons))
            self.result.tally.add(verdicts)
            if fitted.is_written:
                promise = self._promise(document, fitted)
                for name in (promise.sha256, promise.letters, document.id):
                    key = (name, layer.annotator if self._tells_annotator else "")
                    self.promises.setdefault(key, []).append(promise)

    @property
    def _tells_annotator(self) -> bool:
        return "annotator" in self.format.carries.keeps

    def _promise(self, document: Document, fitted: Fitted) -> _Promise:
        layer = fitted.layer
        extents = {span.id: (span.start, span.end, span.label) for span in layer.spans}
        joins = ((item.type, extents[item.head], extents[item.child]) for item in layer.relations)
        flats = {}
        if self.format.carries.flat in {"beside", "first"}:
            places = self.format.carries.places(tuple(fitted.flats))
            for name, spans in fitted.flats.items():
                flats[places[name]] = Counter((span.start, span.end, span.label) for span in spans)
        return _Promise(
            f"{document.id} by {layer.annotator}",
            document.sha256,
            _letters(document.text),
            document.text,
            Counter(extents.values()),
            Counter(joins),
            flats,
            extents,
            Counter((extents[span.id], span.note) for span in layer.spans if span.note),
            {
                "document": document.id,
                "text_sha256": document.sha256,
                "status": layer.status,
                "kind": layer.kind,
                "note": layer.note,
            },
        )

    def check(self, seen: Iterable[Seen]) -> Verification:
        """Compare everything that is seen with its promise."""
        parts: dict[int, tuple[_Promise, Counter[Extent]]] = {}
        for item in seen:
            promise = self._found(item)
            self.result.faults += [f"{item.where}: {fault}" for fault in item.faults]
            if promise is None:
                self.result.faults.append(
                    f"{item.where}: the corpus has no such layer, or its text is another"
                )
                continue
            try:
                spans, relations = _in_text(item, promise.text)
            except FormatError as error:
                self.result.faults.append(f"{item.where}: {error.message}")
                continue
            self.result.spans += len(spans)
            promise.found = True
            if item.part:
                parts.setdefault(id(promise), (promise, Counter()))[1].update(spans)
                continue
            self._compare(promise.where, promise.spans, Counter(spans), "span")
            self._compare(promise.where, promise.relations, Counter(relations), "relation")
            self._compare_rest(promise, item)
            for place, promised in promise.flats.items():
                found = Counter(item.flats.get(place, ()))
                self._compare(f"{promise.where}, {place}", promised, found, "span")
        for promise, counted in parts.values():
            self._compare(promise.where, promise.spans, counted, "span")
        every = {id(item): item for some in self.promises.values() for item in some}
        self.result.faults += [
            f"{promise.where}: it is not in the export"
            for promise in every.values()
            if not promise.found
        ]
        return self.result

    def _compare_rest(self, promise: _Promise, item: Seen) -> None:
        """Compare ids, notes, covered text and whatever else a reader told."""
        faults = self.result.faults
        if item.tokens and _letters("".join(item.tokens)) != promise.letters:
            faults.append(f"{promise.where}: its tokens are not those of the text")
        for start, end, covered in item.covers:
            if promise.text[start:end] != covered:
                faults.append(f"{promise.where}: {start} to {end} is not {covered!r}")
        if item.ids and item.ids != promise.ids:
            faults.append(f"{promise.where}: spans have other ids")
        if item.notes is not None and Counter(item.notes) != promise.notes:
            faults.append(f"{promise.where}: notes of spans differ")
        for name, value in item.said.items():
            if value != promise.said[name]:
                faults.append(f"{promise.where}: its {name} is {value!r}")

    def _found(self, item: Seen) -> _Promise | None:
        name = item.sha256
        if item.text is not None:
            name = hashlib.sha256(item.text.encode()).hexdigest()
        elif not name:
            name = _letters("".join(item.tokens)) if item.tokens else item.said.get("document", "")
        some = self.promises.get((name, item.annotator if self._tells_annotator else ""), [])
        if item.part:  # the articles of each file stand in the order of the export
            count = self.taken[item.part, name]
            self.taken[item.part, name] += 1
            return some[count] if count < len(some) else None
        waiting = [promise for promise in some if not promise.found]
        named = (
            promise
            for promise in waiting
            if item.said.get("document", promise.said["document"]) == promise.said["document"]
        )
        return next(named, waiting[0] if waiting else None)

    def _compare(
        self, where: str, promised: Counter[Value], found: Counter[Value], noun: str
    ) -> None:
        for value in (promised - found).elements():
            self.result.faults.append(f"{where}: a {noun} is not there: {_said(value)}")
        for value in (found - promised).elements():
            self.result.faults.append(f"{where}: a {noun} too many: {_said(value)}")


def _said(value: Extent | Join) -> str:
    if isinstance(value[0], str):
        kind, head, child = value
        return f"{kind} from {head} to {child}"
    start, end, label = value
    return f"{start} to {end} {label}"


def _letters(text: str) -> str:
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


def _in_text(item: Seen, text: str) -> tuple[list[Extent], list[Join]]:
    """Return what is seen in code points of the text.

    Raises:
        FormatError: The tokens are not those of the text.
    """
    if not item.tokens:
        return list(item.spans), list(item.relations)
    edges = []
    offset = 0
    for token in item.tokens:
        spelled = r"\s*".join(map(re.escape, token))
        found = re.compile(rf"\s*({spelled})").match(text, offset)
        if not found:
            raise FormatError(f"the text has no {token!r} after {offset}")
        offset = found.end()
        edges.append(with_space(text, *found.span(1)))

    def moved(extent: Extent) -> Extent:
        return (edges[extent[0]][0], edges[extent[1] - 1][1], extent[2])

    joins = [(name, moved(head), moved(child)) for name, head, child in item.relations]
    return [moved(extent) for extent in item.spans], joins
