"""Format ages and times. Ages take at most four cells and are coarse, so that cells change rarely.

Nothing here raises; an unknown time or one out of bounds is formatted as such.
"""

import math
from datetime import datetime
from typing import Final

from hottui.model.times import UNKNOWN, is_span, known_time
from hottui.render.local_times import date_time, zone_name

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))

Steps = tuple[tuple[int, int], ...]
"""Ages from which an age is rounded down to a number of seconds, ascending: `(start, step)`, the first at 0."""
_FROM_1H: Final = ((3_600, 3_600), (86_400, 86_400))
EXACT: Final[Steps] = ((0, 1), (60, 60), *_FROM_1H)
"""For what is in progress."""
COARSE: Final[Steps] = ((0, 1), (10, 20), (30, 30), (60, 60), (300, 300), *_FROM_1H)
"""For what has ended: `0s` to `9s`, `10s`, `30s`, `1m` to `5m`, `10m`, `15m`, …, `1h`, `2h`, …"""
SEEN: Final[Steps] = ((0, 60), (60, 240), (300, 600), (900, 900), (1_800, 1_800), *_FROM_1H)
"""For the last good answer: `now` within a minute, then `1m`, `5m`, `15m`, `30m`, `1h`, …"""


def age(seconds: float, steps: Steps = EXACT) -> str:
    """Return `12s`, `3m`, `2h` or `9d`; `0s` if the clock went back, `?` if a time is unknown."""
    if not is_span(seconds):
        return "?"
    start, step = _step(seconds, steps)
    rounded = start + (max(int(seconds), 0) - start) // step * step
    size, unit = next((each for each in _UNITS if rounded >= each[0]), _UNITS[-1])
    return f"{rounded // size}{unit}"


def seen_age(seconds: float) -> str:
    """Return the age of the last good answer, in the steps of SEEN."""
    return "now" if is_span(seconds) and seconds < SEEN[1][0] else age(seconds, SEEN)


def next_change(seconds: float, steps: Steps = EXACT) -> float:
    """Return in how many seconds an age of `seconds` has another text; infinity if it never has."""
    if not is_span(seconds):
        return math.inf
    start, step = _step(seconds, steps)
    return step - (seconds - start) % step if seconds >= 0 else step - seconds


def _step(seconds: float, steps: Steps) -> tuple[int, int]:
    return next((each for each in reversed(steps) if seconds >= each[0]), steps[0])


def clock_time(at: float) -> str:
    """Return the local date and time with the zone, as `2026-01-31 09:30:00 CST`; `unknown` for an unknown time."""
    return "unknown" if known_time(at) in (None, UNKNOWN) else f"{date_time(at)} {zone_name(at)}"


def time_zone() -> str:
    """Return the local time zone as `CST (UTC+08:00)`, or `UTC`."""
    now = datetime.now().astimezone()
    name, offset = now.strftime("%Z"), now.strftime("%z")
    return name if name == "UTC" else f"{name} (UTC{offset[:3]}:{offset[3:5]})"
