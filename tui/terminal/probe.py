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
from dataclasses import dataclass
from typing import Final

from tui.terminal.families import Replies

QUERIES: Final = b"\x1b[8$p\x1b[>0q\x1b[>c\x1b[=c\x1b[c"
"""DECRQM 8, XTVERSION, DA2, DA3, and DA1, which closes the wait."""
PATIENCE: Final = 1.5
"""Seconds to wait for the replies."""

_REPLY: Final = re.compile(
    rb"\x1b\[(?P<implicit>8;\d+)\$y"
    rb"|\x1bP>\|(?P<version>[^\x1b]*)\x1b\\"
    rb"|\x1b\[>(?P<secondary>[0-9;]*)c"
    rb"|\x1bP!\|(?P<tertiary>[0-9A-Fa-f]*)\x1b\\"
    rb"|\x1b\[\?(?P<primary>[0-9;]*)c"
)
_BROKEN: Final = re.compile(rb"\x1b(?:P[>!]\|[^\x1b]*(?:\x1b\\?)?|\[[?>8][0-9;]*\$?)$")
"""A reply whose end never came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    replies: Replies
    typed: bytes = b""
    """Keys that were pressed meanwhile."""
    seconds: float = 0.0


def read_replies(received: bytes) -> Answer:
    """Part the replies from the keys among them."""
    found: dict[str, str] = {}
    for match in _REPLY.finditer(received):
        for name, value in match.groupdict().items():
            if value is not None:
                found[name] = value.decode("latin-1").removeprefix("8;" * (name == "implicit"))
    return Answer(Replies(**found), _BROKEN.sub(b"", _REPLY.sub(b"", received)))


def is_complete(received: bytes) -> bool:
    """Tell whether the reply that ends the wait has come."""
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
    return Answer(answer.replies, answer.typed, time.monotonic() - began)
