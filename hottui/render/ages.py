"""Format ages and times. Ages take at most four cells and are coarse, so that cells change rarely.

Nothing here raises; an unknown time or one out of bounds is formatted as such.
"""

from datetime import datetime

from hottui.model.times import UNKNOWN, is_span, known_time

_STEPS = ((86_400, "d"), (3_600, "h"), (60, "m"))
_SEEN_STEPS = (30, 15, 5, 1)
"""Minutes to which the age of an answer is rounded down; its column is the most expensive one to redraw."""


def age(seconds: float) -> str:
    """Return `12s`, `3m`, `2h` or `9d`; `0s` if the clock went back, `?` if a time is unknown."""
    if not is_span(seconds):
        return "?"
    whole = max(int(seconds), 0)
    for size, unit in _STEPS:
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def seen_age(seconds: float) -> str:
    """Return the age of the last good answer: `now` within a minute, then `1m`, `5m`, `15m`, `30m`, `1h`, …"""
    if not is_span(seconds):
        return "?"
    if seconds < 60:
        return "now"
    minutes = int(seconds) // 60
    return age(seconds) if minutes >= 60 else f"{next(step for step in _SEEN_STEPS if minutes >= step)}m"


def clock_time(at: float) -> str:
    """Return the local date and time to the second, as `2026-01-31 09:30:00`; `unknown` for an unknown time."""
    if known_time(at) in (None, UNKNOWN):
        return "unknown"
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def time_zone() -> str:
    """Return the local time zone as `CST (UTC+08:00)`, or `UTC`."""
    now = datetime.now().astimezone()
    name, offset = now.strftime("%Z"), now.strftime("%z")
    return name if name == "UTC" else f"{name} (UTC{offset[:3]}:{offset[3:5]})"
