"""Times of day in the local zone or in UTC, and the zone's name."""

from datetime import UTC, datetime

from hottui.model.times import UNKNOWN, known_time

WIDTH = 19
"""Cells of a date with its time."""


def zone_title(now: float, *, utc: bool = False) -> str:
    """Return the title of a column of times, with the zone: `TIME (CST)`."""
    name = "UTC" if utc else datetime.fromtimestamp(now).astimezone().tzname() or "local"
    return f"TIME ({name})"[:WIDTH]


def date_time(at: float, *, utc: bool = False) -> str:
    """Return `2026-09-21 14:13:20`, or `unknown`."""
    if known_time(at) in (None, UNKNOWN):
        return "unknown"
    moment = datetime.fromtimestamp(at, UTC) if utc else datetime.fromtimestamp(at).astimezone()
    return moment.strftime("%Y-%m-%d %H:%M:%S")
