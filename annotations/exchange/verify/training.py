"""Reading what training code loads back: with spaCy, datasets and DuckDB."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotations.exchange.verify.seen import Extent, Join, Seen, content_of
from annotations.formats.libraries import library

_TOLD = ("document", "text_sha256", "status", "kind", "note")


def see_spacy(paths: list[Path]) -> Iterator[Seen]:
    """Load documents with spaCy: the spans of the group, and the entities."""
    tokens = library("spacy.tokens", "spacy", "Verifying spacy")
    vocab = library("spacy.vocab", "spacy", "Verifying spacy").Vocab()
    for path in paths:
        docs = tokens.DocBin(store_user_data=True).from_bytes(content_of(path)).get_docs(vocab)
        for number, doc in enumerate(docs, 1):
            data = doc.user_data["hashiya"]
            spans = {
                span.id_: (span.start_char, span.end_char, span.label_) for span in doc.spans["sc"]
            }
            relations = [
                (item["type"], spans[item["head"]], spans[item["child"]])
                for item in data["relations"]
            ]
            ents = [(span.start_char, span.end_char, span.label_) for span in doc.ents]
            yield Seen(
                f"{path.name}, document {number}",
                text=doc.text,
                annotator=data["annotator"],
                spans=list(spans.values()),
                relations=relations,
                flats={"ents": ents},
                ids=spans,
                notes=[(spans[name], note) for name, note in data["notes"].items()],
                said={name: data[name] for name in _TOLD},
            )


def see_huggingface(paths: list[Path]) -> Iterator[Seen]:
    """Load the folder with datasets, offline, and read its spans and its tags."""
    datasets = library("datasets", "huggingface", "Verifying huggingface")
    datasets.disable_progress_bars()
    for root in paths:
        with tempfile.TemporaryDirectory() as cache:
            splits = datasets.load_dataset(str(root), cache_dir=cache)
            for split, rows in splits.items():
                for number, row in enumerate(rows):
                    yield _seen_row(f"{split}, row {number}", row, rows.features)


def _seen_row(where: str, row: dict[str, Any], features: Any) -> Seen:  # noqa: ANN401 - datasets'
    spans = {item["id"]: (item["start"], item["end"], item["label"]) for item in row["spans"]}
    flats = {}
    for name, values in row.items():
        if name.endswith("_tags"):
            tags = [features[name].feature.int2str(tag) for tag in values]
            flats[name] = _tagged(tags, row["token_starts"], row["tokens"])
    faults = []
    if _squeezed(row["tokens"]) != _squeezed([row["text"]]):
        faults.append("its tokens are not those of its text")
    return Seen(
        where,
        text=row["text"],
        annotator=row["annotator"],
        spans=list(spans.values()),
        relations=[
            (item["type"], spans[item["head"]], spans[item["child"]]) for item in row["relations"]
        ],
        flats=flats,
        ids=spans,
        notes=[(_span(item), item["note"]) for item in row["spans"] if item["note"]],
        covers=[
            (start, start + len(token), token)
            for start, token in zip(row["token_starts"], row["tokens"], strict=True)
        ],
        said={"document": row["id"], **{name: row[name] for name in _TOLD[1:]}},
        faults=faults,
    )


def _span(item: dict[str, Any]) -> Extent:
    return (item["start"], item["end"], item["label"])


def _squeezed(pieces: list[str]) -> str:
    return "".join("".join(pieces).split())


def _tagged(tags: list[str], starts: list[int], tokens: list[str]) -> list[Extent]:
    """Read spans from tags, each from a B or U to the last that goes on with it."""
    found: list[Extent] = []
    for tag, start, token in zip(tags, starts, tokens, strict=True):
        if tag[0] in "BU":
            found.append((start, start + len(token), tag[2:]))
        elif tag[0] in "IL":
            found[-1] = (found[-1][0], start + len(token), found[-1][2])
    return found


def see_parquet(paths: list[Path]) -> Iterator[Seen]:
    """Query the tables with DuckDB."""
    duckdb = library("duckdb", "verify", "Verifying parquet")
    for root in paths:
        with duckdb.connect() as database:
            for name in ("documents", "layers", "spans", "relations"):
                place = str(root / name / "**" / "*.parquet").replace("'", "''")
                database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{place}')")  # noqa: S608
            yield from _layers(database)


def _layers(database: Any) -> Iterator[Seen]:  # noqa: ANN401 - DuckDB's
    spans: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for document, annotator, *row in database.execute(
        'SELECT document, annotator, id, start, "end", label, text, note FROM spans'
    ).fetchall():
        spans.setdefault((document, annotator), []).append(tuple(row))
    joins: dict[tuple[str, str], list[Join]] = {}
    for document, annotator, name, *ends in database.execute(
        "SELECT r.document, r.annotator, r.type, h.start, h.end, h.label, c.start, c.end, "
        "c.label FROM relations r JOIN spans h ON h.document = r.document "
        "AND h.annotator = r.annotator AND h.id = r.head JOIN spans c "
        "ON c.document = r.document AND c.annotator = r.annotator AND c.id = r.child"
    ).fetchall():
        join = (name, tuple(ends[:3]), tuple(ends[3:]))
        joins.setdefault((document, annotator), []).append(join)
    for document, annotator, count, text, *said in database.execute(
        "SELECT l.document, l.annotator, l.spans, d.text, l.text_sha256, l.status, l.kind, l.note "
        "FROM layers l LEFT JOIN documents d ON d.document = l.document"
    ).fetchall():
        rows = spans.pop((document, annotator), [])
        yield Seen(
            f"{document} by {annotator}",
            text=text,
            annotator=annotator,
            spans=[row[1:4] for row in rows],
            relations=joins.get((document, annotator), []),
            ids={row[0]: row[1:4] for row in rows},
            notes=[(row[1:4], row[5]) for row in rows if row[5]],
            covers=[(row[1], row[2], row[4]) for row in rows],
            said=dict(zip(("text_sha256", "status", "kind", "note"), said, strict=True))
            | {"document": document},
            faults=[] if count == len(rows) else [f"it says that it has {count} spans"],
        )
    for document, annotator in spans:
        yield Seen(f"{document} by {annotator}", faults=["there are spans of it, but no layer"])
