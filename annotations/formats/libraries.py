"""Libraries that single formats need, imported when they are used."""

import importlib
import warnings
from typing import Any

from annotations.errors import MissingExtraError


def library(name: str, extra: str, what: str) -> Any:  # noqa: ANN401 - a module
    """Import a library that not everybody has.

    Args:
        name: The module.
        extra: The name under which it is installed with Hashiya.
        what: What needs it, for the message.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own making, at import
            return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtraError(extra, what) from error
