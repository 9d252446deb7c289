"""The formats by name; a new one is a module with a `FORMAT` and a line here."""

from importlib import import_module
from typing import Final

from annotations.errors import FormatError
from annotations.formats.base import Format

MODULES: Final[dict[str, str]] = {
    "jsonl": "annotations.formats.jsonl",
    "doccano": "annotations.formats.doccano",
    "prodigy": "annotations.formats.prodigy",
    "labelstudio": "annotations.formats.labelstudio",
    "brat": "annotations.formats.brat",
    "spacy": "annotations.formats.docbin",
    "huggingface": "annotations.formats.huggingface",
    "conll": "annotations.formats.conll",
    "gliner": "annotations.formats.gliner",
    "uima": "annotations.formats.uima",
    "webanno": "annotations.formats.webanno",
    "parquet": "annotations.formats.parquet",
    "csv": "annotations.formats.table",
}
"""The module of each format, imported when it is asked for."""


def names() -> tuple[str, ...]:
    """Return the names of all formats in their order."""
    return tuple(MODULES)


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises:
        FormatError: There is none.
    """
    if name not in MODULES:
        raise FormatError(f"There is no format {name!r}; there are: {', '.join(MODULES)}.")
    found = import_module(MODULES[name]).FORMAT
    assert isinstance(found, Format)
    return found


def all_formats() -> list[Format]:
    """Return all formats in their order."""
    return [format_named(name) for name in MODULES]
