"""Writing layers to a format and reading them back, without the command."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from annotations.corpus.corpus import Corpus
from annotations.exchange.admission import Admitted, Terms, admit
from annotations.formats.base import Job
from annotations.formats.registry import format_named
from annotations.formats.writing.choices import Choices
from annotations.formats.writing.fitting import Fitted, chosen, fit
from annotations.formats.writing.output import Output
from annotations.model.layer import Document, Layer
from annotations.model.scheme import DEFAULT_TOML, Scheme, parse_scheme

SCHEME: Scheme = parse_scheme(DEFAULT_TOML)
Pairs: TypeAlias = Iterable[tuple[Document, Layer]]


def export(pairs: Pairs, name: str, path: Path, choices: Choices | None = None) -> list[Fitted]:
    """Write layers; return what was promised of each."""
    format_ = format_named(name)
    choices = choices or Choices()
    output = Output(path, None, is_folder=format_.target == "folder")
    promised = []
    with output:
        writer = format_.writer(Job(output, SCHEME, choices))
        for document, layer in pairs:
            carries = format_.carries_with(choices)
            fitted = fit(document, chosen(layer, choices), SCHEME, carries, choices)
            promised.append(fitted)
            writer.add(writer.encode(document, fitted), "")
        writer.finish()
    return promised


def read(path: Path, name: str, corpus: Corpus, **terms: Any) -> Admitted:
    """Read an export, or whatever claims to be one."""
    format_ = format_named(name)
    assert format_.reader
    return admit(format_.reader([path]), corpus, SCHEME, Terms(**terms))


def path_of(folder: Path, name: str) -> Path:
    """Name an export in a folder."""
    format_ = format_named(name)
    return folder / (f"out{format_.suffix}" if format_.target == "file" else "out")


def said(layer: Layer, keeps: Iterable[str]) -> dict[str, object]:
    """Return what a layer says, as far as a format keeps it, whatever its spans are called."""
    extents = {span.id: (span.start, span.end, span.label) for span in layer.spans}
    found: dict[str, object] = {
        "spans": Counter((*extents[span.id], span.note) for span in layer.spans),
        "relations": Counter(
            (item.type, extents[item.head], extents[item.child]) for item in layer.relations
        ),
        "note": layer.note,
    }
    for name in ("annotator", "status", "kind"):
        if name in keeps:
            found[name] = getattr(layer, name)
    if "ids" in keeps:
        found["ids"] = {span.id: extents[span.id] for span in layer.spans}
    if "sources" in keeps:
        found["sources"] = Counter(span.source for span in layer.spans)
    return found
