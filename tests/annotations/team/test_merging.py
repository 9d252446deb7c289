"""Merging two layers of one article: nothing that either has set is lost."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from annotations.model.layer import Layer, Relation, Span
from annotations.store.layer_path import LayerPath
from annotations.team.merging import Conflict, merged


def layer_of(*ranges: tuple[int, int], **others: object) -> Layer:
    made = [Span(f"s{n}", start, end, "actor") for n, (start, end) in enumerate(ranges, 1)]
    return replace(Layer("a", "0" * 64, "layla"), **others).with_spans(made)


@pytest.mark.parametrize(
    ("ours", "theirs", "base", "wanted"),
    [
        ("flagged", "in_progress", "in_progress", "flagged"),
        ("in_progress", "done", "in_progress", "done"),
        ("in_progress", "in_progress", "done", "in_progress"),
        ("done", "flagged", None, "flagged"),
        ("new", "in_progress", None, "in_progress"),
    ],
)
def test_a_status_that_one_side_has_set_stays(
    ours: str, theirs: str, base: str | None, wanted: str
) -> None:
    common = layer_of(status=base) if base else None
    conflict = Conflict(
        LayerPath.of(Path("x"), "a", "layla"),
        layer_of(status=ours),
        layer_of(status=theirs),
        common,
    )
    assert merged(conflict, {}).status == wanted


def test_merged_relations_take_no_id_that_a_span_has() -> None:
    spans = [Span("r1", 0, 3, "actor"), Span("s2", 4, 7, "claim")]
    one = layer_of().with_spans(spans).with_relations([Relation("r2", "claimant", "r1", "s2")])
    two = one.with_relations([Relation("r1x", "claimant", "r1", "s2")])
    made = merged(Conflict(LayerPath.of(Path("x"), "a", "layla"), one, two, None), {})
    ids = [span.id for span in made.spans] + [item.id for item in made.relations]
    assert len(set(ids)) == len(ids) == 3
