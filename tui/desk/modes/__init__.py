"""What keys mean for a while: choosing by hints, joining, reviewing repeats, searching.

A mode takes each key first. It knows the reading and nothing of screens; the reader draws what it
shows (`hinting`, `prompt`). Keys come as Textual names them, Arabic ones as their Latin twins
unless the mode takes text.
"""
