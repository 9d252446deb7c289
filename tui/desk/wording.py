"""What things are called on the screen."""

from typing import Final

from annotations.model.layer import Status

STATUS_NAMES: Final[dict[Status, str]] = {
    "new": "new",
    "in_progress": "in progress",
    "done": "done",
    "skipped": "skipped",
    "flagged": "flagged",
}
