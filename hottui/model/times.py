"""Bounds of times and of the polling interval, and the text of durations.

Times are seconds since the epoch, validated so that they can be compared, subtracted and formatted.
"""

import math
import time
from typing import Final

LATEST: Final = 2.0**33
"""The latest time accepted, in March 2242. Milliseconds since the epoch are beyond it from April 1970 on."""

UNKNOWN: Final = 0.0
"""The value of an unknown time: nothing was observed in 1970."""


def known_time(value: object) -> float | None:
    """Return `value` as a time; None if it is not a number, not finite, or out of range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Compared before the conversion: an integer of 400 digits has no float, and comparisons with NaN are False.
    return float(value) if 0 <= value <= LATEST else None


def iso(at: float | None) -> str | None:
    """Return seconds since the epoch as `2026-01-31T09:30:00Z`; None for an unknown time."""
    return None if known_time(at) in (None, UNKNOWN) else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def is_span(seconds: float) -> bool:
    """Whether `seconds` is the difference of two known times."""
    return math.isfinite(seconds) and abs(seconds) < _LONGEST


_LONGEST: Final = 1e9
"""Seconds, over thirty years: a longer span starts or ends at `UNKNOWN`."""


def duration(seconds: float) -> str:
    """Return a duration in two units: `1m 12s`, `3h 04m`, `2d 5h`. Over 30 years, a time is unknown."""
    if not is_span(seconds):
        return "over 30 years"
    whole = max(int(seconds), 0)
    minutes, s = divmod(whole, 60)
    hours, m = divmod(minutes, 60)
    days, h = divmod(hours, 24)
    if days:
        return f"{days}d {h}h"
    if hours:
        return f"{hours}h {m:02}m"
    return f"{m}m {s:02}s" if minutes else f"{s}s"


MIN_INTERVAL: Final = 0.5
MAX_INTERVAL: Final = 3600.0
DEFAULT_INTERVAL: Final = 2.0
"""The polling interval: seconds between two reads of a hot update in progress."""


def bounded_interval(seconds: float) -> float:
    """Return the accepted interval that is nearest to `seconds`."""
    return min(max(seconds, MIN_INTERVAL), MAX_INTERVAL)


INTERVAL_RANGE: Final = f"seconds from {MIN_INTERVAL:g} to {MAX_INTERVAL:g}"
"""The accepted intervals, for messages."""
