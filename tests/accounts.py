"""Two accounts of one group, as on a server where a team shares a folder.

`.ci/accounts` makes them, and names a Python with Hashiya that they can reach.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

VICTIM, ATTACKER = "hashiya-a", "hashiya-b"
PYTHON = os.environ.get("HASHIYA_TEAM_PYTHON", "")
"""A Python with Hashiya that both can run."""


def _missing() -> str:
    """Return why tests can't be two accounts here; nothing if they can."""
    if os.geteuid() != 0 or not shutil.which("runuser"):
        return "only root can be two accounts"
    return "" if PYTHON else ".ci/accounts runs these: it makes the accounts"


def as_account(name: str) -> list[str]:
    """Return what to put before a command that an account is to run."""
    return ["runuser", "-u", name, "--"]


_WHY = _missing()
needs_accounts = pytest.mark.skipif(bool(_WHY), reason=_WHY or "never")


class Team:
    """A folder that both share, and what the victim keeps to itself."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.shared = root / "shared"
        victim = pwd.getpwnam(VICTIM)
        for folder, mode in ((self.home, 0o711), (self.shared, 0o2775)):
            folder.mkdir()
            os.chown(folder, victim.pw_uid, victim.pw_gid)
            folder.chmod(mode)
        self.private = self.home / "private"
        self.private.write_text("private\n", "utf-8")
        os.chown(self.private, victim.pw_uid, victim.pw_gid)
        self.private.chmod(0o600)

    def env(self) -> dict[str, str]:
        """Return the environment of the victim."""
        return {
            **{name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ},
            "PYTHONUTF8": "1",
            "HOME": str(self.home),
            "HASHIYA_ANNOTATOR": "layla",
        }

    def run(self, *args: str | Path, **env: str) -> subprocess.CompletedProcess[bytes]:
        """Run hashiya as the victim."""
        command = [*as_account(VICTIM), PYTHON, "-m", "tui.cli", *map(str, args)]
        return subprocess.run(
            command, cwd=self.shared, env={**self.env(), **env}, capture_output=True, timeout=60,
            check=False,
        )  # fmt: skip

    def as_attacker(self, script: str, *args: str | Path) -> None:
        """Run a shell script as the attacker, who leaves all open to the group."""
        command = [*as_account(ATTACKER), "sh", "-ec", f"umask 002; {script}", "-", *map(str, args)]
        subprocess.run(command, cwd=self.shared, check=True)

    def as_victim(self, script: str, *args: str | Path) -> None:
        """Run a shell script as the victim."""
        command = [*as_account(VICTIM), "sh", "-ec", f"umask 002; {script}", "-", *map(str, args)]
        subprocess.run(command, cwd=self.shared, check=True)

    def plant(self, name: str, target: Path | str) -> None:
        """Make, as the attacker, a link in the shared folder, and the folders that it needs."""
        script = 'mkdir -p "$(dirname "$1")"; ln -sfn "$2" "$1"'
        self.as_attacker(script, self.shared / name, target)

    def is_untouched(self) -> bool:
        """Return whether what the victim keeps to itself is as it was."""
        mode = self.private.stat().st_mode & 0o777
        names = sorted(item.name for item in self.home.iterdir() if not item.name.startswith("."))
        return self.private.read_text("utf-8") == "private\n" and mode == 0o600 and (
            names == ["private"]
        )  # fmt: skip


@contextmanager
def team() -> Iterator[Team]:
    """Make a team's folders, where both accounts can reach them, and remove them at the end."""
    root = Path(mkdtemp(prefix="hashiya-team-"))
    try:
        root.chmod(0o755)
        yield Team(root)
    finally:
        shutil.rmtree(root)
