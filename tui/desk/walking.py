"""From span to span: through those at the cursor first, then on in reading order."""

from tui.desk.reading import Reading


def go_to_span(reading: Reading, step: int) -> None:
    """Make the next (1) or previous (-1) span the active one.

    From a place that spans cover, Tab goes through those first, the innermost before the
    others; then on in reading order.
    """
    spans = reading.layer.spans
    if not spans:
        reading.say("There is no span in this article yet.")
        return
    active, cursor = reading.active, reading.cursor
    cycle = [span.id for span in reading.layer.covering(cursor)] if step > 0 else []
    if cycle and (active is None or (reading.cycling and active.id in cycle[:-1])):
        following = cycle.index(active.id) + 1 if active else 0
        reading.pointing.selection = None
        reading.active_id = cycle[following]
        reading.armed = False
        reading.cycling = True
        return
    if active and not reading.cycling:
        index = (spans.index(active) + step) % len(spans)
    elif step > 0:
        after = cursor + reading.cycling
        index = next((number for number, span in enumerate(spans) if span.start >= after), 0)
    else:
        before = [number for number, span in enumerate(spans) if span.start < cursor]
        index = before[-1] if before else len(spans) - 1
    reading.activate(spans[index])
