"""The way out for all that commands print: symbols on a terminal, bytes in a pipe.

Names of files, labels, notes and arguments may hold what a terminal would obey. So nothing that a
command, click or another library prints reaches a terminal but through here; what the program
itself draws goes by `drawn`. A pipe gets what there is, whatever its encoding is said to be.
"""

import codecs
import io
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import IO, BinaryIO, Final, TextIO

from tui.text.cells import symbol

_log = logging.getLogger(__name__)
_ODD: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Control and format characters, halves of pairs, and bytes that are no UTF-8."""
_EXACT: Final = "hashiya-exact"
"""Name of how text is written that an encoding has no place for."""


def shown_plainly(text: str) -> str:
    """Replace what a terminal would obey by symbols, but for newlines and tabs."""
    return _ODD.sub(lambda found: symbol(found[0]) or found[0], text)


def _exact(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write bytes of a name as they are, and what an encoding lacks as an escape."""
    assert isinstance(error, UnicodeEncodeError)
    char = error.object[error.start]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return bytes([code - 0xDC00]), error.start + 1
    return char.encode("ascii", "backslashreplace"), error.start + 1


codecs.register_error(_EXACT, _exact)


class _Wall(io.RawIOBase):
    """A stream to a terminal, through which nothing gets that the terminal would obey."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def write(self, content: object) -> int:
        """Write bytes of UTF-8 in the terminal's encoding."""
        given = bytes(content)  # type: ignore[call-overload]  # whatever io hands over
        text = shown_plainly(self._decoder.decode(given))
        self._stream.write(text.encode(self._encoding, "replace"))
        return len(given)

    def flush(self) -> None:
        """Write what waits."""
        self._stream.flush()

    def writable(self) -> bool:
        """Return that it can be written."""
        return True

    def isatty(self) -> bool:
        """Return that it is a terminal."""
        return True

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._stream.fileno()


def drawn() -> IO[bytes]:
    """Return standard output as it is, for what the program draws itself."""
    sys.stdout.flush()
    stream = sys.stdout.buffer
    return getattr(stream, "_stream", stream)


def drawn_beside() -> TextIO:
    """Return standard error as it is, for what the program draws itself."""
    is_walled = isinstance(getattr(sys.stderr, "buffer", None), _Wall)
    return sys.__stderr__ if is_walled and sys.__stderr__ else sys.stderr


def complain(message: str) -> None:
    """Write a sentence to standard error; if that takes nothing, there is nobody to tell."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"hashiya: {shown_plainly(' '.join(message.split()))}\n")
        sys.stderr.flush()


def check_output() -> None:
    """Refuse to go on if standard output was closed.

    Raises:
        OSError: It was.
    """
    with suppress(BrokenPipeError, io.UnsupportedOperation):
        os.write(sys.stdout.fileno(), b"")


def quiet_output() -> None:
    """Send standard output nowhere: whoever read it has seen enough, such as head."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _occupied() -> None:
    """Open what was closed of the three streams, or the next file opened would take its number.

    Standard output is opened so that writing fails, and is told; standard error takes everything.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest number that is free
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _walled(stream: TextIO) -> TextIO:
    """Wrap a terminal in a wall; a pipe gets all, whatever its encoding."""
    if stream.isatty():
        wall = _Wall(stream.buffer, stream.encoding)
        return io.TextIOWrapper(
            wall, "utf-8", errors="surrogatepass", newline="", line_buffering=True
        )  # type: ignore[type-var]
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_EXACT)
    return stream


@contextmanager
def streams() -> Iterator[None]:
    """Keep the streams of a command: walled, whole at the end, and no fault as a traceback.

    Raises:
        SystemExit: With 1 where nothing better is known of a fault, which was told.
    """
    _occupied()
    usual = _leave_on_signals()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _walled(sys.stdout), _walled(sys.stderr)
    try:
        try:
            yield
        except OSError as error:
            _log.exception("A command ended")
            complain(_sentence(error))
            raise SystemExit(1) from error
        except Exception as error:
            _log.exception("A command ended")
            complain(
                f"Something went wrong that nobody foresaw ({type(error).__name__}); "
                "the log that hashiya doctor names has more."
            )
            raise SystemExit(1) from error
        finally:
            _flush()
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        sys.stdout, sys.stderr = before
        for number in usual:
            signal.signal(number, signal.SIG_DFL)


def _leave_on_signals() -> list[int]:
    """End as by Ctrl+C, which undoes what was begun, when the line drops or on request.

    Returns:
        The signals that this holds for.
    """
    if threading.current_thread() is not threading.main_thread():
        return []
    asking = (signal.SIGTERM, signal.SIGHUP)
    # else nohup, or somebody sees to it
    usual = [number for number in asking if signal.getsignal(number) == signal.SIG_DFL]
    for number in usual:
        signal.signal(number, _leave)
    return [*usual]


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _flush() -> None:
    """Write what waits for standard output, or say that it can't be written."""
    try:
        sys.stdout.flush()
    except ValueError:
        return  # it was closed
    except OSError as error:
        quiet_output()
        if not isinstance(error, BrokenPipeError):
            complain(_sentence(error))
            raise SystemExit(1) from error


def _sentence(error: OSError) -> str:
    named = error.filename
    reason = error.strerror or str(error)
    if named is None:
        return f"Standard output can't be written: {reason}."
    path = os.fsdecode(named) if isinstance(named, str | bytes) else str(named)
    return f"{path} can't be used: {reason}."
