"""Fitting a layer into what a format can carry, with a reason for whatever does not fit.

The fitted layer is the promise of an export: what comes back when it is read. Offsets are code
points of the document's text throughout.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from annotations.formats.carries import Carries
from annotations.formats.losses import NOTE, Reason, Reasons
from annotations.formats.writing.choices import Choices, flat_groups
from annotations.formats.writing.flattening import flatten
from annotations.formats.writing.tokens import Token, apart, covering, tokenize
from annotations.language.graphemes import Range, snap
from annotations.language.segmentation import trim, words
from annotations.model.layer import Document, Layer, Relation, Span
from annotations.model.scheme import Scheme

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What a line of a file can't hold."""
_CONTROLS = {chr(code) for code in range(32)} - set("\t\n\r") | {"\ufffe", "\uffff"}
"""What XML 1.0 has no way to write."""


class Fitted(Struct, frozen=True):
    """A layer as a format carries it."""

    layer: Layer
    tokens: tuple[Token, ...] = ()
    flats: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """Spans that don't overlap, by the name of their flat layer."""
    reasons: Reasons = field(default_factory=dict)
    is_written: bool = True
    """Whether the export has anything of it."""


def chosen(layer: Layer, choices: Choices) -> Layer:
    """Select what was asked for from a layer: not a loss, a choice."""
    spans: Sequence[Span] = layer.spans
    relations: Sequence[Relation] = layer.relations if choices.relations else ()
    if choices.labels:
        spans = [span for span in spans if span.label in choices.labels]
        there = {span.id for span in spans}
        relations = [item for item in relations if {item.head, item.child} <= there]
    if len(spans) == len(layer.spans) and len(relations) == len(layer.relations):
        return layer
    return replace(layer, spans=tuple(spans), relations=tuple(relations))


def fit(
    document: Document, layer: Layer, scheme: Scheme, carries: Carries, choices: Choices
) -> Fitted:
    """Fit a layer into a format.

    Args:
        document: Its article.
        layer: What was chosen of it.
        scheme: Its labels.
        carries: What the format can carry.
        choices: How the rest is to be fitted.
    """
    return _Fitting(document, layer, scheme, carries, choices).done()


