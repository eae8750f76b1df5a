"""Times of day in the local zone or in UTC, and the zone's name."""

from datetime import UTC, datetime

from hottui.model.times import UNKNOWN, known_time

WIDTH = 19
"""Cells of a date with its time."""


def zone_title(now: float, *, utc: bool = False, title: str = "TIME") -> str:
    """Return the title of a column of times, with the zone: `TIME (CST)`."""
    return f"{title} ({zone_name(now, utc=utc)})"[:WIDTH]


def zone_name(at: float, *, utc: bool = False) -> str:
    """Return the name of the local time zone at a time: `CST`; `local` if it has none."""
    return "UTC" if utc else datetime.fromtimestamp(at).astimezone().tzname() or "local"


def date_time(at: float, *, utc: bool = False) -> str:
    """Return `2026-09-21 14:13:20`, or `unknown`."""
    if known_time(at) in (None, UNKNOWN):
        return "unknown"
    moment = datetime.fromtimestamp(at, UTC) if utc else datetime.fromtimestamp(at).astimezone()
    return moment.strftime("%Y-%m-%d %H:%M:%S")
