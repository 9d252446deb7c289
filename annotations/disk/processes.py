"""Processes of this machine: whether one that wrote its number somewhere still runs."""

import os
import socket
from pathlib import Path

from annotations.disk.files import read_named


def is_alive(process: int) -> bool:
    """Return whether a process of this machine runs."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def started_at(process: int) -> str:
    """Return when a process was started, or nothing where the system doesn't tell."""
    try:
        said = read_named(Path(f"/proc/{process}/stat")).decode()
        return said.rpartition(")")[2].split()[19]
    except (OSError, ValueError, IndexError):
        return ""


def is_gone(host: str, process: int, started: str) -> bool:
    """Return whether a process surely ended; of another machine nothing is known.

    Args:
        host: The machine on which it ran.
        process: Its number.
        started: When it was started, which tells a reused number; empty if that is not known.
    """
    if host != socket.gethostname():
        return False
    now = started_at(process)
    another = bool(now and started and started != now)
    return not is_alive(process) or another
