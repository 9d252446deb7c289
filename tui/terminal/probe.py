"""Asking the terminal what it is, in one round trip, before the app takes the screen.

Five queries go out at once and the last is one that every terminal answers, so its reply ends the
wait. Nothing is drawn. What a user typed meanwhile is kept.
"""

import os
import re
import select
import termios
import time
import tty
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from tui.terminal.families import Replies

QUERIES: Final = b"\x1b[8$p\x1b[>0q\x1b[>c\x1b[=c\x1b[c"
"""DECRQM 8, XTVERSION, DA2, DA3, and DA1, which closes the wait."""
LATEST: Final = 10.0
"""Seconds in which a reply may still come."""
PATIENCE: Final = 1.5
"""Seconds to wait for the replies."""

_REPLY: Final = re.compile(
    rb"\x1b\[(?P<implicit>8;\d+)\$y"
    rb"|\x1bP>\|(?P<version>[^\x1b]*)\x1b\\"
    rb"|\x1b\[>(?P<secondary>[0-9;]*)c"
    rb"|\x1bP!\|(?P<tertiary>[0-9A-Fa-f]*)\x1b\\"
    rb"|\x1b\[\?(?P<primary>[0-9;]*)c"
)
_BEGUN: Final = re.compile(rb"\x1b(?:P(?:[>!](?:\|[^\x1b]*\x1b?)?)?|\[(?:[?>8][0-9;]*\$?)?)$")
"""A reply whose end has not come."""


class Answer(Struct, frozen=True):
    """What came back."""

    replies: Replies
    typed: bytes = b""
    """Keys that were pressed meanwhile."""
    begun: bytes = b""
    """The beginning of a reply whose end has not come."""
    complete: bool = True
    """Whether the reply that ends the wait has come; else others may come late."""
    seconds: float = 0.0


def read_replies(received: bytes) -> Answer:
    """Separate the replies from the keys among them."""
    found: dict[str, str] = {}
    for match in _REPLY.finditer(received):
        for name, value in match.groupdict().items():
            if value is not None:
                found[name] = value.decode("latin-1").removeprefix("8;" * (name == "implicit"))
    typed = _REPLY.sub(b"", received)
    begun = _BEGUN.search(typed)
    rest = begun[0] if begun else b""
    return Answer(
        Replies(**found),
        typed.removesuffix(rest) if rest else typed,
        rest,
        is_complete(received),
    )


def is_complete(received: bytes) -> bool:
    """Return whether the reply that ends the wait has come."""
    return any(match["primary"] is not None for match in _REPLY.finditer(received))


def ask(descriptor: int, patience: float = PATIENCE) -> Answer:
    """Ask the terminal at a descriptor that is open for reading and writing.

    Args:
        descriptor: Of the terminal.
        patience: Seconds to wait at most.

    Raises:
        OSError: It is no terminal, or it is gone.
    """
    began = time.monotonic()
    try:
        before = termios.tcgetattr(descriptor)
        tty.setraw(descriptor, termios.TCSANOW)
    except termios.error as error:
        raise OSError(*error.args) from error
    received = b""
    try:
        os.write(descriptor, QUERIES)
        while not is_complete(received):
            left = began + patience - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                break
            chunk = os.read(descriptor, 4096)
            if not chunk:
                break
            received += chunk
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
    answer = read_replies(received)
    return replace(answer, seconds=time.monotonic() - began)


class LateReplies:
    """Takes replies that come after the wait out of what is typed, so that none is read as keys.

    Args:
        answer: What came in time.
    """

    def __init__(self, answer: Answer) -> None:
        self._begun = answer.begun
        self._until = 0.0 if answer.complete else time.monotonic() + LATEST

    def take(self, received: bytes) -> bytes:
        """Return what was typed of what was received."""
        if time.monotonic() > self._until:
            return received
        answer = read_replies(self._begun + received)
        self._begun = answer.begun
        if answer.complete:
            self._until = 0.0
        return answer.typed
