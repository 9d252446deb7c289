"""Waiting until the app has nothing left to do, where Textual's pilot waits by the clock.

The pilot sleeps 40 ms after each key and hopes that it was enough. Here a test goes on as soon as
nothing is ready in the event loop, no timer is due within a frame, and no thread has run meanwhile:
sooner on an idle machine, and later on a busy one. What it needs of Textual and asyncio is not
public; Textual is pinned.
"""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import textual.app
import textual.pilot
from textual.screen import UPDATE_PERIOD

LOOK = 0.002
"""Seconds between two looks at the threads, in which one that waits for Python gets it."""
THREADS = Path("/proc/self/task")


def _work() -> int | None:
    """Return how long the other threads have run, in nanoseconds; None while one of them runs."""
    total = 0
    for thread in THREADS.iterdir():
        if thread.name == str(threading.get_native_id()):
            continue
        try:
            if thread.joinpath("stat").read_text().rpartition(") ")[2][0] != "S":
                return None
            total += int(thread.joinpath("schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            return None  # it has just ended
    return total


def _next_timer(loop: Any) -> float | None:
    """Return in how many seconds a timer is due, if that is within a frame."""
    due = min((timer.when() for timer in loop._scheduled if not timer.cancelled()), default=None)
    left = None if due is None else due - loop.time()
    return left if left is not None and left < UPDATE_PERIOD else None


async def wait_for_rest(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until the app has nothing left to do; stands in for `textual._wait.wait_for_idle`."""
    loop: Any = asyncio.get_running_loop()
    until = time.monotonic() + max_sleep
    before = None
    await asyncio.sleep(min_sleep)
    while time.monotonic() < until:
        await asyncio.sleep(0)
        soon = _next_timer(loop)
        if loop._ready or soon is not None:
            before = None
            await asyncio.sleep(max(0, soon or 0))
            continue
        work = _work()
        if work is not None and work == before:
            return
        before = work
        await asyncio.sleep(LOOK)


def install() -> None:
    """Make the pilot wait so; leave it as it is where there is no /proc."""
    if THREADS.exists():
        for module in (textual.app, textual.pilot):
            module.wait_for_idle = wait_for_rest  # type: ignore[attr-defined]  # it imports it
