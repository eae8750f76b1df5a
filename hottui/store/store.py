"""Bookmarks, what was last seen of each, and how their states moved."""

import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from hottui.model.masking import mask_answer, mask_text
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Observation, Tracked, Transition
from hottui.store.database import PATIENCE, Database
from hottui.store.rows import (
    REF_COLUMNS,
    SUMMARY_COLUMNS,
    TRACKED_COLUMNS,
    observation_of,
    pack,
    plain,
    ref_values,
    summary_values,
    tracked_of,
)

_OF_REF: Final = "endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ?"


class Store:
    """The store of one user, open in this process and maybe in others.

    Synchronous; any thread may call any method. Each method raises StoreError and nothing else.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    @classmethod
    def open(cls, path: Path, *, patience: float = PATIENCE, clock: Callable[[], float] = time.time) -> "Store":
        """Open the store at `path`, made if it is not there. What the user should know is told in `notices`.

        `patience`: seconds to wait for other processes before StoreBusy. Raises StoreError.
        """
        return cls(Database(path, patience=patience, clock=clock), clock)

    @property
    def path(self) -> Path:
        """Where the store lies."""
        return self._database.path

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences about what was found and mended: a looser mode, a broken file set aside."""
        return self._database.notices

    def close(self) -> None:
        """Close the store; waits for a write under way in another thread."""
        self._database.close()

    def data_version(self) -> int:
        """A number that differs from the one before when another process has changed the store since."""
        return self._database.data_version()

    # What is kept

    def tracked(self) -> tuple[Tracked, ...]:
        """Every bookmark with what was last seen of it, in the order of adding. Reads no answers."""
        rows = self._database.read(f"SELECT {TRACKED_COLUMNS} FROM bookmark ORDER BY id")
        return tuple(map(tracked_of, rows))

    def answer(self, ref: Ref) -> Observation | None:
        """The last answer kept of `ref`, its secrets masked."""
        rows = self._database.read(
            f"SELECT at, request_id, encoding, body, {SUMMARY_COLUMNS} "
            f"FROM answer JOIN bookmark ON bookmark.id = answer.bookmark WHERE {_OF_REF}",
            ref_values(ref),
        )
        return observation_of(ref, rows[0]) if rows else None

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """How the state of `ref` moved, oldest first."""
        rows = self._database.read(
            "SELECT transition.at, transition.state, transition.previous "
            f"FROM transition JOIN bookmark ON bookmark.id = transition.bookmark WHERE {_OF_REF} "
            "ORDER BY transition.at, transition.id",
            ref_values(ref),
        )
        return tuple(Transition(ref, *row) for row in rows)

    # Bookmarks

    def add(self, bookmark: Bookmark) -> bool:
        """Keep `bookmark`; False when its ref was kept already: then a label or note given replaces the old one."""
        return self.add_all([bookmark])[0]

    def add_all(self, bookmarks: Iterable[Bookmark]) -> tuple[bool, ...]:
        """`add` for many, all or none."""
        with self._database.write() as connection:
            return tuple(_add(connection, bookmark, self._clock()) for bookmark in bookmarks)

    def remove(self, ref: Ref) -> bool:
        """Forget `ref` and all that was seen of it; False when it was not kept."""
        with self._database.write() as connection:
            return connection.execute(f"DELETE FROM bookmark WHERE {_OF_REF}", ref_values(ref)).rowcount > 0

    def annotate(self, ref: Ref, label: str, note: str) -> bool:
        """Give the bookmark of `ref` this label and note, empty ones too; False when it is not kept."""
        with self._database.write() as connection:
            return (
                connection.execute(
                    f"UPDATE bookmark SET label = ?, note = ? WHERE {_OF_REF}",
                    (plain(label), plain(note), *ref_values(ref)),
                ).rowcount
                > 0
            )

    # What is seen

    def record(self, observation: Observation, transition: Transition | None = None) -> bool:
        """Keep the last answer and the move it showed; False, and nothing kept, when its ref is no bookmark.

        Secrets are masked before anything is written. Processes that watch the same ref may both tell the same move:
        it is kept once. An answer older than the one kept changes nothing but the history.
        """
        encoding, body = pack(mask_answer(observation.answer))
        with self._database.write() as connection:
            key = _key(connection, observation.ref)
            if key is None:
                return False
            if transition is not None:
                _insert_transition(connection, key, transition)
            if _is_latest(connection, key, observation.at, self._clock()):
                _replace_summary(connection, key, observation)
                connection.execute(
                    "INSERT OR REPLACE INTO answer (bookmark, at, request_id, encoding, body) VALUES (?, ?, ?, ?, ?)",
                    (key, observation.at, plain(observation.request_id), encoding, body),
                )
        return True

    def seen(self, ref: Ref, at: float) -> bool:
        """Note that at `at` the service answered what is kept already; False when `ref` is not kept."""
        with self._database.write() as connection:
            return (
                connection.execute(
                    f"UPDATE bookmark SET seen = max(coalesce(seen, 0), ?) WHERE {_OF_REF}", (at, *ref_values(ref))
                ).rowcount
                > 0
            )

    def mark_looked_at(self, ref: Ref, at: float) -> bool:
        """Note that the detail of `ref` was opened at `at`; False when it is not kept."""
        with self._database.write() as connection:
            return (
                connection.execute(
                    f"UPDATE bookmark SET looked_at = ? WHERE {_OF_REF}", (at, *ref_values(ref))
                ).rowcount
                > 0
            )


