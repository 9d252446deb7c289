"""Numbers and nouns in messages."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun in the right form: 1 span, 2 spans."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
