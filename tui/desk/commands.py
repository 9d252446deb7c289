"""The one table of what a user can do, in the reader, its modes, the library and the pages.

Key bindings, bars, help, palette,
README and messages all come from it. A command is a row here and
a method of what it acts on; the scheme adds two for each label.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from annotations.model.scheme import DEFAULT_SCHEME, Label, Scheme
from tui.desk.asks import Ask
from tui.desk.desk import Desk
from tui.desk.library import Library
from tui.desk.modes.noting import NoteMode
from tui.desk.modes.relating import RelationMode
from tui.desk.modes.reviewing import ReviewMode
from tui.desk.modes.searching import SearchMode
from tui.desk.modes.tagging import HintMode, TagMode
from tui.desk.pages import KeysPage, Page, PageAct
from tui.desk.typed import TypedLine
from tui.desk.unsaved import UnsavedPage
from tui.keys.command import Command
from tui.keys.keymap import Keymap
from tui.text.motion import LEFT, RIGHT

_Desk = Command[Desk]


def _motion(
    name: str,
    keys: tuple[str, ...],
    run: Callable[[Desk], object],
    help_: str,
    *,
    keeps_column: bool = False,
) -> Command[Desk]:
    return Command(
        f"move.{name}", keys, run, "Moving", help_, repeats=True, keeps_column=keeps_column
    )


_MOVING: Final[tuple[Command[Desk], ...]] = (
    _motion("left", ("left",), lambda desk: desk.motions.sideways(LEFT),
            "to the letter at the left (forward in Arabic)"),
    _motion("right", ("right",), lambda desk: desk.motions.sideways(RIGHT),
            "to the letter at the right (back in Arabic)"),
    _motion("up", ("up",), lambda desk: desk.motions.vertical(-1), "up a line",
            keeps_column=True),
    _motion("down", ("down",), lambda desk: desk.motions.vertical(1), "down a line",
            keeps_column=True),
    _motion("word_forward", ("w",), lambda desk: desk.motions.unit("word", 1), "to the next word"),
    _motion("word_back", ("b",), lambda desk: desk.motions.unit("word", -1), "to the word before"),
    _motion("word_end", ("e",), lambda desk: desk.motions.word_end(), "to the end of the word"),
    _motion("word_left", ("ctrl+left",), lambda desk: desk.motions.word_sideways(LEFT),
            "a word to the left"),
    _motion("word_right", ("ctrl+right",), lambda desk: desk.motions.word_sideways(RIGHT),
            "a word to the right"),
    _motion("clause_forward", ("]",), lambda desk: desk.motions.unit("clause", 1),
            "to the next clause"),
    _motion("clause_back", ("[",), lambda desk: desk.motions.unit("clause", -1),
            "to the clause before"),
    _motion("paragraph_forward", ("}",), lambda desk: desk.motions.unit("paragraph", 1),
            "to the next paragraph"),
    _motion("paragraph_back", ("{",), lambda desk: desk.motions.unit("paragraph", -1),
            "to the paragraph before"),
    _motion("line_start", ("home", "0"), lambda desk: desk.motions.line_edge(end=False),
            "to the start of the line"),
    _motion("line_end", ("end", "$"), lambda desk: desk.motions.line_edge(end=True),
            "to the end of the line"),
    _motion("page_down", ("pagedown", "ctrl+f"), lambda desk: desk.motions.page(1), "a screen down",
            keeps_column=True),
    _motion("page_up", ("pageup", "ctrl+b"), lambda desk: desk.motions.page(-1), "a screen up",
            keeps_column=True),
    _motion("document_start", ("g", "ctrl+home"),
            lambda desk: desk.motions.document_edge(end=False), "to the start of the article"),
    _motion("document_end", ("G", "ctrl+end"), lambda desk: desk.motions.document_edge(end=True),
            "to the end of the article"),
)  # fmt: skip

_SELECTING: Final[tuple[Command[Desk], ...]] = (
    _Desk("select.word", ("space",), lambda desk: desk.reading.select_or_grow(), "Selecting",
          "select the word; again: clause, sentence, paragraph", hint="select"),
    _Desk("select.extend", ("v",), lambda desk: desk.reading.start_extending(), "Selecting",
          "start a selection that motions extend", hint="extend"),
    _Desk("select.left", ("shift+left",), lambda desk: desk.motions.sideways(LEFT, extend=True),
          "Selecting", "extend to the left", repeats=True),
    _Desk("select.right", ("shift+right",), lambda desk: desk.motions.sideways(RIGHT, extend=True),
          "Selecting", "extend to the right", repeats=True),
    _Desk("select.up", ("shift+up",), lambda desk: desk.motions.vertical(-1, extend=True),
          "Selecting", "extend a line up", repeats=True, keeps_column=True),
    _Desk("select.down", ("shift+down",), lambda desk: desk.motions.vertical(1, extend=True),
          "Selecting", "extend a line down", repeats=True, keeps_column=True),
    _Desk("select.drop", ("escape",), lambda desk: desk.reading.drop(), "Selecting",
          "clear the selection, leave the span", hint="clear"),
)  # fmt: skip

_SPANS: Final[tuple[Command[Desk], ...]] = (
    _Desk("span.next", ("tab",), Desk.next_span, "Spans", "to the next span", hint="next span",
          repeats=True),
    _Desk("span.previous", ("shift+tab",), Desk.previous_span, "Spans", "to the span before",
          repeats=True),
    _Desk("span.delete", ("x", "delete"), lambda desk: desk.reading.delete(), "Spans",
          "delete the span (of several the innermost)", hint="delete"),
    _Desk("search", ("/",), Desk.search, "Finding", "search; the hits are marked as you type",
          hint="find"),
    _Desk("search.next", ("n",), lambda desk: desk.hit(1), "Finding",
          "to the next hit, which a label key tags", repeats=True),
    _Desk("search.previous", ("N",), lambda desk: desk.hit(-1), "Finding", "to the hit before",
          repeats=True),
    _Desk("hint.jump", ("f",), Desk.jump, "Finding", "put a hint on each word and jump to one",
          hint="jump"),
    _Desk("tag.beside", ('"',), Desk.tag_beside, "Tagging",
          "then a label key: tag beside a span of the same extent"),
    _Desk("edge.start_back", (",",), lambda desk: desk.edge("start_back"), "Edges",
          "start a word earlier", repeats=True, one_step=True),
    _Desk("edge.start_forward", (".",), lambda desk: desk.edge("start_forward"), "Edges",
          "start a word later", repeats=True, one_step=True),
    _Desk("edge.end_back", ("-",), lambda desk: desk.edge("end_back"), "Edges",
          "end a word earlier", repeats=True, one_step=True),
    _Desk("edge.end_forward", ("=",), lambda desk: desk.edge("end_forward"), "Edges",
          "end a word later", repeats=True, one_step=True),
    _Desk("edge.clause", ("+", "\\"), lambda desk: desk.edge("clause"), "Edges",
          "end at the clause's end, then the next's", repeats=True, one_step=True),
    _Desk("edge.cut", ("'",), lambda desk: desk.edge("cut"), "Edges",
          "leave the next proclitic out, or none", repeats=True, one_step=True),
    _Desk("edge.end_left", ("alt+left",), lambda desk: desk.letter_edge("end", "left"), "Edges",
          "move the end a letter to the left", repeats=True, one_step=True),
    _Desk("edge.end_right", ("alt+right",), lambda desk: desk.letter_edge("end", "right"),
          "Edges", "move the end a letter to the right", repeats=True, one_step=True),
    _Desk("edge.start_left", ("alt+shift+left",), lambda desk: desk.letter_edge("start", "left"),
          "Edges", "move the start a letter to the left", repeats=True, one_step=True),
    _Desk("edge.start_right", ("alt+shift+right",),
          lambda desk: desk.letter_edge("start", "right"), "Edges",
          "move the start a letter to the right", repeats=True, one_step=True),
    _Desk("span.repeats", (";", "*"), Desk.repeats, "Spans",
          "show every other mention, to tag it; twice: look in the other articles",
          hint="repeats"),
    _Desk("span.repeats_everywhere", (), Desk.repeats_everywhere, "Spans",
          "suggest its mentions in all other articles"),
    _Desk("suggestions.review", ("o",), Desk.review_suggestions, "Spans",
          "review what is suggested for this article"),
    _Desk("span.relate", ("r",), Desk.relate, "Spans", "join with another span, chosen by a hint",
          hint="relation"),
    _Desk("span.unrelate", ("R",), Desk.unrelate, "Spans",
        "remove the last relation of the span"),
    _Desk("edit.undo", ("u",), lambda desk: desk.reading.undo(), "Spans", "undo", hint="undo"),
    _Desk("edit.redo", ("ctrl+r",), lambda desk: desk.reading.redo(), "Spans", "redo"),
)  # fmt: skip

_ARTICLE: Final[tuple[Command[Desk], ...]] = (
    _Desk("article.done", ("d",), lambda desk: desk.finish("done"), "Article",
          "mark as done and open the next unfinished one", hint="done"),
    _Desk("article.skip", ("s",), lambda desk: desk.finish("skipped"), "Article",
          "skip, and open the next unfinished one"),
    _Desk("article.flag", ("!",), Desk.flag, "Article",
          "flag with a note for somebody else, and open the next unfinished one"),
    _Desk("article.note", ("#",), Desk.note, "Article", "write a note about the article"),
    _Desk("article.next", ("ctrl+n",), lambda desk: desk.go_to_article(1), "Article",
          "open the next article"),
    _Desk("article.previous", ("ctrl+o",), lambda desk: desk.go_to_article(-1), "Article",
          "open the one before"),
    _Desk("view.list", ("p",), lambda _: Ask.TOGGLE_LIST, "View",
          "show or hide the list of spans"),
    _Desk("view.lanes", ("z",), Desk.toggle_lanes, "View",
        "rows under the text: always or never"),
    _Desk("view.vowels", ("t",), Desk.toggle_vowels, "View", "show or hide vowel marks"),
    _Desk("help", ("?", "f1"), Desk.keys_page, "View", "show the keys", hint="keys"),
    _Desk("palette", ("ctrl+p",), lambda desk: desk.keys_page(finding=True), "View",
          "find a command by its name and do it"),
    _Desk("reader.leave", ("q",), Desk.leave, "View", "back to the library", hint="library"),
)  # fmt: skip

READER: Final[tuple[Command[Desk], ...]] = (*_MOVING, *_SELECTING, *_SPANS, *_ARTICLE)

HINTS: Final[tuple[Command[Any], ...]] = (
    Command("hints.take", ("enter", "space"), TagMode.take, "Hints",
            "the word here; after a first word: that one alone", "hints", "one word"),
    Command("hints.clause", ("]",), TagMode.to_clause_end, "Hints",
            "after a first word: to the end of its clause", "hints", "to the clause's end"),
    Command[HintMode]("hints.back", ("backspace",), lambda mode: mode.back(), "Hints",
        "take the last step back",
            "hints", "back"),
    Command[HintMode]("hints.leave", ("escape",), lambda mode: mode.leave(), "Hints",
        "leave the hints", "hints",
            "leave"),
    Command[HintMode]("jump.back", ("backspace",), lambda mode: mode.back(), "Hints",
        "take the last letter back",
            "jump"),
    Command[HintMode]("jump.leave", ("escape",), lambda mode: mode.leave(), "Hints",
        "leave the hints", "jump",
            "leave"),
    Command[RelationMode]("relation.take", ("enter",), lambda mode: mode.take(), "Relations",
            "join with the span that is marked", "relation", "the one marked"),
    Command[HintMode]("relation.back", ("backspace",), lambda mode: mode.back(), "Relations",
            "take the last letter back", "relation"),
    Command[HintMode]("relation.leave", ("escape",), lambda mode: mode.leave(), "Relations",
        "join nothing",
            "relation", "leave"),
)  # fmt: skip

_Review = Command[ReviewMode]
REVIEW: Final[tuple[Command[Any], ...]] = (
    _Review("review.next", ("n", "down", "tab"), lambda mode: mode.step(1), "Review",
            "the next one", "review", "next"),
    _Review("review.previous", ("N", "up", "shift+tab"), lambda mode: mode.step(-1), "Review",
            "the one before", "review"),
    _Review("review.reject", ("x", "delete"), lambda mode: mode.reject(), "Review",
        "reject this one",
            "review", "reject"),
    _Review("review.keep", ("enter",), lambda mode: mode.keep(), "Review",
            "tag all that were not rejected", "review", "keep all"),
    _Review("review.leave", ("escape",), lambda mode: mode.leave(), "Review",
            "tag nothing; suggestions stay for later", "review", "leave"),
    _Review("review.kinds", ("v",), lambda mode: mode.widen(), "Review",
            "repeats: exact ones, with clitics, all spellings", "review", "spellings"),
)  # fmt: skip

_Typing = Command[TypedLine]
TYPING: Final[tuple[Command[Any], ...]] = (
    Command("search.words", ("tab",), SearchMode.toggle_words, "Search",
            "whole words, or parts of words too", "search", "words or parts"),
    Command("search.keep", ("enter",), SearchMode.keep, "Search", "stay at the hit", "search",
            "stay"),
    Command[SearchMode]("search.leave", ("escape",), lambda mode: mode.leave(), "Search",
            "return to where the search began", "search", "return"),
    Command("note.keep", ("enter",), NoteMode.keep, "Note", "keep the note", "note", "keep"),
    Command[NoteMode]("note.leave", ("escape",), lambda mode: mode.leave(), "Note",
        "leave the note as it was", "note",
            "leave"),
    _Typing("typing.erase", ("backspace",), lambda line: line.erase(), "Typing",
            "take back the letter before the cursor", "typing"),
    _Typing("typing.left", ("left",), lambda line: line.sideways(LEFT), "Typing",
            "to the letter at the left", "typing"),
    _Typing("typing.right", ("right",), lambda line: line.sideways(RIGHT), "Typing",
            "to the letter at the right", "typing"),
    _Typing("typing.start", ("home",), lambda line: line.to_edge(end=False), "Typing",
            "to the start of the line", "typing"),
    _Typing("typing.end", ("end",), lambda line: line.to_edge(end=True), "Typing",
            "to the end of the line", "typing"),
)  # fmt: skip

_Library = Command[Library]
LIBRARY: Final[tuple[Command[Library], ...]] = (
    _Library("library.open", ("enter",), Library.open, "Library", "open the article", "library",
             "open"),
    _Library("library.up", ("up", "k"), lambda library: library.step(-1), "Library",
             "the article above", "library"),
    _Library("library.down", ("down", "j"), lambda library: library.step(1), "Library",
             "the article below", "library"),
    _Library("library.page_up", ("pageup",), lambda library: library.page(-1), "Library",
             "a screen up", "library"),
    _Library("library.page_down", ("pagedown",), lambda library: library.page(1), "Library",
             "a screen down", "library"),
    _Library("library.first", ("home", "g"), lambda library: library.edge(end=False), "Library",
             "the first article", "library"),
    _Library("library.last", ("end", "G"), lambda library: library.edge(end=True), "Library",
             "the last article", "library"),
    _Library("library.unfinished", ("n",), Library.next_unfinished, "Library",
             "the next unfinished article", "library", "next unfinished"),
    _Library("library.filter", ("/",), Library.begin_filter, "Library",
             "list only: words of the text, status:flagged, mine, claim>3, length<2000",
             "library", "filter"),
    _Library("library.view", ("v",), Library.next_view, "Library",
             "list only mine, new, in progress, flagged, done; then all again", "library",
             "view"),
    _Library("library.sort", ("s",), Library.next_sort, "Library", "sort by another thing",
             "library", "sort"),
    _Library("library.clear", ("escape",), Library.clear, "Library", "list all again", "library"),
    _Library("library.faults", ("f",), Library.faults_page, "Library",
             "list what can't be opened or occurs twice", "library"),
    _Library("library.help", ("?", "f1"), Library.keys_page, "Library", "show the keys",
             "library", "keys"),
    _Library("library.palette", ("ctrl+p",), lambda library: library.keys_page(finding=True),
             "Library", "find a command by its name and do it", "library"),
    _Library("library.quit", ("q",), lambda _: Ask.QUIT, "Library", "back to the shell",
             "library", "quit"),
    _Library("filter.apply", ("enter",), Library.apply_filter, "Library", "list what matches",
             "filter", "list"),
    _Library("filter.clear", ("escape",), Library.clear, "Library", "list all again", "filter",
             "list all"),
)  # fmt: skip

_Page = Command[Page]
PAGES: Final[tuple[Command[Any], ...]] = (
    _Page("page.close", ("escape", "q", "?", "f1"), lambda _: PageAct.CLOSE, "Page", "close",
          "page", "close"),
    _Page("page.find", ("/",), lambda page: page.find(), "Page", "find among the rows", "page",
        "find"),
    _Page("page.enter", ("enter",), lambda page: page.enter(), "Page", "close", "page"),
    _Page("page.down", ("down", "j"), lambda _: PageAct.DOWN, "Page", "scroll down", "page",
          "scroll"),
    _Page("page.up", ("up", "k"), lambda _: PageAct.UP, "Page", "scroll up", "page"),
    _Page("page.page_down", ("pagedown", "space"), lambda _: PageAct.PAGE_DOWN, "Page",
          "page down", "page"),
    _Page("page.page_up", ("pageup",), lambda _: PageAct.PAGE_UP, "Page", "page up", "page"),
    Command[KeysPage]("find.enter", ("enter",), lambda page: page.enter(), "Palette",
        "do the chosen command", "find",
            "do it"),
    Command[KeysPage]("find.close", ("escape",), lambda _: PageAct.CLOSE, "Palette", "close",
        "find",
            "close"),
    Command[KeysPage]("find.up", ("up",), lambda page: page.choose(-1), "Palette",
        "the command above",
            "find"),
    Command[KeysPage]("find.down", ("down",), lambda page: page.choose(1), "Palette",
        "the command below",
            "find"),
    Command("unsaved.retry", ("r",), UnsavedPage.retry, "Not saved",
            "try again, and leave if it works", "unsaved"),
    Command("unsaved.elsewhere", ("w",), UnsavedPage.write_elsewhere, "Not saved",
            "write the annotations to a file elsewhere, and leave", "unsaved"),
    Command("unsaved.abandon", ("X",), UnsavedPage.abandon, "Not saved",
            "leave without saving: the last changes are lost", "unsaved"),
    Command("unsaved.back", ("escape", "q"), UnsavedPage.close, "Not saved",
            "back to the article", "unsaved", "back to the article"),
)  # fmt: skip

_Anywhere = Command[object]
EVERYWHERE: Final[tuple[Command[object], ...]] = (
    _Anywhere("redraw", ("ctrl+l",), lambda _: Ask.REDRAW, "View", "redraw the screen",
              "everywhere"),
    _Anywhere("view.bidi", ("f2",), lambda _: Ask.NEXT_BIDI, "View",
              "send text to the terminal in another order, if it reads wrong", "everywhere"),
    _Anywhere("view.theme", ("f3",), lambda _: Ask.TOGGLE_THEME, "View", "dark or light",
              "everywhere"),
    _Anywhere("suspend", ("ctrl+z",), lambda _: Ask.SUSPEND, "View",
              "to the shell; fg comes back", "everywhere"),
    _Anywhere("quit", ("ctrl+q", "ctrl+c"), lambda _: Ask.QUIT, "View",
              "leave Hashiya from anywhere", "everywhere"),
)  # fmt: skip


def _label_commands(label: Label) -> tuple[Command[Any], ...]:
    described = f": {label.description}" if label.description else ""
    return (
        Command(
            f"label.{label.name}",
            (label.key,),
            partial(Desk.label, label=label.name),
            "Tagging",
            f"tag or relabel as {label.name}{described}",
            is_label=True,
        ),
        Command(
            f"review.label.{label.name}",
            (label.key,),
            partial(ReviewMode.relabel, label=label.name),
            "Review",
            f"make this one a {label.name}",
            "review",
            is_label=True,
        ),
    )


def table(scheme: Scheme) -> tuple[Command[Any], ...]:
    """Return all commands, those of the labels of a scheme first."""
    labels = [command for label in scheme.labels for command in _label_commands(label)]
    return (
        *labels, *READER, *HINTS, *REVIEW, *TYPING, *LIBRARY, *PAGES, *EVERYWHERE,
    )  # fmt: skip


def keymap_of(
    scheme: Scheme = DEFAULT_SCHEME, overrides: dict[str, tuple[str, ...]] | None = None
) -> Keymap:
    """Return the keys for a scheme, with those that a user has given.

    Args:
        scheme: Whose labels have keys.
        overrides: Keys by command id, instead of the table's.
    """
    return Keymap(table(scheme), overrides)
