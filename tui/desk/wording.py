"""What things are called on the screen."""

from typing import Final

from annotations.model.layer import Status
from annotations.store.view import Direction

STATUS_NAMES: Final[dict[Status, str]] = {
    "new": "new",
    "in_progress": "in progress",
    "done": "done",
    "skipped": "skipped",
    "flagged": "flagged",
}
DIRECTION_NAMES: Final[dict[Direction, str]] = {
    "auto": "as their first letter does",
    "majority": "as most of their letters do",
    "rtl": "from right to left",
    "ltr": "from left to right",
}
