"""What an export of one's own was stopped at: noted in the user's state folder, finished next time.

A plan names files anywhere, so it is kept where nobody else may write.
"""

from collections.abc import Iterator
from pathlib import Path

from annotations.disk.folders import is_private, make_folder, resolved
from annotations.disk.transaction import finish, unfinished
from annotations.errors import reason_of


def _folder() -> Path:
    from platformdirs import user_state_path  # noqa: PLC0415 - slow, and not always needed

    return user_state_path("hashiya") / "transactions"


def own_plans() -> Path | None:
    """Return where the plans of this user are, or None if no private folder can be made."""
    try:
        folder = resolved(_folder())
        make_folder(folder, private=True)
        return folder if is_private(folder) else None
    except OSError:
        return None


def finish_own() -> Iterator[str]:
    """Complete or undo what this user's processes were stopped at; say what was done."""
    try:
        folder = resolved(_folder())
        if not is_private(folder):
            return
        for found in list(unfinished(Path("/"), folder)):
            if found.plan.is_abandoned:
                outcome = finish(Path("/"), found)
                yield f"{found.plan.what} was stopped before its end; it has been {outcome}."
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"What an export was stopped at can't be finished ({reason_of(error)})."
