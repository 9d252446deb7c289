"""The articles of a corpus: listed at once, read one at a time.

A document's text is what its file or record holds as decoded, nothing else: no normalising, no
newline translation. A UTF-8 byte order mark alone is dropped, and said so.
"""

from collections.abc import Iterator
from pathlib import Path

from annotations.corpus.decoding import check_encoding
from annotations.corpus.record_files import JsonLines, Table
from annotations.corpus.sources import (
    SUFFIX,
    BadFile,
    Entry,
    FieldNames,
    Listed,
    Source,
    TextFile,
    TextFolder,
)
from annotations.errors import CorpusError, reason_of
from annotations.model.layer import Document


class Corpus:
    """The documents of a folder or a file.

    Args:
        path: The folder or file.
        encoding: Its encoding.
        fields: What makes an article of a record.
    """

    def __init__(
        self, path: Path, encoding: str = "utf-8", fields: FieldNames | None = None
    ) -> None:
        self.path = path
        self.encoding = encoding
        self.fields = fields or FieldNames()
        self.source = source_of(path, encoding, self.fields)
        self._located: dict[str, Entry] | None = None

    @property
    def is_single(self) -> bool:
        """Whether it is one article."""
        return isinstance(self.source, TextFile)

    def entries(self) -> Iterator[Listed]:
        """List the articles in their order, and what can't be one."""
        return self.source.entries()

    def articles(self, bad: list[BadFile] | None = None) -> Iterator[Entry]:
        """List the articles in their order.

        Args:
            bad: Takes what can't be one, if that is wanted.
        """
        for listed in self.entries():
            if isinstance(listed, Entry):
                yield listed
            elif bad is not None:
                bad.append(listed)

    def read(self, entry: Entry) -> Document:
        """Read an article.

        Raises:
            CorpusError: It can't be read.
        """
        return self.source.read(entry)

    def scan(self) -> Iterator[Document | BadFile]:
        """Read all articles, one after the other."""
        for listed in self.entries():
            if isinstance(listed, BadFile):
                yield listed
                continue
            try:
                yield self.read(listed)
            except CorpusError as error:
                yield BadFile(listed.file, error.message)

    def documents(self) -> Iterator[Document]:
        """Read all articles that can be read, one after the other."""
        return (found for found in self.scan() if isinstance(found, Document))

    def locate(self, document_id: str) -> Entry | None:
        """Find an article by its id."""
        if self._located is None:
            self._located = {entry.id: entry for entry in self.articles()}
        return self._located.get(document_id)

    def document(self, document_id: str) -> Document | None:
        """Read an article by its id; None if it is not there or can't be read."""
        entry = self.locate(document_id)
        try:
            return self.read(entry) if entry else None
        except CorpusError:
            return None


def source_of(path: Path, encoding: str, fields: FieldNames) -> Source:
    """Choose how the articles of a path are read, by what it is and how its name ends."""
    if path.is_dir():
        return TextFolder(path, encoding)
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return JsonLines(path, encoding, fields)
    if path.name.endswith((".csv", ".tsv")):
        return Table(path, encoding, fields)
    return TextFile(path, encoding)


def open_corpus(path: Path, encoding: str = "utf-8", fields: FieldNames | None = None) -> Corpus:
    """Open a folder of .txt files, a file of records, or an article.

    Args:
        path: The file, or the folder, which is searched for .txt files at any depth.
        encoding: The encoding of the files.
        fields: What makes an article of a record.

    Returns:
        The corpus; at least one of its articles can be read.

    Raises:
        CorpusError: There is no such path, or nothing in it that can be opened.
    """
    check_encoding(encoding)
    try:
        if not path.exists():
            raise CorpusError(f"There is no file or folder {path}.")
        corpus = Corpus(path, encoding, fields)
    except OSError as error:
        raise CorpusError(f"{path} can't be opened: {reason_of(error)}.") from error
    bad: list[BadFile] = []
    for found in corpus.scan():
        if isinstance(found, Document):
            return corpus
        bad.append(found)
    if not bad:
        hint = f"An article is a file that ends in {SUFFIX}." if path.is_dir() else ""
        raise CorpusError(f"There are no articles in {path}.", hint)
    if len(bad) == 1 and not isinstance(corpus.source, TextFolder):
        raise CorpusError(bad[0].reason)
    kind = f"{SUFFIX} files" if path.is_dir() else "records"
    raise CorpusError(f"None of the {len(bad)} {kind} in {path} can be opened: {bad[0].reason}")
