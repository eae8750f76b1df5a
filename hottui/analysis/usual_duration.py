"""How long a hot update usually takes, by those of the same job or namespace that finished."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from hottui.model.state import is_final
from hottui.model.tracking import Transition

ENOUGH: Final = 3
"""Finished hot updates of a job, or of its namespace, from which on a usual duration is given."""
SLOW_WITHOUT_HISTORY: Final = 60.0
"""Seconds: the vendor's upper bound of an update."""


@dataclass(frozen=True, slots=True)
class UsualDuration:
    """Seconds from the first observation to the final state: the middle one, and that of nine in ten."""

    median: float
    p90: float
    count: int
    of_job: bool
    """Whether these are of the same job; else of its namespace."""


def observed_duration(transitions: Sequence[Transition]) -> float | None:
    """Seconds from the first observation, if it was in progress then, to the final state; None where not known."""
    if not transitions:
        return None
    seen = sorted(transitions, key=lambda transition: transition.at)
    if is_final(seen[0].state) or not is_final(seen[-1].state):
        return None
    ended = next(each.at for each in seen if is_final(each.state))
    return ended - seen[0].at


def usual_duration(of_job: Sequence[float], of_namespace: Sequence[float] = ()) -> UsualDuration | None:
    """The usual duration of the job's finished hot updates, else of the namespace's; None of too few."""
    for seconds, same_job in ((of_job, True), (of_namespace, False)):
        known = sorted(each for each in seconds if math.isfinite(each) and each >= 0)
        if len(known) >= ENOUGH:
            return UsualDuration(median(known), known[math.ceil(0.9 * len(known)) - 1], len(known), same_job)
    return None


def is_slow(elapsed: float, usual: UsualDuration | None) -> bool:
    """Whether an update in progress takes longer than nine in ten did, or than a minute where none is known."""
    return elapsed > (usual.p90 if usual else SLOW_WITHOUT_HISTORY)


def slow_text(elapsed: float, usual: UsualDuration | None) -> str:
    """`slow (usually 14s)` for an update in progress that is slow; else empty."""
    if not is_slow(elapsed, usual):
        return ""
    return f"slow (usually {short_duration(usual.median)})" if usual else "slow (usually under 1m)"


def short_duration(seconds: float) -> str:
    """`0.4s`, `14s`, `1m 20s` or `2h 5m`."""
    if seconds < 1:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}m {rest}s" if rest else f"{minutes}m"
    return f"{minutes // 60}h {minutes % 60}m" if minutes % 60 else f"{minutes // 60}h"
