"""Bounds and default of the polling interval: the seconds between two reads of a hot update in progress."""

from typing import Final

MIN_INTERVAL: Final = 0.5
MAX_INTERVAL: Final = 3600.0
DEFAULT_INTERVAL: Final = 2.0

INTERVAL_RANGE: Final = f"seconds from {MIN_INTERVAL:g} to {MAX_INTERVAL:g}"
"""The accepted values, for messages."""
