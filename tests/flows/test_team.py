"""The commands for a team: deal, log, merge, check, stats; each as a user calls it."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from annotations.corpus.corpus import open_corpus
from annotations.model.changes import AddSpan, Change
from annotations.model.layer import Layer, Relation, Span
from annotations.store.checkout import check_out
from annotations.store.journal import Step
from annotations.store.store import Store
from annotations.team.merging import split_conflict
from tests.app import app_for, reader, spans
from tui.cli import main

TEXT = "The army left Aleppo. The army said that it left Aleppo."


def hashiya(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "a.txt").write_text(TEXT)
    (made / "b.txt").write_text("Another article.")
    return made


def annotate(folder: Path, *changes: Change, name: str = "a", annotator: str = "layla") -> Layer:
    """Make changes as a session does, each of them saved."""
    store = Store(folder / ".hashiya")
    document = open_corpus(folder).document(name)
    assert document
    desk = check_out(store, document, annotator)
    assert desk.lock, desk.message
    layer = desk.layer
    for change in changes:
        layer = change.apply(layer)
        layer = store.save(layer, [Step.now("do", change, layer)], document.text)
    desk.release()
    return layer


def tag(name: str, covered: str, label: str = "actor", nth: int = 0) -> AddSpan:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(covered, start + 1)
    return AddSpan(Span(name, start, start + len(covered), label))


# assign


def test_articles_are_dealt_and_the_loads_are_told(folder: Path) -> None:
    done = hashiya("assign", folder, "--annotators", "layla,omar", "--overlap", "50%")
    assert done.exit_code == 0, done.output
    assert "2 articles assigned; 1 article of 2 with two annotators." in done.output
    again = hashiya("assign", folder, "--annotators", "layla,omar,salma")
    assert "0 articles assigned" in again.output


@pytest.mark.parametrize(
    "given",
    [["--annotators", "a,a"], ["--annotators", "a,"], ["--annotators", "a", "--overlap", "1"]],
)
def test_a_deal_that_makes_no_sense_is_refused(folder: Path, given: list[str]) -> None:
    done = hashiya("assign", folder, *given)
    assert done.exit_code == 1
    assert not (folder / ".hashiya" / "assignment.json").exists()


# log


def test_the_log_tells_who_changed_what_and_when(folder: Path) -> None:
    first = tag("s1", "The army")
    annotate(folder, first, first.inverse())
    annotate(folder, AddSpan(Span("s1", 0, 7, "claim")), name="b", annotator="omar")
    done = hashiya("log", folder)
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert "layla@" in lines[0]
    assert "tagged actor 0-8 'The army'" in lines[0]
    assert "deleted actor 0-8" in lines[1]
    assert "tagged claim 0-7 'Another'" in lines[2]
    assert len(hashiya("log", folder, "--annotator", "omar").stdout.splitlines()) == 1
    rows = [
        json.loads(row)
        for row in hashiya("log", folder, "--json", "--document", "a").stdout.splitlines()
    ]
    assert [row["revision"] for row in rows] == [1, 2]
    assert rows[0]["change"]["add_span"]["label"] == "actor"


# merge


def git(folder: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *who, *args], cwd=folder, capture_output=True, check=False)


def two_machines(folder: Path, ours: list[Change], theirs: list[Change], style: str) -> Path:
    """Work on two machines as one annotator and let git merge the two; return the layer's file."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "merge.conflictStyle", style)
    annotate(folder, tag("s1", "The army"), tag("s2", "Aleppo", "location"))
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "begun")
    git(folder, "checkout", "-qb", "other")
    annotate(folder, *theirs)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "theirs")
    git(folder, "checkout", "-q", "main")
    annotate(folder, *ours)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "ours")
    git(folder, "merge", "-q", "other")
    return Store(folder / ".hashiya").path("a", "layla").layer


def read(folder: Path) -> Layer:
    layer = Store(folder / ".hashiya").read("a", "layla")
    assert layer
    return layer


def covered(folder: Path) -> list[tuple[str, str]]:
    return [(span.label, TEXT[span.start : span.end]) for span in read(folder).spans]


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@needs_git
@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_what_two_machines_added_is_put_together(folder: Path, style: str) -> None:
    path = two_machines(
        folder, [tag("s3", "said")], [tag("s3", "The army", "actor", 1), tag("s4", "left")], style
    )
    assert b"<<<<<<<" in path.read_bytes()
    desk = check_out(Store(folder / ".hashiya"), next(open_corpus(folder).documents()), "layla")
    assert desk.lock is None
    assert "hashiya merge" in desk.message
    assert hashiya("export", folder).exit_code == 1
    done = hashiya("merge", folder, "--keep", "both")
    assert done.exit_code == 0, done.output
    assert sorted(word for _, word in covered(folder)) == sorted(
        ["The army", "Aleppo", "said", "The army", "left"]
    )
    layer = read(folder)
    assert len({span.id for span in layer.spans}) == 5
    assert hashiya("merge", folder).output.startswith("Nothing")
    assert hashiya("check", folder).exit_code == 0
    (aside,) = path.parent.glob("*.conflict-*")
    assert b"<<<<<<<" in aside.read_bytes()


