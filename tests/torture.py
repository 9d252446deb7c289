"""Kills annotators at work, over and over, and looks at what is left.

    python -m tests.torture FOLDER --rounds 1000 --seed 1

Each round forks a process that opens an article as the app does and edits it: adds, removals,
relabelling, many at once, undo, redo, status. Before a change it tells what the layer will be, and
after it, that the status bar would say saved. It is killed with -9, at a random moment or inside a
save: in the middle of a write, before or after a sync, before or after the rename. What is on disk
then must be what was acknowledged last, or what was being written.
"""

import argparse
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotations.corpus.corpus import open_corpus
from annotations.errors import StoreError
from annotations.language.segmentation import words
from annotations.model.changes import AddSpan, Batch
from annotations.model.layer import Document, Layer, Span
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.checkout import check_out
from annotations.store.journal import Step
from annotations.store.store import Store
from tui.desk.commands import keymap_of
from tui.desk.reading import Reading

ANNOTATOR = "layla"
FAULTS = ("none", "write", "before fsync", "after fsync", "before replace", "after replace")
HISTORY = 12_000
"""Bytes of a history from which it is shortened, so that this happens often."""
MOST_SPANS = 40


@dataclass
class Outcome:
    """What the rounds came to."""

    rounds: int = 0
    acknowledged: int = 0
    killed_by: dict[str, int] = field(default_factory=dict)
    in_flight_kept: int = 0
    """Rounds in which the change that was being written got to the disk."""
    undoable: int = 0
    """Rounds after which there was something to undo."""
    faults: list[str] = field(default_factory=list)


def open_reading(root: Path, document: Document) -> Reading:
    """Open an article for writing as a session does."""
    kept = Store(root / ".hashiya", longest_history=HISTORY)
    desk = check_out(kept, document, ANNOTATOR)
    lock = desk.lock
    assert lock, desk.message

    def save(layer: Layer, steps: "Any") -> Layer:
        lock.check()
        return kept.save(layer, steps, document.text)

    return Reading(document, desk, DEFAULT_SCHEME, keymap_of(), save)


