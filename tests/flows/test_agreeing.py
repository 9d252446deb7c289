"""The app, the index, an export, a check and an import agree on whose the spans are."""

import json
import shutil
from pathlib import Path

import pytest

from annotations.corpus.corpus import open_corpus
from annotations.store.belonging import belongings_of
from annotations.store.location import store_path
from annotations.store.store import Store
from tests.command import exported, hashiya, lines
from tests.desk import session_of


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """An article that was annotated as m, is named z since then, and has a copy before it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "m.txt").write_text("the army left", "utf-8")
    (folder / "k.txt").write_text("nobody knows", "utf-8")
    open_and_tag(folder, "m", 4, 8)
    (folder / "m.txt").rename(folder / "z.txt")
    open_and_tag(folder, "z", 9, 13)
    shutil.copy(folder / "z.txt", folder / "a.txt")
    return folder


def open_and_tag(folder: Path, name: str, start: int, end: int) -> None:
    session = session_of(folder)
    assert session.catalogue.wait(20)
    row = session.catalogue.find(name)
    assert row
    reading = session.open(row)
    reading.tag_range("actor", start, end)
    session.close()
    session.end()


def in_the_app(folder: Path) -> dict[str, int]:
    """Count the spans of each article as it is opened."""
    session = session_of(folder)
    assert session.catalogue.wait(20)
    session.listing.refresh()
    found = {}
    for name in ("a", "k", "z"):
        row = session.catalogue.find(name)
        assert row
        found[name] = len(session.open(row).layer.spans)
    session.close()
    session.end()
    return found


def in_the_index(folder: Path) -> dict[str, int]:
    """Count the spans of each article as the library lists it."""
    session = session_of(folder)
    assert session.catalogue.wait(20)
    session.listing.refresh()
    rows = [session.catalogue.find(name) for name in ("a", "k", "z")]
    session.end()
    return {row.id: row.spans for row in rows if row}


def test_all_agree_on_a_renamed_article_and_its_copy(renamed: Path) -> None:
    # nothing but their order tells the two apart: the first of them has the layer
    assert in_the_app(renamed) == {"a": 2, "k": 0, "z": 0}
    assert in_the_index(renamed) == {"a": 2, "k": 0, "z": 0}
    assert {row["id"]: len(row["spans"]) for row in exported(renamed)} == {"a": 2}
    checked = hashiya("check", renamed)
    assert checked.returncode == 0, checked.stderr
    corpus = open_corpus(renamed)
    store = Store(store_path(corpus))
    belongings = belongings_of(store, corpus)
    kept = {document.id: belongings.kept_as(document, "layla") for document in corpus.documents()}
    assert (kept["a"], kept["z"]) == ("m", "z")


def test_both_are_imported_each_into_its_own_layer(renamed: Path, tmp_path: Path) -> None:
    text = "the army left"
    rows = [
        {"id": name, "text": text, "annotator": "layla", "spans": [
            {"id": "s1", "start": start, "end": end, "label": "location"}
        ]}
        for name, start, end in (("a", 0, 3), ("z", 4, 8))
    ]  # fmt: skip
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = hashiya("import", renamed, "--from", source, "--replace")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out.jsonl"
    assert hashiya("export", renamed, "-o", out).returncode == 0
    assert {row["id"]: [(span["start"], span["end"]) for span in row["spans"]] for row in lines(out)} == {
        "a": [(0, 3)], "z": [(4, 8)],
    }  # fmt: skip
    assert in_the_app(renamed) == {"a": 1, "k": 0, "z": 1}
