"""The widgets: they draw what the session holds and translate the mouse."""
