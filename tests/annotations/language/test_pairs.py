"""Quotes and brackets around what is tagged, as they stand in the seeds and elsewhere."""

import pytest

from annotations.language.pairs import balanced

CASES = [
    # what is written, what is taken of it, what a span of it should be
    ("ميليشيا «درع الفرات» التركية", "ميليشيا «درع الفرات", "ميليشيا «درع الفرات»"),
    ("آخر معقل لتنظيم «داعش» استعدادا", "تنظيم «داعش", "تنظيم «داعش»"),
    ("يبدي أعضاء «الكونغرس» عدم", "أعضاء «الكونغرس", "أعضاء «الكونغرس»"),
    ('ضد "داعش" في منطقة', 'ضد "داعش', 'ضد "داعش"'),
    ("لقوات (قسد) لمواجهة", "قوات (قسد", "قوات (قسد)"),
    ("من “الشيعية” التي", "من “الشيعية", "من “الشيعية”"),
    ("«داعش» الإرهابي في", "داعش» الإرهابي", "«داعش» الإرهابي"),
    ("بـ«داعش» الإرهابي في", "داعش» الإرهابي", "«داعش» الإرهابي"),
    ("وهم »فيلق الرحمن» وسط", "هم »فيلق الرحمن", "هم »فيلق الرحمن»"),
    ("«جيش الإسلام» و»فيلق الرحمن» وسط", "»فيلق الرحمن", "»فيلق الرحمن»"),
    ("« أ » و « ب »", "أ » و « ب", "« أ » و « ب »"),
    # what stands outside stays there
    ("من خلال «البوكمال» الى", "البوكمال", "البوكمال"),
    ("«الحزب الإسلامي التركستاني» الممول", "الحزب الإسلامي", "الحزب الإسلامي"),
    ("(قسد) و(داعش) معا", "قسد", "قسد"),
    ("«قوات سورية «قسد»، وهنا", "قوات سورية «قسد", "قوات سورية «قسد»"),
    ("لمرحلة «ما بعد داعش في", "مرحلة «ما بعد داعش", "مرحلة «ما بعد داعش"),
    ("a) first (b", "first", "first"),
]


@pytest.mark.parametrize(("text", "taken", "wanted"), CASES)
def test_a_closing_mark_is_left_out_only_if_its_opening_one_is(
    text: str, taken: str, wanted: str
) -> None:
    start = text.index(taken)
    found = balanced(text, start, start + len(taken))
    assert text[slice(*found)] == wanted


def test_a_stretch_of_its_own_marks_stays_as_it_is() -> None:
    text = "قال: «(نعم)» ثم"
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            found = balanced(text, start, end)
            assert found[0] <= start < end <= found[1]
            assert balanced(text, *found) == found
