"""The README's recipes from annotations to a model, as they stand there, on tiny settings."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.annotated import write_annotations
from tests.paths import ROOT, SEEDS

pytestmark = pytest.mark.slow
README = (ROOT / "README.md").read_text("utf-8")
SECTION = README.split("## From annotations to a model")[1].split("\n## ")[0]


LEARNT = """
import json, spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example
nlp = spacy.load("model")
docs = DocBin().from_disk("spans.train.spacy").get_docs(nlp.vocab)
examples = [
    Example(Doc(nlp.vocab, [t.text for t in doc], [bool(t.whitespace_) for t in doc]), doc)
    for doc in docs
]
scores = nlp.evaluate(examples)
print(json.dumps({name: scores[name] for name in ("ents_f", "spans_sc_f")}))
"""


@pytest.fixture
def workshop(tmp_path: Path, corpus_path: Path) -> Path:
    """A folder with the seeds, annotated, as a reader of the README would have it."""
    corpus_path.rename(tmp_path / "seeds")
    write_annotations(SEEDS, tmp_path / "annotations.jsonl")
    run(tmp_path, f"{sys.executable} -m tui.cli import seeds --from annotations.jsonl --snap")
    return tmp_path


def run(folder: Path, command: str, **env: str) -> str:
    environment = {
        **os.environ, **env, "PYTHONPATH": str(SEEDS.parent), "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(folder / "cache"),
    }  # fmt: skip
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def recipe(number: int) -> tuple[str, str]:
    """Return the command and the script of a recipe."""
    commands = re.findall(r"^```\n(hashiya .*)\n```$", SECTION, re.MULTILINE)
    scripts = re.findall(r"^```python\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
    return commands[number].replace("hashiya", f"{sys.executable} -m tui.cli", 1), scripts[number]


def test_spacy_trains_on_the_export_and_prints_scores(workshop: Path) -> None:
    command, script = recipe(0)
    run(workshop, command)
    (workshop / "train.py").write_text(script, "utf-8")
    printed = run(workshop, f"{sys.executable} train.py", EPOCHS="12")
    assert re.fullmatch(r"\{'ents_f': [\d.]+, 'spans_sc_f': [\d.]+\}\n", printed), printed
    scores = json.loads(run(workshop, f"{sys.executable} -c '{LEARNT}'"))
    # it learnt what it was shown; of what it was not, five articles teach too little to tell
    assert scores["ents_f"] > 0.1
    assert scores["spans_sc_f"] > 0.3


def test_datasets_loads_the_export_offline(workshop: Path) -> None:
    command, script = recipe(1)
    run(workshop, command)
    (workshop / "load.py").write_text(script, "utf-8")
    printed = run(workshop, f"{sys.executable} load.py")
    assert "['O', 'B-actor', 'I-actor', 'B-location', 'I-location']" in printed


def test_spacy_converts_the_columns(workshop: Path) -> None:
    python = f"{sys.executable} -m"
    run(workshop, f"{python} tui.cli export seeds --format conll -o out.conll --allow all")
    run(workshop, f"{python} spacy convert out.entities.conll . -c conll -l ar -n 0")
    import spacy
    from spacy.tokens import DocBin

    docs = list(
        DocBin().from_disk(workshop / "out.entities.spacy").get_docs(spacy.blank("ar").vocab)
    )
    found = {ent.text for doc in docs for ent in doc.ents}
    assert {"دمشق", "قوات النظام", "العراق"} <= found
    lines = (workshop / "out.entities.conll").read_text("utf-8").splitlines()
    begun = sum(line.split(" ")[-1].startswith("B-") for line in lines if line)
    assert sum(len(doc.ents) for doc in docs) == begun > 50
