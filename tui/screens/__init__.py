"""The screens: they route keys to the session and tell the widgets what changed."""
