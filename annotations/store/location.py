"""Where the store of a corpus is, and which articles share it."""

from pathlib import Path
from typing import Final

from annotations.corpus.corpus import Corpus
from annotations.store.store import Store

FOLDER: Final = ".hashiya"
"""Name of the store of a folder; that of a file ends so."""


def store_path(corpus: Corpus) -> Path:
    """Return where the store of a corpus is, unless another is named.

    In the folder; of a single file, in its folder if there is a store, else beside it.
    """
    path = corpus.path
    if path.is_dir():
        return path / FOLDER
    own = path.with_name(path.name + FOLDER)
    folder = path.parent / FOLDER
    if corpus.is_single and folder.is_dir() and not own.exists():
        return folder  # the article is part of a corpus that was opened before
    return own


def home(corpus: Corpus, store: Store) -> Corpus:
    """Return the corpus whose layers a store holds.

    That is the corpus itself; of a single article that is kept in the store of its folder, it is
    the folder.
    """
    folder = corpus.path.parent
    if corpus.is_single and store.root.resolve() == (folder / FOLDER).resolve():
        return Corpus(folder, corpus.encoding)
    return corpus
