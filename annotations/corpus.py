"""Where documents come from: one text file, or a folder of them.

A document's text is the file as decoded, nothing else: no normalising, no newline translation.
A UTF-8 byte order mark alone is dropped, and said so.
"""

import codecs
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from annotations.errors import CorpusError
from annotations.model import Document

SUFFIX = ".txt"


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file of the corpus that can't be opened, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Corpus:
    """The documents of a folder, or the one of a file, in the order of their ids."""

    path: Path
    documents: tuple[Document, ...]
    bad_files: tuple[BadFile, ...] = ()
    encoding: str = "utf-8"

    @property
    def store_path(self) -> Path:
        """Where its store is unless another is named.

        In the folder; of a single file, in its folder if there is a store, else beside it.
        """
        if self.path.is_dir():
            return self.path / ".hashiya"
        own = self.path.with_name(self.path.name + ".hashiya")
        folder = self.path.parent / ".hashiya"
        if folder.is_dir() and not own.exists():
            return folder  # the article is part of a corpus that was opened before
        return self.path.with_name(self.path.name + ".hashiya")

    def document(self, document_id: str) -> Document | None:
        """Find a document by its id."""
        return self._by_id.get(document_id)

    def changed_on_disk(self, document: Document) -> bool:
        """Tell whether the file of a document no longer holds its text."""
        path = self.path / document.file if self.path.is_dir() else self.path
        try:
            content = path.read_bytes()
            text, _ = decode(content, document.file, self.encoding)
        except (OSError, CorpusError):
            return True
        return text != document.text

    @cached_property
    def _by_id(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}


def decode(content: bytes, name: str, encoding: str = "utf-8") -> tuple[str, bool]:
    """Turn the bytes of a file into text.

    Args:
        content: The whole file.
        name: What to call it in messages.
        encoding: A name that Python knows, such as utf-8 or windows-1256.

    Returns:
        The text, and whether a byte order mark was dropped.

    Raises:
        CorpusError: It is empty, no text, or not in this encoding.
    """
    if not content:
        raise CorpusError(f"{name} is empty.")
    utf8 = codecs.lookup(encoding).name == "utf-8"
    had_bom = utf8 and content.startswith(codecs.BOM_UTF8)
    if utf8 and b"\0" in content:
        raise CorpusError(f"{name} is not a text file (it holds a zero byte).")
    try:
        text = content[len(codecs.BOM_UTF8) if had_bom else 0 :].decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + (len(codecs.BOM_UTF8) if had_bom else 0)
        raise CorpusError(
            f"{name} is not {encoding.upper()}: byte {offset} (0x{content[offset]:02x}) "
            "does not fit.",
            "Name its encoding with --encoding, for instance --encoding windows-1256.",
        ) from error
    if not text:
        raise CorpusError(f"{name} is empty.")
    if "\0" in text:
        raise CorpusError(f"{name} is not a text file (it holds a zero character).")
    return text, had_bom


def check_encoding(encoding: str) -> None:
    """Refuse an encoding that Python doesn't know.

    Raises:
        CorpusError: There is no such encoding for text.
    """
    try:
        if not codecs.lookup(encoding)._is_text_encoding:  # noqa: SLF001 - no public way to ask
            raise LookupError
    except LookupError as error:
        raise CorpusError(f"There is no text encoding named {encoding}.") from error


def read_document(path: Path, document_id: str, file: str, encoding: str = "utf-8") -> Document:
    """Read one article.

    Raises:
        CorpusError: It can't be read or decoded.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{file} can't be read: {error.strerror or error}.") from error
    text, had_bom = decode(content, file, encoding)
    return Document(document_id, text, file, had_bom)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _find_files(folder: Path) -> tuple[list[Path], list[tuple[str, str]]]:
    """List the articles of a folder at any depth, and the folders that can't be looked into."""
    files: list[Path] = []
    closed: list[tuple[str, str]] = []

    def note(error: OSError) -> None:
        closed.append((str(error.filename), error.strerror or str(error)))

    for root, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [
            Path(root, name)
            for name in names
            if name.endswith(SUFFIX) and not name.startswith(".") and Path(root, name).is_file()
        ]
    return sorted(files), closed


def open_corpus(path: Path, encoding: str = "utf-8") -> Corpus:
    """Open a text file, or a folder of them.

    Args:
        path: The file, or the folder, which is searched for .txt files at any depth.
        encoding: The encoding of the files.

    Returns:
        The corpus; files of a folder that can't be opened are listed in it.

    Raises:
        CorpusError: There is no such path, or nothing in it that can be opened.
    """
    check_encoding(encoding)
    try:
        if not path.exists():
            raise CorpusError(f"There is no file or folder {path}.")
        is_folder = path.is_dir()
    except OSError as error:
        raise CorpusError(f"{path} can't be opened: {error.strerror or error}.") from error
    if not is_folder:
        document = read_document(path, path.stem, path.name, encoding)
        return Corpus(path, (document,), encoding=encoding)
    documents: list[Document] = []
    bad_files: list[BadFile] = []
    files, closed = _find_files(path)
    bad_files += [BadFile(name, f"{name} can't be read: {reason}.") for name, reason in closed]
    for file in files:
        name = file.relative_to(path).as_posix()
        if not _is_text(name):
            shown = name.encode("utf-8", "replace").decode()
            bad_files.append(BadFile(shown, f"{shown} has a name that is not UTF-8; rename it."))
            continue
        try:
            documents.append(read_document(file, name[: -len(SUFFIX)], name, encoding))
        except CorpusError as error:
            bad_files.append(BadFile(name, error.message))
    if not documents:
        if bad_files:
            first = bad_files[0]
            raise CorpusError(
                f"None of the {len(bad_files)} {SUFFIX} files in {path} can be opened: "
                f"{first.reason}"
            )
        raise CorpusError(
            f"There are no articles in {path}.", f"An article is a file that ends in {SUFFIX}."
        )
    return Corpus(path, tuple(documents), tuple(bad_files), encoding)
