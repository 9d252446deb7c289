"""Files as other tools write them: what is taken, what is told, what is refused."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from annotations.corpus.corpus import Corpus, open_corpus
from annotations.errors import FormatError, HashiyaError, MissingExtraError
from annotations.exchange.admission import Admitted, Imported
from annotations.formats.huggingface import columns
from annotations.formats.writing.choices import Choices, flat_groups
from annotations.model.layer import Document, Layer, Span
from annotations.model.scheme import parse_scheme
from tests.annotations.formats.exporting import export, read
from tests.libraries import needs_libraries

TEXT = "قال الجيش إن حلب بخير"  # said the army that Aleppo is well
ARMY, ALEPPO, CLAIM = (4, 9), (13, 16), (13, 21)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, "utf-8")
    (folder / "b.txt").write_text("غيره", "utf-8")
    return open_corpus(folder)


def only(reading: Admitted) -> Imported:
    assert reading.refused == []
    (imported,) = reading.accepted
    return imported


def extents(imported: Imported) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in imported.layer.spans]


def joins(imported: Imported) -> list[tuple[str, str]]:
    spans = {span.id: span.label for span in imported.layer.spans}
    return [(spans[item.head], spans[item.child]) for item in imported.layer.relations]


def write_json(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return path


# doccano, Label Studio, Prodigy


def test_doccano_with_relations_of_its_own(corpus: Corpus, tmp_path: Path) -> None:
    record = {
        "id": 12,
        "text": TEXT,
        "entities": [
            {"id": 31, "label": "actor", "start_offset": 4, "end_offset": 9},
            {"id": 35, "label": "claim", "start_offset": 13, "end_offset": 21},
        ],
        "relations": [{"id": 2, "from_id": 31, "to_id": 35, "type": "claimant"}],
        "Comments": [{"id": 1, "comment": "لماذا؟"}],
        "upload_name": "x.jsonl",
    }
    found = only(read(write_json(tmp_path / "d.jsonl", record), "doccano", corpus))
    assert extents(found) == [(*ARMY, "actor"), (*CLAIM, "claim")]
    assert joins(found) == [("actor", "claim")]
    assert found.layer.note == "لماذا؟"
    assert found.not_kept == ("upload_name",)


def task(**more: Any) -> dict[str, Any]:
    region = {
        "id": "r-1", "from_name": "label", "to_name": "text", "type": "labels",
        "value": {"start": 4, "end": 9, "text": "الجيش", "labels": ["actor"]},
    }  # fmt: skip
    claim = {**region, "id": "r-2", "value": {"start": 13, "end": 21, "labels": ["claim"]}}
    relation = {
        "type": "relation", "from_id": "r-2", "to_id": "r-1", "direction": "left",
        "labels": ["claimant"],
    }  # fmt: skip
    return {
        "id": 7,
        "data": {"text": TEXT},
        "annotations": [
            {
                "completed_by": {"id": 3, "email": "salma@example.org"},
                "was_cancelled": False,
                "ground_truth": True,
                "result": [region, claim, relation],
            }
        ],
        **more,
    }


def test_label_studio_with_people_of_its_own(corpus: Corpus, tmp_path: Path) -> None:
    found = only(read(write_json(tmp_path / "l.json", [task()]), "labelstudio", corpus))
    assert extents(found) == [(*ARMY, "actor"), (*CLAIM, "claim")]
    assert joins(found) == [("actor", "claim")]  # it points to the left, so from the actor
    assert (found.layer.annotator, found.layer.kind) == ("salma@example.org", "gold")


def test_what_label_studio_predicts_is_told_and_never_dropped(
    corpus: Corpus, tmp_path: Path
) -> None:
    predictions = task()["annotations"]
    both = read(
        write_json(tmp_path / "l.json", [task(predictions=predictions, drafts=[{}])]),
        "labelstudio",
        corpus,
    )
    assert only(both).not_kept == ("drafts", "predictions")
    alone = [task(predictions=predictions, annotations=[])]
    (refusal,) = read(write_json(tmp_path / "p.json", alone), "labelstudio", corpus).refused
    assert "no annotation, only predictions" in refusal.reason


def test_a_choice_of_nothing_is_no_fault(corpus: Corpus, tmp_path: Path) -> None:
    given = task()
    given["annotations"][0]["result"].append(
        {"type": "choices", "from_name": "status", "value": {"choices": []}}
    )
    assert only(read(write_json(tmp_path / "l.json", [given]), "labelstudio", corpus))


def test_what_was_rejected_in_prodigy_is_refused_and_ignored_is_skipped(
    corpus: Corpus, tmp_path: Path
) -> None:
    spans = [{"start": 4, "end": 9, "label": "actor", "pattern": 3}]
    tasks = [
        {"text": TEXT, "spans": spans, "answer": "ignore", "_annotator_id": "salma"},
        {"text": "غيره", "spans": [], "answer": "reject"},
    ]
    path = tmp_path / "p.jsonl"
    path.write_text("".join(f"{json.dumps(item)}\n" for item in tasks))
    reading = read(path, "prodigy", corpus)
    assert [item.reason for item in reading.refused] == ["it was rejected in Prodigy"]
    (found,) = reading.accepted
    assert (found.layer.status, found.layer.annotator) == ("skipped", "salma")
    assert found.not_kept == ("spans.pattern",)


# brat


def test_brat_with_all_that_it_knows(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "brat" / "salma"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT, "utf-8")
    (folder / "a.ann").write_text(
        "T1\tactor 4 9\tالجيش\n"
        "T2\tclaim 4 9;13 16\tالجيش حلب\n"
        "E1\tactor:T1 Who:T2\n"
        "A1\tNegation T2\n"
        "N1\tReference T1 Wikidata:Q1\tx\n"
        "*\tCoref T1 T2\n"
        "R1\tclaimant_of Arg1:T1 Arg2:T2\t\n"
        "#1\tAnnotatorNotes T1\tملاحظة\n",
        "utf-8",
    )
    found = only(read(folder.parent, "brat", corpus))
    assert extents(found) == [(4, 16, "claim"), (*ARMY, "actor")]
    assert found.layer.annotator == "salma"
    assert [span.note for span in found.layer.spans] == ["", "ملاحظة"]
    assert [reason.loss for reason in found.reasons["T2"]] == ["gaps"]
    assert found.not_kept == ("attributes", "equivalences", "events", "normalisations")
    assert joins(found) == [("actor", "claim")]


def test_brat_has_no_name_with_a_blank_or_a_dot(tmp_path: Path) -> None:
    scheme = parse_scheme('[[labels]]\nname = "an.actor"\nkey = "a"\n')
    from annotations.formats.base import Job
    from annotations.formats.registry import format_named
    from annotations.formats.writing.output import Output

    output = Output(tmp_path / "out", None, is_folder=True)
    with output, pytest.raises(FormatError, match=r"an\.actor"):
        format_named("brat").writer(Job(output, scheme, Choices()))


# WebAnno TSV

SLOTS = """\
#FORMAT=WebAnno TSV 3.2
#T_SP=webanno.custom.Frame|ROLE_webanno.custom.Frame:who_webanno.custom.FrameLink|webanno.custom.Span|label
#T_SP=webanno.custom.Span|identifier|value
#T_RL=webanno.custom.Relation|label|certainty|BT_webanno.custom.Span


