"""Reading formats of lines back: with the standard library, spaCy and seqeval."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotations.errors import FormatError
from annotations.exchange.verify.seen import Extent, Join, Seen, content_of, text_stream
from annotations.formats.libraries import library


def _objects(paths: list[Path]) -> Iterator[tuple[str, Any]]:
    for path in paths:
        with text_stream(path, newline="\n") as stream:
            for number, line in enumerate(stream, 1):
                yield f"{path.name}, line {number}", json.loads(line)


def _elements(paths: list[Path]) -> Iterator[tuple[str, Any]]:
    for path in paths:
        for number, element in enumerate(json.loads(content_of(path)), 1):
            yield f"{path.name}, article {number}", element


def see_jsonl(paths: list[Path]) -> Iterator[Seen]:
    """Read Hashiya's own lines, and hold each span against the text that it says it covers."""
    for where, record in _objects(paths):
        text = record["text"]
        spans = {item["id"]: _extent(item) for item in record["spans"]}
        yield Seen(
            where,
            text=text,
            annotator=record["annotator"],
            spans=[_extent(item) for item in record["spans"]],
            relations=[
                (item["type"], spans[item["head"]], spans[item["child"]])
                for item in record["relations"]
            ],
            ids=spans,
            notes=_notes(record["spans"]),
            covers=[(item["start"], item["end"], item["text"]) for item in record["spans"]],
            said={
                "document": record["id"],
                "text_sha256": record["text_sha256"],
                "status": record["status"],
                "kind": record["meta"]["kind"],
                "note": record["meta"].get("note", ""),
            },
        )


def _notes(spans: list[dict[str, Any]]) -> list[tuple[Extent, str]]:
    return [(_extent(item), item["note"]) for item in spans if item.get("note")]


def _said(record: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: record[name] for name in names}


def see_doccano(paths: list[Path]) -> Iterator[Seen]:
    """Read what doccano's importer reads of both shapes."""
    for where, record in _objects(paths):
        if "label" in record:
            spans = [(start, end, label) for start, end, label in record["label"]]
            yield Seen(
                where,
                text=record["text"],
                annotator=record["annotator"],
                spans=spans,
                said=_said(record, "document", "text_sha256", "status", "kind"),
            )
            continue
        found = {
            item["id"]: (item["start_offset"], item["end_offset"], item["label"])
            for item in record["entities"]
        }
        relations = [
            (item["type"], found[item["from_id"]], found[item["to_id"]])
            for item in record["relations"]
        ]
        yield Seen(
            where,
            text=record["text"],
            annotator=record["annotator"],
            spans=list(found.values()),
            relations=relations,
            said=_said(record, "document", "text_sha256", "status", "kind"),
        )


def see_prodigy(paths: list[Path]) -> Iterator[Seen]:
    """Make spaCy documents of the tokens, as Prodigy does, and take spans that stand on them."""
    vocab = library("spacy.vocab", "spacy", "Verifying prodigy").Vocab()
    tokens = library("spacy.tokens", "spacy", "Verifying prodigy")
    for where, task in _objects(paths):
        words = [token["text"] for token in task["tokens"]]
        doc = tokens.Doc(vocab, words=words, spaces=[token["ws"] for token in task["tokens"]])
        faults = [] if doc.text == task["text"] else ["its tokens don't give its text"]
        spans: list[Extent] = []
        for item in task["spans"]:
            whole = doc.char_span(item["start"], item["end"], label=item["label"])
            by_tokens = doc[item["token_start"] : item["token_end"] + 1]
            if whole is None or (whole.start, whole.end) != (by_tokens.start, by_tokens.end):
                faults.append(f"{item['start']} to {item['end']} does not stand on its tokens")
            else:
                spans.append((whole.start_char, whole.end_char, whole.label_))
        relations: list[Join] = [
            (item["label"], _extent(item["head_span"]), _extent(item["child_span"]))
            for item in task.get("relations", ())
        ]
        faults += [
            "a relation names another token than the last of its span"
            for item in task.get("relations", ())
            for end in ("head", "child")
            if item[end] != item[f"{end}_span"]["token_end"]
        ]
        expected = "ignore" if task["meta"]["status"] == "skipped" else "accept"
        if task["answer"] != expected:
            faults.append(f"its answer is {task['answer']}")
        yield Seen(
            where,
            text=doc.text,
            annotator=task["_annotator_id"],
            spans=spans,
            relations=relations,
            ids={item["id"]: _extent(item) for item in task["spans"]},
            notes=_notes(task["spans"]),
            said=_said(task["meta"], "document", "text_sha256", "status", "kind")
            | {"note": task["meta"].get("note", "")},
            faults=faults,
        )


def _extent(span: dict[str, Any]) -> Extent:
    return (span["start"], span["end"], span["label"])


