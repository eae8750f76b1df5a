"""Writing bookmarks, answers and transitions, in a transaction that the caller holds."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import NewType

from hottui.model.ref import Ref
from hottui.model.times import known_time
from hottui.model.tracking import Bookmark, Observation, Transition
from hottui.store.history import insert_transition, latest_transition
from hottui.store.serialization import pack, ref_values, summary_values, without_surrogates

MaskedObservation = NewType("MaskedObservation", Observation)
"""An observation with secrets masked, as `masked` returns it."""


def key_of(connection: sqlite3.Connection, ref: Ref) -> int | None:
    """Return the primary key of the bookmark of `ref`; None if there is none."""
    row = connection.execute(
        "SELECT id FROM bookmark WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? "
        "AND removed IS NULL",
        ref_values(ref),
    ).fetchone()
    return None if row is None else int(row[0])


def add(connection: sqlite3.Connection, bookmark: Bookmark, now: float) -> bool:
    """Insert `bookmark`; False if its ref is bookmarked already. A label or note, if not empty, replaces the old one.

    A recently removed bookmark is restored with its history.
    """
    label, note = without_surrogates(bookmark.label), without_surrogates(bookmark.note)
    cursor = connection.execute(
        "INSERT OR IGNORE INTO bookmark (endpoint, workspace, namespace, hot_update, label, note, added) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*ref_values(bookmark.ref), label, note, bookmark.added or now),
    )
    if cursor.rowcount > 0:
        return True
    known = key_of(connection, bookmark.ref) is not None
    connection.execute(
        "UPDATE bookmark SET label = coalesce(nullif(?, ''), label), note = coalesce(nullif(?, ''), note), "
        "added = CASE WHEN removed IS NULL THEN added ELSE ? END, removed = NULL "
        "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ?",
        (label, note, bookmark.added or now, *ref_values(bookmark.ref)),
    )
    return not known


def record(
    connection: sqlite3.Connection, key: int, observation: MaskedObservation, transition: Transition | None, now: float
) -> None:
    """Save the last answer of bookmark `key`, and the transition it showed.

    An answer older than the saved one only changes the history. The history always ends with the current state: a
    missing transition is derived from the observation.
    """
    if transition is not None:
        insert_transition(connection, key, transition)
    if not _is_latest(connection, key, observation.at, now):
        return
    state = without_surrogates(observation.summary.state)
    last = latest_transition(connection, key, max(now, observation.at))
    if last is None or last[1] != state:
        previous = last[1] if last else ""
        insert_transition(connection, key, Transition(observation.ref, observation.at, state, previous))
        last = (observation.at, state)
    connection.execute(
        "UPDATE bookmark SET state = ?, job_id = ?, change = ?, severity = ?, reason = ?, mode = ?, "
        "since = ?, seen = ? WHERE id = ?",
        (*summary_values(observation.summary), last[0], observation.at, key),
    )
    encoding, body = pack(observation.answer)
    connection.execute(
        "INSERT OR REPLACE INTO answer (bookmark, at, request_id, encoding, body) VALUES (?, ?, ?, ?, ?)",
        (key, observation.at, without_surrogates(observation.request_id), encoding, body),
    )


def merge(
    connection: sqlite3.Connection,
    bookmark: Bookmark,
    transitions: Iterable[Transition],
    observation: MaskedObservation | None,
    now: float,
) -> tuple[bool, int]:
    """Merge a bookmark of another store with its history; on conflicts, this store's values win.

    Returns whether the bookmark is new, and the number of new transitions.
    """
    key = key_of(connection, bookmark.ref)
    new = key is None
    if key is not None:
        label, note = connection.execute("SELECT label, note FROM bookmark WHERE id = ?", (key,)).fetchone()
        bookmark = replace(bookmark, label=label or bookmark.label, note=note or bookmark.note)
    add(connection, bookmark, now)
    key = key_of(connection, bookmark.ref)
    assert key is not None, "add() inserts the bookmark"  # noqa: S101
    inserted = sum(insert_transition(connection, key, transition) for transition in transitions)
    if observation is not None:
        record(connection, key, observation, None, now)
    return new, inserted


def masked(observation: Observation) -> MaskedObservation:
    """Return `observation` with secrets masked. Not for use in a transaction: a large answer takes seconds."""
    from hottui.model.masking import mask_answer, mask_text  # noqa: PLC0415 - compiles many patterns, not needed at start-up

    summary = replace(
        observation.summary,
        change=mask_text(observation.summary.change),
        reason=mask_text(observation.summary.reason),
    )
    return MaskedObservation(replace(observation, summary=summary, answer=mask_answer(observation.answer)))


def _is_latest(connection: sqlite3.Connection, key: int, at: float, now: float) -> bool:
    """Whether no later answer is saved; a time in the future, from before the clock was set back, is ignored."""
    row = connection.execute("SELECT at FROM answer WHERE bookmark = ?", (key,)).fetchone()
    last = known_time(row[0]) if row else None
    return last is None or last <= at or last > now