#Text=قال الجيش إن حلب بخير
1-1	0-3	قال	_	_	_	_	_	_	_	_	
1-2	4-9	الجيش	who	1-4[1]	actor	Q1[1]	actor[1]	_	_	_	
1-3	10-12	إن	_	_	_	_	_	_	_	_	
1-4	13-16	حلب	_	_	_	*[2]	claim[2]	claimant	sure	1-2[1_2]	
1-5	17-21	بخير	_	_	_	*[2]	claim[2]	_	_	_	
"""  # noqa: W291


def test_inception_with_slots_and_several_layers(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "tsv" / "salma"
    folder.mkdir(parents=True)
    (folder / "a.tsv").write_text(SLOTS, "utf-8")
    found = only(read(folder.parent, "webanno", corpus))
    assert extents(found) == [(*ARMY, "actor"), (*ARMY, "actor"), (*CLAIM, "claim")]
    assert joins(found) == [("actor", "claim")]
    assert found.not_kept == (
        "webanno.custom.Frame.ROLE_webanno.custom.Frame:who_webanno.custom.FrameLink",
        "webanno.custom.Frame.webanno.custom.Span",
        "webanno.custom.Relation.certainty",
        "webanno.custom.Span.identifier",
    )


def test_an_older_webanno_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(SLOTS.replace("TSV 3.2", "TSV 3"), "utf-8")
    (refusal,) = read(tmp_path / "a.tsv", "webanno", corpus).refused
    assert "it does not begin with #FORMAT=WebAnno TSV 3.3" in refusal.reason


# spaCy, Hugging Face, CoNLL, GLiNER


def _span(doc: Any, start: int, end: int, label: str) -> Any:
    return doc.char_span(start, end, label=label)


@needs_libraries("spacy")
def test_a_docbin_with_entities_beside_a_group(corpus: Corpus, tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    doc = spacy.blank("ar")(TEXT)
    doc.ents = [_span(doc, *ARMY, "actor"), _span(doc, *ALEPPO, "location")]
    doc.spans["mine"] = [_span(doc, *ARMY, "actor"), _span(doc, *CLAIM, "claim")]
    DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "d.spacy")
    found = only(read(tmp_path / "d.spacy", "spacy", corpus))
    assert extents(found) == [(*ARMY, "actor"), (*CLAIM, "claim"), (*ALEPPO, "location")]


def test_a_folder_of_hugging_face_with_tags_alone(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    folder.mkdir()
    row = {"tokens": TEXT.split(), "ner_tags": ["O", "B-actor", "O", "B-location", "O"]}
    write_json(folder / "train.jsonl", row)
    assert extents(only(read(folder, "huggingface", corpus))) == [
        (*ARMY, "actor"), (*ALEPPO, "location"),
    ]  # fmt: skip
    write_json(folder / "train.jsonl", {**row, "ner_tags": ["O", "B-actor"]})
    (refusal,) = read(folder, "huggingface", corpus).refused
    assert "5 tokens and 2 ner_tags" in refusal.reason


def test_two_copies_of_an_article_in_one_conll_file_are_not_joined(
    corpus: Corpus, tmp_path: Path
) -> None:
    def lines(tag: str) -> str:
        rows = (f"{word} -X- _ {tag if word == 'حلب' else 'O'}\n" for word in TEXT.split())
        return "-DOCSTART- -X- O O\n\n" + "".join(rows) + "\n"

    (tmp_path / "c.conll").write_text(lines("B-location") + lines("B-actor"), "utf-8")
    reading = read(tmp_path / "c.conll", "conll", corpus)
    assert [extents(item) for item in reading.accepted] == [[(*ALEPPO, "location")]]
    (refusal,) = reading.refused
    assert "a second record of a" in refusal.reason


def test_gliner_as_an_array_and_as_lines(corpus: Corpus, tmp_path: Path) -> None:
    record = {"tokenized_text": TEXT.split(), "ner": [[1, 1, "actor"], [3, 4, "claim"]]}
    array = read(write_json(tmp_path / "g.json", [record]), "gliner", corpus)
    line = read(write_json(tmp_path / "g.jsonl", record), "gliner", corpus)
    assert extents(only(array)) == extents(only(line)) == [(*ARMY, "actor"), (*CLAIM, "claim")]


# names and errors


def test_flat_layers_never_share_a_name_or_a_column() -> None:
    labels = "".join(
        f'[[labels]]\nname = "{name}"\nkey = "{key}"\nmark = "{mark}"\n'
        for name, key, mark in (
            ("actor", "a", "tint"), ("location", "l", "tint"), ("entities", "e", "lane"),
            ("ner", "n", "lane"),
        )
    )  # fmt: skip
    groups = flat_groups(parse_scheme(labels), Choices())
    assert sorted(sum(groups.values(), ())) == ["actor", "entities", "location", "ner"]
    assert len(set(columns(tuple(groups)).values())) == len(groups) == 3


def test_an_error_says_the_same_in_another_process() -> None:
    for error in (MissingExtraError("camel", "--tokens camel"), HashiyaError("a", "b")):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)


@needs_libraries("cassis")
def test_a_note_that_xml_can_not_write_is_put_right_and_told(tmp_path: Path) -> None:
    document = Document("a", TEXT)
    layer = Layer("a", document.sha256, "layla").with_spans(
        [Span("s1", *ARMY, "actor", note="a\x1bb")]
    )
    (fitted,) = export([(document, layer)], "uima", tmp_path / "out", Choices(cas="xmi"))
    assert fitted.layer.spans[0].note == "a b"
    assert [reason.loss for reason in fitted.reasons["s1"]] == ["notes"]
