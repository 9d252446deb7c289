"""Changes and their inverses."""

from hypothesis import given
from hypothesis import strategies as st

from annotations.model import changes
from annotations.model.changes import Batch, Change, History
from annotations.model.layer import Layer, Relation, Span

EMPTY = Layer("d", "hash", "layla")


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Layer], list[Change]]:
    """A run of changes as a session makes them, and the layers between."""
    layers, made = [EMPTY], []
    for _ in range(draw(st.integers(1, 12))):
        layer = layers[-1]
        kind = draw(st.sampled_from(["add", "remove", "relabel", "relate", "unrelate", "status"]))
        change: Change
        if kind == "add" or not layer.spans:
            start = draw(st.integers(0, 20))
            end = start + draw(st.integers(1, 9))
            change = changes.AddSpan(
                Span(layer.free_id("s"), start, end, draw(st.sampled_from("ac")))
            )
        elif kind == "remove":
            change = changes.delete_span(layer, draw(st.sampled_from(layer.spans)))
        elif kind == "relabel":
            kept = {item.id for item in layer.relations if draw(st.booleans())}
            change = changes.relabel_span(layer, draw(st.sampled_from(layer.spans)), "x", kept)
        elif kind == "relate" or (kind == "unrelate" and not layer.relations):
            head, child = draw(st.sampled_from(layer.spans)), draw(st.sampled_from(layer.spans))
            change = changes.AddRelation(
                Relation(layer.free_id("r"), "claimant", head.id, child.id)
            )
        elif kind == "unrelate":
            change = changes.RemoveRelation(draw(st.sampled_from(layer.relations)))
        else:
            change = Batch((changes.SetStatus(layer.status, "done"),))
        made.append(change)
        layers.append(change.apply(layer))
    return layers, made


@given(histories())
def test_undoing_everything_goes_back_through_every_layer_and_redoing_forward(
    run: tuple[list[Layer], list[Change]],
) -> None:
    layers, made = run
    history = History()
    for change in made:
        history = history.record(change)
    layer = layers[-1]
    for wanted in reversed(layers[:-1]):
        step = history.undo()
        assert step
        layer, history = step[0].apply(layer), step[1]
        assert layer == wanted
    assert history.undo() is None
    for wanted in layers[1:]:
        step = history.redo()
        assert step
        layer, history = step[0].apply(layer), step[1]
        assert layer == wanted
    assert history.redo() is None


def test_deleting_a_span_takes_its_relations_with_it() -> None:
    layer = EMPTY.with_spans([Span("s1", 0, 2, "actor"), Span("s2", 3, 5, "claim")])
    layer = layer.with_relations([Relation("r1", "claimant", "s1", "s2")])
    deletion = changes.delete_span(layer, layer.spans[0])
    assert deletion.apply(layer).relations == ()
    assert deletion.inverse().apply(deletion.apply(layer)) == layer


def test_spans_stand_in_reading_order_and_the_innermost_covers_first() -> None:
    inner, outer, later = Span("s9", 2, 4, "a"), Span("s1", 0, 9, "c"), Span("s2", 2, 9, "c")
    layer = EMPTY.with_spans([inner, later, outer])
    assert layer.spans == (outer, later, inner)
    assert layer.covering(3) == [inner, later, outer]
