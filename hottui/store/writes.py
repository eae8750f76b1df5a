"""Writing bookmarks and what is seen of them, inside a transaction that the caller holds."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from hottui.model.ref import Ref
from hottui.model.times import known_time
from hottui.model.tracking import Bookmark, Observation, Transition
from hottui.store.history import insert_transition, latest_transition
from hottui.store.serialization import pack, plain, ref_values, summary_values


def key_of(connection: sqlite3.Connection, ref: Ref) -> int | None:
    """The key of the bookmark of `ref`; None when it is not kept."""
    row = connection.execute(
        "SELECT id FROM bookmark WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? "
        "AND removed IS NULL",
        ref_values(ref),
    ).fetchone()
    return None if row is None else int(row[0])


def add(connection: sqlite3.Connection, bookmark: Bookmark, now: float) -> bool:
    """Keep `bookmark`; False when its ref is kept already. A label or note given replaces the old one.

    A bookmark removed not long ago comes back with what was seen of it.
    """
    label, note = plain(bookmark.label), plain(bookmark.note)
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
    connection: sqlite3.Connection, key: int, observation: Observation, transition: Transition | None, now: float
) -> None:
    """Keep the last answer of bookmark `key`, whose secrets are masked already, and the move it showed.

    An answer older than the one kept changes nothing but the history. The history always ends with the state shown:
    where `transition` does not say how it got there, the observation does.
    """
    if transition is not None:
        insert_transition(connection, key, transition)
    if not _is_latest(connection, key, observation.at, now):
        return
    state = plain(observation.summary.state)
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
        (key, observation.at, plain(observation.request_id), encoding, body),
    )


def merge(
    connection: sqlite3.Connection,
    bookmark: Bookmark,
    transitions: Iterable[Transition],
    observation: Observation | None,
    now: float,
) -> tuple[bool, int]:
    """Join what another store knows of a bookmark to what is known here, which wins where both say something.

    `observation` is masked already. Returns whether the bookmark is new, and how many moves were.
    """
    key = key_of(connection, bookmark.ref)
    new = key is None
    if key is not None:
        label, note = connection.execute("SELECT label, note FROM bookmark WHERE id = ?", (key,)).fetchone()
        bookmark = replace(bookmark, label=label or bookmark.label, note=note or bookmark.note)
    add(connection, bookmark, now)
    key = key_of(connection, bookmark.ref)
    assert key is not None, "a bookmark is there once it was added"  # noqa: S101
    moves = sum(insert_transition(connection, key, transition) for transition in transitions)
    if observation is not None:
        record(connection, key, observation, None, now)
    return new, moves


def masked(observation: Observation) -> Observation:
    """`observation` without the secrets in its answer. Takes milliseconds for a large one: not in a transaction."""
    from hottui.model.masking import mask_answer, mask_text  # noqa: PLC0415 — a start reads, and compiles no patterns

    summary = replace(
        observation.summary,
        change=mask_text(observation.summary.change),
        reason=mask_text(observation.summary.reason),
    )
    return replace(observation, summary=summary, answer=mask_answer(observation.answer))


def _is_latest(connection: sqlite3.Connection, key: int, at: float, now: float) -> bool:
    """Whether nothing later is kept; a time ahead of the clock, which was set back then, does not count."""
    row = connection.execute("SELECT at FROM answer WHERE bookmark = ?", (key,)).fetchone()
    last = known_time(row[0]) if row else None
    return last is None or last <= at or last > now
