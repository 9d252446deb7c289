"""The reader: an article, its spans beside it, and the keys that tag.

Routes keys to the reading and has the widgets drawn anew; decides nothing itself.
"""

import asyncio
from contextlib import suppress

from textual import events
from textual.actions import parse
from textual.app import ComposeResult
from textual.containers import Horizontal

from annotations.errors import CorpusError
from annotations.library.index import Row
from annotations.model.layer import PUT_ASIDE, Span, Status
from tui.desk import motions
from tui.desk.commands import key_cap
from tui.desk.edges import Act, letter_act, move_edge, target_of
from tui.desk.modes.base import Mode, Outcome
from tui.desk.modes.noting import NoteMode
from tui.desk.modes.relating import begin_relation, unrelate
from tui.desk.modes.repeating import review_repeats
from tui.desk.modes.searching import SearchMode, go_to_hit
from tui.desk.modes.suggesting import review_suggestions
from tui.desk.modes.tagging import JumpMode, TagMode
from tui.desk.reading import Reading
from tui.desk.session import Session, Spread
from tui.keys.keyboard import Press
from tui.screens.base import CommandScreen, in_turns
from tui.screens.help import HelpScreen, MessageScreen
from tui.terminal.hook import LightApp
from tui.widgets.article import ArticleView
from tui.widgets.bars import STATUS_NAMES, Bar, label_bar, status_bar, title_bar, typing_bar
from tui.widgets.row_list import RowList
from tui.widgets.span_list import SpanList
from tui.widgets.task_list import TaskList

REPEATABLE = ("move(", "stretch(", "reading.go_to_span(", "hit(", "edge(", "letter_edge(")
"""Actions that a count repeats."""
KEEPS_COLUMN = ("move(", "stretch(")
"""Actions after which a motion up or down may still aim at the same column."""
MOST = 9999
_STATUS_ROOM = 14
"""Columns of the status bar before a message."""
WIDE = 100
"""Columns from which the list of spans stands beside the text."""