@needs_git
def test_what_one_machine_removed_stays_removed_if_git_tells_the_common_version(
    folder: Path,
) -> None:
    removed = tag("s2", "Aleppo", "location").inverse()
    two_machines(folder, [removed], [tag("s3", "said")], "diff3")
    assert hashiya("merge", folder).exit_code == 0
    assert covered(folder) == [("actor", "The army"), ("actor", "said")]


@needs_git
def test_without_the_common_version_somebody_decides_span_by_span(folder: Path) -> None:
    removed = tag("s2", "Aleppo", "location").inverse()
    path = two_machines(folder, [removed], [tag("s3", "said")], "merge")
    before = path.read_bytes()
    done = hashiya("merge", folder)
    assert done.exit_code == 1
    assert "--keep both, ours or theirs" in done.output
    assert path.read_bytes() == before
    assert hashiya("merge", folder, "--keep", "ours").exit_code == 0
    assert covered(folder) == [("actor", "The army")]


@needs_git
def test_layers_of_different_annotators_merge_without_a_conflict(folder: Path) -> None:
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "begun")
    git(folder, "checkout", "-qb", "other")
    annotate(folder, tag("s1", "said"), annotator="omar")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "theirs")
    git(folder, "checkout", "-q", "main")
    annotate(folder, tag("s1", "left"))
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "ours")
    assert git(folder, "merge", "-q", "other").returncode == 0
    assert len(list(Store(folder / ".hashiya").layers())) == 2
    assert git(folder, "status", "--porcelain").stdout == b""
    assert git(folder, "check-ignore", ".hashiya/locks/layla/ca/a.lock").returncode == 0


def test_a_conflict_is_split_into_its_sides() -> None:
    content = b"a\n<<<<<<< HEAD\nb\n||||||| 1\nc\n=======\nd\n>>>>>>> other\ne\n"
    assert split_conflict(content) == (b"a\nb\ne\n", b"a\nd\ne\n", b"a\nc\ne\n")
    assert split_conflict(content.replace(b"||||||| 1\nc\n", b"")) == (
        b"a\nb\ne\n", b"a\nd\ne\n", None,
    )  # fmt: skip


# check


def test_a_sound_project_has_no_faults(folder: Path) -> None:
    annotate(folder, tag("s1", "The army"), tag("s2", "Aleppo", "location"))
    done = hashiya("check", folder)
    assert done.exit_code == 0, done.output
    assert "2 articles, 1 layer, 2 spans, 1 history: 0 faults" in done.stderr


Break = Callable[[Path, Path], None]
"""Breaks something, given the corpus and the file of layla's layer of a."""


def swap(old: str, new: str) -> Break:
    def change(_folder: Path, layer: Path) -> None:
        text = layer.read_text("utf-8")
        assert old in text
        layer.write_text(text.replace(old, new, 1), "utf-8")

    return change


