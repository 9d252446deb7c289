"""What stands between the screens and the terminal: its kind, its cells, and how few are sent."""