def see_gliner(paths: list[Path]) -> Iterator[Seen]:
    """Read tokens and spans as GLiNER's data processor does."""
    for where, record in _elements(paths):
        spans = [(first, last + 1, label) for first, last, label in record["ner"]]
        yield Seen(
            where,
            tokens=record["tokenized_text"],
            sha256=record["text_sha256"],
            annotator=record["annotator"],
            spans=spans,
            relations=[
                (name, spans[head], spans[child])
                for head, child, name in record.get("relations", ())
            ],
            said=_said(record, "text_sha256", "status", "kind")
            | {"document": record["id"], "note": record.get("note", "")},
        )


def see_csv(paths: list[Path]) -> Iterator[Seen]:
    """Read the rows of each layer, which stand together."""
    for path in paths:
        layers: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        with text_stream(path, newline="") as stream:
            for row in csv.DictReader(stream):
                row |= {"start": int(row["start"]), "end": int(row["end"])}
                key = (row["document"], row["text_sha256"], row["annotator"])
                layers.setdefault(key, []).append(row)
        for (document, sha256, annotator), rows in layers.items():
            yield Seen(
                path.name,
                sha256=sha256,
                annotator=annotator,
                spans=[_extent(row) for row in rows],
                ids={row["id"]: _extent(row) for row in rows},
                notes=_notes(rows),
                covers=[(row["start"], row["end"], row["text"]) for row in rows],
                said={"document": document, **_said(rows[0], "status", "kind")},
            )


def see_conll(paths: list[Path]) -> Iterator[Seen]:
    """Read columns, and have seqeval find the spans, strictly."""
    scheme = library("seqeval.scheme", "verify", "Verifying conll")
    for path in paths:
        content = content_of(path).decode()
        kind = scheme.BILOU if _is_bilou(content) else scheme.IOB2
        for number, article in enumerate(content.split("-DOCSTART- -X- O O\n")[1:], 1):
            lines = [line.split(" ") for line in article.split("\n") if line]
            tags = [line[-1] for line in lines]
            found = scheme.Entities([tags], kind).entities[0]
            spans = [(item.start, item.end, item.tag) for item in found]
            covered = sum(end - start for start, end, _ in spans)
            faults = []
            if covered != sum(tag != "O" for tag in tags):
                faults.append("seqeval takes some of its tags for illegal")
            yield Seen(
                f"{path.name}, article {number}",
                tokens=[line[0] for line in lines],
                spans=spans,
                faults=faults,
                part=path.name,
            )


def _is_bilou(content: str) -> bool:
    return " U-" in content or " L-" in content


def see_labelstudio(paths: list[Path]) -> Iterator[Seen]:
    """Check each annotation against the configuration, with Label Studio's own library."""
    interface = library("label_studio_sdk.label_interface", "verify", "Verifying labelstudio")
    for path in paths:
        config = next((file for file in _configurations(path) if file.is_file()), None)
        if config is None:
            raise FormatError(f"The .config.xml of {path.name} is not beside it.")
        known = interface.LabelInterface(content_of(config).decode())
        for number, task in enumerate(json.loads(content_of(path)), 1):
            for annotation in task["annotations"]:
                where = f"{path.name}, task {number}"
                yield _seen_annotation(where, task["data"], annotation, known)


def _configurations(path: Path) -> list[Path]:
    """List where the configuration of a file may be: of its own name, or of all splits."""
    stem = path.name.removesuffix(path.suffix)
    names = [stem, stem.rpartition(".")[0]]
    return [path.with_name(f"{name}.config.xml") for name in names if name]


def _seen_annotation(
    where: str,
    data: dict[str, Any],
    annotation: dict[str, Any],
    known: Any,  # noqa: ANN401 - Label Studio's
) -> Seen:
    faults = [] if known.validate_annotation(annotation) else ["Label Studio would refuse it"]
    found = [item for item in annotation["result"] if item["type"] == "labels"]
    regions = {
        item["id"]: (item["value"]["start"], item["value"]["end"], item["value"]["labels"][0])
        for item in found
    }
    faults += [
        f"region {item['id']} has several labels"
        for item in found
        if len(item["value"]["labels"]) > 1
    ]
    relations = []
    for item in annotation["result"]:
        if item["type"] == "relation":
            ends = [regions[item["from_id"]], regions[item["to_id"]]]
            head, child = ends if item["direction"] == "right" else reversed(ends)
            relations += [(name, head, child) for name in item["labels"]]
    whole = {
        item["from_name"]: next(iter(item["value"].values()))[0]
        for item in annotation["result"]
        if item["type"] in {"choices", "textarea"}
    }
    return Seen(
        where,
        text=data["text"],
        annotator=annotation["annotator"],
        spans=list(regions.values()),
        relations=relations,
        ids=regions,
        notes=[
            (regions[item["id"]], item["meta"]["text"][0]) for item in found if item.get("meta")
        ],
        said=_said(data, "document", "text_sha256")
        | {"status": whole["status"], "note": whole.get("note", ""), "kind": annotation["kind"]},
        covers=[
            (item["value"]["start"], item["value"]["end"], item["value"]["text"]) for item in found
        ],
        faults=faults,
    )
