"""The store: bookmarks, the last answer of each, and their transitions."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hottui.model.control_characters import visible
from hottui.model.ref import Ref
from hottui.model.times import known_time
from hottui.model.tracking import Bookmark, Observation, Tracked, Transition
from hottui.store.connection import BUSY_TIMEOUT
from hottui.store.database import Database
from hottui.store.history import (
    REMOVED_KEPT,
    HistoryBounds,
    forget_removed,
    insert_gap,
    insert_transition,
    prune,
    prune_all,
)
from hottui.store.jobs import JobStore, masked_insight, record_insight
from hottui.store.serialization import observation_of, ref_values, tracked_of, transitions_of, without_surrogates
from hottui.store.writes import MaskedObservation, add, key_of, masked, merge, record

if TYPE_CHECKING:
    from typing import BinaryIO

    from hottui.model.json_text import Json
    from hottui.store.export_import import Imported

_SELECT_TRACKED: Final = (
    "SELECT endpoint, workspace, namespace, hot_update, label, note, added, "
    "state, job_id, change, severity, reason, mode, seen, since, looked_at, "
    "verdict, effect_reason, job_name, interruption FROM bookmark"
)
"""The columns of `tracked_of`."""


class Store:
    """The store of one user, which several processes may have open at the same time.

    Synchronous and thread-safe. Methods raise only StoreError. Once a method that writes has returned, its changes
    survive the process, however it ends.
    """

    def __init__(self, database: Database, bounds: HistoryBounds, clock: Callable[[], float]) -> None:
        self._database = database
        self._bounds = bounds
        self._clock = clock
        self._pruned = False
        self.jobs: Final = JobStore(database, clock)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        bounds: HistoryBounds | None = None,
        timeout: float = BUSY_TIMEOUT,
        clock: Callable[[], float] = time.time,
        lazy: bool = False,
    ) -> "Store":
        """Open the store at `path`, created if missing. Messages for the user are in `notices`.

        `timeout`: seconds to wait for other processes before StoreBusy. A store that cannot be written is opened
        read-only (`read_only`) if possible. Raises StoreError, unless `lazy`: then each use tries to open it.
        """
        return cls(Database(path, timeout=timeout, clock=clock, lazy=lazy), bounds or HistoryBounds(), clock)

    @property
    def path(self) -> Path:
        """The path of the SQLite file."""
        return self._database.path

    @property
    def notices(self) -> tuple[str, ...]:
        """Messages for the user: what was repaired (`repairs`), and that changes are not saved (`read_only`).

        More may be added while the store is open.
        """
        return self._database.notices

    @property
    def repairs(self) -> tuple[str, ...]:
        """Messages about what was repaired, in order: a permissive mode, a damaged file set aside."""
        return self._database.repairs

    @property
    def read_only(self) -> bool:
        """Whether the last attempt to open the store for writing failed; each write tries again."""
        return self._database.read_only

    def close(self) -> None:
        """Close the store. A running write in another thread finishes first, or stops waiting for locks."""
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def data_version(self) -> int:
        """Return a number that changes whenever another process has changed the store."""
        return self._database.data_version()

    @property
    def generation(self) -> int:
        """A number that changes when the store was reopened because its file was set aside, moved or removed."""
        return self._database.generation

    # Reading

    def tracked(self) -> tuple[Tracked, ...]:
        """Return every bookmark with its last observation, in the order of adding. Does not read answers.

        A row whose ref is damaged is skipped, with a message in `notices`.
        """
        rows = self._database.read(f"{_SELECT_TRACKED} WHERE removed IS NULL ORDER BY id")
        found = tuple(filter(None, map(tracked_of, rows)))
        if len(found) < len(rows):
            self._database.add_repairs(_unusable(len(rows) - len(found), self.path))
        return found

    def removed(self) -> tuple[Tracked, ...]:
        """Return every removed bookmark that `add` would restore, the most recently removed first."""
        oldest = self._clock() - REMOVED_KEPT
        rows = self._database.read(f"{_SELECT_TRACKED} WHERE removed > ? ORDER BY removed DESC, id DESC", (oldest,))
        return tuple(filter(None, map(tracked_of, rows)))

    def answer(self, ref: Ref) -> Observation | None:
        """Return the last answer saved for `ref`, with secrets masked; None if there is none or it is damaged."""
        rows = self._database.read(
            "SELECT at, request_id, encoding, body, state, job_id, change, severity, reason, mode "
            "FROM answer JOIN bookmark ON bookmark.id = answer.bookmark "
            "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? AND removed IS NULL",
            ref_values(ref),
        )
        return observation_of(ref, rows[0]) if rows else None

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """Return the transitions of `ref`, oldest first."""
        rows = self._database.read(
            "SELECT at, transition.state, previous FROM transition JOIN bookmark ON bookmark.id = transition.bookmark "
            "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? AND removed IS NULL "
            "ORDER BY at, transition.id",
            ref_values(ref),
        )
        return transitions_of(ref, rows)

    def gaps(self, ref: Ref) -> tuple[tuple[float, float], ...]:
        """Return begin and end of each time in which `ref` was in progress and not read, oldest first."""
        rows = self._database.read(
            "SELECT began, ended FROM gap JOIN bookmark ON bookmark.id = gap.bookmark "
            "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? AND removed IS NULL "
            "ORDER BY began",
            ref_values(ref),
        )
        times = ((known_time(began), known_time(ended)) for began, ended in rows)
        return tuple((began, ended) for began, ended in times if began is not None and ended is not None)

    # Bookmarks

    def add(self, bookmark: Bookmark) -> bool:
        """Add `bookmark`; False if its ref is bookmarked already. A label or note, if not empty, replaces the old one.

        A bookmark without a time of adding gets the current time.
        """
        return self.add_all([bookmark])[0]

    def add_all(self, bookmarks: Iterable[Bookmark]) -> tuple[bool, ...]:
        """Add many bookmarks in one transaction."""
        with self._database.write() as connection:
            return tuple(add(connection, bookmark, self._clock()) for bookmark in bookmarks)

    def remove(self, ref: Ref) -> bool:
        """Remove the bookmark of `ref`; False if there is none. For a day, adding it again restores its history."""
        with self._database.write() as connection:
            key = key_of(connection, ref)
            connection.execute("UPDATE bookmark SET removed = ? WHERE id = ?", (self._clock(), key))
            return key is not None

    def annotate(self, ref: Ref, label: str, note: str) -> bool:
        """Set label and note of the bookmark of `ref`, even to empty; False if there is none."""
        with self._database.write() as connection:
            key = key_of(connection, ref)
            connection.execute(
                "UPDATE bookmark SET label = ?, note = ? WHERE id = ?",
                (without_surrogates(label), without_surrogates(note), key),
            )
            return key is not None

    # Observations

    def record(self, observation: Observation, transition: Transition | None = None) -> bool:
        """Save the last answer and the transition it showed; False, and nothing saved, if its ref is not bookmarked.

        Secrets are masked before anything is written. When several processes record the same transition, it is saved
        once. An answer older than the saved one only changes the history.
        """
        return self.record_masked(masked(observation), transition)

    def record_masked(self, observation: MaskedObservation, transition: Transition | None = None) -> bool:
        """`record` for an observation that is masked already."""
        now = self._clock()
        with self._database.write() as connection:
            key = key_of(connection, observation.ref)
            if key is None:
                return False
            record(connection, key, observation, transition, now)
            if transition is not None:
                prune(connection, key, self._bounds, now)
            if not self._pruned:
                prune_all(connection, self._bounds, now)
        self._pruned = True
        return True

    def record_transitions(self, transitions: Iterable[Transition]) -> None:
        """Save transitions without the answers that showed them; those of refs that are not bookmarked are skipped."""
        now = self._clock()
        with self._database.write() as connection:
            for transition in transitions:
                key = key_of(connection, transition.ref)
                if key is not None:
                    insert_transition(connection, key, transition)
                    prune(connection, key, self._bounds, now)

    def record_gap(self, ref: Ref, began: float, ended: float) -> bool:
        """Save a time in which `ref` was in progress and not read; False if it is not bookmarked."""
        with self._database.write() as connection:
            key = key_of(connection, ref)
            if key is not None:
                insert_gap(connection, key, began, ended)
            return key is not None

    def mark_seen(self, ref: Ref, at: float) -> bool:
        """Note that the service repeated the saved answer at `at`; False if `ref` is not bookmarked."""
        return self.mark_all_seen({ref: at}) == 1

    def mark_all_seen(self, times: Mapping[Ref, float]) -> int:
        """`mark_seen` for many refs in one transaction; returns how many of them are bookmarked."""
        now = self._clock()
        with self._database.write() as connection:
            keys = [(key_of(connection, ref), at) for ref, at in times.items()]
            connection.executemany(
                "UPDATE bookmark SET seen = CASE WHEN seen BETWEEN ? AND ? THEN seen ELSE ? END WHERE id = ?",
                [(at, now, at, key) for key, at in keys],
            )
        return sum(key is not None for key, _ in keys)

    def mark_viewed(self, ref: Ref, at: float) -> bool:
        """Note that the detail of `ref` was opened at `at`; False if it is not bookmarked."""
        with self._database.write() as connection:
            key = key_of(connection, ref)
            connection.execute("UPDATE bookmark SET looked_at = ? WHERE id = ?", (at, key))
            return key is not None

    # Maintenance

    def vacuum(self) -> tuple[int, int]:
        """Prune the history, delete removed bookmarks and vacuum; returns the bytes on disk before and after."""
        before = self._database.size()
        now = self._clock()
        with self._database.write() as connection:
            forget_removed(connection, now)
            prune_all(connection, self._bounds, now)
        self._database.run(lambda raw: raw.execute("VACUUM"))
        self._database.run(lambda raw: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        return before, self._database.size()

    def export(self) -> "Json":
        """Return the whole store as the document of `store.export_import`, with secrets masked."""
        from hottui.store.export_import import Entry, write_document  # noqa: PLC0415 - not needed at start-up

        bookmarks = [tracked.bookmark for tracked in self.tracked() if tracked.bookmark]
        kept = ((each, self.answer(each.ref), self.jobs.insight(each.ref)) for each in bookmarks)
        # masked again: an earlier version of hottui, which recognized fewer secrets, may have saved it
        entries = (
            Entry(each, self.transitions(each.ref), seen and masked(seen), insight and masked_insight(insight))
            for each, seen, insight in kept
        )
        return write_document(entries, self._clock())

    def import_(
        self, source: "BinaryIO", *, name: str = "The document", problem: Callable[[str], None] = lambda _: None
    ) -> "Imported":
        """Merge an exported document into the store; existing bookmarks keep their values.

        Empty labels and notes are filled in. `problem` is called with a message for each malformed entry, which is
        skipped. `name` is how messages refer to the document. The document is read twice, first to check that it is
        complete; a few entries at a time are held in memory. Raises OSError, and InvalidDocument, a StoreError, if it
        is not a hottui export; nothing is imported then.
        """
        from hottui.store.export_import import Imported, read_entries  # noqa: PLC0415 - not needed at start-up
        from hottui.store.import_batches import batches, two_passes  # noqa: PLC0415

        skipped = added = known = transitions = 0
        with two_passes(source) as (first, again):
            for each in read_entries(first, name):
                if isinstance(each, str):
                    skipped += 1
                    problem(each)
            for batch in batches(read_entries(again(), name)):
                safe = [
                    (
                        entry,
                        masked(entry.observation) if entry.observation else None,
                        masked_insight(entry.insight) if entry.insight else None,
                    )
                    for entry in batch
                ]
                now = self._clock()
                with self._database.write() as connection:
                    done = [merge(connection, entry.bookmark, entry.transitions, seen, now) for entry, seen, _ in safe]
                    for entry, _, insight in safe:
                        key = key_of(connection, entry.bookmark.ref)
                        if insight is not None and key is not None:
                            record_insight(connection, key, insight, now)
                new = sum(is_new for is_new, _ in done)
                added, known = added + new, known + len(done) - new
                transitions += sum(inserted for _, inserted in done)
        with self._database.write() as connection:
            prune_all(connection, self._bounds, self._clock())
        return Imported(added, known, transitions, skipped)


def _unusable(count: int, path: Path) -> str:
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return f"{rows} of the store {visible(str(path))} cannot be read and {'is' if count == 1 else 'are'} not shown."
