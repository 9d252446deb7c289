"""Damaged files of every kind: named, kept, never a traceback.

A tenth of the damages by default, all in the lane `torture`.
"""

import gzip
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotations.corpus.corpus import open_corpus
from annotations.errors import HashiyaError
from annotations.model.changes import AddSpan
from annotations.model.layer import Document, Relation, Span
from annotations.model.scheme import DEFAULT_TOML
from annotations.store.bookmarks import Bookmark, read_bookmark, save_bookmark
from annotations.store.checkout import check_out
from annotations.store.journal import Step
from annotations.store.store import Store
from tests.damage import TIMES, mutated
from tui.cli import main

pytestmark = pytest.mark.slow
TEXT = "\u062d\u0644\u0628 and \u0648\u0627\u0644\u0642\u0627\u0647\u0631\u0629, three four"
DOCUMENT = Document("a", TEXT, "a.txt")


def make_project(folder: Path) -> Store:
    """Make a corpus with a layer, its history, a place, a scheme, an assignment and a lock."""
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, "utf-8")
    store = Store(folder / ".hashiya")
    desk = check_out(store, DOCUMENT, "layla")
    layer = desk.layer
    for change in (
        AddSpan(Span("s1", 0, 3, "actor", note="\u0646")),
        AddSpan(Span("s2", 8, 16, "claim")),
    ):
        layer = change.apply(layer)
        layer = store.save(layer, [Step.now("do", change, layer)], TEXT)
    store.save(layer.with_relations([Relation("r1", "claimant", "s1", "s2")]), text=TEXT)
    desk.release()
    save_bookmark(store, "layla", Bookmark("a", {"a": 3}, ()))
    store.scheme_path.write_text(DEFAULT_TOML, "utf-8")
    done = run("assign", folder, "--annotators", "layla,omar", "--overlap", "100%")
    assert done == 0
    return store


def run(*args: object) -> int:
    """Run a command; anything but an exit code of its own is a failure."""
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code in (0, 1), done.output
    assert "Traceback" not in done.output
    return done.exit_code


def contents(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def use(folder: Path, store: Store) -> None:
    """Do with a project what users do: open an article, change it, and run every command."""
    for command in ("check", "export", "log", "stats", "scheme"):
        run(command, folder)
    try:
        store.scheme()
        corpus = open_corpus(folder)
    except HashiyaError:
        return
    for document in corpus.documents():
        desk = check_out(store, document, "layla")
        read_bookmark(store, "layla")
        if desk.lock is None:
            continue
        change = AddSpan(Span(desk.layer.free_id("s"), 0, 1, "actor"))
        layer = change.apply(desk.layer)
        desk.lock.check()
        store.save(layer, [Step.now("do", change, layer)], document.text)
        for step in (desk.history.undo(), desk.history.redo()):
            if step:
                step[0].apply(layer)
        desk.release()


MUTATIONS = {
    "layers/**/*.json": 500,
    "history/**/*.jsonl": 300,
    "locks/layla/**/*.lock": 60,
    "scheme.toml": 150,
    "assignment.json": 100,
    "places/*.json": 60,
}
"""How often each file of a store is damaged."""


@pytest.mark.parametrize(
    "tenths", [1, pytest.param(10, marks=pytest.mark.torture)], ids=["some", "all"]
)
@pytest.mark.parametrize("pattern", MUTATIONS)
def test_a_damaged_file_of_the_store_is_never_overwritten_and_never_a_traceback(
    tmp_path: Path, pattern: str, tenths: int
) -> None:
    original = tmp_path / "original"
    store = make_project(original)
    (target,) = store.root.glob(pattern)
    name = target.relative_to(original)
    for seed in range(MUTATIONS[pattern] * tenths // 10 * TIMES):
        folder = tmp_path / f"copy{seed}"
        shutil.copytree(original, folder)
        damaged = mutated(target.read_bytes(), random.Random(f"{pattern} {seed}"))
        (folder / name).write_bytes(damaged)
        try:
            use(folder, Store(folder / ".hashiya"))
        except BaseException as error:
            error.add_note(f"seed {seed}: {damaged!r}")
            raise
        if pattern.startswith("layers"):
            kept = any(content == damaged for content in contents(folder))
            if not kept:  # then it was sound, and the change went on top of it
                readable = Store(folder / ".hashiya").read("a", "layla")
                assert readable, f"seed {seed}: it is gone"
        elif pattern.startswith("history"):
            whole = damaged[: damaged.rfind(b"\n") + 1]
            assert any(whole in content for content in contents(folder)), f"seed {seed}"
        shutil.rmtree(folder)


CSV = 'id,text\r\n1,"one, ""two""\r\nthree"\r\n2,\u062d\u0644\u0628\r\n'
JSONL = '{"id": "1", "text": "one\\ntwo"}\n{"id": "2", "text": "\u062d\u0644\u0628"}\n'


CORPORA = {
    "c.jsonl": JSONL.encode(),
    "c.jsonl.gz": gzip.compress(JSONL.encode() * 9),
    "c.csv": CSV.encode(),
    "c.tsv": CSV.replace(",", "\t").encode(),
    "c.txt": TEXT.encode(),
}


@pytest.mark.parametrize("name", CORPORA)
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16"])
def test_a_damaged_corpus_is_read_as_far_as_it_goes_and_its_faults_are_named(
    tmp_path: Path, name: str, encoding: str
) -> None:
    path = tmp_path / name
    for seed in range(80 * TIMES):
        path.write_bytes(mutated(CORPORA[name], random.Random(f"{name} {seed}")))
        try:
            corpus = open_corpus(path, encoding)
        except HashiyaError:
            continue
        found = list(corpus.scan())
        assert found
        for document in corpus.documents():
            assert document.text
            assert corpus.document(document.id) is not None
        if seed % 10 == 0:
            run("check", path, "--encoding", encoding)
            run("export", path, "--encoding", encoding)


def test_a_damaged_lock_file_is_still_one_persons(tmp_path: Path) -> None:
    store = make_project(tmp_path / "project")
    read: Callable[[], object] = lambda: check_out(store, DOCUMENT, "layla").lock  # noqa: E731
    lock = store.lock("a", "layla")
    content = lock.path.read_bytes()
    for seed in range(60):
        lock.path.write_bytes(mutated(content, random.Random(seed)))
        assert read() is None
    lock.release()
