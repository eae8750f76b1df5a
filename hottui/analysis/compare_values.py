"""Compare values of a Flink configuration by meaning: `4 GiB` = `4096m`, `60 s` = `1 min` = `60000`."""

import re
from decimal import Decimal
from typing import Any, Final

from hottui.analysis.changes import ABSENT, value_text
from hottui.model.memory_size import parse_memory

_DURATION: Final = re.compile(r"\s*([0-9]{1,18}(?:\.[0-9]{1,9})?)\s*([a-zµ]*)\s*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?\s*")
_LONGEST: Final = 60
_MILLISECONDS: Final[dict[str, Decimal]] = {
    name: Decimal(factor)
    for factor, names in {
        "86400000": "d day days",
        "3600000": "h hour hours",
        "60000": "m min minute minutes",
        "1000": "s sec secs second seconds",
        "1": "ms milli millis millisecond milliseconds",
        "0.001": "us µs micro micros microsecond microseconds",
        "0.000001": "ns nano nanos nanosecond nanoseconds",
    }.items()
    for name in names.split()
} | {"": Decimal(1)}
"""The units of Flink's TimeUtils; a number without a unit is in milliseconds."""

_OF_MEMORY: Final = re.compile(r"(?:memory|size|heap|bytes|buffer)(?:$|[.-])")
_OF_TIME: Final = re.compile(
    r"(?:interval|timeout|pause|delay|duration|ttl|backoff|period|time|idle|latency)(?:$|[.-])"
)


def parse_duration(value: Any) -> Decimal | None:
    """Return the milliseconds of a duration in Flink's notation (`60 s`, `1min`, `60000`); None if it is not one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > _LONGEST:
        return None
    match = _DURATION.fullmatch(str(value))
    if match is None or (unit := _MILLISECONDS.get(match[2].lower())) is None:
        return None
    return Decimal(match[1]) * unit


def same_value(key: str, one: Any, other: Any) -> bool:
    """Whether two values of `key` mean the same; a missing value equals null.

    If the key does not show whether it is a size or a duration, they may be equal as either.
    """
    if one in (None, ABSENT) or other in (None, ABSENT):
        return one in (None, ABSENT) and other in (None, ABSENT)
    left, right = value_text(one).strip(), value_text(other).strip()
    if left == right or {left.lower(), right.lower()} in ({"true"}, {"false"}):
        return True
    if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right):
        return Decimal(left) == Decimal(right)
    return any(parse(left) is not None and parse(left) == parse(right) for parse in _readings(key))


def _readings(key: str) -> tuple[Any, ...]:
    key = key.lower()
    if _OF_MEMORY.search(key):
        return (parse_memory,)
    return (parse_duration,) if _OF_TIME.search(key) else (parse_memory, parse_duration)
