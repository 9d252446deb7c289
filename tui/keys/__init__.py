"""Which key was pressed, and what it stands for."""
