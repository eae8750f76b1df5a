"""Points in time, as seconds since the epoch, bounded to what can be compared, subtracted and formatted."""

import math
from typing import Final

LATEST: Final = 2.0**33
"""The latest time accepted, in March 2242. Milliseconds since the epoch are beyond it from April 1970 on."""

UNKNOWN: Final = 0.0
"""Stands for a time that is not known: nothing was observed in 1970."""


def known_time(value: object) -> float | None:
    """`value` as a time; None when it is no number, not finite, or out of bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Compared before it is converted: an integer of 400 digits has no float, and NaN compares as False.
    return float(value) if 0 <= value <= LATEST else None


def is_span(seconds: float) -> bool:
    """Whether `seconds` is a difference of two known times, and not one that an unknown time is part of."""
    return math.isfinite(seconds) and abs(seconds) < _LONGEST


_LONGEST: Final = 1e9
"""Seconds, over thirty years: a longer span begins or ends at `UNKNOWN`."""
