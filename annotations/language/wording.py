"""Numbers and nouns in messages."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun in the right form: 1 span, 2 days, 2 histories."""
    if count == 1:
        return f"{count:,} {noun}"
    if noun.endswith("y") and noun[-2:-1] not in "aeou":
        return f"{count:,} {noun[:-1]}ies"
    return f"{count:,} {noun}s"


def clipped(text: str, longest: int) -> str:
    """Cut a text that is too long to be told; an ellipsis stands for the rest."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
