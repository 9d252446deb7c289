"""Whose each layer is, when articles are renamed, replaced, doubled, and files change underneath."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from annotations.corpus.corpus import open_corpus
from annotations.errors import StoreError
from annotations.library.filters import Sort, parse_filter
from annotations.model.changes import AddSpan
from annotations.model.layer import Layer, Span
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.checkout import check_out
from annotations.store.location import store_path
from annotations.store.store import Store
from annotations.store.suggestions import propose
from tui.cli import main
from tui.desk.commands import keymap_of
from tui.desk.session import Session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "a.txt").write_text("one two three four")
    return made


def hashiya(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def session(path: Path) -> Session:
    corpus = open_corpus(path)
    made = Session(corpus, Store(store_path(corpus)), DEFAULT_SCHEME, "layla", keymap=keymap_of())
    assert made.catalogue.wait(20)
    made.listing.refresh()
    return made


def annotate(path: Path, name: str, start: int, end: int, label: str = "actor") -> Layer:
    """Open an article as the app does, tag something, and leave."""
    here = session(path)
    row = here.catalogue.find(name)
    assert row
    reading = here.open(row)
    assert not reading.read_only, reading.message
    reading.tag_range(label, start, end)
    assert reading.finish_saving(), reading.save_error
    layer = reading.layer
    here.end()
    return layer


def spans(path: Path, name: str) -> list[tuple[int, int]]:
    here = session(path)
    row = here.catalogue.find(name)
    assert row
    found = [(span.start, span.end) for span in here.open(row).layer.spans]
    here.end()
    return found


def test_a_new_article_under_a_name_that_was_used_gets_a_layer_of_its_own(folder: Path) -> None:
    annotate(folder, "a", 0, 3)
    (folder / "a.txt").rename(folder / "b.txt")
    (folder / "a.txt").write_text("a different article")
    annotate(folder, "a", 2, 11)
    annotate(folder, "b", 4, 7)
    assert spans(folder, "a") == [(2, 11)]
    assert spans(folder, "b") == [(0, 3), (4, 7)]
    exported = [json.loads(line) for line in hashiya("export", folder).stdout.splitlines()]
    assert {row["id"]: len(row["spans"]) for row in exported} == {"a": 1, "b": 2}
    assert hashiya("check", folder).exit_code == 0


def test_an_import_never_replaces_a_layer_of_another_text(folder: Path, tmp_path: Path) -> None:
    annotate(folder, "a", 0, 3)
    before = Store(folder / ".hashiya").read("a", "layla")
    (folder / "a.txt").write_text("changed")
    record = {"id": "a", "text": "changed", "annotator": "layla", "spans": []}
    (tmp_path / "in.jsonl").write_text(json.dumps(record))
    done = hashiya("import", folder, "--from", tmp_path / "in.jsonl", "--replace")
    assert done.exit_code == 1
    assert "a layer of another text" in done.output
    assert Store(folder / ".hashiya").read("a", "layla") == before


def test_an_import_does_not_take_a_status_or_note_away_unasked(
    folder: Path, tmp_path: Path
) -> None:
    store = Store(folder / ".hashiya")
    document = next(open_corpus(folder).documents())
    desk = check_out(store, document, "layla")
    store.save(replace(desk.layer, status="flagged", note="ask the lead"))
    desk.release()
    record = {"id": "a", "text": document.text, "annotator": "layla", "spans": []}
    (tmp_path / "in.jsonl").write_text(json.dumps(record))
    done = hashiya("import", folder, "--from", tmp_path / "in.jsonl")
    assert done.exit_code == 1
    assert "marked a as flagged" in done.output


def test_of_two_articles_with_one_text_each_keeps_its_own_layer(folder: Path) -> None:
    annotate(folder, "a", 0, 3)
    (folder / "a.txt").rename(folder / "x.txt")
    shutil.copy(folder / "x.txt", folder / "y.txt")
    assert spans(folder, "x") == [(0, 3)]
    assert spans(folder, "y") == []
    annotate(folder, "y", 4, 7)
    assert spans(folder, "x") == [(0, 3)]
    assert spans(folder, "y") == [(4, 7)]
    assert hashiya("check", folder).exit_code == 0, hashiya("check", folder).output


def test_a_single_article_does_not_take_the_layer_of_its_twin_in_the_folder(folder: Path) -> None:
    shutil.copy(folder / "a.txt", folder / "b.txt")
    annotate(folder, "b", 0, 3)
    assert spans(folder / "a.txt", "a") == []
    annotate(folder / "a.txt", "a", 4, 7)
    assert spans(folder, "b") == [(0, 3)]
    assert spans(folder, "a") == [(4, 7)]


def test_a_layer_that_another_program_changed_is_not_overwritten(folder: Path) -> None:
    here = session(folder)
    row = here.catalogue.find("a")
    assert row
    reading = here.open(row)
    reading.tag_range("actor", 0, 3)
    assert reading.finish_saving()
    store = here.store
    other = store.read("a", "layla")
    assert other
    pulled = store.save(AddSpan(Span("s9", 4, 7, "claim")).apply(other))  # as git pull would
    reading.tag_range("location", 8, 13)
    assert not reading.finish_saving()
    assert "was changed by another program" in reading.save_error
    assert store.read("a", "layla") == pulled
    here.abandon()
    here.end()


# suggestions, and what is remembered


def test_suggestions_that_can_not_be_read_are_kept_and_named(folder: Path) -> None:
    store = Store(folder / ".hashiya")
    document = next(open_corpus(folder).documents())
    assert propose(store, document, "layla", "actor", "two") == 1
    path = store.suggestions.path("a", "layla").layer
    content = path.read_bytes().replace(b'"schema":2', b'"schema":9')
    path.write_bytes(content)
    with pytest.raises(StoreError, match="newer"):
        propose(store, document, "layla", "actor", "three")
    assert path.read_bytes() == content
    path.write_bytes(content[:50])
    done = hashiya("check", folder)
    assert done.exit_code == 1
    assert "suggestions/" in done.stdout


def test_a_file_that_could_not_be_read_once_is_tried_again(folder: Path) -> None:
    (folder / "b.txt").write_bytes(b"\xff\xfe\xfa")
    here = session(folder)
    assert len(here.listing.numbers) == 1
    here.end()
    stamp = (folder / "b.txt").stat()
    (folder / "b.txt").write_bytes(b"abc")
    import os

    os.utime(folder / "b.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    here = session(folder)
    assert len(here.listing.numbers) == 2
    here.end()


def test_every_question_of_the_library_looks_layers_up_by_their_article(folder: Path) -> None:
    here = session(folder)
    asked: list[str] = []
    here.catalogue.index.database.set_trace_callback(asked.append)
    for order in Sort:
        here.catalogue.view(parse_filter("status:done claim>1 note:", ["claim"]), order)
    here.catalogue.index.database.set_trace_callback(None)
    assert len([query for query in asked if "layers l" in query]) == len(Sort)
    for query in asked:
        plan = here.catalogue.index.database.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
        steps = [row[3] for row in plan if " l " in f"{row[3]} "]
        assert all("layers_number (number=? AND annotator=?" in step for step in steps), steps
    here.end()


def test_suggestions_are_found_again_when_their_article_was_renamed(folder: Path) -> None:
    store = Store(folder / ".hashiya")
    document = next(open_corpus(folder).documents())
    assert propose(store, document, "layla", "actor", "two") == 1
    (folder / "a.txt").rename(folder / "b.txt")
    here = session(folder)
    row = here.catalogue.find("b")
    assert row
    reading = here.open(row)
    assert [span.start for span in reading.suggested] == [4]
    reading.settle({reading.suggested[0].id}, set())
    here.end()
    again = store.suggestions.read("a", "layla")
    assert again
    assert again.spans == ()