def edit(reading: Reading, choose: random.Random) -> None:
    """Do something that an annotator does."""
    layer, text = reading.layer, reading.text
    act = choose.random()
    if len(layer.spans) > MOST_SPANS or (act < 0.2 and layer.spans):
        reading.arm(choose.choice(layer.spans))
        reading.delete()
    elif act < 0.55:
        start, end = choose.choice(list(words(text, 0, min(len(text), 600))))
        reading.tag_range(choose.choice(["actor", "location", "claim"]), start, end)
    elif act < 0.65:
        found = choose.sample(list(words(text, 0, len(text))), 8)
        made = layer
        parts = []
        for start, end in found:
            part = AddSpan(Span(made.free_id("s"), start, end, "actor", "repeat"))
            made = part.apply(made)
            parts.append(part)
        reading.do(Batch(tuple(parts)))
    elif act < 0.85:
        reading.undo()
    elif act < 0.95:
        reading.redo()
    else:
        reading.set_status("done" if layer.status != "done" else "in_progress")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm_fault(fault: str, countdown: int) -> None:
    """Make this process kill itself inside the countdown-th of the calls that a fault is about."""
    left = [countdown]

    def due() -> bool:
        left[0] -= 1
        return left[0] < 0

    def around(name: str, before: bool) -> None:
        call: Callable[..., Any] = getattr(os, name)

        def faulty(*args: Any, **kwargs: Any) -> Any:
            now = due()
            if now and before:
                _die()
            result = call(*args, **kwargs)
            if now:
                _die()
            return result

        setattr(os, name, faulty)

    if fault == "write":
        write = os.write

        def torn(descriptor: int, data: bytes) -> int:
            if due():
                write(descriptor, bytes(data)[: len(data) // 2])
                _die()
            return write(descriptor, data)

        os.write = torn  # type: ignore[assignment]  # stands in for it
    elif fault != "none":
        moment, _, name = fault.partition(" ")
        around(name, before=moment == "before")


def work(root: Path, document: Document, seed: int, fault: str, pipe: int) -> None:
    """Edit until killed, telling each step."""
    choose = random.Random(seed)
    reading = open_reading(root, document)
    say = os.write
    arm_fault(fault, choose.randrange(30))
    put = reading.saver.put

    def told(layer: Layer, steps: Any) -> None:
        say(pipe, f"try {layer.digest}\n".encode())
        put(layer, steps)

    reading.saver.put = told  # type: ignore[method-assign]  # to know what is being written
    while True:
        edit(reading, choose)
        if reading.saver.wait(20) and reading.is_saved:
            say(pipe, f"ack {reading.layer.digest}\n".encode())


def one_round(root: Path, document: Document, seed: int, outcome: Outcome) -> None:
    """Run an annotator, kill it, and look at what it left."""
    choose = random.Random(seed)
    fault = choose.choice(FAULTS)
    kept = Store(root / ".hashiya")
    before = kept.read(document.id, ANNOTATOR)
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reader)
        try:
            work(root, document, seed, fault, writer)
        except BaseException as error:  # noqa: BLE001 - told to the one who judges
            os.write(writer, f"broke {error!r}\n".encode())
        finally:
            os._exit(3)
    os.close(writer)
    said = _listen(reader, process, choose.uniform(0.005, 0.06) if fault == "none" else 0.4)
    os.close(reader)
    lines = [line.split(" ", 1) for line in said.decode().split("\n") if " " in line]
    acknowledged = [digest for word, digest in lines if word == "ack"]
    last = max((n for n, (word, _) in enumerate(lines) if word == "ack"), default=-1)
    tried = [digest for word, digest in lines[last + 1 :] if word == "try"]
    outcome.faults += [f"seed {seed}: {text}" for word, text in lines if word == "broke"]
    outcome.rounds += 1
    outcome.acknowledged += len(acknowledged)
    outcome.killed_by[fault] = outcome.killed_by.get(fault, 0) + 1
    _judge(root, document, seed, before, acknowledged, tried, outcome)


def _listen(pipe: int, process: int, seconds: float) -> bytes:
    """Read what an annotator tells until it is killed, or kill it when its time is up."""
    said = b""
    until = time.monotonic() + seconds
    while True:
        left = until - time.monotonic()
        if left <= 0:
            os.kill(process, signal.SIGKILL)
            left = 5.0
        if select.select([pipe], [], [], left)[0]:
            chunk = os.read(pipe, 65536)
            if not chunk:
                break
            said += chunk
    os.waitpid(process, 0)
    return said


def _judge(  # noqa: PLR0917 - one call, above
    root: Path,
    document: Document,
    seed: int,
    before: Layer | None,
    acknowledged: list[str],
    tried: list[str],
    outcome: Outcome,
) -> None:
    kept = Store(root / ".hashiya")
    try:
        layer = kept.read(document.id, ANNOTATOR)
        found = kept.journal(kept.path(document.id, ANNOTATOR))
    except StoreError as error:
        outcome.faults.append(f"seed {seed}: {error}")
        return
    empty = Layer(document.id, document.sha256, ANNOTATOR)
    expected = acknowledged[-1] if acknowledged else (before or empty).digest
    digest = (layer or empty).digest
    if digest != expected and digest not in tried:
        outcome.faults.append(f"seed {seed}: on disk is neither what was saved nor what was tried")
    outcome.in_flight_kept += digest != expected
    if found.damaged:
        outcome.faults.append(f"seed {seed}: the history is damaged in line {found.damaged}")
    if layer is not None:
        entries = found.kept(layer.revision)
        if not entries or entries[-1].step.digest != layer.digest:
            outcome.faults.append(f"seed {seed}: the history does not lead to the layer")
        outcome.undoable += bool(found.history(layer).done)


def torture(root: Path, rounds: int, seed: int) -> Outcome:
    """Run rounds on the first article of a corpus."""
    document = next(open_corpus(root).documents())
    outcome = Outcome()
    for number in range(rounds):
        one_round(root, document, seed * 1_000_003 + number, outcome)
    open_reading(root, document).close()
    left = [str(path) for path in (root / ".hashiya").rglob("*.tmp")]
    outcome.faults += [f"never swept: {path}" for path in left]
    return outcome


def share(root: Path, seconds: float, seed: int, annotator: str) -> dict[str, int]:
    """Work among others for a while: open any article, change it, give it back.

    Returns:
        By article: how many changes were saved; under "" how often another had it open.
    """
    choose = random.Random(seed)
    kept = Store(root / ".hashiya")
    documents = list(open_corpus(root).documents())
    saved: dict[str, int] = {"": 0}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        document = choose.choice(documents)
        desk = check_out(kept, document, annotator)
        if desk.lock is None:
            assert "another session has this article open" in desk.message, desk.message
            saved[""] += 1
            continue
        layer = desk.layer
        for _ in range(choose.randrange(1, 4)):
            start, end = choose.choice(list(words(document.text, 0, len(document.text))))
            change = AddSpan(Span(layer.free_id("s"), start, end, "actor"))
            if len(layer.spans) > MOST_SPANS:
                layer = layer.with_spans(())
            layer = change.apply(layer)
            desk.lock.check()
            layer = kept.save(layer, [Step.now("do", change, layer)], document.text)
            saved[document.id] = saved.get(document.id, 0) + 1
        desk.release()
    return saved


def main() -> None:
    """Do what the command line asks and print it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", metavar="NAME", help="Work among others under this name.")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--no-flock", action="store_true", help="As if flock locked nothing.")
    given = parser.parse_args()
    if given.no_flock:
        import fcntl

        fcntl.flock = lambda _descriptor, _operation: None
    if given.share:
        print(json.dumps(share(given.folder, given.seconds, given.seed, given.share)))
        return
    outcome = torture(given.folder, given.rounds, given.seed)
    print(json.dumps(vars(outcome), indent=1))
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