def _key(connection: sqlite3.Connection, ref: Ref) -> int | None:
    row = connection.execute(f"SELECT id FROM bookmark WHERE {_OF_REF}", ref_values(ref)).fetchone()
    return None if row is None else int(row[0])


def _add(connection: sqlite3.Connection, bookmark: Bookmark, now: float) -> bool:
    label, note = plain(bookmark.label), plain(bookmark.note)
    cursor = connection.execute(
        f"INSERT OR IGNORE INTO bookmark ({REF_COLUMNS}, label, note, added) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*ref_values(bookmark.ref), label, note, bookmark.added or now),
    )
    if cursor.rowcount > 0:
        return True
    connection.execute(
        "UPDATE bookmark SET label = coalesce(nullif(?, ''), label), note = coalesce(nullif(?, ''), note) "
        f"WHERE {_OF_REF}",
        (label, note, *ref_values(bookmark.ref)),
    )
    return False


def _is_latest(connection: sqlite3.Connection, key: int, at: float, now: float) -> bool:
    """Whether nothing later is kept; a time ahead of the clock, which was set back then, does not count."""
    row = connection.execute("SELECT at FROM answer WHERE bookmark = ?", (key,)).fetchone()
    return row is None or row[0] <= at or row[0] > now


def _replace_summary(connection: sqlite3.Connection, key: int, observation: Observation) -> None:
    state, job_id, change, severity, reason, mode = summary_values(observation.summary)
    connection.execute(
        "UPDATE bookmark SET job_id = :job_id, change = :change, severity = :severity, reason = :reason, mode = :mode, "
        "since = CASE WHEN state = :state AND since IS NOT NULL THEN since ELSE coalesce("
        "  (SELECT CASE WHEN state = :state THEN at END FROM transition WHERE bookmark = :key"
        "   ORDER BY at DESC, id DESC LIMIT 1), :at) END, "
        "state = :state, seen = :at WHERE id = :key",
        {
            **{"key": key, "at": observation.at, "state": state, "job_id": job_id, "severity": severity, "mode": mode},
            **{"change": mask_text(change), "reason": mask_text(reason)},
        },
    )


def _insert_transition(connection: sqlite3.Connection, key: int, transition: Transition) -> None:
    """Insert a move at its time, unless the state before it, in time, is the same."""
    state, at = plain(transition.state), transition.at
    before = connection.execute(
        "SELECT state FROM transition WHERE bookmark = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT 1", (key, at)
    ).fetchone()
    if before is not None and before[0] == state:
        return
    connection.execute(
        "INSERT INTO transition (bookmark, at, state, previous) VALUES (?, ?, ?, ?)",
        (key, at, state, plain(transition.previous)),
    )
