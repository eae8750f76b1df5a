"""What the keys do with the live loop: pause, read now, the interval."""

from hottui.tui.ground import Ground, name_of

_SHORTEST, _LONGEST = 0.5, 3_600.0
"""Bounds of the interval in seconds."""


class Pacing(Ground):
    """Tells the monitor when to read."""

    def action_pause(self) -> None:
        """Stop reading the service, or go on."""
        if self.connection and self.snapshot:
            self.connection.monitor.pause(not self.snapshot.loop.paused)

    def action_refresh(self) -> None:
        """Read the hot update under the cursor now."""
        if self.connection and self.current:
            self.connection.monitor.refresh(self.current.ref)
            self.say(f"Reading {name_of(self.current)}.")

    def action_refresh_all(self) -> None:
        """Read every hot update once."""
        if self.connection:
            self.connection.monitor.refresh()
            self.say(f"Reading all {len(self.tracked)}.")

    def action_interval(self) -> None:
        """Ask for the interval in seconds."""
        loop = self.snapshot.loop if self.snapshot else None
        self.ask("Interval in seconds", f"{loop.interval:g}" if loop else "", self._set_interval)

    def _set_interval(self, text: str | None) -> None:
        if not text or self.connection is None:
            return
        try:
            seconds = float(text.strip().removesuffix("s"))
        except ValueError:
            seconds = 0.0
        if not _SHORTEST <= seconds <= _LONGEST:
            self.say(f"The interval is a number of seconds from {_SHORTEST:g} to {_LONGEST:g}.", "bar.error")
            return
        self.connection.monitor.set_interval(seconds)
        self.say(f"What is in progress is read every {seconds:g}s.")
