"""The command line, one module for each kind of command."""

from tui.cli.main import main

__all__ = ["main"]
