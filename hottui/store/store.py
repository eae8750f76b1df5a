"""Bookmarks, what was last seen of each, and how their states moved."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hottui.model.control_characters import visible
from hottui.model.ref import Ref
from hottui.model.tracking import Bookmark, Observation, Tracked, Transition
from hottui.store.connection import PATIENCE
from hottui.store.database import Database
from hottui.store.history import REMOVED_KEPT, HistoryBounds, forget_removed, prune, prune_all
from hottui.store.serialization import observation_of, plain, ref_values, tracked_of, transitions_of
from hottui.store.writes import add, key_of, masked, merge, record

if TYPE_CHECKING:
    from typing import BinaryIO

    from hottui.model.json_text import Json
    from hottui.store.export_import import Imported

_SELECT_TRACKED: Final = (
    "SELECT endpoint, workspace, namespace, hot_update, label, note, added, "
    "state, job_id, change, severity, reason, mode, seen, since, looked_at FROM bookmark"
)
"""The columns of `tracked_of`."""


class Store:
    """The store of one user, open in this process and maybe in others.

    Synchronous; any thread may call any method. Each method raises StoreError and nothing else. What a method that
    writes has returned from outlives the process, however that ends.
    """

    def __init__(self, database: Database, bounds: HistoryBounds, clock: Callable[[], float]) -> None:
        self._database = database
        self._bounds = bounds
        self._clock = clock
        self._pruned = False

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        bounds: HistoryBounds | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.time,
        later: bool = False,
    ) -> "Store":
        """Open the store at `path`, made if it is not there. What the user should know is told in `notices`.

        `patience`: seconds to wait for other processes before StoreBusy. A store that cannot be written is opened for
        reading (`read_only`) where that is possible. Raises StoreError, unless it is to be opened `later`: then each
        use tries to open it.
        """
        return cls(Database(path, patience=patience, clock=clock, later=later), bounds or HistoryBounds(), clock)

    @property
    def path(self) -> Path:
        """Where the store lies."""
        return self._database.path

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for who goes on with the store: what was `mended`, and that changes are not kept (`read_only`).

        It can grow while the store is open.
        """
        return self._database.notices

    @property
    def mended(self) -> tuple[str, ...]:
        """Sentences about what was found and mended, in order: a looser mode, a broken file set aside."""
        return self._database.mended

    @property
    def read_only(self) -> bool:
        """Whether the store could not be opened for writing when that was last tried; each write tries again."""
        return self._database.read_only

    def close(self) -> None:
        """Close the store. A write under way in another thread ends first, or gives up waiting for its turn."""
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def data_version(self) -> int:
        """A number that differs from the one before when another process has changed the store since."""
        return self._database.data_version()

    @property
    def generation(self) -> int:
        """Changes when the store had to be opened anew: its file was set aside, moved away or removed meanwhile."""
        return self._database.generation

    # What is kept

    def tracked(self) -> tuple[Tracked, ...]:
        """Every bookmark with what was last seen of it, in the order of adding. Reads no answers.

        A row whose ref is damaged is left out, and `notices` has a sentence about it.
        """
        rows = self._database.read(f"{_SELECT_TRACKED} WHERE removed IS NULL ORDER BY id")
        found = tuple(filter(None, map(tracked_of, rows)))
        if len(found) < len(rows):
            self._database.note(_unusable(len(rows) - len(found), self.path))
        return found

    def removed(self) -> tuple[Tracked, ...]:
        """Every bookmark that `add` would bring back as it was, the one removed last first."""
        oldest = self._clock() - REMOVED_KEPT
        rows = self._database.read(f"{_SELECT_TRACKED} WHERE removed > ? ORDER BY removed DESC, id DESC", (oldest,))
        return tuple(filter(None, map(tracked_of, rows)))

    def answer(self, ref: Ref) -> Observation | None:
        """The last answer kept of `ref`, its secrets masked; None also where its bytes have been damaged."""
        rows = self._database.read(
            "SELECT at, request_id, encoding, body, state, job_id, change, severity, reason, mode "
            "FROM answer JOIN bookmark ON bookmark.id = answer.bookmark "
            "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? AND removed IS NULL",
            ref_values(ref),
        )
        return observation_of(ref, rows[0]) if rows else None

    def transitions(self, ref: Ref) -> tuple[Transition, ...]:
        """How the state of `ref` moved, oldest first."""
        rows = self._database.read(
            "SELECT at, transition.state, previous FROM transition JOIN bookmark ON bookmark.id = transition.bookmark "
            "WHERE endpoint = ? AND workspace = ? AND namespace = ? AND hot_update = ? AND removed IS NULL "
            "ORDER BY at, transition.id",
            ref_values(ref),
        )
        return transitions_of(ref, rows)

    # Bookmarks

    def add(self, bookmark: Bookmark) -> bool:
        """Keep `bookmark`; False when its ref was kept already: then a label or note given replaces the old one.

        A bookmark without a time of adding is added now.
        """
        return self.add_all([bookmark])[0]

    def add_all(self, bookmarks: Iterable[Bookmark]) -> tuple[bool, ...]:
        """`add` for many, all or none."""
        with self._database.write() as connection:
            return tuple(add(connection, bookmark, self._clock()) for bookmark in bookmarks)

    def remove(self, ref: Ref) -> bool:
        """Forget `ref`; False when it was not kept. For a day it comes back as it was when it is added again."""
        with self._database.write() as connection:
            key = key_of(connection, ref)
            connection.execute("UPDATE bookmark SET removed = ? WHERE id = ?", (self._clock(), key))
            return key is not None

    def annotate(self, ref: Ref, label: str, note: str) -> bool:
        """Give the bookmark of `ref` this label and note, empty ones too; False when it is not kept."""
        with self._database.write() as connection:
            key = key_of(connection, ref)
            connection.execute("UPDATE bookmark SET label = ?, note = ? WHERE id = ?", (plain(label), plain(note), key))
            return key is not None

    # What is seen

    def record(self, observation: Observation, transition: Transition | None = None) -> bool:
        """Keep the last answer and the move it showed; False, and nothing kept, when its ref is no bookmark.

        Secrets are masked before anything is written. Processes that watch the same ref may all tell the same move:
        it is kept once. An answer older than the one kept changes nothing but the history.
        """
        safe = masked(observation)
        now = self._clock()
        with self._database.write() as connection:
            key = key_of(connection, observation.ref)
            if key is None:
                return False
            record(connection, key, safe, transition, now)
            if transition is not None:
                prune(connection, key, self._bounds, now)
            if not self._pruned:
                prune_all(connection, self._bounds, now)
        self._pruned = True
        return True

    def seen(self, ref: Ref, at: float) -> bool:
        """Note that at `at` the service answered what is kept already; False when `ref` is not kept."""
        return self.seen_all({ref: at}) == 1

    def seen_all(self, sights: Mapping[Ref, float]) -> int:
        """`seen` for many in one write, each with its time; returns how many of them are kept."""
        now = self._clock()
        with self._database.write() as connection:
            keys = [(key_of(connection, ref), at) for ref, at in sights.items()]
            connection.executemany(
                "UPDATE bookmark SET seen = CASE WHEN seen BETWEEN ? AND ? THEN seen ELSE ? END WHERE id = ?",
                [(at, now, at, key) for key, at in keys],
            )
        return sum(key is not None for key, _ in keys)

    def mark_looked_at(self, ref: Ref, at: float) -> bool:
        """Note that the detail of `ref` was opened at `at`; False when it is not kept."""
        with self._database.write() as connection:
            key = key_of(connection, ref)
            connection.execute("UPDATE bookmark SET looked_at = ? WHERE id = ?", (at, key))
            return key is not None

    # Care

    def vacuum(self) -> tuple[int, int]:
        """Drop what is beyond the bounds and what was removed, and give the room back; bytes on disk before, after."""
        before = self._database.size()
        now = self._clock()
        with self._database.write() as connection:
            forget_removed(connection, now)
            prune_all(connection, self._bounds, now)
        self._database.use(lambda raw: raw.execute("VACUUM"))
        self._database.use(lambda raw: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        return before, self._database.size()

    def export(self) -> "Json":
        """Everything kept, as the versioned document of `store.exchange`; secrets are masked in it."""
        from hottui.store.export_import import Entry, write_document  # noqa: PLC0415 — no start needs it

        bookmarks = [tracked.bookmark for tracked in self.tracked() if tracked.bookmark]
        kept = ((each, self.answer(each.ref)) for each in bookmarks)
        # again: an earlier version of hottui, which knew fewer kinds of secrets, may have stored it
        entries = (Entry(each, self.transitions(each.ref), seen and masked(seen)) for each, seen in kept)
        return write_document(entries, self._clock())

    def import_(
        self, source: "BinaryIO", *, name: str = "The document", problem: Callable[[str], None] = lambda _: None
    ) -> "Imported":
        """Merge an exported document into the store; what is here already stays as it is and is not doubled.

        A label or note is taken over where there is none here. `problem` is called with a sentence about each entry
        that is malformed and passed over. `name` begins the sentences about the document. It is read twice, the first
        time to see that it is whole; memory is needed for a few entries at a time. Raises OSError, and
        DocumentRefused, a StoreError, when the document is none of ours: nothing of it is kept then.
        """
        from hottui.store.export_import import Imported, read_entries  # noqa: PLC0415 — no start needs it
        from hottui.store.import_batches import batches, readable_twice  # noqa: PLC0415

        refused = added = known = transitions = 0
        with readable_twice(source) as (first, again):
            for each in read_entries(first, name):
                if isinstance(each, str):
                    refused += 1
                    problem(each)
            for batch in batches(read_entries(again(), name)):
                safe = [(entry, entry.observation and masked(entry.observation)) for entry in batch]
                now = self._clock()
                with self._database.write() as connection:
                    done = [merge(connection, entry.bookmark, entry.transitions, seen, now) for entry, seen in safe]
                new = sum(is_new for is_new, _ in done)
                added, known = added + new, known + len(done) - new
                transitions += sum(moves for _, moves in done)
        with self._database.write() as connection:
            prune_all(connection, self._bounds, self._clock())
        return Imported(added, known, transitions, refused)


def _unusable(count: int, path: Path) -> str:
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return f"{rows} of the store {visible(str(path))} cannot be read and {'is' if count == 1 else 'are'} not shown."