def add_file(name: str, content: bytes) -> Break:
    def add(folder: Path, _layer: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return add


@pytest.mark.parametrize(
    ("break_it", "named", "stays"),
    [
        (swap('"label":"actor"', '"label":"nobody"'), "'nobody' is not in the scheme", True),
        (swap('"end":8', '"end":900'), "outside the text", True),
        (swap('"text":"The army"', '"text":"another"'), "notes 'another', but the text has", True),
        (swap('"start":14,"end":20', '"start":0,"end":8'), "notes 'Aleppo'", True),
        (lambda _, layer: layer.write_bytes(layer.read_bytes()[:-40]), "is damaged", False),
        (swap('"schema":2', '"schema":9'), "newer Hashiya", True),
        (lambda folder, _: (folder / "a.txt").unlink(), "not in the corpus (2 spans)", True),
        (add_file("c.txt", b"\xff"), "does not fit", True),
        (add_file(".hashiya/history/layla/ca/a.jsonl", b"x\n"), "Damaged in line 1", False),
        (add_file(".hashiya/layers/layla/ca/.a.json.4194300.tmp", b"x"), "left by a writer", False),
        (add_file(".hashiya/locks/layla/ca/a.lock.held", b"x"), "holder is gone", False),
        (add_file(".hashiya/scheme.toml", b"x"), "scheme.toml", True),
        (add_file(".hashiya/assignment.json", b"{"), "assignment.json is damaged", True),
    ],
)  # fmt: skip
def test_each_fault_is_named_and_what_can_be_repaired_is_then_sound(
    folder: Path, break_it: Break, named: str, *, stays: bool
) -> None:
    annotate(folder, tag("s1", "The army"), tag("s2", "Aleppo", "location"))
    path = Store(folder / ".hashiya").path("a", "layla").layer
    break_it(folder, path)
    before = {item: item.read_bytes() for item in folder.rglob("*") if item.is_file()}
    done = hashiya("check", folder)
    assert done.exit_code == 1, done.output
    assert named in done.stdout
    assert {item: item.read_bytes() for item in folder.rglob("*") if item.is_file()} == before
    mended = hashiya("check", folder, "--repair")
    assert mended.exit_code == 1
    assert hashiya("check", folder).exit_code == stays
    after = {item.read_bytes() for item in folder.rglob("*") if item.is_file()}
    lost = {content for content in before.values() if content not in after}
    assert lost <= {b"x"}, "only what a killed writer left may go"


async def test_spans_of_a_text_that_changed_are_suggested_and_a_person_confirms_them(
    folder: Path,
) -> None:
    one, two = tag("s1", "The army", nth=1), tag("s2", "it left Aleppo", "claim")
    layer = annotate(folder, tag("s3", "left"), one, two)
    layer = layer.with_relations([Relation("r1", "claimant", "s1", "s2")])
    annotate(folder, AddSpan(Span("s9", 0, 3, "actor")))
    store = Store(folder / ".hashiya")
    stored = store.read("a", "layla")
    assert stored
    store.save(replace(stored, relations=layer.relations), text=TEXT)
    new = "Yesterday: " + TEXT.replace("The army left", "The army fled")
    (folder / "a.txt").write_text(new)
    done = hashiya("check", folder)
    assert done.exit_code == 1
    assert "2 of 4 spans stand in the new text too" in done.stdout
    done = hashiya("check", folder, "--repair")
    assert "which layla finds when opening it" in done.stdout
    assert "not found: s9, s3" in done.stdout
    assert store.read("a", "layla") is None
    app = app_for(folder)
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("enter", "o")
        assert len(spans(app)) == 2
        await pilot.press("enter")
        found = reader(app).reading.layer
        assert [new[span.start : span.end] for span in found.spans] == [
            "The army",
            "it left Aleppo",
        ]
        (join,) = found.relations
        head = found.span(join.head)
        assert head
        assert new[head.start : head.end] == "The army"
    assert hashiya("check", folder).exit_code == 0
    (aside,) = store.path("a", "layla").layer.parent.glob("*.text-*")
    assert b'"s3"' in aside.read_bytes()


def test_a_layer_that_somebody_has_open_is_not_moved(folder: Path) -> None:
    annotate(folder, tag("s1", "The army"))
    store = Store(folder / ".hashiya")
    lock = store.lock("a", "layla")
    store.path("a", "layla").layer.write_bytes(b"{")
    done = hashiya("check", folder, "--repair")
    assert "Not repaired: Read only: another session" in done.stdout
    assert store.path("a", "layla").layer.read_bytes() == b"{"
    lock.release()


# stats


def test_figures_of_each_annotator(folder: Path) -> None:
    hashiya("assign", folder, "--annotators", "layla,omar", "--overlap", "100%")
    annotate(folder, tag("s1", "The army"), tag("s2", "Aleppo", "location"))
    annotate(folder, AddSpan(Span("s1", 0, 7, "claim")), name="b", annotator="omar")
    shown = hashiya("stats", folder)
    assert shown.exit_code == 0, shown.output
    assert "0 finished of 2 assigned" in shown.stdout
    assert "spans: 2 (1 actor, 1 location)" in shown.stdout
    assert "Spans by label" in shown.stdout
    told = json.loads(hashiya("stats", folder, "--json").stdout)
    assert told["articles"] == 2
    layla, omar = told["annotators"]
    assert (layla["annotator"], layla["spans"], layla["labels"]) == (
        "layla", 2, {"actor": 1, "location": 1},
    )  # fmt: skip
    assert sum(layla["days"].values()) == 2
    assert layla["assigned"] == omar["assigned"] == 2
    assert [
        item["annotator"]
        for item in json.loads(hashiya("stats", folder, "--json", "--annotator", "omar").stdout)[
            "annotators"
        ]
    ] == ["omar"]


def test_speed_counts_the_time_between_changes_but_no_pause(folder: Path) -> None:
    words = ("The army", "left", "Aleppo", "said", "that")
    annotate(folder, *(tag(f"s{number}", word) for number, word in enumerate(words)))
    path = Store(folder / ".hashiya").path("a", "layla").history
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row, minute in zip(rows, (0, 1, 2, 40, 41), strict=True):
        row["at"] = f"2026-01-02T03:{minute:02}:00+00:00"
    void = {**rows[4], "at": "2026-01-02T03:41:30+00:00", "revision": 6}  # it was never saved
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, void]), "utf-8")
    (told,) = json.loads(hashiya("stats", folder, "--json").stdout)["annotators"]
    assert told["seconds"] == 180
    assert told["spans_an_hour"] == 60
    assert told["days"] == {"2026-01-02": 5}
