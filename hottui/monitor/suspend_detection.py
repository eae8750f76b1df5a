"""Noticing that this machine or process was asleep: a suspended laptop, a stopped job (ctrl-z)."""

from typing import Final

SUSPENDED_AFTER: Final = 5.0
"""Seconds later than asked for that only a sleep explains; a busy machine is late by less."""


class SuspendDetector:
    """Compares the clocks with what was expected. A stop shows on the monotonic clock, a suspend on the other one."""

    def __init__(self) -> None:
        self._by: float | None = None
        self._lead: float | None = None

    def expect(self, by: float | None) -> None:
        """The next beat comes by this monotonic time, or whenever (None)."""
        self._by = by

    def beat(self, now: float, wall: float) -> bool:
        """Whether there was a sleep since the last beat; `now` is monotonic, `wall` since the epoch."""
        lead, late = wall - now, self._by is not None and now > self._by + SUSPENDED_AFTER
        jumped = self._lead is not None and abs(lead - self._lead) > SUSPENDED_AFTER
        self._lead = lead
        if late:
            self._by = now
        return late or jumped
