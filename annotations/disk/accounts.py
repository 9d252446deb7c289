"""Accounts of this machine: whose a file is, and who runs the program."""

import os
import pwd
from functools import lru_cache
from pathlib import Path

from annotations.disk.files import status


@lru_cache(maxsize=64)
def account_name(number: int) -> str:
    """Return the name of an account, or its number where it has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def own_account() -> str:
    """Return the name of the account that runs this, whatever the environment says."""
    return account_name(os.geteuid())


def other_account(path: Path) -> str:
    """Return whose a file is if it is another account's; empty for one's own, or none."""
    try:
        owner = status(path).st_uid
    except OSError:
        return ""
    return "" if owner == os.geteuid() else account_name(owner)
