"""The log under the user's state folder: the traces of faults that users see as a sentence.

Nothing is opened before there is something to write; a log that can't be written is done without.
"""

import logging
from pathlib import Path
from typing import Final

_BYTES: Final = 256 << 10
"""Bytes after which a new file is begun."""
_OLDER: Final = 3
"""Files that are kept beside the newest."""


def log_path() -> Path:
    """Return where the log is, or would be."""
    from platformdirs import user_state_path  # noqa: PLC0415 - slow, and seldom needed

    return user_state_path("hashiya") / "hashiya.log"


class _LogFile(logging.Handler):
    """A log file that is opened by what is first written."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._file = self._file or _opened(log_path())
        except OSError:
            return
        self._file.emit(record)


def _opened(path: Path) -> logging.Handler:
    # slow, and seldom needed
    from logging.handlers import RotatingFileHandler  # noqa: PLC0415

    from annotations.disk.files import make_private  # noqa: PLC0415
    from annotations.disk.folders import make_folder, resolved  # noqa: PLC0415

    path = resolved(path.parent) / path.name
    make_folder(path.parent, private=True)
    make_private(path)
    handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(name)s: %(message)s"))
    handler.handleError = lambda record: None  # type: ignore[method-assign]  # noqa: ARG005
    return handler


def start_log() -> None:
    """Send what this program logs to the log file, and nowhere else."""
    for name in ("annotations", "tui"):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, _LogFile) for handler in logger.handlers):
            logger.addHandler(_LogFile())
        logger.propagate = False
