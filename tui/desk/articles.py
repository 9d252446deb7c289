"""From one article to the next: finished, skipped, flagged, or only turned to.

Offsets are code points; articles are counted from 1, as they are listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotations.errors import CorpusError
from annotations.library.filters import Row
from annotations.model.layer import PUT_ASIDE, Status
from tui.desk.asks import Ask, Wish
from tui.desk.modes.noting import AnswerMode, NoteMode
from tui.desk.wording import STATUS_NAMES

if TYPE_CHECKING:
    from tui.desk.desk import Desk


def finish(desk: Desk, status: Status) -> Wish:
    """Close the work on this article and open the next unfinished one."""
    reading, just_opened = desk.reading, desk.just_opened
    desk.just_opened = False
    if reading.layer.status == status:
        reading.set_status("in_progress" if reading.layer.spans else "new")
        reading.message = reading.message or "The article is open again."
        return None
    if just_opened and not reading.layer.spans:
        name = "article.done" if status == "done" else "article.skip"
        reading.say(
            f"You have not read this one yet; {{{name}}} again marks it as {STATUS_NAMES[status]}."
        )
        return None
    reading.set_status(status)
    return go_on(desk) if reading.layer.status in PUT_ASIDE else None


def flag(desk: Desk) -> None:
    """Ask for a note, flag the article, and open the next unfinished one."""
    if desk.reading.may_change():
        desk.mode = NoteMode(desk.reading, "flagged")


def note(desk: Desk) -> None:
    """Write a note about the article."""
    if desk.reading.may_change():
        desk.mode = NoteMode(desk.reading)


def answer(desk: Desk) -> None:
    """Write to who flagged this article; the first who has no answer yet, if there are several."""
    flags = desk.session.flags_on(desk.reading.document.id)
    if not flags:
        desk.reading.say("Nobody else has flagged this article.")
        return
    flag_ = next((one for one in flags if one.is_open), flags[0])
    desk.mode = AnswerMode(
        desk.reading, flag_.annotator, lambda says: desk.session.answer(flag_, says)
    )


def go_on(desk: Desk) -> Wish:
    """Open the next unfinished article after one that was closed."""
    status = STATUS_NAMES[desk.reading.layer.status]
    number = desk.session.listing.chosen + 1
    if not desk.reading.finish_saving():
        return None
    following = desk.session.next_unfinished()
    if following is None:
        desk.reading.say(
            "Every article is done, skipped or flagged. {reader.leave} goes to the library."
        )
        return None
    desk.just_opened = True
    said = "Article {number} is {status}; {article.previous} goes back."
    return _open(desk, following, desk.keymap.fill(said, {"number": number, "status": status}))


def turn(desk: Desk, step: int) -> Wish:
    """Open the next article (1) or the one before (-1)."""
    following = desk.session.listing.neighbour(step)
    if following is None:
        where = "after" if step > 0 else "before"
        desk.reading.say(f"There is no article {where} this one.")
        return None
    return _open(desk, following) if desk.reading.finish_saving() else None


def go_to_article(desk: Desk, number: int) -> Wish:
    """Open the article of a number, as it is listed."""
    listing = desk.session.listing
    if not 1 <= number <= len(listing):
        desk.reading.say(f"There is no article {number}; the last is {len(listing)}.")
        return None
    return turn(desk, number - 1 - listing.chosen)


def _open(desk: Desk, row: Row, message: str = "") -> Wish:
    try:
        reading = desk.session.open(row)
    except CorpusError as error:
        desk.reading.message = str(error)
        return None
    reading.message = reading.message or message
    desk.put_down(reading)
    return Ask.OPEN
