"""The one table of what a user can do, in the reader, its modes, the library and the pages.

Key bindings, bars, help, palette, README and messages all come from it. A command is a row here, in
`reader_commands` or in `mode_commands`, and a method of what it acts on; the scheme adds two for
each label.
"""

from functools import partial
from typing import Any, Final

from annotations.model.scheme import DEFAULT_SCHEME, Label, Scheme
from tui.desk.asks import Ask, UseTheme
from tui.desk.desk import Desk
from tui.desk.library import Library
from tui.desk.mode_commands import HINTS, MENTIONS, REVIEW, TYPING
from tui.desk.modes.mentioning import MentionsMode
from tui.desk.modes.reviewing import ReviewMode
from tui.desk.pages import KeysPage, Page, PageAct
from tui.desk.reader_commands import READER
from tui.desk.unsaved import UnsavedPage
from tui.keys.command import Command
from tui.keys.keymap import Keymap
from tui.keys.themes import THEMES

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
    _Anywhere("view.theme", ("f3",), lambda _: Ask.NEXT_THEME, "View",
              "dark, light or high contrast; the palette has more themes", "everywhere"),
    _Anywhere("suspend", ("ctrl+z",), lambda _: Ask.SUSPEND, "View",
              "to the shell; fg comes back", "everywhere"),
    _Anywhere("quit", ("ctrl+q", "ctrl+c"), lambda _: Ask.QUIT, "View",
              "leave Hashiya from anywhere", "everywhere"),
)  # fmt: skip


def _theme(name: str) -> Command[object]:
    return _Anywhere(
        f"theme.{name}",
        (),
        lambda _: UseTheme(name),
        "Themes",
        f"draw in the theme {name}",
        "everywhere",
        only_found=True,
    )


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
        Command(
            f"mentions.label.{label.name}",
            (label.key,),
            partial(MentionsMode.relabel, label=label.name),
            "Mentions",
            f"make them all {label.name}",
            "mentions",
            is_label=True,
        ),
    )


def table(scheme: Scheme) -> tuple[Command[Any], ...]:
    """Return all commands, those of the labels of a scheme first."""
    labels = [command for label in scheme.labels for command in _label_commands(label)]
    return (
        *labels, *READER, *HINTS, *REVIEW, *MENTIONS, *TYPING, *LIBRARY, *PAGES, *EVERYWHERE,
        *map(_theme, THEMES),
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
