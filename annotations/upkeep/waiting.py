"""What waits for somebody: flags without an answer; and the files beside the layers that say so."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from annotations.errors import StoreError
from annotations.store.answers import FOLDER as ANSWERS
from annotations.store.answers import read_answers
from annotations.store.view import FILE as VIEW
from annotations.store.view import read_base
from annotations.team.flags import Flag, with_answers


class Waiting(Struct, frozen=True):
    """Something that waits, or a file that can't be read."""

    where: str
    what: str
    is_fault: bool = False


def waiting(root: Path, flags: Iterable[Flag]) -> Iterator[Waiting]:
    """List what waits for somebody.

    Args:
        root: The folder of the store.
        flags: All flags, without answers.
    """
    faults: list[str] = []
    answers = read_answers(root, faults)
    for fault in faults:
        yield Waiting(ANSWERS, fault, is_fault=True)
    try:
        read_base(root)
    except StoreError as error:
        yield Waiting(VIEW, str(error), is_fault=True)
    for flag in with_answers(flags, answers):
        if flag.is_open:
            yield Waiting(flag.document, f"{flag.sentence}. Nobody has answered.")
