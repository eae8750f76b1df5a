"""Spans of time in at most four cells, coarse on purpose: a cell that reads the same is not written again.

Nothing here raises: a time that is unknown or out of bounds reads as such.
"""

from datetime import datetime

from hottui.model.times import UNKNOWN, is_span, known_time

_STEPS = ((86_400, "d"), (3_600, "h"), (60, "m"))
_SEEN_STEPS = (30, 15, 5, 1)
"""Minutes in which the age of an answer is told: it ticks in the column that costs most to write."""


def age(seconds: float) -> str:
    """`12s`, `3m`, `2h`, `9d`; `0s` when the clock went back, `?` when a time is unknown."""
    if not is_span(seconds):
        return "?"
    whole = max(int(seconds), 0)
    for size, unit in _STEPS:
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def seen_age(seconds: float) -> str:
    """The age of the last good answer: `now` within a minute, then `1m`, `5m`, `15m`, `30m`, `1h`, …"""
    if not is_span(seconds):
        return "?"
    if seconds < 60:
        return "now"
    minutes = int(seconds) // 60
    return age(seconds) if minutes >= 60 else f"{next(step for step in _SEEN_STEPS if minutes >= step)}m"


def clock_time(at: float) -> str:
    """Local date and time to the second, as `2026-01-31 09:30:00`; `unknown` for a time that is not known."""
    if known_time(at) in (None, UNKNOWN):
        return "unknown"
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def duration(seconds: float) -> str:
    """Two units, for the timeline: `1m 12s`, `3h 04m`, `2d 5h`; an unknown time is thirty years away at least."""
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
