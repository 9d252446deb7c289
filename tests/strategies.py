"""Text as articles and accidents have it, for the properties."""

from hypothesis import strategies as st

PIECES = [
    "\u0627\u0644\u0642\u0627\u0647\u0631\u0629", "\u0648", "\u0644\u0627", "\u0644\u0625\u064a\u0631\u0627\u0646",
    "\u0628\u0650\u0633\u0652\u0645\u0650", "\u0644\u064e\u0627\u064e", "\u0644\u0651\u0622", "\u0640", "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u067e\u0686\u06af", "\u06c1\u06d2\u06ba", "\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05c1\u05b8", "Syria", "T4", "2011", "\u0663\u066b\u0665", "\u06f5", "46%",
    " ", " ", " ", "   ", "\n", "\r\n", "\t", ",", "\u060c ", ".", "(", ")", "\u00ab", "\u00bb", "[", "]", "-", "/",
    "https://a.b/c-d", "\U0001f600", "\U0001f1f8\U0001f1fe", "\U0001f468\u200d\U0001f469", "\u26a0\ufe0f", "\u2800", "\u4e2d\u6587",
    "\x1b[31m", "\x00", "\x7f", "\x85", "\u2028", "\u2029", "\u200e", "\u200f", "\u202b", "\u202e", "\u202c", "\u2067", "\u2069",
    "\u200d", "\u200b", "\u00ad", "\ufeff", "\ufefb", "\ufe8d\ufedf", "\ufdfa", "\u06dd12", "\u0600", "\u0301", "e\u0301",
    "\u0915\u094d\u0937", "\ufdd0", "\ue000", "\U0001f1e6\u064b",
]  # fmt: skip

texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(min_codepoint=0x600, max_codepoint=0x6FF), max_size=8),
        st.text(max_size=3),
    ),
    max_size=40,
).map("".join)

widths = st.one_of(st.integers(1, 8), st.integers(9, 100))
bases = st.sampled_from(["auto", "rtl", "ltr"])
