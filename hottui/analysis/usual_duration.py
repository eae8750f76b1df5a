"""The usual duration of a hot update, from finished ones of the same job or namespace."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from hottui.model.state import is_final
from hottui.model.times import duration
from hottui.model.tracking import Transition

ENOUGH: Final = 3
"""Minimum number of finished hot updates of a job, or of its namespace, for a usual duration."""
SLOW_WITHOUT_HISTORY: Final = 60.0
"""The vendor's upper bound of an update, in seconds."""


@dataclass(frozen=True, slots=True)
class UsualDuration:
    """Seconds from the first observation to the final state: the median and the 90th percentile."""

    median: float
    p90: float
    count: int
    of_job: bool
    """Whether these are of the same job; otherwise of its namespace."""


def observed_duration(transitions: Sequence[Transition]) -> float | None:
    """Return the seconds from the first observation, if in progress then, to the final state; None if unknown."""
    if not transitions:
        return None
    seen = sorted(transitions, key=lambda transition: transition.at)
    if is_final(seen[0].state) or not is_final(seen[-1].state):
        return None
    ended = next(each.at for each in seen if is_final(each.state))
    return ended - seen[0].at


def usual_duration(of_job: Sequence[float], of_namespace: Sequence[float] = ()) -> UsualDuration | None:
    """Return the usual duration for the job, otherwise for the namespace; None if too few have finished."""
    for seconds, same_job in ((of_job, True), (of_namespace, False)):
        known = sorted(each for each in seconds if math.isfinite(each) and each >= 0)
        if len(known) >= ENOUGH:
            return UsualDuration(median(known), known[math.ceil(0.9 * len(known)) - 1], len(known), same_job)
    return None


def is_slow(elapsed: float, usual: UsualDuration | None) -> bool:
    """Whether an update in progress exceeds the 90th percentile, or a minute if that is unknown."""
    return elapsed > (usual.p90 if usual else SLOW_WITHOUT_HISTORY)


def slow_text(elapsed: float, usual: UsualDuration | None) -> str:
    """Return `slow (usually 14s)` for an update in progress that is slow; otherwise empty."""
    if not is_slow(elapsed, usual):
        return ""
    return f"slow (usually {short_duration(usual.median)})" if usual else "slow (usually under 1m)"


def short_duration(seconds: float) -> str:
    """Return `0.4s` below a second, otherwise the rounded duration: `14s`, `1m 20s` or `2h 05m`."""
    return f"{seconds:.1f}s" if seconds < 1 else duration(round(seconds))
