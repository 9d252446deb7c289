"""The commands of the modes: hints, relations, reviews, and lines that are typed."""

from typing import Any, Final

from tui.desk.modes.going import GoMode
from tui.desk.modes.mentioning import MentionsMode
from tui.desk.modes.noting import NoteMode
from tui.desk.modes.relating import RelationMode
from tui.desk.modes.reviewing import ReviewMode
from tui.desk.modes.searching import SearchMode
from tui.desk.modes.tagging import HintMode, TagMode
from tui.desk.typed import TypedLine
from tui.keys.command import Command
from tui.text.motion import LEFT, RIGHT

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
    Command[HintMode]("far.back", ("backspace",), lambda mode: mode.back(), "Hints",
        "take the last letter back", "edge"),
    Command[HintMode]("far.leave", ("escape",), lambda mode: mode.leave(), "Hints",
        "leave the edge where it is", "edge", "leave"),
    Command[RelationMode]("relation.take", ("enter",), lambda mode: mode.take(), "Relations",
            "join with the span that is marked", "relation", "the one marked"),
    Command[RelationMode]("relation.first", ("1",), lambda mode: mode.take_recent(0), "Relations",
            "join with the other end of the last relation", "relation", "last"),
    Command[RelationMode]("relation.second", ("2",), lambda mode: mode.take_recent(1), "Relations",
            "join with that of the one before", "relation"),
    Command[RelationMode]("relation.third", ("3",), lambda mode: mode.take_recent(2), "Relations",
            "join with that of the one before that", "relation"),
    Command[RelationMode]("relation.next", ("tab",), lambda mode: mode.step(1), "Relations",
            "offer the next span that fits, on screen or not", "relation", "next"),
    Command[RelationMode]("relation.previous", ("shift+tab",), lambda mode: mode.step(-1),
            "Relations", "offer the span before that fits", "relation"),
    Command[RelationMode]("relation.search", ("/",), lambda mode: mode.search(), "Relations",
            "search for the other end by its words", "relation", "find"),
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

_Mentions = Command[MentionsMode]
MENTIONS: Final[tuple[Command[Any], ...]] = (
    _Mentions("mentions.next", ("n", "down", "tab"), lambda mode: mode.step(1), "Mentions",
              "the next one", "mentions", "next"),
    _Mentions("mentions.previous", ("N", "up", "shift+tab"), lambda mode: mode.step(-1),
              "Mentions", "the one before", "mentions"),
    _Mentions("mentions.leave_out", ("x", "delete"), lambda mode: mode.leave_out(), "Mentions",
              "leave this one as it is", "mentions", "leave out"),
    _Mentions("mentions.delete", ("enter",), lambda mode: mode.delete(), "Mentions",
              "delete all that were not left out; a label key relabels them", "mentions",
              "delete all"),
    _Mentions("mentions.leave", ("escape",), lambda mode: mode.leave(), "Mentions",
              "change nothing", "mentions", "leave"),
)  # fmt: skip

_Typing = Command[TypedLine]
TYPING: Final[tuple[Command[Any], ...]] = (
    Command("search.words", ("tab",), SearchMode.toggle_words, "Search",
            "whole words, or parts of words too", "search", "words or parts"),
    Command[SearchMode]("search.keep", ("enter",), lambda mode: mode.keep(), "Search",
            "stay at the hit", "search", "stay"),
    Command[SearchMode]("search.leave", ("escape",), lambda mode: mode.leave(), "Search",
            "return to where the search began", "search", "return"),
    Command[NoteMode]("note.keep", ("enter",), lambda mode: mode.keep(), "Note", "keep the note",
            "note", "keep"),
    Command[GoMode]("go.there", ("enter",), lambda mode: mode.keep(), "Go", "go there", "go", "go"),
    Command[GoMode]("go.leave", ("escape",), lambda mode: mode.leave(), "Go", "stay here", "go",
            "stay"),
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
