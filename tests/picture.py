"""A picture of the app as SVG, fit to be compared and to be shown.

Two things are mended in what Rich writes: its font comes from the net, and a browser would order
the Arabic again, since it can't know that the text is in visual order already.
"""

import re

from tui.app import HashiyaApp

STYLE = "text { unicode-bidi: bidi-override; direction: ltr; }"


def picture(app: HashiyaApp) -> str:
    """Draw the screen of a running app."""
    svg = app.export_screenshot(title="hashiya")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono").replace(
        "<style>", f"<style>\n    {STYLE}", 1
    )
    names = {
        name: f"t{number}"
        for number, name in enumerate(dict.fromkeys(re.findall(r"terminal-\d+", svg)))
    }
    return re.sub(r"terminal-\d+", lambda match: names[match[0]], svg)
