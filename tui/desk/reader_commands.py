"""The commands of the reader: moving, selecting, spans and their edges, finding, the article."""

from collections.abc import Callable
from functools import partial
from typing import Final

from tui.desk import articles
from tui.desk.asks import Ask
from tui.desk.desk import Desk
from tui.desk.edging import press_edge, press_letter_edge
from tui.desk.walking import go_to_span
from tui.keys.command import Command
from tui.text.motion import LEFT, RIGHT

_Desk = Command[Desk]


def _motion(
    name: str,
    keys: tuple[str, ...],
    run: Callable[[Desk], object],
    help_: str,
    *,
    keeps_column: bool = False,
    one_step: bool = False,
) -> Command[Desk]:
    return Command(
        f"move.{name}", keys, run, "Moving", help_, repeats=True, keeps_column=keeps_column,
        one_step=one_step,
    )  # fmt: skip


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
    _motion("document_end", ("G", "ctrl+end"), Desk.to_line_or_end,
            "to the end of the article; with a count to that line, as in 12G", one_step=True),
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
    _Desk("select.drop", ("escape",), Desk.clear, "Selecting",
          "clear the selection, leave the span", hint="clear"),
)  # fmt: skip

_SPANS: Final[tuple[Command[Desk], ...]] = (
    _Desk("span.next", ("tab",), lambda desk: go_to_span(desk.reading, 1), "Spans",
          "to the next span", hint="next span", repeats=True),
    _Desk("span.previous", ("shift+tab",), lambda desk: go_to_span(desk.reading, -1),
          "Spans", "to the span before", repeats=True),
    _Desk("span.delete", ("x", "delete"), lambda desk: desk.reading.delete(), "Spans",
          "delete the span (of several the innermost)", hint="delete"),
    _Desk("span.mentions", ("X",), Desk.mentions, "Spans",
          "delete or relabel all its mentions here, after a look at each"),
    _Desk("span.note", ("m",), Desk.note_span, "Spans", "write a note on the span",
          yields=True),
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
    _Desk("edge.start_back", (",",), lambda desk: press_edge(desk, "start_back"), "Edges",
          "start a word earlier; twice: hints, for a word far off", repeats=True, one_step=True),
    _Desk("edge.start_forward", (".",), lambda desk: press_edge(desk, "start_forward"), "Edges",
          "start a word later; twice: hints", repeats=True, one_step=True),
    _Desk("edge.end_back", ("-",), lambda desk: press_edge(desk, "end_back"), "Edges",
          "end a word earlier; twice: hints", repeats=True, one_step=True),
    _Desk("edge.end_forward", ("=",), lambda desk: press_edge(desk, "end_forward"), "Edges",
          "end a word later; twice: hints", repeats=True, one_step=True),
    _Desk("edge.clause", ("+", "\\"), lambda desk: press_edge(desk, "clause"), "Edges",
          "end at the clause's end, then the next's", repeats=True, one_step=True),
    _Desk("edge.cut", ("'",), lambda desk: press_edge(desk, "cut"), "Edges",
          "leave the next proclitic out, or none", repeats=True, one_step=True),
    _Desk("edge.end_left", ("alt+left",), lambda desk: press_letter_edge(desk, "end", "left"),
          "Edges", "move the end a letter to the left", repeats=True, one_step=True),
    _Desk("edge.end_right", ("alt+right",), lambda desk: press_letter_edge(desk, "end", "right"),
          "Edges", "move the end a letter to the right", repeats=True, one_step=True),
    _Desk("edge.start_left", ("alt+shift+left",),
          lambda desk: press_letter_edge(desk, "start", "left"), "Edges",
          "move the start a letter to the left", repeats=True, one_step=True),
    _Desk("edge.start_right", ("alt+shift+right",),
          lambda desk: press_letter_edge(desk, "start", "right"), "Edges",
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
    _Desk("span.relate_at_once", ("y",), Desk.relate_at_once, "Spans",
          "join with the span that the bar names: who says the claim", hint="join",
          yields=True),
    _Desk("span.unrelate", ("R",), Desk.unrelate, "Spans",
        "remove the last relation of the span"),
    _Desk("edit.undo", ("u",), lambda desk: desk.reading.undo(), "Spans", "undo", hint="undo"),
    _Desk("edit.redo", ("ctrl+r",), lambda desk: desk.reading.redo(), "Spans", "redo"),
)  # fmt: skip

_ARTICLE: Final[tuple[Command[Desk], ...]] = (
    _Desk("article.done", ("d",), partial(articles.finish, status="done"), "Article",
          "mark as done and open the next unfinished one", hint="done"),
    _Desk("article.skip", ("s",), partial(articles.finish, status="skipped"), "Article",
          "skip, and open the next unfinished one"),
    _Desk("article.flag", ("!",), articles.flag, "Article",
          "flag with a note for somebody else, and open the next unfinished one"),
    _Desk("article.note", ("#",), articles.note, "Article", "write a note about the article"),
    _Desk("article.answer", ("@",), articles.answer, "Article",
          "answer who flagged this article"),
    _Desk("article.go", (":",), Desk.go, "Article", "go to an article by its number, or to a line"),
    _Desk("article.next", ("ctrl+n",), lambda desk: articles.turn(desk, 1), "Article",
          "open the next article"),
    _Desk("article.previous", ("ctrl+o",), lambda desk: articles.turn(desk, -1), "Article",
          "open the one before"),
    _Desk("view.list", ("p",), lambda _: Ask.TOGGLE_LIST, "View",
          "show or hide the list of spans"),
    _Desk("view.lanes", ("z",), Desk.toggle_lanes, "View",
        "rows under the text: always or never"),
    _Desk("view.base", ("f4",), Desk.next_base, "View",
          "the direction of paragraphs, for all who read this corpus"),
    _Desk("view.vowels", ("t",), Desk.toggle_vowels, "View", "show or hide vowel marks"),
    _Desk("help", ("?", "f1"), Desk.keys_page, "View", "show the keys", hint="keys"),
    _Desk("palette", ("ctrl+p",), lambda desk: desk.keys_page(finding=True), "View",
          "find a command by its name and do it"),
    _Desk("reader.leave", ("q",), Desk.leave, "View", "back to the library", hint="library"),
)  # fmt: skip

READER: Final[tuple[Command[Desk], ...]] = (*_MOVING, *_SELECTING, *_SPANS, *_ARTICLE)
