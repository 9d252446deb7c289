"""Finding the article that a record speaks of: by id, by file name, by its text or its letters."""

import hashlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePath

from annotations.corpus.corpus import Corpus
from annotations.corpus.sources import Entry
from annotations.errors import CorpusError, ImportRefusedError
from annotations.formats.reading.records import Record
from annotations.model.layer import Document


class Finder:
    """Finds articles of a corpus; what it looks them up by is gathered when first needed.

    Args:
        corpus: The articles.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def find(self, record: Record) -> Document:
        """Find the article that a record speaks of: by id, by file name, by its text."""
        sha256 = record.sha256
        if record.text is not None and sha256 is None:
            sha256 = Document("", record.text).sha256
        if sha256 is None and not record.tokens:
            raise ImportRefusedError("it carries neither its text nor its hash to be checked by")
        named = self._named(record)
        if named is not None and self._is_of(record, named, sha256):
            return named
        found = self._by_hash.get(sha256) if sha256 else None
        if found is None and sha256 is None:
            found = self._by_letters.get(_letters(record.tokens))
        entry = self.corpus.locate(found) if found else None
        if entry is not None:
            document = self._read(entry)
            if self._is_of(record, document, sha256):
                return document
        name = record.document or record.file
        if named is None:
            raise ImportRefusedError(
                f"the corpus has no article {name}" if name else "the corpus has no such article"
            )
        if sha256 is not None and sha256 != named.sha256:
            raise ImportRefusedError(
                f"its text is not that of {named.id}: SHA-256 {sha256[:12]}, "
                f"in the corpus {named.sha256[:12]}"
            )
        raise ImportRefusedError(f"its text differs from that of {named.id}")

    def _named(self, record: Record) -> Document | None:
        """Read the article of the id or the file name that a record gives."""
        entry = self.corpus.locate(record.document) if record.document else None
        if entry is None and record.file:
            entry = self._by_file.get(record.file) or self.corpus.locate(record.file)
        return self._read(entry) if entry else None

    def _is_of(self, record: Record, document: Document, sha256: str | None) -> bool:
        if record.text is not None and record.text != document.text:
            return False
        if sha256 is not None and sha256 != document.sha256:
            return False
        return not record.tokens or _letters(record.tokens) == _letters((document.text,))

    def _read(self, entry: Entry) -> Document:
        try:
            return self.corpus.read(entry)
        except CorpusError as error:
            raise ImportRefusedError(error.message) from error

    @cached_property
    def _by_file(self) -> dict[str, Entry]:
        """Entries by the name of their file, alone or with its folders, where it is theirs."""
        found: dict[str, Entry] = {}
        shared: set[str] = set()
        for listed in self.corpus.entries():
            if isinstance(listed, Entry):
                shared |= {listed.file} & found.keys()
                found.setdefault(PurePath(listed.file).name, listed)
                found[listed.file] = listed
        return {name: entry for name, entry in found.items() if name not in shared}

    @cached_property
    def _by_hash(self) -> dict[str, str]:
        """Ids of the documents by the hash of their text."""
        found: dict[str, str] = {}
        for document in self.corpus.documents():
            found.setdefault(document.sha256, document.id)
        return found

    @cached_property
    def _by_letters(self) -> dict[bytes, str]:
        """Ids of the documents by the hash of their text without white space."""
        found: dict[bytes, str] = {}
        for document in self.corpus.documents():
            found.setdefault(_letters((document.text,)), document.id)
        return found


def _letters(pieces: Iterable[str]) -> bytes:
    """Return a hash of pieces of a text, joined and without white space."""
    joined = "".join("".join(pieces).split())
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()
