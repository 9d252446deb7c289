"""What somebody answers to who flagged an article: a file for each who answers, beside the layers.

A flag is part of the layer of who set it, which nobody else may write; so an answer is kept with
who answers, and names the article and the annotator.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from annotations.disk.codec import encode
from annotations.disk.folders import names_in
from annotations.disk.names import file_name
from annotations.errors import StoreError
from annotations.store.side_files import read_side_file, write_side_file
from annotations.store.store import Store

FOLDER: Final = "answers"
_SCHEMA: Final = 1


class Answer(Struct, frozen=True):
    """An answer to a flag."""

    document: str
    """Id of the article."""
    flagged_by: str
    says: str
    answered_by: str
    at: str = ""
    """When it was kept: ISO 8601, UTC."""
    note: str = ""
    """What the flag said; one that says something else later is not answered by this."""


class _File(Struct, frozen=True):
    schema: int
    answers: tuple[Answer, ...]


def read_answers(root: Path, faults: list[str] | None = None) -> list[Answer]:
    """Read all answers of a store, the oldest first.

    Args:
        root: The folder of the store.
        faults: Takes a sentence for each file that can't be read.
    """
    found: list[Answer] = []
    for path in _paths(root):
        try:
            read = read_side_file(path, _File, _SCHEMA)
        except StoreError as error:
            if faults is not None:
                faults.append(str(error))
        else:
            found += read.answers if read else ()
    return sorted(found, key=lambda answer: (answer.at, answer.document, answer.flagged_by))


def _paths(root: Path) -> list[Path]:
    folder = root / FOLDER
    try:
        names = sorted(names_in(folder))
    except OSError:
        return []  # nobody has answered yet
    return [folder / name for name in names if name.endswith(".json")]


def save_answer(store: Store, answer: Answer) -> None:
    """Keep an answer, as of now; an earlier one to the same flag by the same person gives way.

    Raises:
        StoreError: It can't be written, or another session is writing one.
    """
    path = store.root / FOLDER / f"{file_name(answer.answered_by)}.json"
    lock = store.lock_file(f"answers-{file_name(answer.answered_by)}", answer.answered_by)
    try:
        read = read_side_file(path, _File, _SCHEMA)
        flag = (answer.document, answer.flagged_by)
        others = read.answers if read else ()
        kept = [item for item in others if (item.document, item.flagged_by) != flag]
        answered = replace(answer, at=store.now().isoformat(timespec="milliseconds"))
        rows = b",\n".join(map(encode, [*kept, answered]))
        write_side_file(path, [b'{"schema": %d, "answers": [\n%b\n]}\n' % (_SCHEMA, rows)])
    finally:
        lock.release()
