"""Key actions on polling: pause, refresh, set the interval."""

import math

from hottui.model.control_characters import shorten
from hottui.model.interval import INTERVAL_RANGE, MAX_INTERVAL, MIN_INTERVAL
from hottui.tui.screens.dashboard_base import DashboardBase, name_of


class PollingActions(DashboardBase):
    """Control when the monitor polls."""

    async def action_pause(self) -> None:
        """Pause or resume polling."""
        monitor = (await self.live()).monitor
        monitor.pause(not monitor.snapshot().loop.paused)

    async def action_refresh(self) -> None:
        """Read the hot update under the cursor now."""
        tracked = self.current
        if tracked is not None:
            (await self.live()).monitor.refresh(tracked.ref)
            self.say(f"Reading {name_of(tracked)}.")

    async def action_refresh_all(self) -> None:
        """Read every hot update once."""
        (await self.live()).monitor.refresh()
        self.say(f"Reading all {len(self.tracked)} hot updates.")

    async def action_interval(self) -> None:
        """Ask for the polling interval in seconds; typing replaces the current one."""
        loop = (await self.live()).monitor.snapshot().loop
        self.ask("Interval in seconds", f"{loop.interval:g}", self._set_interval, selected=True)

    def _set_interval(self, text: str | None) -> None:
        if text is None or self.connection is None:
            return
        seconds = _seconds(text)
        if seconds is None:
            what = f"Invalid interval “{shorten(text.strip(), 40)}”." if text.strip() else "No interval entered."
            self.say(f"{what} Enter {INTERVAL_RANGE}.", "bar.error")
            return
        self.connection.monitor.set_interval(seconds)
        self.say(f"Refreshing every {seconds:g} s.")


def _seconds(text: str) -> float | None:
    """Return the interval in `text`, with an optional unit of seconds; None if it is invalid."""
    number = text.strip().lower().removesuffix("s").rstrip()
    try:
        seconds = math.nan if "_" in number else float(number)
    except ValueError:
        return None
    return seconds if MIN_INTERVAL <= seconds <= MAX_INTERVAL else None
