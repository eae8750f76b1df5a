"""How states moved: kept once each, in order of time, and not for ever."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from hottui.model.tracking import Transition
from hottui.store.serialization import plain

_DAY: Final = 86_400.0

REMOVED_KEPT: Final = _DAY
"""Seconds for which a removed bookmark can be had back with all that was seen of it."""


@dataclass(frozen=True, slots=True)
class HistoryBounds:
    """How much of each hot update's history is kept. Its last transition always is."""

    days: float = 90
    transitions: int = 10_000


def insert_transition(connection: sqlite3.Connection, key: int, transition: Transition) -> bool:
    """Keep a move of bookmark `key`; False when it was known.

    Several processes (or machines, by import) may have seen the same move, each at a time of its own: the earliest
    counts. So a move is known when the state just before it in time is the same, and when the state just after it is
    the same, that one happened earlier than was thought.
    """
    state, at = plain(transition.state), transition.at
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
        (key, at, state, plain(transition.previous)),
    )
    return True


def latest_transition(connection: sqlite3.Connection, key: int, now: float) -> tuple[float, str] | None:
    """Time and state of the last move of bookmark `key`, at `now`.

    A time ahead of `now` was noted before the clock was set back; it does not count.
    """
    row = connection.execute(
        "SELECT at, state FROM transition WHERE bookmark = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1", (key, now)
    ).fetchone()
    return None if row is None else (float(row[0]), str(row[1]))


def prune(connection: sqlite3.Connection, key: int, bounds: HistoryBounds, now: float) -> None:
    """Drop the moves of bookmark `key` that are beyond `bounds`."""
    connection.execute(
        "DELETE FROM transition WHERE bookmark = :key AND (at < :oldest OR at < "
        "  (SELECT at FROM transition WHERE bookmark = :key ORDER BY at DESC LIMIT 1 OFFSET :last)) "
        "AND at < (SELECT max(at) FROM transition WHERE bookmark = :key)",
        {"key": key, "oldest": now - bounds.days * _DAY, "last": max(bounds.transitions, 1) - 1},
    )


def prune_all(connection: sqlite3.Connection, bounds: HistoryBounds, now: float) -> None:
    """Drop what is beyond `bounds` of every bookmark, and removed bookmarks whose time is over."""
    forget_removed(connection, now - REMOVED_KEPT)
    for (key,) in connection.execute("SELECT id FROM bookmark").fetchall():
        prune(connection, key, bounds, now)


def forget_removed(connection: sqlite3.Connection, until: float) -> None:
    """Delete for good the bookmarks removed until then."""
    connection.execute("DELETE FROM bookmark WHERE removed <= ?", (until,))