class ReaderScreen(CommandScreen):
    """Reads and tags one article after another."""

    PLACE = "reader"

    def __init__(self, session: Session, reading: Reading) -> None:
        super().__init__(session.keymap)
        self.session = session
        self.reading = reading
        self.mode: Mode | None = None
        self._repeated: str | None = None
        """Id of the span whose repeats were tagged last; the same key again looks everywhere."""
        self._beside = False
        """Whether the next label key tags beside a span of the same extent."""
        self._count = 0
        """How often the next motion is done; 0 for once."""
        self._just_opened = False
        """Whether finishing another article opened this one, and no key was pressed since."""
        self._column: int | None = None
        self._list_shown: bool | None = None

    def compose(self) -> ComposeResult:
        """Lay out the bars, the list and the article."""
        yield Bar(id="title-bar")
        with Horizontal():
            yield SpanList(self.reading)
            if self.session.tutor:
                yield TaskList(self.session.tutor)
            yield ArticleView(self.reading)
        yield Bar(id="label-bar")
        yield Bar(id="status-bar")

    @property
    def view(self) -> ArticleView:
        """The article."""
        return self.query_one(ArticleView)

    def on_mount(self) -> None:
        """Draw what is there."""
        self.view.paints_cursor = not getattr(self.app, "display_layer", None)
        self.watch(self.app, "theme", self._theme_changed, init=False)
        self._listen()
        self.update_all()
        self.call_after_refresh(self._tell_at_length)

    def _listen(self) -> None:
        """Have the status bar say what became of a change that took the disk longer than a key."""
        loop = asyncio.get_running_loop()

        def told() -> None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(self._update_status)

        self.reading.writer.told = told

    def _theme_changed(self) -> None:
        self.update_all()
        self.refresh(layout=True)

    def on_screen_resume(self) -> None:
        """Draw what may have changed while another screen was over this one."""
        self.update_all()

    def on_resize(self, event: events.Resize) -> None:
        """Put the list beside the text or away."""
        self._place_list(event.size.width)
        self.call_after_refresh(self.update_all)

    def _place_list(self, width: int) -> None:
        tutored = self.session.tutor is not None
        shown = width >= WIDE and not tutored if self._list_shown is None else self._list_shown
        spans = self.query_one(SpanList)
        spans.display = shown
        for tasks in self.query(TaskList):
            tasks.display = not shown
        spans.styles.width = 30 if width >= WIDE else max(12, min(34, width // 2))

    def update_all(self) -> None:
        """Draw everything that may have changed."""
        if not self.is_mounted or not self.view.size:
            return  # all is drawn at once when the size is known
        reading, width = self.reading, self.size.width
        self.view.hinting = self.mode.hinting if self.mode else None
        repainted = self.view.update_view()
        self.query_one(SpanList).update_list(reading)
        for tasks in self.query(TaskList):
            tasks.refresh()
        number, count = self.session.position + 1, len(self.session.shelf.listing)
        title_bar(self.query_one("#title-bar", Bar), reading, number, count, width)
        bar = self.query_one("#label-bar", Bar)
        if isinstance(self.mode, SearchMode | NoteMode):
            sign = "/" if isinstance(self.mode, SearchMode) else "note:"
            typing_bar(bar, self.mode.typed, self.mode.prompt, width, sign)
        else:
            label_bar(bar, reading, width, self.commands, self.mode.prompt if self.mode else "")
        self._update_status()
        if not repainted and isinstance(self.app, LightApp):
            self.app.show_cursor()

    def _update_status(self) -> None:
        if self.is_mounted:
            bar, width = self.query_one("#status-bar", Bar), self.size.width
            status_bar(bar, self.reading, self.session.annotator, width, self._to_learn())

    def _to_learn(self) -> list[tuple[str, str]]:
        """List the keys that a newcomer has not used yet, and what they do."""
        by_id = {command.id: command for command in self.commands}
        label = by_id[f"label.{self.session.scheme.labels[0].name}"]
        found = []
        for name in self.session.to_learn if not self.session.tutor else ():
            command = label if name == "label" else by_id[name]
            if command.keys:
                hint = "tag a word" if name == "label" else command.hint
                found.append((key_cap(command.keys[0]), hint))
        return found

    # Keys

    async def press(self, press: Press) -> bool:
        """Forget the last message; give the key to the mode, or do what it stands for."""
        self.reading.message = ""
        action = self.action_of(press)
        if not action.startswith("finish("):
            self._just_opened = False
        if not action.startswith(KEEPS_COLUMN):
            self._column = None
        used = (self.mode is not None and self._press_in_mode(press)) or self._counts(press.key)
        if not used:
            await self.run_chosen(action)
        if self.mode is None:
            self.session.saw("" if used else action)
        elif action.startswith("label("):
            self.session.saw(action)
        self.update_all()
        return used or bool(action)

    async def run_chosen(self, action: str | None) -> None:
        """Do what a key or a row of the palette stands for, as often as a count says."""
        count, self._count = self._count, 0
        if action != "repeats":
            self._repeated = None
        self._beside = self._beside and (action or "").startswith("label(")
        for _ in range(max(1, count) if (action or "").startswith(REPEATABLE) else 1):
            name, _, rest = (action or "").partition(".")
            if name == "reading":
                _, method, arguments = parse(rest)
                getattr(self.reading, method)(*arguments)
            else:
                await super().run_chosen(action)

    def _counts(self, key: str) -> bool:
        """Take a digit as part of a count before a motion, as in 3w."""
        if not (len(key) == 1 and "0" <= key <= "9") or (key == "0" and not self._count):
            return False
        self._count = min(MOST, self._count * 10 + int(key))
        self.reading.message = f"{self._count} times ..."
        return True

    def _press_in_mode(self, press: Press) -> bool:
        """Give a key to the mode; tell whether that was all it was for."""
        assert self.mode
        typed = press.text.strip() and self.mode.takes_text
        mode, outcome = self.mode, self.mode.press(press.text if typed else press.key)
        if outcome is not Outcome.STAY:
            self.mode = None
            if isinstance(mode, NoteMode) and mode.is_kept and mode.status:
                self._go_on()
            if self.reading.armed:
                self.view.look_ahead()
        return outcome is not Outcome.PASS

    def action_label(self, label: str) -> None:
        """Tag what is at hand, or put hints on the words to choose from."""
        beside, self._beside = self._beside, False
        if self.reading.has_target:
            self.reading.tag(label, beside=beside)
        elif self.reading.may_change():
            self.mode = TagMode(self.reading, label, self.view.window, self._taken)

    def action_beside(self) -> None:
        """Have the next label key tag beside a span of the same extent."""
        self._beside = True
        self.reading.message = "Tag beside what is there: which label?"

    @property
    def _taken(self) -> str:
        """Letters that are no hints, since they begin a tag or a relation."""
        relate = next(item for item in self.commands if item.id == "span.relate").keys
        return "".join([*relate, *(label.key for label in self.session.scheme.labels)])

    def on_paste(self, event: events.Paste) -> None:
        """Put a pasted text into the search line."""
        if isinstance(self.mode, SearchMode | NoteMode):
            self.mode.paste(event.text)
            self.update_all()

    def action_search(self) -> None:
        """Open the search line."""
        self.mode = SearchMode(self.reading)

    def action_hit(self, step: int) -> None:
        """Go to the next or previous hit."""
        go_to_hit(self.reading, step)

    def action_jump(self) -> None:
        """Put hints on the words, to jump to one."""
        self.mode = JumpMode(self.reading, self.view.window, self._taken)

    def action_edge(self, act: Act) -> None:
        """Move an edge of the span at hand."""
        move_edge(self.reading, act)

    def action_letter_edge(self, edge: str, side: str) -> None:
        """Move an edge of the span at hand by a letter, as it is seen."""
        span = target_of(self.reading)
        layout = self.view.laid_out
        rtl = layout.line(layout.line_of(span.start if span else self.reading.cursor)).base == 1
        move_edge(self.reading, letter_act(edge, forward=rtl == (side == "left")))

    def action_repeats(self) -> None:
        """Tag every other mention of the span at hand and review them; twice, everywhere."""
        span = target_of(self.reading)
        if span is not None and span.id == self._repeated:
            self.action_repeats_everywhere()
            return
        self.mode = review_repeats(self.reading, span)
        self._repeated = span.id if span else None

    def action_repeats_everywhere(self) -> None:
        """Suggest the mentions of the span at hand in all other articles."""
        self._repeated = None
        span = target_of(self.reading)
        if span is None:
            self.reading.message = "There is no span here whose mentions could be suggested."
        elif self.reading.may_change():
            self.run_worker(self._spread(span), group="spread", exclusive=True)

    async def _spread(self, span: Span) -> None:
        """Go through the other articles and say how far it is."""

        def tell(spread: Spread) -> None:
            self.reading.message = spread.told
            self.update_all()

        await in_turns(self.session.suggest_everywhere(span), tell)

    def action_review_suggestions(self) -> None:
        """Tag what is suggested for this article and review it."""
        self.mode = review_suggestions(self.reading)

    def action_relate(self) -> None:
        """Join the span at hand with another."""
        span = target_of(self.reading)
        self.mode = begin_relation(self.reading, span, self.view.window, self._taken)

    def action_unrelate(self) -> None:
        """Part the span at hand from the one it was joined with last."""
        unrelate(self.reading, target_of(self.reading))

    def action_move(self, name: str) -> None:
        """Move the cursor."""
        self._move(name, extend=False)

    def action_stretch(self, name: str) -> None:
        """Move the cursor and select what lies between."""
        self._move(name, extend=True)

    def _move(self, name: str, *, extend: bool) -> None:
        column = self._column
        self._column = None
        layout = self.view.laid_out
        if extend:
            rtl = layout.line(layout.line_of(self.reading.cursor)).base == 1
            forward = {"down", "left" if rtl else "right"}
            self.reading.stretch_from(forward=name in forward)
        if name in motions.KEEPS_COLUMN:
            self._column = motions.column(self.reading, layout) if column is None else column
        offset = motions.target(
            name, self.reading, layout, page=self.view.page, column=self._column
        )
        before = self.reading.cursor
        self.reading.move_to(offset, extend=extend)
        if self.reading.cursor == before and before in (0, self.reading.last_grapheme):
            where = "begins" if before == 0 else "ends"
            self.reading.message = f"The article {where} here."
            self.app.bell()

    def action_finish(self, status: Status) -> None:
        """Close the work on this article and open the next unfinished one."""
        reading, just_opened = self.reading, self._just_opened
        self._just_opened = False
        if reading.layer.status == status:
            reading.set_status("in_progress" if reading.layer.spans else "new")
            reading.message = reading.message or "The article is open again."
            return
        if just_opened and not reading.layer.spans:
            reading.message = f"This one is not read yet; once more marks it as {status}."
            return
        reading.set_status(status)
        if reading.layer.status not in PUT_ASIDE:
            return
        self._go_on()

    def action_flag(self) -> None:
        """Ask for a note, flag the article, and open the next unfinished one."""
        if self.reading.may_change():
            self.mode = NoteMode(self.reading, "flagged")

    def action_note(self) -> None:
        """Write a note about the article."""
        if self.reading.may_change():
            self.mode = NoteMode(self.reading)

    def _go_on(self) -> None:
        """Open the next unfinished article after one that was closed."""
        status = STATUS_NAMES[self.reading.layer.status]
        number = self.session.position + 1
        if not self._may_leave():
            return
        following = self.session.next_unfinished()
        if following is None:
            self.reading.message = (
                "Every article is done, skipped or flagged. q goes to the library."
            )
            return
        self._just_opened = True
        self._open(following, f"Article {number} is {status}; Ctrl+O goes back.")

    def action_article(self, step: int) -> None:
        """Open the next or previous article."""
        following = self.session.neighbour(step)
        if following is None:
            where = "after" if step > 0 else "before"
            self.reading.message = f"There is no article {where} this one."
        elif self._may_leave():
            self._open(following)

    def _open(self, row: Row, message: str = "") -> None:
        try:
            reading = self.session.open(row)
        except CorpusError as error:
            self.reading.message = str(error)
        else:
            self._show(reading, message)

    def _show(self, reading: Reading, message: str = "") -> None:
        self.reading = reading
        self._listen()
        reading.message = reading.message or message
        self.mode = None
        self._column = None
        self.view.show_reading(reading)
        self.update_all()
        self._tell_at_length()

    def _tell_at_length(self) -> None:
        """Show what must be known about an article on a page if the status bar can't hold it."""
        message = self.reading.checked_out.message
        if len(message) > self.app.size.width - _STATUS_ROOM:
            self.app.push_screen(MessageScreen(self.reading.document.id, [message], self.keymap))

    # View

    def action_toggle_list(self) -> None:
        """Show or hide the list of spans."""
        shown = not self.query_one(SpanList).display
        self._list_shown = None if shown == (self.size.width >= WIDE) else shown
        self._place_list(self.size.width)
        self.call_after_refresh(self.update_all)

    def action_toggle_lanes(self) -> None:
        """Show the rows under the text, or not."""
        self.view.shows_lanes = not self.view.shows_lanes

    def action_toggle_vowels(self) -> None:
        """Show vowel marks, or not: some terminals draw them badly."""
        self.view.hides_vowels = not self.view.hides_vowels

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen("reader", self.keymap), self.run_chosen)

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.app.push_screen(HelpScreen("reader", self.keymap, finding=True), self.run_chosen)

    def action_leave(self) -> None:
        """Go back to the library."""
        if self._may_leave():
            self.dismiss()

    def _may_leave(self) -> bool:
        """Whether all is saved, or is now; the status bar says why if it is not."""
        return self.reading.finish_saving()

    # Mouse

    def _leave_mode(self) -> None:
        """End a mode as a key does that means nothing in it."""
        if self.mode:
            self._press_in_mode(Press("mouse"))
        self.mode = None

    def on_article_view_pressed(self, event: ArticleView.Pressed) -> None:
        """Put the cursor where the mouse is; a double click selects the word."""
        self._column = None
        self._leave_mode()
        self.reading.message = ""
        self.reading.drop()
        self.reading.move_to(event.offset)
        if event.double:
            self.reading.select_or_grow()
        self.update_all()

    def on_article_view_dragged(self, event: ArticleView.Dragged) -> None:
        """Select what the mouse was dragged over."""
        self.reading.select(event.start, event.end)
        self.update_all()

    def on_article_view_scrolled(self, event: ArticleView.Scrolled) -> None:
        """Scroll without moving the cursor."""
        self.view.scroll_lines(event.lines)

    def on_row_list_pressed(self, event: RowList.Pressed) -> None:
        """Go to the span that was clicked in the list."""
        self._leave_mode()
        entries = self.query_one(SpanList).entries
        if event.index < len(entries):
            self.reading.activate(entries[event.index].span)
            self.update_all()
