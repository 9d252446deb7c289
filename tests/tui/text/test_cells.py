"""Widths that are told without a table are those of the table."""

from wcwidth import wcwidth

from tui.text.cells import _NARROW, _character_width


def test_what_needs_no_table_is_as_wide_as_the_table_says() -> None:
    for first, last in _NARROW:
        for code in range(ord(first), ord(last) + 1):
            assert _character_width(chr(code)) == max(0, wcwidth(chr(code))), hex(code)
