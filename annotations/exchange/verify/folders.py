"""Reading folders with a file a layer back: with bioc, dkpro-cassis, and a parser of TSV."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotations.disk.files import open_named
from annotations.exchange.verify.seen import Extent, Join, Seen, content_of, text_stream
from annotations.formats.libraries import library


def _sidecar(root: Path) -> list[dict[str, Any]]:
    content = content_of(root / "hashiya.jsonl").decode()
    return [json.loads(line) for line in content.split("\n") if line]


def _told(line: dict[str, Any]) -> dict[str, str]:
    return {name: line[name] for name in ("document", "text_sha256", "status", "kind")}


def _unlisted(root: Path, suffix: str) -> Iterator[Seen]:
    """Name files that the sidecar does not know."""
    known = {str(root / f"{line['path']}{suffix}") for line in _sidecar(root)}
    for path in sorted(root.rglob(f"*{suffix}")):
        if str(path) not in known:
            yield Seen(path.name, faults=["it is no part of the export"])


def see_brat(paths: list[Path]) -> Iterator[Seen]:
    """Load texts and standoff with bioc, and join fragments that only white space parts."""
    brat = library("bioc.brat", "verify", "Verifying brat")
    for root in paths:
        for line in _sidecar(root):
            path = root / line["path"]
            text = content_of(Path(f"{path}.txt")).decode()
            with text_stream(Path(f"{path}.ann"), newline="\n") as annotations:
                doc = brat.load_ann(annotations)
            found: dict[str, Extent] = {}
            noted = {note.refid: note.text for note in doc.notes}
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
                notes=[(found[name], note) for name, note in noted.items()],
                said=_told(line),
                faults=faults,
            )
        yield from _unlisted(root, ".ann")


def see_uima(paths: list[Path]) -> Iterator[Seen]:
    """Load each CAS with dkpro-cassis."""
    cassis = library("cassis", "uima", "Verifying uima")
    for root in paths:
        types = root / "TypeSystem.xml"
        for line in _sidecar(root):
            path = root / f"{line['path']}.json"
            if types.is_file():
                with open_named(types) as stream:
                    system = cassis.load_typesystem(stream)
                with open_named(root / f"{line['path']}.xmi") as stream:
                    cas = cassis.load_cas_from_xmi(stream, typesystem=system)
            else:
                with open_named(path) as stream:
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
                notes=[
                    (_extent(item), item.note)
                    for item in cas.select("webanno.custom.Span")
                    if item.note
                ],
                said=_told(line),
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
            content = content_of(root / f"{line['path']}.tsv").decode()
            head, *blocks = content.removesuffix("\n").split("\n\n")
            faults = [] if head.startswith(_HEAD) else ["its head is not that of WebAnno TSV 3.3"]
            rows: list[list[str]] = []
            texts: list[tuple[int, str]] = []
            for number, block in enumerate(blocks, 1):
                found = block.removeprefix("\n").split("\n")
                said = [text[6:] for text in found if text.startswith("#Text=")]
                own = [text.split("\t") for text in found if not text.startswith("#")]
                faults += _addresses(own, number)
                texts.append((len(rows), _unescaped("\n".join(said))))
                rows += own
            yield _seen_sheet(line, rows, texts, faults)


_HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|label|note"


def _addresses(rows: list[list[str]], sentence: int) -> list[str]:
    """Check that tokens are numbered one after the other, and their parts below them."""
    token = part = 0
    faults = []
    for row in rows:
        if "." in row[0]:
            part += 1
            expected = f"{sentence}-{token}.{part}"
        else:
            token, part = token + 1, 0
            expected = f"{sentence}-{token}"
        if row[0] != expected:
            faults.append(f"a row is numbered {row[0]}, not {expected}")
    return faults


def _unescaped(text: str) -> str:
    back = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
    return re.sub(r"\\(.)", lambda found: back.get(found[1], found[1]), text, flags=re.DOTALL)


def _seen_sheet(
    line: dict[str, Any], rows: list[list[str]], texts: list[tuple[int, str]], faults: list[str]
) -> Seen:
    tokens = [row for row in rows if "." not in row[0]]
    last = max((int(row[1].split("-")[1]) for row in tokens), default=0)
    units = bytearray(b" \x00" * last)
    for row in tokens:
        start, end = (int(edge) for edge in row[1].split("-"))
        units[2 * start : 2 * end] = row[2].encode("utf-16-le")

    def offset(unit: int) -> int:
        return len(units[: 2 * unit].decode("utf-16-le"))

    spans: dict[str, list[tuple[int, int, str]]] = {}
    notes: dict[str, str] = {}
    joins: list[tuple[str, str, str]] = []
    covers: list[tuple[int, int, str]] = []
    for row in rows:
        start, end = (offset(int(edge)) for edge in row[1].split("-"))
        covers.append((start, end, row[2]))
        for place, (value, note) in enumerate(zip(_values(row[3]), _values(row[4]), strict=True)):
            key = value[1] or f"{row[0]}/{place}"
            spans.setdefault(key, []).append((start, end, value[0]))
            if note[0]:
                notes[key] = note[0]
        if len(row) > 6:
            names = [name for name, _ in _values(row[5])]
            for name, target in zip(names, filter(None, row[6].split("|")), strict=False):
                found = re.fullmatch(r".*\[(\d+)_(\d+)\]", target)
                if found:
                    joins.append((name, found[1], found[2]))
    for first, text in texts:
        start = offset(int(rows[first][1].split("-")[0]))
        covers.append((start, start + len(text), text))
    extents = {key: (parts[0][0], parts[-1][1], parts[0][2]) for key, parts in spans.items()}
    relations: list[Join] = [(name, extents[head], extents[child]) for name, head, child in joins]
    return Seen(
        line["path"],
        sha256=line["text_sha256"],
        annotator=line["annotator"],
        spans=list(extents.values()),
        relations=relations,
        notes=[(extents[key], note) for key, note in notes.items()],
        said=_told(line),
        covers=covers,
        faults=faults,
    )


def _values(cell: str) -> list[tuple[str, str]]:
    """Split a cell into values with their numbers."""
    if cell == "_":
        return []
    found = []
    for value in re.findall(r"(?:[^\\|]|\\.)+", cell, flags=re.DOTALL):
        numbered = re.fullmatch(r"((?:[^\\\[]|\\.)*)(?:\[(\d+)\])?", value, flags=re.DOTALL)
        assert numbered is not None
        plain = "" if numbered[1] == "*" else _unescaped(numbered[1])
        found.append((plain, numbered[2] or ""))
    return found
