"""The order of the rows: the default one, or by a column, and failures first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from hottui.model.effect import Verdict
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, INIT, Freshness
from hottui.model.tracking import Tracked, sort_key

_Key: TypeAlias = Any
"""Values of one column are comparable with each other; None for no value."""

_VERDICTS: Final = (
    Verdict.NONE, Verdict.JOB_FAILED, Verdict.PARTIAL, Verdict.DRIFTED, Verdict.JOB_GONE, Verdict.UNKNOWN,
    Verdict.SUPERSEDED, Verdict.APPLIED,
)  # fmt: skip
"""The worst first."""
_NUMBER: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class RowOrder:
    """By `column`, a title of the table; empty for the default order. Failures may come before all others."""

    column: str = ""
    reverse: bool = False
    failures_first: bool = False


def ordered(rows: Sequence[Tracked], order: RowOrder) -> list[Tracked]:
    """Return `rows`, which are in the default order, in `order`.

    It is stable: rows with equal values stay in the default order, and rows without a value come last in both
    directions. Failures stay among themselves in the order of their time, whether they were opened or not.
    """
    found = sorted(rows, key=_opened_or_not) if order.failures_first else list(rows)
    if order.column:
        key = KEYS[order.column]
        values = [(key(row), row) for row in found]
        known = sorted((pair for pair in values if pair[0] is not None), key=_first, reverse=order.reverse)
        found = [row for _, row in known] + [row for value, row in values if value is None]
    if order.failures_first:
        found.sort(key=lambda row: row.state != FAILED)
    return found


def _first(pair: tuple[_Key, Tracked]) -> _Key:
    return pair[0]


def _opened_or_not(row: Tracked) -> tuple[int, float, Ref]:
    """Return the key of the default order, in which failures that were opened stay among the others."""
    rank, time, ref = sort_key(row)
    return (1 if row.state == FAILED else rank), time, ref


def _state(row: Tracked) -> int | None:
    if row.summary is None or row.freshness is Freshness.GONE:
        return None
    if row.in_progress:
        return 0 if row.state == INIT else 1
    return {FAILED: 2, HOT_UPDATED: 3}[row.state]


def _text(text: str) -> _Key:
    return _natural(text) if text else None


@lru_cache(8_192)
def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key by which `run 2` comes before `run 10`, and case is ignored."""
    parts = enumerate(_NUMBER.split(text.casefold()[:256]))
    return tuple((0, len(part.lstrip("0")), part.lstrip("0")) if n % 2 else (1, 0, part) for n, part in parts if part)


def _seen(row: Tracked) -> float | None:
    """Return the time of the last answer; rows that are being polled are equal, so that they do not change places."""
    if row.seen is None:
        return None
    return -float("inf") if row.in_progress and row.freshness is Freshness.LIVE else -row.seen


KEYS: Final[dict[str, Callable[[Tracked], _Key]]] = {
    "STATE": _state,
    "FOR": lambda row: -row.since if row.since is not None else None,
    "LABEL": lambda row: _text(row.label),
    "CHANGE": lambda row: _text((row.summary.failure or row.summary.change) if row.summary else ""),
    "EFFECT": lambda row: _VERDICTS.index(row.effect.verdict) if row.effect else None,
    "JOB": lambda row: _text(row.job),
    "ID": lambda row: _text(row.ref.id),
    "SEEN": _seen,
}
"""By title of the table. Ascending is A to Z, the shortest time, in progress first, and the worst effect first."""
