"""The list of articles: what the index says, and that it is never the truth."""

import random
import shutil
import sqlite3
import string
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import structs
from msgspec.structs import replace

from annotations.corpus.corpus import open_corpus
from annotations.library import filling
from annotations.library.catalogue import Catalogue
from annotations.library.filling import fill_index
from annotations.library.filters import Filter, FilterError, Sort, parse_filter
from annotations.library.index import Index
from annotations.model.layer import Layer, Span, Status
from annotations.store.checkout import check_out
from annotations.store.store import Store
from annotations.team.assignment import Assignment, write_assignment

LABELS = ("actor", "location", "claim")


class Project:
    """Five articles, some of them annotated by layla."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "corpus"
        self.folder.mkdir()
        for number, word in enumerate(
            ["one", "two", "\u062d\u0650\u0644\u0628 and", "four", "five"]
        ):
            (self.folder / f"{number}.txt").write_text(f"{word} words " * (number + 1), "utf-8")
        self.store = Store(self.folder / ".hashiya")
        self.index = root / "index.sqlite"
        self.save("0", 3, "done")
        self.save("1", 0, "done")
        self.save("2", 5, "in_progress")
        self.save("3", 1, "flagged", "who is it?")

    def save(self, name: str, count: int, status: Status, note: str = "") -> Layer:
        document = open_corpus(self.folder).document(name)
        assert document
        desk = check_out(self.store, document, "layla")
        spans = [Span(f"s{n}", n, n + 1, LABELS[n % 3]) for n in range(count)]
        layer = structs.replace(desk.layer, status=status, note=note).with_spans(spans)
        saved = self.store.save(layer)
        desk.release()
        return saved

    def open(self, annotator: str = "layla") -> Catalogue:
        catalogue = Catalogue(open_corpus(self.folder), self.store, annotator, self.index)
        assert catalogue.wait(20)
        return catalogue


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def catalogue(project: Project) -> Iterator[Catalogue]:
    found = project.open()
    yield found
    found.close()


def ids(catalogue: Catalogue, typed: str = "", order: Sort = Sort.QUEUE) -> list[str]:
    numbers = catalogue.view(parse_filter(typed, LABELS), order)
    return [row.id for row in catalogue.rows(numbers)]


def test_every_article_is_told_with_the_state_of_its_layer(
    catalogue: Catalogue, project: Project
) -> None:
    rows = catalogue.rows(catalogue.view(Filter(), Sort.CORPUS))
    assert [row.status for row in rows] == ["done", "done", "in_progress", "flagged", "new"]
    assert [row.spans for row in rows] == [3, 0, 5, 1, 0]
    assert rows[2].counts == {"actor": 2, "location": 2, "claim": 1}
    assert rows[3].note == "who is it?"
    for row in rows:
        text = (project.folder / f"{row.id}.txt").read_text("utf-8")
        assert row.length == len(text)
        assert text.startswith(row.title)
    assert catalogue.status_counts() == {"done": 2, "in_progress": 1, "flagged": 1, "new": 1}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", "01234"),
        ("status:done", "01"),
        ("status:in", "2"),
        ("status:done spans=0", "1"),
        ("actor>1", "2"),
        ("claim>=1", "02"),
        ("note:", "3"),
        ("note:who", "3"),
        ("length<25", "01"),
        ("mine", ""),
    ],
)
def test_a_filter_lists_what_fits_it(catalogue: Catalogue, typed: str, found: str) -> None:
    assert "".join(ids(catalogue, typed)) == found


@pytest.mark.parametrize("typed", ["status:", "status:lost", "verbs>3"])
def test_a_word_that_is_no_filter_is_refused_with_what_there_is(typed: str) -> None:
    with pytest.raises(FilterError, match=r"done|claim"):
        parse_filter(typed, LABELS)


@pytest.mark.parametrize("typed", ["'; DROP TABLE documents; --", "status:d'", 'note:"', "%", "\0"])
def test_nothing_that_is_typed_gets_into_the_question(catalogue: Catalogue, typed: str) -> None:
    with suppress(FilterError):
        ids(catalogue, typed)
    assert len(ids(catalogue)) == 5


def test_articles_are_sorted(catalogue: Catalogue, project: Project) -> None:
    assert "".join(ids(catalogue, "", Sort.STATUS)) == "32401"
    assert "".join(ids(catalogue, "", Sort.SPANS)) == "20314"
    texts = {path.stem: path.read_text("utf-8") for path in project.folder.glob("*.txt")}
    assert ids(catalogue, "", Sort.LENGTH) == sorted(texts, key=lambda name: len(texts[name]))


def test_words_are_searched_in_the_articles_folded(catalogue: Catalogue) -> None:
    chosen = parse_filter("\u062d\u0644\u0628 AND", LABELS)
    numbers = catalogue.view(chosen, Sort.CORPUS)
    hits = [hit for _, hit in catalogue.mentioning(numbers, chosen.text) if hit is not None]
    assert [row.id for row in catalogue.rows(hits)] == ["2"]


def test_ones_own_queue_comes_first(project: Project) -> None:
    write_assignment(project.store.root, Assignment({"3": ("layla",), "4": ("omar", "layla")}))
    catalogue = project.open()
    assert "".join(ids(catalogue)) == "34012"
    assert "".join(ids(catalogue, "mine")) == "34"
    assert "".join(ids(catalogue, "assigned:omar")) == "4"
    assert "".join(ids(catalogue, "", Sort.CORPUS)) == "01234"
    catalogue.close()


def test_the_next_that_needs_work_passes_what_is_done_skipped_or_flagged(
    catalogue: Catalogue,
) -> None:
    numbers = catalogue.view(Filter(), Sort.CORPUS)
    for start, expected in ((0, "2"), (3, "4"), (5, "2")):
        number = catalogue.next_unfinished(numbers, start)
        row = catalogue.row(number) if number else None
        assert row
        assert row.id == expected


def told(catalogue: Catalogue) -> list[object]:
    """All that a catalogue tells, but for the numbers, which are the index's own business."""
    rows = catalogue.rows(catalogue.view(Filter(), Sort.CORPUS))
    return [replace(row, number=0) for row in rows]


