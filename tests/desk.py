"""A desk as tests use it: keys go in, what they did comes out, and no terminal is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotations.corpus.corpus import open_corpus
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.location import store_path
from annotations.store.store import Store
from tui.desk.asks import Effect
from tui.desk.commands import keymap_of
from tui.desk.desk import Desk
from tui.desk.library import Library
from tui.desk.session import Session
from tui.keys.keyboard import Press
from tui.keys.keymap import Keymap


def press(at: Desk | Library, *keys: str) -> Effect:
    """Press keys one after the other; return what the last one did."""
    effect = Effect()
    for key in keys:
        text = {"space": " "}.get(key, key if len(key) == 1 else "")
        effect = at.press(Press(key, text))
        if isinstance(at, Desk):
            at.update_window()
    return effect


def session_of(path: Path, keymap: Keymap | None = None, annotator: str = "layla") -> Session:
    """Sit down at a corpus."""
    corpus = open_corpus(path)
    keymap = keymap or keymap_of(DEFAULT_SCHEME)
    return Session(corpus, Store(store_path(corpus)), DEFAULT_SCHEME, annotator, keymap=keymap)


@contextmanager
def desk_of(
    folder: Path, *texts: str, width: int = 24, height: int = 8, keymap: Keymap | None = None
) -> Iterator[Desk]:
    """Open the first of some articles."""
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    session = session_of(folder, keymap)
    session.listing.refresh()
    row = session.catalogue.find("0")
    assert row is not None
    desk = Desk(session, session.open(row))
    desk.window.resize(width, height)
    desk.update_window()
    try:
        yield desk
    finally:
        session.close()
        session.end()


def spans_of(desk: Desk) -> list[tuple[str, str]]:
    """List the labels and texts of the spans."""
    reading = desk.reading
    return [(span.label, reading.text[span.start : span.end]) for span in reading.layer.spans]
