"""The writer: in order, in the background, and again when it failed."""

import threading
from collections.abc import Sequence

from annotations.errors import StoreError
from annotations.model.changes import AddSpan
from annotations.model.layer import Layer, Span
from annotations.store.journal import Step
from annotations.store.saver import LayerSaver

NEW = Layer("d", "0" * 64, "layla")


class Disk:
    """Takes layers when it is let, or fails."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.is_full = False
        self.written: list[tuple[int, int]] = []

    def save(self, layer: Layer, steps: Sequence[Step]) -> Layer:
        assert self.open.wait(20)
        if self.is_full:
            raise StoreError("Not saved: full.")
        self.written.append((len(layer.spans), len(steps)))
        return layer


def put(writer: LayerSaver, layer: Layer) -> Layer:
    change = AddSpan(Span(layer.free_id("s"), 1, 2, "actor"))
    layer = change.apply(layer)
    writer.put(layer, [Step.now("do", change, layer)])
    return layer


def test_each_change_is_on_disk_when_the_writer_says_so() -> None:
    disk = Disk()
    writer = LayerSaver(NEW, disk.save)
    layer = NEW
    for _ in range(3):
        layer = put(writer, layer)
        assert writer.wait(20)
        assert writer.on_disk == layer
    assert disk.written == [(1, 1), (2, 1), (3, 1)]
    assert writer.close(20)


def test_what_is_changed_while_the_disk_is_slow_is_written_together_afterwards() -> None:
    disk = Disk()
    disk.open.clear()
    writer = LayerSaver(NEW, disk.save)
    layer = put(writer, NEW)
    assert not writer.wait(0.01)
    for _ in range(4):
        layer = put(writer, layer)
    assert not writer.is_idle
    disk.open.set()
    assert writer.wait(20)
    assert writer.on_disk == layer
    assert sum(steps for _, steps in disk.written) == 5


def test_what_failed_is_kept_told_and_written_with_the_next_attempt() -> None:
    disk = Disk()
    disk.is_full = True
    told = threading.Event()
    writer = LayerSaver(NEW, disk.save, told.set)
    layer = put(writer, NEW)
    assert not writer.wait(20)
    assert told.wait(20)
    assert writer.error == "Not saved: full."
    layer = put(writer, layer)
    assert not writer.wait(20)
    disk.is_full = False
    writer.retry()
    assert writer.wait(20)
    assert writer.error == ""
    assert disk.written == [(2, 2)]
    assert writer.on_disk == layer


def test_a_fault_that_nobody_foresaw_is_a_failed_save_and_not_the_end_of_the_writer() -> None:
    faults = [ZeroDivisionError()]

    def save(layer: Layer, _: Sequence[Step]) -> Layer:
        if faults:
            raise faults.pop()
        return layer

    writer = LayerSaver(NEW, save)
    put(writer, NEW)
    assert not writer.wait(20)
    assert "ZeroDivisionError" in writer.error
    writer.retry()
    assert writer.wait(20)