def test_an_index_that_is_deleted_is_made_again_and_tells_the_same(project: Project) -> None:
    catalogue = project.open()
    before = told(catalogue)
    catalogue.close()
    project.index.unlink()
    catalogue = project.open()
    assert told(catalogue) == before
    catalogue.close()


def test_what_changed_between_sessions_is_seen(project: Project) -> None:
    project.open().close()
    (project.folder / "1.txt").unlink()
    (project.folder / "9.txt").write_text("nine")
    (project.folder / "4.txt").write_text("fives")
    project.save("0", 1, "in_progress")
    project.store.path("2", "layla").layer.unlink()
    catalogue = project.open()
    rows = {row.id: row for row in catalogue.rows(catalogue.view(Filter(), Sort.CORPUS))}
    assert sorted(rows) == ["0", "2", "3", "4", "9"]
    assert (rows["0"].status, rows["0"].spans) == ("in_progress", 1)
    assert rows["2"].status == "new"
    assert rows["4"].title == "fives"
    catalogue.close()


def test_a_layer_is_found_again_when_its_article_was_renamed_or_moved(project: Project) -> None:
    project.open().close()
    (project.folder / "deep").mkdir()
    (project.folder / "2.txt").rename(project.folder / "deep" / "z.txt")
    one, three = project.folder / "0.txt", project.folder / "3.txt"  # these two change places
    one.rename(project.folder / "x")
    three.rename(one)
    (project.folder / "x").rename(three)
    catalogue = project.open()
    rows = {row.id: row for row in catalogue.rows(catalogue.view(Filter(), Sort.CORPUS))}
    assert rows["deep/z"].spans == 5
    assert rows["deep/z"].kept_as == "2"
    assert (rows["0"].status, rows["3"].status) == ("flagged", "done")
    document = catalogue.read(rows["deep/z"])
    assert catalogue.kept_as(document) == "2"
    desk = check_out(project.store, document, "layla", catalogue.kept_as(document))
    assert len(desk.layer.spans) == 5
    desk.release()
    catalogue.is_complete = False  # before the index is ready the layer files are asked
    assert catalogue.kept_as(document) == "2"
    catalogue.close()


