"""The one table of what a user can do: id, keys, action, group and help of every command.

Key bindings, label bar, help screen, palette and README all come from it. A key is a Latin
character or one of Textual's key names; what other layouts send for it is `keyboard`'s business.
The scheme adds a command for each label.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from annotations.errors import SchemeError
from annotations.model.scheme import DEFAULT_SCHEME, Scheme

Place: TypeAlias = Literal["library", "reader", "page", "unsaved", "everywhere"]


@dataclass(frozen=True, slots=True)
class Command:
    """Something a user can do."""

    id: str
    keys: tuple[str, ...]
    action: str
    """The Textual action of the screen that does it, or a method of the reading."""
    group: str
    help: str
    place: Place = "reader"
    hint: str = ""
    """What the label bar says of it; empty keeps it out of the bar."""


def _motion(name: str, keys: tuple[str, ...], help_: str) -> tuple[Command, ...]:
    return (Command(f"move.{name}", keys, f"move('{name}')", "Moving", help_),)


COMMANDS: Final[tuple[Command, ...]] = (
    *_motion("left", ("left",), "to the letter at the left (forward in Arabic)"),
    *_motion("right", ("right",), "to the letter at the right (back in Arabic)"),
    *_motion("up", ("up",), "up a line"),
    *_motion("down", ("down",), "down a line"),
    *_motion("word_forward", ("w",), "to the next word"),
    *_motion("word_back", ("b",), "to the word before"),
    *_motion("word_end", ("e",), "to the end of the word"),
    *_motion("word_left", ("ctrl+left",), "a word to the left"),
    *_motion("word_right", ("ctrl+right",), "a word to the right"),
    *_motion("clause_forward", ("]",), "to the next clause"),
    *_motion("clause_back", ("[",), "to the clause before"),
    *_motion("paragraph_forward", ("}",), "to the next paragraph"),
    *_motion("paragraph_back", ("{",), "to the paragraph before"),
    *_motion("line_start", ("home", "0"), "to the start of the line"),
    *_motion("line_end", ("end", "$"), "to the end of the line"),
    *_motion("page_down", ("pagedown", "ctrl+f"), "a screen down"),
    *_motion("page_up", ("pageup", "ctrl+b"), "a screen up"),
    *_motion("document_start", ("g", "ctrl+home"), "to the start of the article"),
    *_motion("document_end", ("G", "ctrl+end"), "to the end of the article"),
    Command(
        "select.word",
        ("space",),
        "reading.select_or_grow",
        "Selecting",
        "select the word; again: clause, sentence, paragraph",
        hint="select",
    ),
    Command(
        "select.extend",
        ("v",),
        "reading.start_extending",
        "Selecting",
        "start a selection that motions extend",
        hint="extend",
    ),
    Command("select.left", ("shift+left",), "stretch('left')", "Selecting", "extend to the left"),
    Command(
        "select.right", ("shift+right",), "stretch('right')", "Selecting", "extend to the right"
    ),
    Command("select.up", ("shift+up",), "stretch('up')", "Selecting", "extend a line up"),
    Command("select.down", ("shift+down",), "stretch('down')", "Selecting", "extend a line down"),
    Command(
        "select.drop", ("escape",), "reading.drop", "Selecting", "let go of selection and span"
    ),
    Command(
        "span.next",
        ("tab",),
        "reading.go_to_span(1)",
        "Spans",
        "to the next span",
        hint="next span",
    ),
    Command(
        "span.previous", ("shift+tab",), "reading.go_to_span(-1)", "Spans", "to the span before"
    ),
    Command(
        "span.delete",
        ("x", "delete"),
        "reading.delete",
        "Spans",
        "delete the span (of several the innermost)",
        hint="delete",
    ),
    Command(
        "search",
        ("/",),
        "search",
        "Finding",
        "search; the hits are marked as you type",
        hint="find",
    ),
    Command("search.next", ("n",), "hit(1)", "Finding", "to the next hit, which a label key tags"),
    Command("search.previous", ("N",), "hit(-1)", "Finding", "to the hit before"),
    Command(
        "hint.jump",
        ("f",),
        "jump",
        "Finding",
        "put a hint on each word and jump to one",
        hint="jump",
    ),
    Command(
        "tag.beside",
        ('"',),
        "beside",
        "Tagging",
        "then a label key: tag beside a span of the same extent",
    ),
    Command("edge.start_back", (",",), "edge('start_back')", "Edges", "start a word earlier"),
    Command("edge.start_forward", (".",), "edge('start_forward')", "Edges", "start a word later"),
    Command("edge.end_back", ("-",), "edge('end_back')", "Edges", "end a word earlier"),
    Command("edge.end_forward", ("=",), "edge('end_forward')", "Edges", "end a word later"),
    Command(
        "edge.clause",
        ("+", "\\"),
        "edge('clause')",
        "Edges",
        "end at the clause's end, then the next's",
    ),
    Command("edge.cut", ("'",), "edge('cut')", "Edges", "leave the next proclitic out, or none"),
    Command(
        "edge.end_left",
        ("alt+left",),
        "letter_edge('end', 'left')",
        "Edges",
        "move the end a letter to the left",
    ),
    Command(
        "edge.end_right",
        ("alt+right",),
        "letter_edge('end', 'right')",
        "Edges",
        "move the end a letter to the right",
    ),
    Command(
        "edge.start_left",
        ("alt+shift+left",),
        "letter_edge('start', 'left')",
        "Edges",
        "move the start a letter to the left",
    ),
    Command(
        "edge.start_right",
        ("alt+shift+right",),
        "letter_edge('start', 'right')",
        "Edges",
        "move the start a letter to the right",
    ),
    Command(
        "span.repeats",
        (";", "*"),
        "repeats",
        "Spans",
        "tag every other mention, then review",
        hint="repeats",
    ),
    Command(
        "span.repeats_everywhere",
        (),
        "repeats_everywhere",
        "Spans",
        "suggest its mentions in all other articles (;; or **)",
    ),
    Command(
        "suggestions.review",
        ("o",),
        "review_suggestions",
        "Spans",
        "review what is suggested for this article",
    ),
    Command(
        "span.relate",
        ("r",),
        "relate",
        "Spans",
        "join with another span, chosen by a hint",
        hint="relation",
    ),
    Command("span.unrelate", ("R",), "unrelate", "Spans", "remove the last relation of the span"),
    Command("edit.undo", ("u",), "reading.undo", "Spans", "undo", hint="undo"),
    Command("edit.redo", ("ctrl+r",), "reading.redo", "Spans", "redo"),
    Command(
        "article.done",
        ("d",),
        "finish('done')",
        "Article",
        "mark as done and open the next unfinished one",
        hint="done",
    ),
    Command(
        "article.skip",
        ("s",),
        "finish('skipped')",
        "Article",
        "skip, and open the next unfinished one",
    ),
    Command(
        "article.flag",
        ("!",),
        "flag",
        "Article",
        "flag with a note for somebody else, and open the next unfinished one",
    ),
    Command("article.note", ("#",), "note", "Article", "write a note about the article"),
    Command("article.next", ("ctrl+n",), "article(1)", "Article", "open the next article"),
    Command("article.previous", ("ctrl+o",), "article(-1)", "Article", "open the one before"),
    Command("view.list", ("p",), "toggle_list", "View", "show or hide the list of spans"),
    Command("view.lanes", ("z",), "toggle_lanes", "View", "rows under the text: always or never"),
    Command("view.vowels", ("t",), "toggle_vowels", "View", "show or hide vowel marks"),
    Command("help", ("?", "f1"), "help", "View", "show the keys", hint="keys"),
    Command("palette", ("ctrl+p",), "palette", "View", "find a command by its name and do it"),
    Command("reader.leave", ("q",), "leave", "View", "back to the library", hint="library"),
    Command("library.open", ("enter",), "open", "Library", "open the article", "library", "open"),
    Command("library.up", ("up", "k"), "choose(-1)", "Library", "the article above", "library"),
    Command("library.down", ("down", "j"), "choose(1)", "Library", "the article below", "library"),
    Command("library.page_up", ("pageup",), "page(-1)", "Library", "a screen up", "library"),
    Command("library.page_down", ("pagedown",), "page(1)", "Library", "a screen down", "library"),
    Command("library.first", ("home", "g"), "first", "Library", "the first article", "library"),
    Command("library.last", ("end", "G"), "last", "Library", "the last article", "library"),
    Command(
        "library.unfinished",
        ("n",),
        "unfinished",
        "Library",
        "the next unfinished article",
        "library",
        "next unfinished",
    ),
    Command(
        "library.filter",
        ("/",),
        "filter",
        "Library",
        "list only: words of the text, status:flagged, mine, claim>3, length<2000",
        "library",
        "filter",
    ),
    Command(
        "library.view",
        ("v",),
        "next_view",
        "Library",
        "list only mine, new, in progress, flagged, done; then all again",
        "library",
        "view",
    ),
    Command(
        "library.sort", ("s",), "next_sort", "Library", "sort by another thing", "library", "sort"
    ),
    Command("library.clear", ("escape",), "clear", "Library", "list all again", "library"),
    Command(
        "library.faults",
        ("f",),
        "faults",
        "Library",
        "list what can't be opened or occurs twice",
        "library",
    ),
    Command("library.help", ("?", "f1"), "help", "Library", "show the keys", "library", "keys"),
    Command(
        "library.palette",
        ("ctrl+p",),
        "palette",
        "Library",
        "find a command by its name and do it",
        "library",
    ),
    Command("library.quit", ("q",), "app.quit", "Library", "back to the shell", "library", "quit"),
    Command("page.close", ("escape", "q", "?", "f1"), "close", "Page", "close", "page"),
    Command("page.find", ("/",), "find", "Page", "find among the rows", "page"),
    Command("page.enter", ("enter",), "enter", "Page", "do what was found, or close", "page"),
    Command("page.down", ("down", "j"), "scroll(1)", "Page", "scroll down", "page"),
    Command("page.up", ("up", "k"), "scroll(-1)", "Page", "scroll up", "page"),
    Command("page.page_down", ("pagedown", "space"), "scroll(10)", "Page", "page down", "page"),
    Command("page.page_up", ("pageup",), "scroll(-10)", "Page", "page up", "page"),
    Command(
        "unsaved.retry", ("r",), "retry", "Not saved", "try again, and leave if it works", "unsaved"
    ),
    Command(
        "unsaved.elsewhere",
        ("w",),
        "write_elsewhere",
        "Not saved",
        "write the annotations to a file elsewhere, and leave",
        "unsaved",
    ),
    Command(
        "unsaved.abandon",
        ("X",),
        "abandon",
        "Not saved",
        "leave without saving: the last changes are lost",
        "unsaved",
    ),
    Command(
        "unsaved.back", ("escape", "q"), "close", "Not saved", "back to the article", "unsaved"
    ),
    Command("redraw", ("ctrl+l",), "app.redraw", "View", "draw the screen anew", "everywhere"),
    Command(
        "view.bidi",
        ("f2",),
        "app.next_bidi",
        "View",
        "send text to the terminal in another order, if it reads wrong",
        "everywhere",
    ),
    Command("view.theme", ("f3",), "app.toggle_theme", "View", "dark or light", "everywhere"),
    Command(
        "suspend",
        ("ctrl+z",),
        "app.suspend_process",
        "View",
        "to the shell; fg comes back",
        "everywhere",
    ),
    Command(
        "quit",
        ("ctrl+q", "ctrl+c"),
        "app.quit",
        "View",
        "leave Hashiya from anywhere",
        "everywhere",
    ),
)

KEY_CAPS: Final = {
    "left": "\u2190", "right": "\u2192", "up": "\u2191", "down": "\u2193", "space": "Space",
    "tab": "Tab", "escape": "Esc", "enter": "Enter", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "delete": "Del", "f1": "F1", "f2": "F2", "f3": "F3",
}  # fmt: skip


def key_cap(key: str) -> str:
    """Write a key as it stands on the keyboard."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    caps = [modifier.capitalize() for modifier in modifiers]
    return "+".join([*caps, KEY_CAPS.get(last, last)])


