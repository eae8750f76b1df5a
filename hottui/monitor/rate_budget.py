"""Request rate and concurrency for one account in one region. Pure: the clock is passed in.

The service's quota is shared with colleagues and pipelines, so requests are spaced evenly, and unused time earns no
later burst. Only the very first requests form a burst, so that a start shows something soon; the next ones wait until
the rate is back in balance, so that no second has more requests than the rate. That wait counts from the answers of
the burst, because connections are established first and the requests may arrive much later than they began.
"""

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from hottui.monitor.schedule import full_jitter

RATE: Final = 10.0
HIGHEST_RATE: Final = 80.0
LOWEST_RATE: Final = 0.2
IN_FLIGHT: Final = 8
BURST: Final = 8
"""Requests that may begin together at the start."""
RECOVERY: Final = 0.01
"""Fraction of the full rate that is recovered per second after a cut: half the rate takes 50 s."""
LONGEST_RETRY_AFTER: Final = 60.0


@dataclass(frozen=True, slots=True)
class RateBudget:
    """Requests per second and requests in flight, for one account and region. Times are monotonic seconds."""

    limit: float = RATE
    in_flight: int = 0
    opens_at: float = 0.0
    """No request begins before this time."""
    burst: int = BURST
    """How many requests of the initial burst are left."""
    began: float = math.inf
    """When the first request began."""
    unanswered: int = 0
    """How many requests of the initial burst have not ended."""
    cut_rate: float = HIGHEST_RATE
    cut_at: float = 0.0
    throttled_in_a_row: int = 0
    """How often it was throttled in a row."""

    def rate(self, now: float) -> float:
        """Return the current rate, in requests per second."""
        full = min(self.limit, HIGHEST_RATE)
        return min(full, self.cut_rate + full * RECOVERY * max(now - self.cut_at, 0.0))

    @property
    def full(self) -> bool:
        """Whether the maximum number of requests is in flight."""
        return self.in_flight >= IN_FLIGHT

    def may_start(self, now: float) -> bool:
        """Whether one more request may begin."""
        return not self.full and now >= self.opens_at

    def started(self, now: float) -> "RateBudget":
        """After a request began."""
        space = 1.0 / self.rate(now)
        if not self.burst:
            return replace(self, in_flight=self.in_flight + 1, opens_at=now + space)
        began = min(self.began, now)
        burst = self.burst - 1 if now < began + space else 0
        balanced = max(began + (BURST - self.burst + 1) * space, now + space)
        opens_at = now if burst else balanced
        unanswered = self.unanswered + (now < began + space)
        return replace(
            self, in_flight=self.in_flight + 1, opens_at=opens_at, burst=burst, began=began, unanswered=unanswered
        )

    def ended(self, started: float, now: float) -> "RateBudget":
        """After a request that began at `started` ended, successfully or not."""
        space = 1.0 / self.rate(now)
        if not self.unanswered or started >= self.began + space:
            return replace(self, in_flight=self.in_flight - 1)
        more_to_come = self.burst and now < self.began + space
        opens_at = self.opens_at if more_to_come else max(self.opens_at, now + self.unanswered * space)
        return replace(self, in_flight=self.in_flight - 1, opens_at=opens_at, unanswered=self.unanswered - 1)

    def opens_beside(self, now: float) -> float:
        """Return when a request that is no read of a hot update may begin; infinity while the burst is unanswered."""
        if self.unanswered or self.full:
            return math.inf
        burst_ends = self.began + 1.0 / self.rate(now) if self.burst and self.began < math.inf else now
        return max(now, self.opens_at, burst_ends)

    def started_beside(self, now: float) -> "RateBudget":
        """After such a request began: it takes its turn, but no slot and nothing of the initial burst."""
        if self.burst and self.began == math.inf:
            return replace(self, burst=0, opens_at=now + 1.0 / self.rate(now))
        return replace(self.started(now), in_flight=self.in_flight)

    def reopens_beside(self, now: float) -> float:
        """Return when the next request may begin after one that is no read of a hot update begins."""
        return self.started_beside(now).opens_at if self.burst else now + 1.0 / self.rate(now)

    def answered(self) -> "RateBudget":
        """After an answer: the service is not throttling."""
        return replace(self, throttled_in_a_row=0) if self.throttled_in_a_row else self

    def throttled(self, started: float, now: float, retry_after: float | None, rng: Random) -> "RateBudget":
        """After a request that began at `started` was throttled; `retry_after` is in seconds, if the service gave it.

        The rate is halved once for all requests that were in flight together.
        """
        first_of_batch = started >= self.cut_at or not self.throttled_in_a_row
        throttled_in_a_row = self.throttled_in_a_row + first_of_batch
        wait = (
            full_jitter(throttled_in_a_row, rng, first=1.0)
            if retry_after is None
            else min(max(retry_after, 0.0), LONGEST_RETRY_AFTER)
        )
        cut = replace(self, opens_at=max(self.opens_at, now + wait), throttled_in_a_row=throttled_in_a_row, burst=0)
        if not first_of_batch:
            return cut if retry_after is not None else self
        return replace(cut, cut_rate=max(self.rate(now) / 2, LOWEST_RATE), cut_at=now)
