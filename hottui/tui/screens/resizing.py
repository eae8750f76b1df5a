"""Protection of screens from outdated Resize events."""

from typing import Any

from textual import events
from textual.screen import Screen


def drop_outdated(screen: Screen[Any], event: events.Resize) -> bool:
    """Return whether `event` has another size than the terminal; then Textual's handlers do not get it.

    After each layout, a screen sends itself a Resize with the size it has just had. Textual merges consecutive Resize
    events and keeps the last one. If the terminal was resized again meanwhile, that is the screen's own, and the screen
    stays at the old size.
    """
    size = screen.app.size
    if event.size == size:
        return False
    event.prevent_default()
    screen.post_message(events.Resize(size, size))  # it may have replaced this one
    return True
