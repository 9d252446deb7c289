"""What some tests need from Debian, and the skip that names it where it is missing."""

import os
import shutil
from pathlib import Path

import pytest

UNICODE_DATA = Path("/usr/share/unicode")


def needs(
    package: str, *, command: str | None = None, file: Path | None = None
) -> pytest.MarkDecorator:
    """Skip a test where a Debian package is missing; in CI it runs and fails instead."""
    present = (command is None or shutil.which(command)) and (file is None or file.exists())
    return pytest.mark.skipif(
        not present and not os.environ.get("CI"), reason=f"needs the Debian package {package}"
    )
