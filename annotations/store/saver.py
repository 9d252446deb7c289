"""Writing what was done to a layer: in order, in the background, and again if it fails.

One thread writes at a time, always the newest state with all steps that led to it, so a slow disk
delays no key and loses no change. What could not be written is kept, with the reason.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from annotations.errors import NotSavedError, StoreError
from annotations.model.layer import Layer
from annotations.store.journal import Step

_log = logging.getLogger(__name__)

Save: TypeAlias = Callable[[Layer, Sequence[Step]], Layer]
"""Writes a layer and the steps that led to it, and returns it as it was written."""


class LayerSaver:
    """Brings the states of one layer to the disk.

    Args:
        layer: The layer as it is on disk.
        save: Writes it; raises StoreError.
        on_attempt: Called in the saving thread after each attempt.
    """

    def __init__(
        self, layer: Layer, save: Save, on_attempt: Callable[[], None] | None = None
    ) -> None:
        self._save = save
        self.on_attempt = on_attempt or (lambda: None)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wanted = layer
        self._on_disk = layer
        self._steps: list[Step] = []
        self._is_due = False
        self._ends = False
        self._error = ""

    @property
    def on_disk(self) -> Layer:
        """The layer as it was written last."""
        with self._changed:
            return self._on_disk

    @property
    def error(self) -> str:
        """Why the newest state is not on disk; empty while it is, or is being written."""
        with self._changed:
            return self._error

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being written or waits for it."""
        with self._changed:
            return not self._is_due

    def put(self, layer: Layer, steps: Sequence[Step]) -> None:
        """Queue a state to be written, with the steps that led to it from the one before."""
        with self._changed:
            self._wanted = layer
            self._steps += steps
            self._start()

    def retry(self) -> None:
        """Try again to write what could not be written."""
        with self._changed:
            if self._error:
                self._start()

    def _start(self) -> None:
        self._is_due = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="layer saver", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is being written, for so long at most.

        Returns:
            Whether the newest state is on disk.
        """
        with self._changed:
            idle = self._changed.wait_for(lambda: not self._is_due, seconds)
            return idle and not self._error

    def close(self, seconds: float | None = None) -> bool:
        """Finish what is being written and end the thread.

        Returns:
            Whether the newest state is on disk.
        """
        written = self.wait(seconds)
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        return written

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_due or self._ends)
                if not self._is_due:
                    self._thread = None
                    return
                base = self._on_disk
                layer = replace(self._wanted, revision=base.revision, saved_at=base.saved_at)
                wanted, steps = self._wanted, self._steps[:]
            error, saved = "", None
            try:
                saved = self._save(layer, steps)
            except NotSavedError as failed:
                error = failed.reason
            except StoreError as failed:
                error = str(failed)
            except Exception as failed:  # noqa: BLE001 - told, and tried again: work is at stake
                _log.exception("A layer was not saved")
                error = f"{failed!r}."
            with self._changed:
                if saved is not None:
                    self._on_disk = saved
                    del self._steps[: len(steps)]
                self._error = error
                self._is_due = self._wanted is not wanted and not error
                self._changed.notify_all()
            self.on_attempt()
