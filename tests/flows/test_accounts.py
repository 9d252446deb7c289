"""Of two accounts that share a folder neither gets at what the other keeps to itself."""

import json
from collections.abc import Iterator

import pytest

from tests.accounts import ATTACKER, PYTHON, VICTIM, Team, as_account, needs_accounts, team
from tests.terminal import Pty

pytestmark = [pytest.mark.terminal, needs_accounts]

RECORD = {
    "id": "a", "text": "the army left Aleppo", "annotator": "layla",
    "spans": [{"id": "s1", "start": 4, "end": 8, "label": "actor"}],
}  # fmt: skip
STORE = "corpus/.hashiya"


@pytest.fixture
def both() -> Iterator[Team]:
    with team() as found:
        found.as_victim('mkdir corpus; printf %s "$1" > corpus/a.txt', str(RECORD["text"]))
        found.as_victim('printf "%s\\n" "$1" > in.jsonl', json.dumps(RECORD))
        yield found


IMPORT = ("import", "corpus", "--from", "in.jsonl")
PLANTED = [
    ("locks/layla/ca/a.lock", IMPORT),
    ("locks/import.lock", IMPORT),
    ("locks/layla", IMPORT),
    ("history/layla/ca/a.jsonl", IMPORT),
    ("history/layla", IMPORT),
    ("layers/layla/ca/a.json", IMPORT),
    ("layers/layla", IMPORT),
    ("layers", IMPORT),
    (".gitignore", IMPORT),
    ("assignment.json", ("assign", "corpus", "--annotators", "layla,omar")),
    ("locks/assignment.lock", ("assign", "corpus", "--annotators", "layla,omar")),
    ("scheme.toml", ("scheme", "corpus", "--init")),
    ("scheme.toml", ("export", "corpus")),
    ("splits.json", ("export", "corpus", "-o", "out.jsonl", "--split", "80,10,10")),
]


@pytest.mark.parametrize(("name", "command"), PLANTED)
@pytest.mark.parametrize("target", ["private", "not there", "."])
def test_a_link_in_the_store_leads_nowhere(
    both: Team, name: str, command: tuple[str, ...], target: str
) -> None:
    both.plant(f"{STORE}/{name}", both.home / target)
    done = both.run(*command)
    assert b"Traceback" not in done.stderr
    assert b"private" not in done.stdout
    assert both.is_untouched()


@pytest.mark.parametrize("name", ["out.jsonl", "report.jsonl", "out.jsonl.report.jsonl"])
@pytest.mark.parametrize("target", ["private", "not there"])
def test_an_export_goes_through_nobody_elses_link(both: Team, name: str, target: str) -> None:
    assert both.run(*IMPORT).returncode == 0
    both.plant(name, both.home / target)
    done = both.run("export", "corpus", "-o", "out.jsonl", "--report", "report.jsonl")
    assert b"Traceback" not in done.stderr
    assert both.is_untouched()


def test_an_export_into_a_folder_goes_through_nobody_elses_link(both: Team) -> None:
    assert both.run(*IMPORT).returncode == 0
    both.as_victim('mkdir "$1"/brat', both.home)
    both.plant("out", both.home / "brat")
    done = both.run("export", "corpus", "--format", "brat", "-o", "out")
    assert done.returncode == 1
    assert b"link of another account" in done.stderr
    assert not list((both.home / "brat").iterdir())


def test_an_import_reads_nobody_elses_link(both: Team) -> None:
    both.as_victim('cp in.jsonl "$1"/private; chmod 600 "$1"/private', both.home)
    both.plant("theirs.jsonl", both.private)
    done = both.run("import", "corpus", "--from", "theirs.jsonl")
    assert done.returncode == 1
    assert b"link of another account" in done.stderr


def test_an_article_that_is_somebody_elses_link_is_left_out_and_told(both: Team) -> None:
    both.plant("corpus/b.txt", both.private)
    done = both.run("stats", "corpus")
    assert b"1 article" in done.stdout
    told = both.run("export", "corpus").stderr
    assert b"b.txt" in told
    assert b"link of another account" in told


