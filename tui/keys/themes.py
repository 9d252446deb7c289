"""The themes that can be chosen: ours, and those that Textual brings."""

from typing import Final

OWN_THEMES: Final = ("dark", "light", "contrast")
TEXTUAL_THEMES: Final = (
    "textual-dark", "textual-light", "nord", "gruvbox", "catppuccin-mocha", "dracula",
    "tokyo-night", "monokai", "flexoki", "catppuccin-latte", "catppuccin-frappe",
    "catppuccin-macchiato", "solarized-light", "solarized-dark", "rose-pine", "rose-pine-moon",
    "rose-pine-dawn", "atom-one-dark", "atom-one-light", "ansi-dark", "ansi-light",
)  # fmt: skip
THEMES: Final = (*OWN_THEMES, *TEXTUAL_THEMES)
