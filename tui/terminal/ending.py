"""Ending when that is asked for (TERM, HUP), also while the app is too busy to hear of it.

The signals are kept from all other threads; one thread waits for them, asks the app to leave, and
if that is not heard in time, has what was done saved, gives the terminal back and ends the process.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)
PATIENCE: Final = 2.0
"""Seconds in which an app that is not stuck hears that it is to leave."""


class Ending:
    """Waits for the signals that ask to end; made in the main thread, before all others.

    Args:
        leave: Leaves in the usual way, with an exit code; called in the loop of the app.
        save: Waits until what was done is saved, for a while at most; called if the loop is stuck.
        give_back: Gives the terminal back; called after that.
    """

    def __init__(
        self,
        leave: Callable[[int], None],
        save: Callable[[], object],
        give_back: Callable[[], object],
    ) -> None:
        self._leave = leave
        self._save = save
        self._give_back = give_back
        self.loop: asyncio.AbstractEventLoop | None = None
        """The loop of the app, once it runs."""
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._is_over = False
        threading.Thread(target=self._wait, name="ending", daemon=True).start()

    def _wait(self) -> None:
        while True:
            number = signal.sigwait(_SIGNALS)
            if self._is_over:
                return
            heard = threading.Event()
            if self.loop is not None:

                def leave(number: int = number, heard: threading.Event = heard) -> None:
                    heard.set()
                    self._leave(128 + number)

                try:
                    self.loop.call_soon_threadsafe(leave)
                except RuntimeError:
                    return  # it is closed: the app has left
            if not heard.wait(PATIENCE):
                self._save()
                self._give_back()
                os._exit(128 + number)

    def close(self) -> None:
        """Restore what the signals did before."""
        self._is_over = True
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