@dataclass(frozen=True)
class Keymap:
    """The command table with the labels of a scheme and the keys that a user has given."""

    scheme: Scheme = DEFAULT_SCHEME
    overrides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys by command id, instead of the table's."""

    def commands_of(self, place: Place) -> list[Command]:
        """List the commands of a place, those that work everywhere included."""
        commands = label_commands(self.scheme) if place == "reader" else []
        commands += [command for command in COMMANDS if command.place in (place, "everywhere")]
        return [
            replace(command, keys=self.overrides.get(command.id, command.keys))
            for command in commands
        ]

    def check(self) -> None:
        """Refuse a scheme whose labels have the key of a command.

        Raises:
            SchemeError: One has.
        """
        taken = {
            key: command
            for command in self.commands_of("reader")
            if not command.action.startswith("label(")
            for key in command.keys
        }
        for label in self.scheme.labels:
            if label.key in taken:
                raise SchemeError(
                    f"The key {label.key!r} of the label {label.name} is taken: "
                    f"{taken[label.key].help}.",
                    "Choose another in the scheme.",
                )


def label_commands(scheme: Scheme) -> list[Command]:
    """Make a command for each label of a scheme."""
    return [
        Command(
            f"label.{label.name}",
            (label.key,),
            f"label('{label.name}')",
            "Tagging",
            f"tag or relabel as {label.name}"
            + (f": {label.description}" if label.description else ""),
        )
        for label in scheme.labels
    ]
