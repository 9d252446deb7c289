"""Numbers and nouns in messages."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun in the right form: 1 span, 2 spans, 2 histories."""
    if count == 1:
        return f"{count:,} {noun}"
    return f"{count:,} {noun[:-1]}ies" if noun.endswith("y") else f"{count:,} {noun}s"
