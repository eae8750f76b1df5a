"""Stored transitions: inserted without duplicates, and pruned by age and number."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from hottui.model.tracking import Transition
from hottui.store.serialization import without_surrogates

_DAY: Final = 86_400.0

REMOVED_KEPT: Final = _DAY
"""Seconds for which a removed bookmark can be restored with its history."""


_FORGET_JOBS: Final = (
    "DELETE FROM job_answer WHERE NOT EXISTS (SELECT 1 FROM bookmark WHERE bookmark.job_id = job_answer.job_id "
    "AND bookmark.endpoint = job_answer.endpoint AND bookmark.workspace = job_answer.workspace "
    "AND bookmark.namespace = job_answer.namespace)"
)
"""Deletes the answers about jobs of which no hot update is bookmarked."""


@dataclass(frozen=True, slots=True)
class HistoryBounds:
    """How much of each hot update's history is kept. The last transition is always kept."""

    days: float = 90
    transitions: int = 10_000


def insert_transition(connection: sqlite3.Connection, key: int, transition: Transition) -> bool:
    """Insert a transition of bookmark `key`; False if it is a duplicate.

    Several processes (or machines, by import) may have observed the same transition at different times; the earliest
    time counts. So it is a duplicate if the preceding row has the same state. If the following row has the same
    state, that row's time is moved back.
    """
    state, at = without_surrogates(transition.state), transition.at
    before = connection.execute(
        "SELECT state FROM transition WHERE bookmark = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1", (key, at)
    ).fetchone()
    if before is not None and before[0] == state:
        return False
    after = connection.execute(
        "SELECT id, state FROM transition WHERE bookmark = ? AND at > ? ORDER BY at, id LIMIT 1", (key, at)
    ).fetchone()
    if after is not None and after[1] == state:
        connection.execute("UPDATE transition SET at = ? WHERE id = ?", (at, after[0]))
        return False
    connection.execute(
        "INSERT INTO transition (bookmark, at, state, previous) VALUES (?, ?, ?, ?)",
        (key, at, state, without_surrogates(transition.previous)),
    )
    return True


def latest_transition(connection: sqlite3.Connection, key: int, now: float) -> tuple[float, str] | None:
    """Return time and state of the last transition of bookmark `key` up to `now`.

    A later time was recorded before the clock was set back and is ignored.
    """
    row = connection.execute(
        "SELECT at, state FROM transition WHERE bookmark = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1", (key, now)
    ).fetchone()
    return None if row is None else (float(row[0]), str(row[1]))


def insert_gap(connection: sqlite3.Connection, key: int, began: float, ended: float) -> None:
    """Insert a time in which bookmark `key` was not read. Of several processes that ended it, the first counts."""
    connection.execute(
        "INSERT INTO gap (bookmark, began, ended) VALUES (?, ?, ?) "
        "ON CONFLICT (bookmark, began) DO UPDATE SET ended = min(ended, excluded.ended)",
        (key, began, ended),
    )


def prune(connection: sqlite3.Connection, key: int, bounds: HistoryBounds, now: float) -> None:
    """Delete the transitions of bookmark `key` that exceed `bounds`."""
    connection.execute(
        "DELETE FROM transition WHERE bookmark = :key AND (at < :oldest OR at < "
        "  (SELECT at FROM transition WHERE bookmark = :key ORDER BY at DESC LIMIT 1 OFFSET :last)) "
        "AND at < (SELECT max(at) FROM transition WHERE bookmark = :key)",
        {"key": key, "oldest": now - bounds.days * _DAY, "last": max(bounds.transitions, 1) - 1},
    )


def prune_all(connection: sqlite3.Connection, bounds: HistoryBounds, now: float) -> None:
    """Delete what exceeds `bounds` for every bookmark, and bookmarks removed longer ago than REMOVED_KEPT."""
    forget_removed(connection, now - REMOVED_KEPT)
    connection.execute(_FORGET_JOBS)
    connection.execute("DELETE FROM gap WHERE ended < ?", (now - bounds.days * _DAY,))
    for (key,) in connection.execute("SELECT id FROM bookmark").fetchall():
        prune(connection, key, bounds, now)


def forget_removed(connection: sqlite3.Connection, until: float) -> None:
    """Permanently delete the bookmarks that were removed before `until`."""
    connection.execute("DELETE FROM bookmark WHERE removed <= ?", (until,))
