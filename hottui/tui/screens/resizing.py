"""The layout of the dashboard by the size of the terminal, and protection of screens from outdated Resize events."""

from typing import Any

from textual import events
from textual.screen import Screen

COLUMN_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (200, "-vast")]
"""CSS classes of the dashboard by the least number of columns."""
ROW_BREAKPOINTS = [(0, "-low"), (12, "-normal"), (30, "-tall")]
"""CSS classes of the dashboard by the least number of rows."""
DASHBOARD_CSS = """
Dashboard { layout: vertical; overflow: hidden; background: $background; }
Dashboard #body { height: 1fr; layout: vertical; }
Dashboard.-detail LiveTable { display: none; }
Dashboard.-detail.-wide.-tall LiveTable, Dashboard.-detail.-vast.-tall LiveTable { display: block; height: 34%; }
Dashboard.-detail.-vast #body { layout: horizontal; }
Dashboard.-detail.-vast LiveTable { display: block; height: 1fr; width: 50%; }
Dashboard.-zoom.-detail LiveTable, Dashboard.-zoom.-detail.-wide.-tall LiveTable,
Dashboard.-zoom.-detail.-vast LiveTable { display: none; }
Dashboard.-asking #foot { display: none; }
Dashboard.-low #foot, Dashboard.-low #trouble { display: none; }
"""


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
