"""Each format's bytes, for an article that has everything; looked at by hand when they change.

`HASHIYA_UPDATE_GOLDEN=1 pytest tests/annotations/formats/test_golden.py` writes them anew.
"""

import json
import os
from pathlib import Path

import pytest

from annotations.formats.registry import names
from annotations.formats.writing.choices import Choices
from tests.annotations.formats.exporting import export, path_of
from tests.annotations.formats.sample import GOLDEN, make_corpus, sample_layer
from tests.libraries import cases_with_libraries

CASES = [(name, name, Choices()) for name in names()] + [
    ("doccano-without-relations", "doccano", Choices(relations=False)),
    ("conll-bilou-priority", "conll", Choices(tags="bilou", one_layer=True, rule="priority")),
    ("conll-innermost", "conll", Choices(one_layer=True, rule="innermost")),
    ("conll-clitics-included", "conll", Choices(clitics="include", labels=("location",))),
    ("gliner-whitespace", "gliner", Choices(tokens="whitespace", max_width=40)),
    ("uima-xmi", "uima", Choices(cas="xmi")),
]


def rendered(path: Path) -> str:
    """Show all files of an export as text, the binary ones as their libraries read them."""
    files = [file for file in sorted(path.parent.rglob("out*")) if file.is_file()]
    files += sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else []
    parts = []
    for file in files:
        if file.suffix == ".parquet":
            import pyarrow.parquet

            rows = pyarrow.parquet.read_table(file).to_pylist()
            content = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        elif file.suffix == ".spacy":
            import spacy
            from spacy.tokens import DocBin

            docs = DocBin().from_disk(file).get_docs(spacy.blank("ar").vocab)
            content = "".join(f"{json.dumps(_shown(doc), ensure_ascii=False)}\n" for doc in docs)
        else:
            content = file.read_bytes().decode()
        parts.append(f"== {file.relative_to(path.parent)}\n{content}")
    return "\n".join(parts)


def _shown(doc: object) -> object:
    return {**doc.to_json(), "user_data": doc.user_data}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("case", "name", "choices"),
    cases_with_libraries(CASES, column=1),
    ids=[case[0] for case in CASES],
)
def test_the_bytes_of_a_format(case: str, name: str, choices: Choices, tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path / "corpus")
    folder = tmp_path / "export"
    folder.mkdir()
    path = path_of(folder, name)
    export([(doc, sample_layer(doc)) for doc in corpus.documents()], name, path, choices)
    found = rendered(path)
    golden = GOLDEN / f"{case}.txt"
    if os.environ.get("HASHIYA_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(found.encode())
    assert found == golden.read_bytes().decode()
