"""Suggesters: what might be tagged, for a person to confirm."""
