"""Layers on disk: read, locked, saved, with the history of each."""
