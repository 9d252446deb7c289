"""What a change did, in words: for the history on paper, and for the one who takes it back."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from annotations.language.wording import clipped, counted, isolated
from annotations.model.changes import (
    AddRelation,
    AddSpan,
    Batch,
    Change,
    RemoveRelation,
    RemoveSpan,
    ReplaceSpan,
    SetNote,
    SetStatus,
)
from annotations.model.layer import Span

_QUOTED: Final = 40
"""Code points of a span that a summary quotes."""


_VERBS: Final[dict[type, str]] = {
    AddSpan: "tagged", RemoveSpan: "deleted", ReplaceSpan: "changed",
}  # fmt: skip


def parts_of(change: Change) -> list[Change]:
    """List the single changes of which a change is made."""
    if isinstance(change, Batch):
        return [single for part in change.changes for single in parts_of(part)]
    return [change]


def spans_of(change: Change) -> list[Span]:
    """List the spans that a change adds, removes or changes, as they are after it."""
    found = []
    for part in parts_of(change):
        if isinstance(part, AddSpan | RemoveSpan):
            found.append(part.span)
        elif isinstance(part, ReplaceSpan):
            found.append(part.after)
    return found


def children_of(change: Change) -> list[str]:
    """List the ids of the children of the relations that a change adds or removes."""
    return [
        part.relation.child
        for part in parts_of(change)
        if isinstance(part, AddRelation | RemoveRelation)
    ]


def relations_gone(change: Change) -> str:
    """Return words on the relations that a change removes besides; nothing if none."""
    count = sum(isinstance(part, RemoveRelation) for part in parts_of(change))
    return f" and removed {counted(count, 'relation')}" if count else ""


def told(change: Change, text: str | None) -> Iterator[str]:
    """Describe each single change, with the words that it was about if the text is known."""

    def words(span: Span) -> str:
        covered = f" {text[span.start : span.end]!r}" if text is not None else ""
        return f"{span.label} {span.start}-{span.end}{covered}"

    for part in parts_of(change):
        match part:
            case AddSpan(span):
                yield f"tagged {words(span)}"
            case RemoveSpan(span):
                yield f"deleted {words(span)}"
            case ReplaceSpan(before, after):
                yield f"{words(before)} became {words(after)}"
            case AddRelation(item):
                yield f"joined {item.head} to {item.child} as {item.type}"
            case RemoveRelation(item):
                yield f"removed {item.type} from {item.head} to {item.child}"
            case SetStatus(_, after):
                yield f"now {after.replace('_', ' ')}"
            case SetNote(_, after):
                yield f"noted {after!r}"


def summary(change: Change, text: str) -> str:
    """Describe a whole change in a few words, such as: tagged actor "..."."""
    parts = parts_of(change)
    kinds = Counter(type(part) for part in parts)
    spans = spans_of(change)
    if len(spans) == 1:
        done = _of_one(next(part for part in parts if _has_span(part)), text)
        return done + relations_gone(change)
    if spans:
        verbs = [
            f"{verb} {counted(kinds[kind], 'span')}" for kind, verb in _VERBS.items() if kinds[kind]
        ]
        return " and ".join(verbs) + relations_gone(change)
    return next(filter(None, map(_of_article, parts)), "nothing")


def _has_span(part: Change) -> bool:
    return isinstance(part, AddSpan | RemoveSpan | ReplaceSpan)


def _of_article(part: Change) -> str:
    match part:
        case AddRelation(item):
            return f"joined a {item.type}"
        case RemoveRelation(item):
            return f"removed a {item.type}"
        case SetStatus(_, after):
            return f"made the article {after.replace('_', ' ')}"
        case SetNote(_, after):
            return f'wrote the note "{clipped(after, _QUOTED)}"' if after else "erased the note"
    return ""


def _of_one(part: Change, text: str) -> str:
    match part:
        case AddSpan(span):
            return f"tagged {_quoted(span, text)}"
        case RemoveSpan(span):
            return f"deleted {_quoted(span, text)}"
        case ReplaceSpan(before, after):
            if before.label != after.label:
                return f"made {_quoted(before, text)} {after.label}"
            if (before.start, before.end) != (after.start, after.end):
                return f"moved an edge of {_quoted(before, text)}"
            return f"wrote a note on {_quoted(after, text)}"
    return ""


def _quoted(span: Span, text: str) -> str:
    words = " ".join(text[span.start : min(span.end, span.start + 4 * _QUOTED)].split())
    return f'{span.label} "{isolated(clipped(words, _QUOTED))}"'
