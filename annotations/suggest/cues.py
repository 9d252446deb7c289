"""Who says a claim: found from the reporting verb that leads to it.

Words are matched folded, with a conjunction before them or not. Offsets are code points.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from annotations.language.folding import fold
from annotations.language.segmentation import Segments, words
from annotations.model.layer import Span

_VERBS: Final = (
    "قال قالت قالوا يقول تقول أضاف أضافت أعلن أعلنت أكد أكدت يؤكد تؤكد ذكر ذكرت أفاد أفادت "
    "نقل نقلت كشف كشفت اعتبر اعتبرت أوضح أوضحت أشار أشارت قائلا مشيرا موضحا مؤكدا زعم زعمت "
    "ادعى ادعت اتهم اتهمت دعا دعت طالب طالبت حذر حذرت"
)
_SOURCES: Final = "حسب بحسب وفق وفقا"
"""Words after which the source is named, often behind the claim."""
_PREPOSITIONS: Final = frozenset(map(fold, ("من", "إلى", "على", "عن", "في", "مع")))
_GLUED: Final = "بلك"
_CONJUNCTIONS: Final = ("و", "ف")
_FAR: Final = 60
"""Words before a claim among which its verb is looked for."""
_BESIDE: Final = 2
"""Words that may stand between a verb and its subject, such as an office."""


def _folded(listed: str) -> frozenset[str]:
    plain = [fold(word) for word in listed.split()]
    return frozenset([*plain, *(head + word for head in _CONJUNCTIONS for word in plain)])


REPORTING: Final = _folded(_VERBS)
ACCORDING: Final = _folded(_SOURCES)


def claimant_of(segments: Segments, claim: Span, actors: Iterable[Span]) -> Span | None:
    """Choose the actor who most likely makes a claim.

    The subject stands right after the verb (قال الجيش إن), or else before it (الجيش الذي قال إن);
    a source is named after "according to", before or behind the claim.

    Args:
        segments: The words of the text.
        claim: The claim.
        actors: The spans to choose from.

    Returns:
        One of them, or None if no cue leads to any.
    """
    known = sorted(actors, key=lambda span: span.reading_order)
    text = segments.text
    for start, end in _words_before(segments, claim.start):
        word = fold(text[start:end])
        if word in ACCORDING or word in REPORTING:
            source = word in ACCORDING
            after = _next(text, end, claim.start, known, source=source)
            before = [span for span in known if span.end <= start]
            if after or (before and not source):
                return after or max(before, key=lambda span: (span.end, -span.start))
    sentence = segments.at("sentence", max(claim.start, claim.end - 1))
    last = max(claim.end, sentence[1] if sentence else 0)
    for start, end in words(text, claim.end, last):
        if fold(text[start:end]) in ACCORDING:
            return _next(text, end, last, known, source=True)
    return None


def _words_before(segments: Segments, offset: int) -> Iterator[tuple[int, int]]:
    """Walk back over the words of the sentence before an offset, the nearest first."""
    sentence = segments.at("sentence", offset)
    first = sentence[0] if sentence else 0
    yield from reversed(words(segments.text, first, offset)[-_FAR:])


def _next(text: str, start: int, end: int, actors: list[Span], *, source: bool) -> Span | None:
    """Return the actor that begins at most a few words after a cue.

    Behind a preposition stands no subject of a verb, but a source may.
    """
    found = next((span for span in actors if start <= span.start and span.end <= end), None)
    if found is None:
        return None
    between = [fold(text[first:last]) for first, last in words(text, start, found.start)]
    led = not _PREPOSITIONS.isdisjoint(between) or text[found.start - 1] in _GLUED
    return None if len(between) > _BESIDE or (led and not source) else found
