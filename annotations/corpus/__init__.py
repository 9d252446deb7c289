"""The articles: listed at once, read one at a time."""
