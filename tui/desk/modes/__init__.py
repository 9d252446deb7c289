"""What keys mean for a while: choosing by hints, joining, reviewing repeats, searching.

A mode takes each key first; its commands stand in the command table under its place. It knows the
reading and nothing of screens; the reader draws what it shows (`hinting`, `prompt`, `keys`).
"""
