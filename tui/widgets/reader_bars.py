"""The two bars of the reader: what is open above the text, what is and what can be done below."""

from rich.style import Style

from annotations.language.wording import counted
from tui.desk.desk import Desk
from tui.desk.modes.base import Mode, TypingMode
from tui.desk.modes.relating import likeliest, quoted
from tui.desk.wording import STATUS_NAMES
from tui.keys.keymap import KeyHint
from tui.text.excerpt import excerpt
from tui.widgets.bars import Bar, fitting_keys, plain, spoken, typing_bar
from tui.widgets.palette import Palette, palette_of
from tui.widgets.row_list import Pieces

ROOMY = 100
"""Columns from which labels are named, not only told by their letter."""
_NARROW = 60
"""Columns below which the bar leaves out who annotates and how far."""
_TITLE = 200
"""Code points of an article that can matter to its title."""
_LEAST_TITLE = 8
_CLAIMANT = 20
"""Code points of who is offered as the claimant."""


def title_bar(bar: Bar, desk: Desk, width: int) -> None:
    """Show which article is open, how many spans of each label it has, and its first words."""
    reading, listing = desk.reading, desk.session.listing
    colours = palette_of(bar.app)
    said = f" article {listing.chosen + 1} of {len(listing)}  {STATUS_NAMES[reading.layer.status]}"
    pieces: Pieces = [plain(said, Style(bold=True))]
    if reading.read_only:
        pieces.append(plain("  READ ONLY", Style(bold=True)))
    pieces.append(plain("  "))
    counts = desk.kept_layer.counts()
    for label in reading.scheme.labels:
        style = colours.lane(label.colour)
        named = f" {label.name}" if width >= ROOMY else ""
        key = Style(meta={"key": label.key})
        pieces += [
            plain(f" {label.key} ", colours.chip(label.colour) + key),
            plain(f"{named} {counts.get(label.name, 0)}  ", style + key),
        ]
    room = width - sum(cells for _, cells, _ in pieces) - 2
    pieces = pieces if room >= 0 else pieces[:1]
    title = excerpt(reading.text[:_TITLE], max(0, room), desk.session.base)
    name = excerpt(reading.document.id, max(0, room - title.cells - 2))
    right: Pieces = [plain(" ")]
    if title.cells >= _LEAST_TITLE:
        right = [(title.visual, title.cells, Style(bold=True)), *right]
    if name.visual == reading.document.id:
        right = [(name.visual, name.cells, colours.muted), plain("  "), *right]
    bar.show(pieces, right)


def status_bar(bar: Bar, desk: Desk, width: int) -> None:
    """Show what a mode asks, what there is to say, or how things are; and the keys of the moment.

    A key is shown whole or not at all, those that help most first.
    """
    reading, mode = desk.reading, desk.mode
    colours = palette_of(bar.app)
    if reading.save_error:
        error = spoken(reading.save_error, width - 13)
        bar.show([plain(" NOT SAVED  "), error], style=Style(bold=True, reverse=True))
        return
    if isinstance(mode, TypingMode):
        typing_bar(bar, mode.typed, mode.sign, mode.prompt, mode.keys, width)
        return
    left = _left(desk, mode, width, colours)
    free = width - sum(cells for _, cells, _ in left) - 3
    if mode is not None:
        bar.show([*left, plain("   "), *fitting_keys(mode.keys, free)])
        return
    closing = desk.keymap.hints(["help"])
    bar.show(left, fitting_keys(_acts(desk), free, last=closing))


def _left(desk: Desk, mode: Mode | None, width: int, colours: Palette) -> Pieces:
    """Return what the bar says at its left."""
    reading = desk.reading
    if mode is not None:
        said = reading.message or mode.prompt
        return [plain(" "), spoken(said, width - 2)]
    saved = "read only" if reading.read_only else "saved" if reading.is_saved else "saving"
    if reading.message:
        return [plain(f" {saved}  "), spoken(reading.message, width - len(saved) - 4)]
    active = reading.active
    if active and active.note:
        return [plain(f" {saved}  "), spoken(f"Note: {active.note}", width - len(saved) - 4)]
    layer = desk.kept_layer
    spans = counted(len(layer.spans), "span")
    if reading.selection:
        letters = counted(reading.selection.end - reading.selection.start, "letter")
        spans = f"{reading.selection.unit or 'selected'}: {letters}"
    elif layer.relations and width >= ROOMY:
        spans += f", {counted(len(layer.relations), 'relation')}"
    pieces: Pieces = [plain(f" {saved}  ", Style(bold=True))]
    if width >= _NARROW:
        who = excerpt(desk.session.annotator, 24)
        said = f"  {reading.percent} %  "
        pieces += [(who.visual, who.cells, colours.muted), plain(said, colours.muted)]
    return [*pieces, plain(spans, colours.muted)]


def _acts(desk: Desk) -> list[KeyHint]:
    """Return the keys of what can be done now, what helps most first."""
    reading, keymap = desk.reading, desk.keymap
    labels = "/".join(label.key for label in reading.scheme.labels)
    if reading.read_only:
        return keymap.hints(["span.next", "reader.leave"])
    learning = _to_learn(desk)
    undo = ["edit.undo"] if reading.history.done else []
    active = reading.active
    if active:
        edges = ("edge.start_back", "edge.start_forward", "edge.end_back", "edge.end_forward")
        caps = " ".join(keymap.cap(name) for name in edges if keymap.keys_of(name))
        found = [KeyHint(labels, "tag" if reading.armed else "relabel")]
        other = likeliest(reading, active)
        if other is not None:
            words = {"span.relate_at_once": f"\u2190 {quoted(reading, other, _CLAIMANT)}"}
            found += keymap.hints(["span.relate_at_once"], words=words)
        found += [KeyHint(caps, "edges")] if caps else []
        found += keymap.hints(["span.repeats", *undo, "span.relate", "span.delete"])
    elif reading.selection:
        words = {"select.word": "grow"}
        found = [KeyHint(labels, "tag")]
        found += keymap.hints(["select.word", "select.drop"], words=words)
    else:
        names = ["article.done", *undo, "span.next", "search", "select.word", "reader.leave"]
        found = [KeyHint(labels, "tag a word"), *keymap.hints(names)]
    known = {hint.cap for hint in learning}
    return [*learning, *(hint for hint in found if hint.cap not in known)]


def _to_learn(desk: Desk) -> list[KeyHint]:
    """Return the keys that a newcomer has not used yet, and what they do."""
    if desk.session.tutor or desk.reading.active or desk.reading.selection:
        return []
    labels = desk.session.scheme.labels
    label = f"label.{labels[0].name}"
    names = [label if name == "label" else name for name in desk.session.to_learn if name != "help"]
    words = {label: f"tag as {labels[0].name}"}
    return desk.keymap.hints(names, words=words)


def pane_bar(bar: Bar, name: str, said: str) -> None:
    """Show the title of a pane, and how much is in it."""
    colours = palette_of(bar.app)
    bar.show([plain(f" {name} ", Style(bold=True)), plain(said, colours.muted)])
