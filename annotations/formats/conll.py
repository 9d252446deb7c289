"""CoNLL-2003 columns: a token and its tag a line, for one flat layer of labels.

Each article begins with a line `-DOCSTART-`, a blank line ends a sentence, and none ends inside a
span. White space is no token, and of a mark on a space only the mark is written. Tags are BIO
(IOB2) or BILOU. Nothing in it names the article, so it is found again by its letters.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from msgspec.structs import replace

from annotations.errors import ImportRefusedError
from annotations.formats.base import Format, Job
from annotations.formats.carries import Carries
from annotations.formats.reading.records import (
    MOST_BYTES,
    Record,
    Refused,
    files_of,
    lines_of,
    made,
    opened,
    where_in,
)
from annotations.formats.writing.choices import Tags, flat_groups
from annotations.formats.writing.fitting import Fitted
from annotations.formats.writing.output import Sink
from annotations.formats.writing.sentences import parted
from annotations.formats.writing.tokens import Token, covering
from annotations.model.layer import Document, Span

START: Final = "-DOCSTART-"
_HEAD: Final = f"{START} -X- O O\n\n"


def tags_of(tokens: Sequence[Token], spans: Sequence[Span], kind: Tags) -> dict[int, str]:
    """Tag tokens by the spans of a flat layer.

    Args:
        tokens: The tokens that the spans are made of.
        spans: Spans that don't overlap.
        kind: BIO, or BILOU, which tells the last token of a span and one that stands alone.

    Returns:
        Tags by the offset of the token; those outside of spans have none.
    """
    tags: dict[int, str] = {}
    for span in spans:
        first, last = covering(tokens, span.start, span.end)
        inside = [token for token in tokens[first : last + 1] if not token.blank]
        for number, token in enumerate(inside):
            letter = "I" if number else "B"
            if kind == "bilou" and number == len(inside) - 1:
                letter = "L" if number else "U"
            tags[token.start] = f"{letter}-{span.label}"
    return tags


def spans_of(tags: Sequence[str], where: str = "") -> list[Span]:
    """Read the spans that tags tell, in tokens, the end exclusive.

    Args:
        tags: BIO, IOB, BILOU or BIOES tags, one a token.
        where: Put before what is said of a tag that makes no sense.

    Raises:
        ImportRefusedError: A tag is none, or goes on with what did not begin.
    """
    spans: list[Span] = []
    begun: tuple[int, str] | None = None
    for number, tag in enumerate((*tags, "O")):
        letter, dash, label = tag.partition("-")
        if letter == "O" and not dash:
            letter, label = "O", ""
        elif letter not in tuple("BIOLUES") or letter == "O" or not label:
            raise ImportRefusedError(f"{where}{tag!r} is no tag")
        goes_on = letter in {"I", "L", "E"}
        if goes_on and (begun is None or begun[1] != label):
            raise ImportRefusedError(f"{where}{tag} goes on with a span that did not begin")
        if begun is not None and not goes_on:
            spans.append(Span("", begun[0], number, begun[1], "import"))
            begun = None
        if letter in {"B", "U", "S"}:
            begun = (number, label)
        if letter in {"L", "E", "U", "S"}:
            assert begun is not None
            spans.append(Span("", begun[0], number + 1, label, "import"))
            begun = None
    return spans


def _line(token: Token, text: str, tags: Mapping[int, str]) -> str:
    return f"{''.join(token.text(text).split())} -X- _ {tags.get(token.start, 'O')}\n"


class _Writer:
    """Writes a file for each flat layer; one alone takes the name that was given."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.layers = tuple(flat_groups(job.scheme, job.choices))

    def encode(self, document: Document, fitted: Fitted) -> dict[str, bytes]:
        """Make a layer into the lines of each file."""
        found: dict[str, bytes] = {}
        rows = parted(document.text, fitted.tokens, fitted.layer.spans)
        for name in self.layers:
            tags = tags_of(fitted.tokens, fitted.flats[name], self.job.choices.tags)
            lines = ("".join(_line(token, document.text, tags) for token in row) for row in rows)
            found[name] = (_HEAD + "".join(f"{line}\n" for line in lines)).encode()
        return found

    def add(self, encoded: dict[str, bytes], split: str) -> None:
        """Write the lines into the files of their split."""
        for name, content in encoded.items():
            self._file(split, name).write(content)

    def finish(self) -> None:
        """Create all files, even if nothing went there."""
        for split in self.job.output.splits or ("",):
            for name in self.layers:
                self._file(split, name)

    def _file(self, split: str, name: str) -> Sink:
        return self.job.output.file(split, name if len(self.layers) > 1 else "")


def read(paths: Sequence[Path]) -> Iterator[Record | Refused]:
    """Read columns, the first the token, the last its tag; an article ends with the next."""
    files = list(files_of(paths, (".conll", ".iob", ".bio", ".txt"), layers=True))
    for path in files:
        with opened(path) as stream:
            yield from _articles(path, stream, several=len(files) > 1)


def _articles(path: Path, stream: IO[bytes], *, several: bool) -> Iterator[Record | Refused]:
    article = _Article(where_in(path, 1, several=several), str(path))
    for number, line in lines_of(stream):
        where = where_in(path, number, several=several)
        if line is not None and line.startswith(START.encode()):
            yield from article.done()
            article = _Article(where, str(path))
        else:
            article.take(where, line)
    yield from article.done()


class _Article:
    """The lines of one article as they come."""

    def __init__(self, where: str, file: str) -> None:
        self.where = where
        self.file = file
        self.tokens: list[str] = []
        self.tags: list[str] = []
        self.size = 0
        self.fault = ""

    def take(self, where: str, line: bytes | None) -> None:
        """Read a line; after a fault nothing more is kept."""
        if self.fault:
            return
        self.size += len(line or b"")
        if line is None or self.size > MOST_BYTES:
            self._fail(f"it is longer than {MOST_BYTES >> 20} MB")
            return
        try:
            columns = line.decode().split()
        except UnicodeDecodeError:
            self._fail(f"{where} is not UTF-8")
            return
        if not columns:
            return
        if len(columns) < 2:
            self._fail(f"{where} has no tag")
            return
        self.tokens.append(columns[0])
        self.tags.append(columns[-1])

    def _fail(self, reason: str) -> None:
        self.fault = reason
        self.tokens, self.tags = [], []

    def done(self) -> Iterator[Record | Refused]:
        """Return the article, if there was any."""
        if self.fault:
            yield Refused(self.where, self.fault, self.file)
        elif self.tokens:
            found = made(self.where, self._record)
            yield replace(found, part=self.file)

    def _record(self) -> Record:
        spans = spans_of(self.tags)
        return Record(self.where, tokens=self.tokens, spans=spans, unit="token")


FORMAT: Final = Format(
    name="conll",
    about="CoNLL-2003 columns, BIO or BILOU, a file for each flat layer",
    carries=Carries(
        flat="only",
        tokens=True,
        spaces=False,
        relations=False,
        notes=False,
        layer_note=False,
        keeps=frozenset(),
    ),
    writer=_Writer,
    reader=read,
    suffix=".conll",
    has_layer_files=True,
    options=("tokens", "flatten", "groups", "priority", "tags"),
    offsets="tokens",
    advice="Nothing in it names the annotator: export one at a time (--annotator).",
)