def test_the_layer_of_one_of_two_articles_with_the_same_text_is_not_taken_for_the_others(
    project: Project,
) -> None:
    shutil.copy(project.folder / "2.txt", project.folder / "2b.txt")
    catalogue = project.open()
    row = catalogue.find("2b")
    assert row
    assert row.spans == 0
    document = catalogue.read(row)
    for is_complete in (True, False):
        catalogue.is_complete = is_complete
        assert catalogue.kept_as(document) == "2b"
    assert any("same text: 2, 2b" in fault for fault in catalogue.faults())
    catalogue.close()


def test_an_article_whose_text_changed_is_told_and_its_layer_not_shown(project: Project) -> None:
    (project.folder / "0.txt").write_text("another text")
    catalogue = project.open()
    row = catalogue.find("0")
    assert row
    assert row.spans == 0
    assert "text has changed" in row.fault
    catalogue.close()


@pytest.mark.parametrize("seed", range(60))
def test_an_index_damaged_in_any_way_is_made_anew(project: Project, seed: int) -> None:
    catalogue = project.open()
    before = told(catalogue)
    catalogue.close()
    choose = random.Random(seed)
    content = bytearray(project.index.read_bytes())
    if seed % 3 == 0:
        del content[choose.randrange(len(content)) :]
    elif seed % 3 == 1:
        for _ in range(choose.randrange(1, 200)):
            content[choose.randrange(len(content))] = choose.randrange(256)
    else:
        start = choose.randrange(len(content))
        content[start : start + 4096] = "".join(choose.choices(string.printable, k=4096)).encode()
    project.index.write_bytes(content)
    catalogue = project.open()
    try:
        if told(catalogue) != before:  # what was damaged may be a value that looks like one
            catalogue.close()
            project.index.unlink()
            catalogue = project.open()
        assert told(catalogue) == before
    finally:
        catalogue.close()


def test_an_index_of_another_version_is_made_anew(project: Project) -> None:
    project.open().close()
    with sqlite3.connect(project.index) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    catalogue = project.open()
    assert len(told(catalogue)) == 5
    catalogue.close()


def test_an_index_that_can_not_be_kept_is_temporary(project: Project) -> None:
    project.index.mkdir()
    catalogue = project.open()
    assert len(told(catalogue)) == 5
    catalogue.close()


def test_two_may_fill_one_index_at_once(project: Project) -> None:
    catalogues = [
        Catalogue(open_corpus(project.folder), project.store, name, project.index)
        for name in ("layla", "omar", "layla")
    ]
    assert all(catalogue.wait(20) for catalogue in catalogues)
    assert told(catalogues[0]) == told(catalogues[2])
    for catalogue in catalogues:
        catalogue.close()


def test_a_second_filling_reads_no_file_that_has_not_changed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = open_corpus(project.folder)
    index = Index(project.index)
    fill_index(index, corpus, project.store, lambda _: True)
    read: list[object] = []
    monkeypatch.setattr(type(corpus), "read", lambda *args: read.append(args))
    monkeypatch.setattr(Store, "layer_at", lambda *args: read.append(args))
    fill_index(index, corpus, project.store, lambda _: True)
    assert read == []
    index.close()


def test_a_fault_that_nobody_foresaw_leaves_nobody_waiting(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "layer_paths", lambda _: dict[str, int]()["lost"])
    catalogue = Catalogue(open_corpus(project.folder), project.store, "layla", project.index)
    catalogue.open()
    assert not catalogue.wait(20)
    assert "KeyError" in catalogue.faults()[-1]
    assert [row.id for row in catalogue.rows(catalogue.view(Filter(), Sort.CORPUS))]
    catalogue.close()
