"""Spans of time in at most four cells, coarse on purpose: a cell that reads the same is not written again."""

from datetime import datetime

_STEPS = ((86_400, "d"), (3_600, "h"), (60, "m"))
FRESH = 10.0
"""Seconds within which a hot update that is watched counts as seen `now`."""


def age(seconds: float) -> str:
    """`12s`, `3m`, `2h`, `9d`; a clock that went back reads `0s`."""
    whole = max(int(seconds), 0)
    for size, unit in _STEPS:
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def seen_age(seconds: float) -> str:
    """Like `age`, in steps of ten seconds within the first minute, and `now` while a live loop keeps it fresh."""
    if seconds < FRESH:
        return "now"
    return age(seconds) if seconds >= 60 else f"{int(seconds) // 10 * 10}s"


def clock_time(at: float) -> str:
    """Local date and time to the second, as `2026-01-31 09:30:00`."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def duration(seconds: float) -> str:
    """Two units, for the timeline: `1m 12s`, `3h 04m`, `2d 5h`."""
    whole = max(int(seconds), 0)
    minutes, s = divmod(whole, 60)
    hours, m = divmod(minutes, 60)
    days, h = divmod(hours, 24)
    if days:
        return f"{days}d {h}h"
    if hours:
        return f"{hours}h {m:02}m"
    return f"{m}m {s:02}s" if minutes else f"{s}s"
