"""The app as tests drive it: opened on a corpus, and what its screens show read back."""

from pathlib import Path

from annotations.corpus.corpus import open_corpus
from annotations.model.scheme import DEFAULT_SCHEME
from annotations.store.location import store_path
from annotations.store.store import Store
from tui.app import HashiyaApp
from tui.screens.reader import ReaderScreen
from tui.widgets.article import ArticleView
from tui.widgets.bars import Bar


def app_for(path: Path) -> HashiyaApp:
    corpus = open_corpus(path)
    return HashiyaApp(corpus, Store(store_path(corpus)), DEFAULT_SCHEME, "layla")


def reader(app: HashiyaApp) -> ReaderScreen:
    screen = app.screen
    assert isinstance(screen, ReaderScreen)
    return screen


def row(app: HashiyaApp, name: str) -> str:
    bar = app.screen.query_one(f"#{name}", Bar)
    return "".join(segment.text for segment in bar.render_line(0))


def article_rows(app: HashiyaApp) -> list[str]:
    view = app.screen.query_one(ArticleView)
    return [
        "".join(segment.text for segment in view.render_line(y)) for y in range(view.size.height)
    ]


def spans(app: HashiyaApp) -> list[tuple[str, str]]:
    reading = reader(app).reading
    return [(span.label, reading.text[span.start : span.end]) for span in reading.layer.spans]


def hint_for(app: HashiyaApp, start: int) -> list[str]:
    mode = reader(app).mode
    assert mode
    assert mode.hinting
    return list(next(hint.keys for hint in mode.hinting.hints if hint.target.start == start))
