"""Layers out to other programs and back in."""
