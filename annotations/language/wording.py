"""Numbers and nouns in messages."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun in the right form: 1 span, 2 days, 2 histories."""
    if count == 1:
        return f"{count:,} {noun}"
    if noun.endswith("y") and noun[-2:-1] not in "aeou":
        return f"{count:,} {noun[:-1]}ies"
    return f"{count:,} {noun}s"
