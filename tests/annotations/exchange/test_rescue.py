"""A layer that its store doesn't take is written somewhere else, over nothing that is there."""

import json
from pathlib import Path

import pytest

from annotations.disk.replacing import write_atomically
from annotations.errors import StoreError
from annotations.exchange.rescue import rescue_folders, write_elsewhere
from annotations.model.layer import Document, Layer, Span

DOCUMENT = Document("news/a", "\u062d\u0644\u0628 and", "news/a.txt")
LAYER = Layer(DOCUMENT.id, DOCUMENT.sha256, "layla").with_spans([Span("s1", 0, 3, "location")])


def test_it_is_a_line_of_json_with_all_of_the_layer(tmp_path: Path) -> None:
    path = write_elsewhere(DOCUMENT, LAYER, [tmp_path])
    assert path.parent == tmp_path
    assert path.name.startswith("hashiya-layla-news_a~")
    (line,) = path.read_text("utf-8").splitlines()
    record = json.loads(line)
    assert (record["id"], record["annotator"]) == ("news/a", "layla")
    (span,) = record["spans"]
    assert (span["start"], span["end"], span["label"]) == (0, 3, "location")


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    paths = [write_elsewhere(DOCUMENT, LAYER.with_spans([]), [tmp_path])]
    before = paths[0].read_bytes()
    paths += [write_elsewhere(DOCUMENT, LAYER, [tmp_path]) for _ in range(2)]
    assert len(set(paths)) == len(list(tmp_path.iterdir())) == 3
    assert paths[0].read_bytes() == before
    assert [path.stem.rpartition("-")[2] for path in paths[1:]] == ["2", "3"]


def test_the_first_folder_that_takes_it_is_used(tmp_path: Path) -> None:
    assert write_elsewhere(DOCUMENT, LAYER, [tmp_path / "missing", tmp_path]).parent == tmp_path


def test_a_folder_in_which_a_write_fails_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, roomy = tmp_path / "full", tmp_path / "roomy"
    full.mkdir()
    roomy.mkdir()

    def refusing(path: Path, content: bytes) -> None:
        if path.parent == full:
            raise OSError(28, "No space left on device")
        write_atomically(path, content)

    monkeypatch.setattr("annotations.exchange.rescue.write_atomically", refusing)
    assert write_elsewhere(DOCUMENT, LAYER, [full, roomy]).parent == roomy
    with pytest.raises(StoreError, match="No space left on device"):
        write_elsewhere(DOCUMENT, LAYER, [full])
    assert list(full.iterdir()) == []


@pytest.mark.parametrize("folders", [[], ["missing"]])
def test_when_no_folder_takes_it_the_reason_is_told(tmp_path: Path, folders: list[str]) -> None:
    with pytest.raises(StoreError, match="elsewhere either"):
        write_elsewhere(DOCUMENT, LAYER, [tmp_path / folder for folder in folders])


def test_it_is_tried_at_home_first_and_here_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert rescue_folders()[:2] == [tmp_path / "home", tmp_path / "here"]
