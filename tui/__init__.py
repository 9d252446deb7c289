"""The terminal program: command line, screens, widgets, and the layout engine in `tui.text`."""
