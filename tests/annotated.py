"""The seeds with names tagged wherever they stand, for what needs real text with annotations."""

import json
from pathlib import Path

NAMES = {
    "location": [
        "سورية", "سوريا", "العراق", "دمشق", "حلب", "دير الزور", "الرقة", "الموصل", "تركيا",
        "ليبيا", "إيران", "روسيا",
    ],
    "actor": [
        "قوات النظام", "تنظيم الدولة", "الولايات المتحدة", "داعش", "الجيش", "الثوار", "الحكومة",
        "النظام",
    ],
}  # fmt: skip


def write_annotations(corpus: Path, target: Path) -> None:
    """Write annotations of the seeds as JSON lines: names, and the clauses after `anna` as claims.

    Args:
        corpus: The folder of the seeds.
        target: The file to write.
    """
    lines = []
    for article in sorted(corpus.glob("*.txt")):
        text = article.read_bytes().decode("utf-8")
        found = []
        for label, names in NAMES.items():
            for name in names:
                start = text.find(name)
                while start >= 0:
                    found.append((start, start + len(name), label))
                    start = text.find(name, start + 1)
        start = text.find(" أن ")
        while start >= 0:
            end = min(text.find(mark, start + 4) % (len(text) + 1) for mark in "،.\n")
            if end > start + 4:
                found.append((start + 4, end, "claim"))
            start = text.find(" أن ", start + 4)
        spans = [
            {"id": f"s{number}", "start": first, "end": last, "label": label}
            for number, (first, last, label) in enumerate(found, 1)
        ]
        record = {"id": article.stem, "text": text, "annotator": "layla", "spans": spans}
        lines.append(json.dumps(record, ensure_ascii=False))
    target.write_text("".join(f"{line}\n" for line in lines), "utf-8")
