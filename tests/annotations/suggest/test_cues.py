"""Who says a claim: sentences as the news writes them, the speaker known to who wrote the test."""

import pytest

from annotations.language.segmentation import Segments
from annotations.model.layer import Span
from annotations.suggest.cues import claimant_of


def chosen(sentence: str) -> str | None:
    """Read a sentence in which [actors] and the {claim} are marked; return the claim's speaker."""
    text = ""
    spans: list[Span] = []
    opened: list[int] = []
    for character in sentence:
        if character in "[{":
            opened.append(len(text))
        elif character in "]}":
            label = "actor" if character == "]" else "claim"
            spans.append(Span(f"s{len(spans)}", opened.pop(), len(text), label))
        else:
            text += character
    (claim,) = [span for span in spans if span.label == "claim"]
    actors = [span for span in spans if span.label == "actor"]
    found = claimant_of(Segments(text), claim, actors)
    return text[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("قال [الجيش] إن {العدو غادر القاهرة}.", "الجيش"),
        ("وأعلن وزير [الدفاع] أن [روسيا] ترى أن {الحرب انتهت}.", "الدفاع"),
        ("[الولايات المتحدة] التي طالبت صراحة من [الفصائل المقاتلة] {بالتوقف عن القتال}", "الولايات المتحدة"),
        ("[إيران] و[روسيا]. قالت [تركيا] لـ[إيران] إنها {لن تغادر}", "تركيا"),
        ("{سقطت المدينة} بحسب [المرصد]، ثم جاء [الجيش].", "المرصد"),
        ("وفقا [للمرصد] فإن {المدينة سقطت}", "للمرصد"),
        ("أكّدت [تركيا] أنّ {الهدنة باقية}", "تركيا"),
        ("دخل [الجيش] المدينة، {وهي ثاني المدن}.", None),
        ("قال إن {المدينة سقطت}.", None),
    ],
)  # fmt: skip
def test_the_speaker_is_told_from_the_reporting_verb(sentence: str, speaker: str | None) -> None:
    assert chosen(sentence) == speaker
