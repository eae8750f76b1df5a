"""Call a function when a text that depends on the time changes, and sleep until then."""

import math
from collections.abc import Callable
from typing import Final

from textual.message_pump import MessagePump
from textual.timer import Timer

_LONGEST: Final = 60.0
"""Seconds after which the texts are compared in any case: timers stand still while the machine is suspended."""
_MARGIN: Final = 0.05
"""Seconds added so that the clock has reached the time when the timer fires."""
_OVERDUE: Final = 5.0
"""Seconds after which a timer that has not fired is set again: the machine was suspended, or its clock was set."""


class Alarm:
    """Calls `ring` once at the earliest of the times set, in full seconds of `clock`.

    Rows whose ages change within the same second are so redrawn together. `owner` has to be running.
    """

    def __init__(self, owner: MessagePump, clock: Callable[[], float], ring: Callable[[], object]) -> None:
        self._owner = owner
        self._clock = clock
        self._ring = ring
        self._timer: Timer | None = None
        self._due = math.inf

    def within(self, seconds: float) -> None:
        """Ring in `seconds`, unless it rings earlier; never for infinity."""
        if seconds == math.inf:
            return
        now = self._clock()
        due = math.ceil(now + min(seconds, _LONGEST))
        if self._timer is not None:
            if now - _OVERDUE < self._due <= due:
                return
            self._timer.stop()
        self._due = due
        self._timer = self._owner.set_timer(due - now + _MARGIN, self._rung)

    def _rung(self) -> None:
        self._timer = None
        self._ring()
