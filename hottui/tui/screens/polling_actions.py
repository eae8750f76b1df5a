"""Key actions on polling: pause, refresh, set the interval. Each function is an action of the dashboard."""

import math
from typing import TYPE_CHECKING

from hottui.model.control_characters import shorten
from hottui.model.times import INTERVAL_RANGE, MAX_INTERVAL, MIN_INTERVAL
from hottui.tui.screens.marking_actions import name_of, targets

if TYPE_CHECKING:
    from hottui.tui.screens.dashboard import Dashboard


async def pause(screen: "Dashboard") -> None:
    """Pause or resume polling."""
    monitor = await screen.wait_for_monitor()
    if screen.snapshot is not None:
        monitor.pause(not screen.snapshot.loop.paused)


async def refresh(screen: "Dashboard") -> None:
    """Read the marked hot updates now, or the one under the cursor."""
    rows, monitor = targets(screen), await screen.wait_for_monitor()
    for row in rows:
        monitor.refresh(row.ref)
    if rows:
        screen.show_message(f"Reading {name_of(rows)}.")
        screen.load_detail(history_too=True)


async def refresh_all(screen: "Dashboard") -> None:
    """Read every hot update once."""
    (await screen.wait_for_monitor()).refresh()
    screen.show_message(f"Reading all {len(screen.tracked)} hot updates.")


async def set_interval(screen: "Dashboard") -> None:
    """Ask for the polling interval in seconds; typing replaces the current one."""
    monitor = await screen.wait_for_monitor()

    def apply(text: str | None) -> None:
        if text is None:
            return
        seconds = _seconds(text)
        if seconds is None:
            reason = f"Invalid interval “{shorten(text.strip(), 40)}”." if text.strip() else "No interval entered."
            screen.show_message(f"{reason} Enter {INTERVAL_RANGE}.", "bar.error")
            return
        monitor.set_interval(seconds)
        screen.show_message(f"Refreshing every {seconds:g} s.")

    if screen.snapshot is not None:
        screen.open_prompt("Interval in seconds", f"{screen.snapshot.loop.interval:g}", apply)


def _seconds(text: str) -> float | None:
    """Return the interval in `text`, with an optional unit of seconds; None if it is invalid."""
    number = text.strip().lower().removesuffix("s").rstrip()
    try:
        seconds = math.nan if "_" in number else float(number)
    except ValueError:
        return None
    return seconds if MIN_INTERVAL <= seconds <= MAX_INTERVAL else None
