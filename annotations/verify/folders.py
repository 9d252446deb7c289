"""Reading formats that are folders back: with bioc, dkpro-cassis, datasets, DuckDB and spaCy."""

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotations.formats.libraries import library
from annotations.verify.seen import Extent, Join, Seen


def _sidecar(root: Path) -> list[dict[str, Any]]:
    content = (root / "hashiya.jsonl").read_text("utf-8")
    return [json.loads(line) for line in content.split("\n") if line]


def see_brat(paths: list[Path]) -> Iterator[Seen]:
    """Load texts and standoff with bioc, and join fragments that only white space parts."""
    brat = library("bioc.brat", "verify", "Verifying brat")
    for root in paths:
        for line in _sidecar(root):
            path = root / line["path"]
            text = Path(f"{path}.txt").read_bytes().decode()
            with Path(f"{path}.ann").open(encoding="utf-8", newline="\n") as annotations:
                doc = brat.load_ann(annotations)
            found: dict[str, Extent] = {}
            faults = []
            for entity in doc.entities:
                parts = sorted((part.begin, part.end) for part in entity.locations)
                covered = " ".join(text[start:end] for start, end in parts)
                if covered != entity.text:
                    faults.append(f"{entity.id} does not cover {entity.text!r}")
                found[entity.id] = (parts[0][0], parts[-1][1], entity.type)
            relations = [
                (item.type, found[item.arguments["Arg1"]], found[item.arguments["Arg2"]])
                for item in doc.relations
            ]
            yield Seen(
                line["path"],
                text=text,
                annotator=line["annotator"],
                spans=list(found.values()),
                relations=relations,
                faults=faults,
            )


def see_uima(paths: list[Path]) -> Iterator[Seen]:
    """Load each CAS with dkpro-cassis."""
    cassis = library("cassis", "uima", "Verifying uima")
    for root in paths:
        types = root / "TypeSystem.xml"
        for line in _sidecar(root):
            path = root / f"{line['path']}.json"
            if types.is_file():
                with types.open("rb") as stream:
                    system = cassis.load_typesystem(stream)
                with Path(root / f"{line['path']}.xmi").open("rb") as stream:
                    cas = cassis.load_cas_from_xmi(stream, typesystem=system)
            else:
                with path.open("rb") as stream:
                    cas = cassis.load_cas_from_json(stream)
            extents = [_extent(item) for item in cas.select("webanno.custom.Span")]
            joins = [
                (item.label, _extent(item.Governor), _extent(item.Dependent))
                for item in cas.select("webanno.custom.Relation")
            ]
            yield Seen(
                line["path"],
                text=cas.sofa_string,
                annotator=line["annotator"],
                spans=extents,
                relations=joins,
            )


def _extent(item: Any) -> Extent:  # noqa: ANN401 - cassis's
    return (item.begin, item.end, item.label)


def see_webanno(paths: list[Path]) -> Iterator[Seen]:
    """Read TSV as the format's documentation tells; there is no library that could be installed.

    Addresses, numbers in brackets and UTF-16 offsets are taken as they stand, on a copy of the
    text in UTF-16 that only this function makes.
    """
    for root in paths:
        for line in _sidecar(root):
            content = (root / f"{line['path']}.tsv").read_text("utf-8")
            rows = [row.split("\t") for row in content.split("\n") if re.match(r"\d+-\d+", row)]
            tokens = [row for row in rows if "." not in row[0]]
            last = max((int(row[1].split("-")[1]) for row in tokens), default=0)
            units = bytearray(b" \x00" * last)
            for row in tokens:
                start, end = (int(edge) for edge in row[1].split("-"))
                units[2 * start : 2 * end] = row[2].encode("utf-16-le")
            yield _seen_sheet(line, rows, bytes(units))


def _seen_sheet(line: dict[str, Any], rows: list[list[str]], units: bytes) -> Seen:
    def offset(unit: int) -> int:
        return len(units[: 2 * unit].decode("utf-16-le"))

    spans: dict[str, list[tuple[int, int, str]]] = {}
    at: dict[str, str] = {}
    joins: list[tuple[str, str, str]] = []
    for row in rows:
        start, end = (offset(int(edge)) for edge in row[1].split("-"))
        for place, value in enumerate(_values(row[3])):
            label, number = value
            key = number or f"{row[0]}/{place}"
            spans.setdefault(key, []).append((start, end, label))
            at.setdefault(row[0], key)
        if len(row) > 6:
            names = [name for name, _ in _values(row[5])]
            for name, target in zip(names, filter(None, row[6].split("|")), strict=False):
                found = re.fullmatch(r".*\[(\d+)_(\d+)\]", target)
                if found:
                    joins.append((name, found[1], found[2]))
    extents = {key: (parts[0][0], parts[-1][1], parts[0][2]) for key, parts in spans.items()}
    relations: list[Join] = [(name, extents[head], extents[child]) for name, head, child in joins]
    return Seen(
        line["path"],
        sha256=line["text_sha256"],
        annotator=line["annotator"],
        spans=list(extents.values()),
        relations=relations,
    )


def _values(cell: str) -> list[tuple[str, str]]:
    """Part a cell into values, with their numbers."""
    if cell == "_":
        return []
    found = []
    for value in re.split(r"(?<!\\)\|", cell):
        numbered = re.fullmatch(r"(.*?)(?:(?<!\\)\[(\d+)\])?", value, flags=re.DOTALL)
        assert numbered is not None
        found.append((re.sub(r"\\(.)", r"\1", numbered[1]), numbered[2] or ""))
    return found


def see_spacy(paths: list[Path]) -> Iterator[Seen]:
    """Load documents with spaCy: the spans of the group, and the entities."""
    tokens = library("spacy.tokens", "spacy", "Verifying spacy")
    vocab = library("spacy.vocab", "spacy", "Verifying spacy").Vocab()
    for path in paths:
        docs = tokens.DocBin(store_user_data=True).from_disk(path).get_docs(vocab)
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
    return Seen(
        where,
        text=row["text"],
        annotator=row["annotator"],
        spans=list(spans.values()),
        relations=[
            (item["type"], spans[item["head"]], spans[item["child"]]) for item in row["relations"]
        ],
        flats=flats,
    )


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
            for name in ("layers", "spans", "relations"):
                place = str(root / name / "**" / "*.parquet").replace("'", "''")
                database.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{place}')")  # noqa: S608
            spans: dict[tuple[str, str], list[Extent]] = {}
            rows = database.execute(
                'SELECT document, annotator, start, "end", label FROM spans'
            ).fetchall()
            for document, annotator, *extent in rows:
                spans.setdefault((document, annotator), []).append(tuple(extent))
            joins: dict[tuple[str, str], list[Join]] = {}
            for document, annotator, name, *ends in database.execute(
                "SELECT r.document, r.annotator, r.type, h.start, h.end, h.label, c.start, c.end, "
                "c.label FROM relations r JOIN spans h ON h.document = r.document "
                "AND h.annotator = r.annotator AND h.id = r.head JOIN spans c "
                "ON c.document = r.document AND c.annotator = r.annotator AND c.id = r.child"
            ).fetchall():
                join = (name, tuple(ends[:3]), tuple(ends[3:]))
                joins.setdefault((document, annotator), []).append(join)
            for document, annotator, sha256 in database.execute(
                "SELECT document, annotator, text_sha256 FROM layers"
            ).fetchall():
                yield Seen(
                    f"{document} by {annotator}",
                    sha256=sha256,
                    annotator=annotator,
                    spans=spans.get((document, annotator), []),
                    relations=joins.get((document, annotator), []),
                )