class _Fitting:
    """One layer on its way into a format."""

    def __init__(
        self,
        document: Document,
        layer: Layer,
        scheme: Scheme,
        carries: Carries,
        choices: Choices,
    ) -> None:
        self.document = document
        self.text = document.text
        self.layer = layer
        self.scheme = scheme
        self.carries = carries
        self.choices = choices
        self.reasons: dict[str, list[Reason]] = {}
        self.spans: list[Span] = list(layer.spans)
        self.tokens: list[Token] = []
        self.is_written = True

    def _tell(self, item: str, loss: str, why: str, place: str = "") -> None:
        self.reasons.setdefault(item, []).append(Reason(loss, why, place))

    @property
    def _widens(self) -> bool:
        """Whether spans are widened to tokens that know nothing of them."""
        return self.carries.tokens and self.choices.tokens != "span-cut"

    def done(self) -> Fitted:
        """Fit it, one thing after the other."""
        carries = self.carries
        if carries.xml and not _CONTROLS.isdisjoint(self.text):
            self._drop_all()
        if self.choices.clitics == "include":
            self._widen_to_words()
        if not carries.spaces or self._widens:
            self.spans = self._trimmed(self.spans)
        if carries.tokens:
            self._make_tokens()
        if carries.width:
            self._limit_width()
        flats = self._flats() if carries.flat != "no" else {}
        if carries.flat == "only":
            self.spans = [span for found in flats.values() for span in found]
        fitted = self._noted()
        relations = self._relations(fitted)
        if len(relations) != len(fitted.relations):
            fitted = fitted.with_relations(relations)
        is_written = self.is_written and (carries.empty or bool(fitted.spans))
        return Fitted(fitted, tuple(self.tokens), flats, self.reasons, is_written)

    def _noted(self) -> Layer:
        """Return the layer with what is left of its spans and notes."""
        carries, layer = self.carries, self.layer
        if not carries.notes:
            self.spans = [self._without_note(span) for span in self.spans]
        elif not carries.note_lines:
            self.spans = [self._with_short_note(span) for span in self.spans]
        note = layer.note
        if note and not carries.layer_note:
            self._tell(NOTE, "notes", "the format has no place for the note of an article")
            note = ""
        if not layer.spans and not carries.empty:
            self._tell(NOTE, "empty", "an article without spans has no row")
        if carries.flat == "only" and all(token.blank for token in self.tokens):
            self._tell(NOTE, "empty", "an article without words has no line")
        fitted = replace(layer, note=note) if note != layer.note else layer
        return fitted.with_spans(self.spans) if self.spans != list(layer.spans) else fitted

    def _drop_all(self) -> None:
        self.is_written = False
        for span in self.spans:
            self._tell(span.id, "characters", "the text holds a character that XML can't write")
        if self.layer.note or not self.spans:
            self._tell(NOTE, "characters", "the text holds a character that XML can't write")
        self.spans = []

    def _widen_to_words(self) -> None:
        excluding = {label.name for label in self.scheme.labels if label.clitics == "exclude"}
        found = apart(snap(self.text, *word) for word in words(self.text, 0, len(self.text)))
        starts = [start for start, _ in found]
        widened = []
        for span in self.spans:
            start, end = span.start, span.end
            if span.label in excluding:
                start = _word_at(found, starts, start, start)[0]
                end = _word_at(found, starts, end, end)[1]
            widened.append(self._moved(span, start, end, "clitics", "the word"))
        self.spans = widened

    def _moved(self, span: Span, start: int, end: int, loss: str, unit: str) -> Span:
        if (start, end) == (span.start, span.end):
            return span
        moves = []
        if start != span.start:
            moves.append(f"its start moves from {span.start} to {start}, the start of {unit}")
        if end != span.end:
            moves.append(f"its end moves from {span.end} to {end}, the end of {unit}")
        self._tell(span.id, loss, " and ".join(moves))
        return replace(span, start=start, end=end)

    def _trimmed(self, spans: Iterable[Span], place: str = "") -> list[Span]:
        found = []
        for span in spans:
            start, end = trim(self.text, span.start, span.end)
            start, end = snap(self.text, start, end) if start < end else (start, end)
            if start >= end:
                self._tell(span.id, "spaces", "it is nothing but white space", place)
                continue
            if (start, end) != (span.start, span.end):
                why = f"without the white space at its edges it goes from {start} to {end}"
                self._tell(span.id, "spaces", why, place)
                span = replace(span, start=start, end=end)  # noqa: PLW2901
            found.append(span)
        return found

    def _make_tokens(self) -> None:
        kind = self.choices.tokens
        ranges = [(span.start, span.end) for span in self.spans]
        if kind == "span-cut" and self.carries.flat in {"beside", "first"}:
            # the tags leave white space at the edges of a span out, so it is cut off there
            ranges += [trim(self.text, start, end) for start, end in ranges]
        self.tokens = tokenize(self.text, kind, ranges)
        if kind != "span-cut":
            self.spans = [self._aligned(span) for span in self.spans]

    def _aligned(self, span: Span) -> Span:
        first, last = covering(self.tokens, span.start, span.end)
        start, end = self.tokens[first].start, self.tokens[last].end
        in_word = any(
            0 < edge < len(self.text) and not _parts(self.text[edge - 1], self.text[edge])
            for edge, moved in ((span.start, start), (span.end, end))
            if edge != moved
        )
        return self._moved(span, start, end, "clitics" if in_word else "tokens", "the token")

    def _limit_width(self) -> None:
        kept = []
        limit = self.choices.max_width
        for span in self.spans:
            first, last = covering(self.tokens, span.start, span.end)
            width = sum(not token.blank for token in self.tokens[first : last + 1])
            if width > limit:
                why = f"it is {width} words wide, and the reader takes {limit} (--max-width)"
                self._tell(span.id, "width", why)
            else:
                kept.append(span)
        self.spans = kept

    def _flats(self) -> dict[str, tuple[Span, ...]]:
        flats = {}
        order = self.choices.priority or self.scheme.label_names
        groups = list(flat_groups(self.scheme, self.choices).items())
        places = self.carries.places([name for name, _ in groups])
        if self.carries.flat == "only":
            for span in self.spans:
                if span.label not in self.scheme.label_names:
                    self._tell(span.id, "labels", f"the scheme has no label {span.label!r}")
        for name, labels in groups[:1] if self.carries.flat == "first" else groups:
            place = places.get(name, "")
            spans = [span for span in self.spans if span.label in labels]
            if not self._widens:
                spans = self._trimmed(spans, place)
            taken, left = flatten(spans, self.choices.rule, order)
            for span, loss, winner in left:
                self._tell(span.id, loss, f"{winner.id} ({winner.label}) is there instead", place)
            flats[name] = tuple(taken)
        return flats

    def _without_note(self, span: Span) -> Span:
        if not span.note:
            return span
        self._tell(span.id, "notes", "the format has no place for the note of a span")
        return replace(span, note="")

    def _with_short_note(self, span: Span) -> Span:
        note = span.note.strip()
        if _CONTROL.search(note):
            note = " ".join(_CONTROL.sub(" ", note).split())
        if note == span.note:
            return span
        self._tell(span.id, "notes", "its note is put on one line")
        return replace(span, note=note)

    def _relations(self, fitted: Layer) -> list[Relation]:
        there = {span.id for span in fitted.spans}
        kept = []
        for relation in self.layer.relations:
            gone = [end for end in (relation.head, relation.child) if end not in there]
            if not self.carries.relations:
                self._tell(relation.id, "relations", "the format has no relations")
            elif gone:
                why = f"{' and '.join(gone)}, which it joins, is left out"
                self._tell(relation.id, "relations", why)
            else:
                kept.append(relation)
        return kept


def _word_at(found: list[Range], starts: list[int], offset: int, default: int) -> Range:
    """Find the word that an offset stands inside of, not at its edges."""
    index = bisect_right(starts, offset) - 1
    if index >= 0 and found[index][0] < offset < found[index][1]:
        return found[index]
    return (default, default)


def _parts(before: str, after: str) -> bool:
    """Return whether a word ends between two characters."""
    pair = before + after
    return not any(start < 1 < end for start, end in words(pair, 0, 2))