@pytest.mark.parametrize("planted", ["config/hashiya", "config/hashiya/config.toml"])
def test_settings_are_not_read_through_nobody_elses_link(both: Team, planted: str) -> None:
    both.plant(planted, both.home if planted.endswith("hashiya") else both.private)
    done = both.run("config", "show", HASHIYA_CONFIG=str(both.shared / "config" / "hashiya"))
    assert b"Traceback" not in done.stderr
    assert b"private" not in done.stdout


def opened(both: Team, *keys: str, **env: str) -> None:
    """Open the app as the victim, press keys, and drop the line."""
    shown(both, *keys, **env)


def shown(both: Team, *keys: str, **env: str) -> str:
    """Open the app as the victim and press keys; return the screen, and drop the line."""
    said = [f"{name}={value}" for name, value in {**both.env(), **env}.items()]
    command = [*as_account(VICTIM), "env", "-C", str(both.shared), *said, PYTHON, "-m", "tui.cli"]
    terminal = Pty(["/usr/sbin/runuser", *command[1:], "corpus"])
    terminal.wait_for("Aleppo")
    for key in keys:
        terminal.press(key)
        terminal.settled()
    screen = terminal.settled()
    terminal.hang_up()
    terminal.wait_for_end_unseen()
    return screen


@pytest.mark.parametrize(
    "name",
    ["places/layla.json", "places", "locks/layla/ca/a.lock", "history/layla/ca/a.jsonl",
     "suggestions", "suggestions/layers/layla/ca/a.json", "layers/layla/ca"],
)  # fmt: skip
@pytest.mark.parametrize("target", ["private", "."])
def test_the_app_goes_through_no_link_in_the_store(both: Team, name: str, target: str) -> None:
    both.plant(f"{STORE}/{name}", both.home / target)
    opened(both, "\r", "w", "a")
    assert both.is_untouched()


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_STATE_HOME"])
@pytest.mark.parametrize("planted", ["hashiya", "hashiya/index", "hashiya/hashiya.log"])
def test_caches_and_logs_are_not_kept_where_others_may_write(
    both: Team, variable: str, planted: str
) -> None:
    target = both.private if planted.endswith("log") else both.home
    both.plant(f"own/{planted}", target)
    opened(both, "\r", **{variable: str(both.shared / "own")})
    assert both.is_untouched()


def test_who_writes_as_somebody_else_is_told_and_noted(both: Team) -> None:
    assert both.run(*IMPORT).returncode == 0
    both.as_attacker(
        'sed "s/actor/claim/" in.jsonl > other.jsonl; '
        'HOME=/nonexistent HASHIYA_ANNOTATOR=layla "$1" -m tui.cli import corpus --replace '
        "--from other.jsonl 2> told",
        PYTHON,
    )
    told = (both.shared / "told").read_text("utf-8")
    assert f"Layers of layla were written by the account {VICTIM}" in told
    listed = both.run("log", "corpus").stdout.decode().splitlines()
    assert f"(account {VICTIM})" in listed[0]
    assert f"(account {ATTACKER})" in listed[-1]
    accounts = [
        json.loads(line)["account"]
        for line in both.run("log", "corpus", "--json").stdout.splitlines()
    ]
    assert (accounts[0], accounts[-1]) == (VICTIM, ATTACKER)
    screen = shown(both, "\r")
    assert f"written by the account {ATTACKER}; you are {VICTIM}" in " ".join(screen.split())


def test_a_store_that_may_not_be_read_is_told_by_every_command(both: Team) -> None:
    both.as_victim("mkdir -m 000 corpus/.hashiya")
    for command in (
        ("check", "corpus"), ("log", "corpus"), ("stats", "corpus"), ("export", "corpus"),
        ("scheme", "corpus"), ("scheme", "corpus", "--init"), ("merge", "corpus"),
        ("assign", "corpus", "--annotators", "a,b"), IMPORT, ("check", "corpus", "--repair"),
    ):  # fmt: skip
        done = both.run(*command)
        assert done.returncode == 1, command
        assert b"Permission denied" in done.stdout + done.stderr
        assert b"Traceback" not in done.stderr
        assert b"foresaw" not in done.stderr
