"""The formats by name; a new one is a module with a `FORMAT` and a line here."""

from importlib import import_module
from typing import Final

from annotations.errors import FormatError
from annotations.formats.base import Format

_MODULES: Final = {
    "jsonl": "jsonl",
    "doccano": "doccano",
    "prodigy": "prodigy",
    "labelstudio": "labelstudio",
    "brat": "brat",
    "spacy": "docbin",
    "huggingface": "huggingface",
    "conll": "conll",
    "gliner": "gliner",
    "uima": "uima",
    "webanno": "webanno",
    "parquet": "parquet",
    "csv": "table",
}
NAMES: Final = tuple(_MODULES)


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises:
        FormatError: There is none.
    """
    if name not in _MODULES:
        raise FormatError(f"There is no format {name!r}; there are: {', '.join(NAMES)}.")
    found = import_module(f"annotations.formats.{_MODULES[name]}").FORMAT
    assert isinstance(found, Format)
    return found


def all_formats() -> list[Format]:
    """Return all formats in their order."""
    return [format_named(name) for name in NAMES]
