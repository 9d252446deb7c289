"""Changing many layers of a store together, and finishing what somebody was stopped at.

Who does so holds one lock, and meanwhile nobody else gets that of a layer.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from annotations.disk.transaction import Transaction, finish, unfinished
from annotations.errors import NotSavedError, StoreError, reason_of
from annotations.store.locks import Holder, LayerLock, LockedError, read_live_holder

_log = logging.getLogger(__name__)
_DONE: Final = {True: "completed", False: "undone"}


class Together:
    """Changes of many layers at once.

    Args:
        root: The store's folder.
        take: Takes a lock by its path and a name; raises StoreError.
    """

    def __init__(self, root: Path, take: Callable[[Path, str], LayerLock]) -> None:
        self.root = root
        self._take = take
        self._plans = root / "transactions"
        self._lock = root / "locks" / "import.lock"

    @property
    def holder(self) -> Holder | None:
        """Who changes many layers just now."""
        return read_live_holder(self._lock)

    @contextmanager
    def changing(self, what: str, who: str) -> Iterator[Transaction]:
        """Change many layers together, while nobody else gets a lock of one.

        They change at the end, all of them, or none if anything goes wrong before.

        Args:
            what: What is being done, for messages: "An import".
            who: The name under which the store is locked.

        Raises:
            StoreError: Somebody else does so just now, or the store can't be written.
        """
        self.before_a_lock()
        lock = self._take(self._lock, who)
        transaction = Transaction(self.root, self._plans, what)
        try:
            yield transaction
            try:
                transaction.commit()
            except OSError as error:
                raise NotSavedError(f"{reason_of(error)} ({self.root}).") from error
        finally:
            transaction.abort()
            lock.release()

    def finish_abandoned(self, *, even_elsewhere: bool = False) -> list[str]:
        """Complete or undo what a process began and did not end, because it was killed.

        Args:
            even_elsewhere: Whether also what was begun on another machine, of which nobody can
                tell from here whether it still runs.

        Returns:
            A sentence about each; none while another process sees to it.
        """
        try:
            found = list(unfinished(self.root, self._plans))
        except OSError as error:
            return [f"What was begun can't be completed ({self._plans}: {reason_of(error)})."]
        if not any(item.plan.is_abandoned or even_elsewhere for item in found):
            return []
        try:
            lock = self._take(self._lock, "hashiya")
        except StoreError as error:
            return [] if isinstance(error, LockedError) else [str(error)]
        try:
            return list(self._finished(even_elsewhere=even_elsewhere))
        finally:
            lock.release()

    def _finished(self, *, even_elsewhere: bool) -> Iterator[str]:
        for item in list(unfinished(self.root, self._plans)):
            if not (item.plan.is_abandoned or even_elsewhere):
                continue
            what = f"{item.plan.what} was stopped before its end"
            try:
                outcome = finish(self.root, item)
            except OSError as error:
                yield f"{what} and can't be {_DONE[item.is_decided]} ({reason_of(error)})."
            else:
                yield f"{what}; it has been {outcome}."

    def begun_elsewhere(self) -> list[str]:
        """Name the machines on which something was begun that has not ended, as far as is told."""
        with suppress(OSError):
            found = unfinished(self.root, self._plans)
            return [item.plan.host for item in found if not item.plan.is_abandoned]
        return []

    def odd_plans(self) -> list[Path]:
        """List files that are said to be plans and are none that this program would make."""
        odd: list[Path] = []
        with suppress(OSError):
            list(unfinished(self.root, self._plans, odd))
        return odd

    def before_a_lock(self) -> None:
        """Finish what was abandoned since this session began, before anything is written.

        Raises:
            StoreError: Something was begun that can't be finished from here.
        """
        with suppress(OSError):
            if not list(unfinished(self.root, self._plans)):
                return  # as nearly always, and a key waits for it
        for sentence in self.finish_abandoned():
            _log.warning("%s", sentence)
        with suppress(OSError):
            for item in unfinished(self.root, self._plans):
                if self.holder is None and not item.plan.is_abandoned:
                    raise StoreError(
                        f"Read only: {item.plan.what.lower()} was begun on {item.plan.host} "
                        "and has not ended.",
                        "If nobody works there any more: hashiya check --repair.",
                    )
