"""Choosing spans that don't overlap, for formats that give each token one tag."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeAlias

from annotations.formats.writing.choices import Rule
from annotations.model.layer import Span

Left: TypeAlias = tuple[Span, str, Span]
"""A span that is left out, the class of loss, and the span that is there instead."""


def flatten(
    spans: Sequence[Span], rule: Rule, priority: Sequence[str]
) -> tuple[list[Span], list[Left]]:
    """Choose spans one after the other, each if it overlaps none that was chosen.

    Args:
        spans: Spans that may overlap.
        rule: "outermost" takes long ones first, "innermost" short ones, "priority" those whose
            label comes first.
        priority: Labels, which also break ties.

    Returns:
        The spans taken, in reading order, and those left out.
    """
    ranks = {label: rank for rank, label in enumerate(priority)}

    def order(span: Span) -> tuple[int | str, ...]:
        rank, length = ranks.get(span.label, len(ranks)), span.end - span.start
        first = {"outermost": -length, "innermost": length, "priority": rank}[rule]
        return (first, rank, -length, span.start, span.id)

    taken: list[Span] = []
    left: list[Left] = []
    for span in sorted(spans, key=order):
        index = bisect_left(taken, span.start, key=lambda found: found.end - 1)
        if index < len(taken) and taken[index].start < span.end:
            left.append((span, _relation(span, taken[index]), taken[index]))
        else:
            taken.insert(index, span)
    return taken, left


def _relation(span: Span, other: Span) -> str:
    if (span.start, span.end) == (other.start, other.end):
        return "doubled"
    inside = other.start <= span.start and span.end <= other.end
    around = span.start <= other.start and other.end <= span.end
    return "nested" if inside or around else "crossing"
