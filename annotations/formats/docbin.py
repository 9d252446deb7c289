"""spaCy's DocBin: documents with all spans in `doc.spans["sc"]`, a flat layer of them in `.ents`.

The tokens are Hashiya's, cut at span edges, so that every span stands on tokens and none becomes
None. What spaCy has no place for (relations, notes, the annotator) is in
`doc.user_data["hashiya"]`.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from annotations.errors import ImportRefusedError
from annotations.formats.base import Format, Job
from annotations.formats.carries import KEEPS_ALL, Carries
from annotations.formats.jsonl import read_relation, relation_record
from annotations.formats.libraries import library
from annotations.formats.reading.records import Fields, Record, Refused, files_of, made, opened
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.tokens import covering
from annotations.model.layer import Document, Span

KEY: Final = "sc"
"""The group that spaCy's span categorizer reads."""
_DATA: Final = "hashiya"
_MOST_BYTES: Final = 256 << 20
"""Bytes that a file may unpack to."""
_MOST_ITEMS: Final = 5_000_000
"""Items of a list in it, and tokens of a document."""
_MOST_DATA: Final = 4 << 20
"""Bytes that a document may have of user data, packed."""


def _spacy(module: str = "spacy") -> Any:  # noqa: ANN401 - a module
    return library(module, "spacy", "The format spacy")


class _Writer:
    """Gathers documents, and writes a file for each split at the end."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.vocab = _spacy("spacy.vocab").Vocab()
        self.tokens = _spacy("spacy.tokens")
        self.bins: dict[str, Any] = {}

    def encode(self, document: Document, fitted: Fitted) -> tuple[Document, Fitted]:
        """Leave a layer as it is."""
        return document, fitted

    def add(self, encoded: tuple[Document, Fitted], split: str) -> None:
        """Make a layer into a document of its split."""
        self._bin(split).add(self._doc(*encoded))

    def finish(self) -> None:
        """Write the files."""
        for split in self.job.output.splits or ("",):
            self.job.output.file(split).write(self._bin(split).to_bytes())

    def _bin(self, split: str) -> Any:  # noqa: ANN401 - spaCy's
        if split not in self.bins:
            self.bins[split] = self.tokens.DocBin(store_user_data=True)
        return self.bins[split]

    def _doc(self, document: Document, fitted: Fitted) -> Any:  # noqa: ANN401 - spaCy's
        layer, text = fitted.layer, document.text
        doc = self.tokens.Doc(
            self.vocab,
            words=[token.text(text) for token in fitted.tokens],
            spaces=[token.space for token in fitted.tokens],
        )

        def span(found: Span) -> Any:  # noqa: ANN401 - spaCy's
            first, last = covering(fitted.tokens, found.start, found.end)
            return self.tokens.Span(doc, first, last + 1, label=found.label, span_id=found.id)

        doc.spans[KEY] = [span(found) for found in layer.spans]
        doc.ents = [span(found) for flat in fitted.flats.values() for found in flat]
        doc.user_data[_DATA] = {
            "document": document.id,
            "text_sha256": document.sha256,
            "annotator": layer.annotator,
            "status": layer.status,
            "kind": layer.kind,
            "note": layer.note,
            "sources": {found.id: found.source for found in layer.spans},
            "notes": {found.id: found.note for found in layer.spans if found.note},
            "relations": [relation_record(item) for item in layer.relations],
        }
        return doc


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read files of documents: the groups of spans, and entities that are in none."""
    files = list(files_of(paths, (".spacy",)))
    for path in files:
        try:
            for number, doc in enumerate(_docs(path), 1):
                where = f"{path.name}, document {number}"
                yield made(where, lambda: _checked(where, doc))  # noqa: B023 - called at once
        except ImportRefusedError as error:
            yield Refused(path.name, error.message)


def _docs(path: Path) -> Iterator[Any]:
    """Read the documents of a file, one at a time.

    Raises:
        ImportRefusedError: It is no DocBin, or one that takes too much memory.
    """
    with opened(path) as stream:
        content = stream.read(_MOST_BYTES)
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, _MOST_BYTES)
        if unpacking.unconsumed_tail:
            raise ImportRefusedError(f"it unpacks to more than {_MOST_BYTES >> 20} MB")
        _check_sizes(plain)
        bin_ = _spacy("spacy.tokens").DocBin(store_user_data=True).from_bytes(content)
        _check_documents(bin_)
        yield from bin_.get_docs(_spacy("spacy.vocab").Vocab())
    except (
        zlib.error, ValueError, KeyError, TypeError, IndexError, AttributeError, MemoryError,
    ) as error:  # fmt: skip
        raise ImportRefusedError(f"it is no DocBin ({error})") from error


