"""How much may be asked of one account in one region: pure, the clock is passed in.

The service's quota is shared with colleagues and pipelines, so requests are spaced evenly and never made up for: an
hour asleep earns no burst. The first few of all begin at once, so that a start shows something soon, and the next ones
wait as long as those were early: no second sees more than the rate. That wait is counted from their answers, since
connections are made first: all of them may come to the service much later than they began.
"""

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from hottui.monitor.backoff import full_jitter

RATE: Final = 10.0
HIGHEST_RATE: Final = 80.0
LOWEST_RATE: Final = 0.2
IN_FLIGHT: Final = 8
EARLY: Final = 8
"""Requests that may begin together at the start."""
CLIMB: Final = 0.01
"""The part of the full rate won back in each second after a cut: half the rate takes 50 s."""
LONGEST_HINT: Final = 60.0


@dataclass(frozen=True, slots=True)
class RateBudget:
    """Requests a second and requests under way, for one account and region. Times are monotonic seconds."""

    limit: float = RATE
    in_flight: int = 0
    opens: float = 0.0
    """No request before this time."""
    early: int = EARLY
    """How many of the first requests are left that need not wait for the one before."""
    began: float = math.inf
    """When the first request began."""
    unheard: int = 0
    """How many of those that did not wait have not been answered."""
    cut_rate: float = HIGHEST_RATE
    cut_at: float = 0.0
    strikes: int = 0
    """Times throttled in a row."""

    def rate(self, now: float) -> float:
        """Requests a second, at present."""
        full = min(self.limit, HIGHEST_RATE)
        return min(full, self.cut_rate + full * CLIMB * max(now - self.cut_at, 0.0))

    @property
    def full(self) -> bool:
        """Whether as many requests are under way as may be."""
        return self.in_flight >= IN_FLIGHT

    def may_start(self, now: float) -> bool:
        """Whether one more request may begin."""
        return not self.full and now >= self.opens

    def started(self, now: float) -> "RateBudget":
        """After a request began."""
        space = 1.0 / self.rate(now)
        if not self.early:
            return replace(self, in_flight=self.in_flight + 1, opens=now + space)
        began = min(self.began, now)
        early = self.early - 1 if now < began + space else 0
        paid_back = max(began + (EARLY - self.early + 1) * space, now + space)
        opens = now if early else paid_back
        unheard = self.unheard + (now < began + space)
        return replace(self, in_flight=self.in_flight + 1, opens=opens, early=early, began=began, unheard=unheard)

    def ended(self, started: float, now: float) -> "RateBudget":
        """After a request begun at `started` ended, in whatever way."""
        space = 1.0 / self.rate(now)
        if not self.unheard or started >= self.began + space:
            return replace(self, in_flight=self.in_flight - 1)
        more_to_come = self.early and now < self.began + space
        opens = self.opens if more_to_come else max(self.opens, now + self.unheard * space)
        return replace(self, in_flight=self.in_flight - 1, opens=opens, unheard=self.unheard - 1)

    def answered(self) -> "RateBudget":
        """After an answer: the service is not throttling at the moment."""
        return replace(self, strikes=0) if self.strikes else self

    def throttled(self, started: float, now: float, hint: float | None, rng: Random) -> "RateBudget":
        """After a request begun at `started` was throttled; `hint` is the wait the service named, in seconds.

        The rate is halved once for all requests that were under way together.
        """
        again = started >= self.cut_at or not self.strikes
        strikes = self.strikes + again
        wait = full_jitter(strikes, rng, first=1.0) if hint is None else min(max(hint, 0.0), LONGEST_HINT)
        cut = replace(self, opens=max(self.opens, now + wait), strikes=strikes, early=0)
        if not again:
            return cut if hint is not None else self
        return replace(cut, cut_rate=max(self.rate(now) / 2, LOWEST_RATE), cut_at=now)
