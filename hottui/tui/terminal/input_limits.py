"""Rate limits for input: text pasted as keys, line noise, a file sent to the terminal."""

import time
from collections.abc import Callable
from typing import Final

from textual import events
from textual.message import Message

from hottui.tui.terminal.input_events import PasteTooLong

KEYS: Final = 16_384
"""Keys that may arrive at once: the capacity of the input queue, which decides whether they are text."""
_KEYS_A_SECOND = 100.0
"""Sustained rate: faster than any keyboard repeats a key."""
_MOTIONS = 64
_MOTIONS_A_SECOND = 100.0
"""Mouse movements, wheel steps and terminal reports beyond this are dropped."""
_PAUSE = 0.25
"""Seconds without input that end a flood."""
_PASTE_COST = 32
"""Pasted characters that count as one key."""


class TooManyKeys(Message):
    """Keys are ignored until there is a pause in the input."""


class Budget:
    """A token bucket: up to `size` at once, refilled with `rate` per second."""

    def __init__(self, size: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._rate, self._clock = size, rate, clock
        self._left, self._at = size, clock()

    def take(self, amount: float) -> bool:
        """Take `amount`; return whether it was available."""
        now = self._clock()
        self._left = min(self._size, self._left + (now - self._at) * self._rate)
        self._at = now
        if amount > self._left:
            return False
        self._left -= amount
        return True


class Limiter:
    """Drops input that no person can have typed.

    Once too many keys have arrived, all are dropped until there is a pause: they are not commands, so none may act as
    one. Excess mouse movements are dropped one by one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = Budget(KEYS, _KEYS_A_SECOND, clock)
        self._motions = Budget(_MOTIONS, _MOTIONS_A_SECOND, clock)
        self._flooded = False
        self._silence = 0.0

    def silence(self, seconds: float) -> None:
        """Record time without input."""
        self._silence += seconds
        if self._silence >= _PAUSE:
            self._flooded = False

    def limit(self, batch: list[Message]) -> list[Message]:
        """Return the events allowed of those read together."""
        if not batch:
            return []
        self._silence = 0.0
        cost = sum(map(_cost, batch))
        first = cost > 0 and not self._flooded and not self._keys.take(cost)
        self._flooded = self._flooded or first
        passed = [event for event in batch if (not self._flooded if _cost(event) else self._motions.take(1))]
        return [TooManyKeys(), *passed] if first else passed


def _cost(event: Message) -> float:
    """Return how many keys the event counts as; 0 if it cannot be a command."""
    if isinstance(event, events.Paste):
        return 1 + len(event.text) / _PASTE_COST
    return float(isinstance(event, events.Key | events.MouseDown | events.MouseUp | PasteTooLong))