def _check_sizes(plain: bytes) -> None:
    """Refuse lists that are longer than any sound file has, before they are made.

    Raises:
        ImportRefusedError: There is one, or one in another.
    """
    unpacker = library("srsly.msgpack", "spacy", "The format spacy").Unpacker(
        max_buffer_size=_MOST_BYTES, max_array_len=_MOST_ITEMS, max_map_len=_MOST_ITEMS
    )
    unpacker.feed(plain)
    for _ in range(unpacker.read_map_header()):
        unpacker.skip()
        place = unpacker.tell()
        kind = plain[place] if place < len(plain) else 0
        if kind & 0xF0 == 0x90 or kind in (0xDC, 0xDD):
            _check_list(unpacker)
        elif kind & 0xF0 == 0x80 or kind in (0xDE, 0xDF):
            raise ImportRefusedError("it holds a map where none belongs")
        else:
            unpacker.skip()


def _check_list(unpacker: Any) -> None:  # noqa: ANN401 - srsly's
    count = unpacker.read_array_header()
    if count > _MOST_ITEMS:
        raise ImportRefusedError(f"it has a list of more than {_MOST_ITEMS:,} items")
    before = unpacker.tell()
    for _ in range(count):
        unpacker.skip()
        # an item that is a list of its own takes far more memory than bytes
        if unpacker.tell() - before > _MOST_DATA:
            raise ImportRefusedError(f"an item of it is longer than {_MOST_DATA >> 20} MB")
        before = unpacker.tell()


def _check_documents(bin_: Any) -> None:  # noqa: ANN401 - spaCy's
    """Refuse documents that take too much memory.

    Raises:
        ImportRefusedError: There is one.
    """
    if any(len(tokens) > _MOST_ITEMS for tokens in bin_.tokens):
        raise ImportRefusedError(f"a document has more than {_MOST_ITEMS:,} tokens")
    if any(len(data) > _MOST_DATA for data in bin_.user_data):
        raise ImportRefusedError(f"the data of a document is longer than {_MOST_DATA >> 20} MB")


def _checked(where: str, doc: Any) -> Record:  # noqa: ANN401 - spaCy's
    try:
        return _record(where, doc)
    except (IndexError, ValueError) as error:
        raise ImportRefusedError("a span of it lies outside of its tokens") from error


def _record(where: str, doc: Any) -> Record:  # noqa: ANN401 - spaCy's
    data = Fields(doc.user_data.get(_DATA, {}), "its user data")
    notes, sources = (Fields(data.any(name) or {}, name) for name in ("notes", "sources"))
    found = [span for group in doc.spans.values() for span in group]
    there = {(span.start, span.end, span.label) for span in found}
    if _DATA not in doc.user_data:  # ours are flattened spans
        found += [span for span in doc.ents if (span.start, span.end, span.label) not in there]
    spans = [
        Span(
            span.id_,
            span.start_char,
            span.end_char,
            span.label_,
            sources.text(span.id_, "import"),
            notes.text(span.id_),
        )
        for span in found
    ]
    return Record(
        where,
        document=data.optional("document"),
        sha256=data.optional("text_sha256"),
        text=doc.text,
        annotator=data.optional("annotator"),
        status=data.optional("status"),
        kind=data.optional("kind"),
        note=data.text("note"),
        spans=spans,
        relations=[read_relation(item) for item in data.objects("relations", "relation")],
    )


def _ents(layers: Sequence[str]) -> Mapping[str, str]:
    return dict.fromkeys(layers[:1], "ents")


FORMAT: Final = Format(
    name="spacy",
    about=f"spaCy DocBin: doc.spans[{KEY!r}], and a flat layer in .ents",
    carries=Carries(
        flat="first",
        places=_ents,
        tokens=True,
        keeps=KEEPS_ALL,
    ),
    writer=_Writer,
    reader=read,
    suffix=".spacy",
    options=("tokens", "flatten", "groups", "priority"),
    offsets="tokens",
    extra="spacy",
    parallel=False,
)
