"""The SQLite file as a whole: the same one for all who use it, set aside when broken, read when it cannot be written.

Two connections, so that a read never waits for a write of this process. In WAL mode `synchronous=NORMAL` means: what
was committed outlives the death of the process at any moment (`kill -9`); only a power failure may take the last
moments, and it never takes the file.
"""

import fcntl
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from hottui.model.control_characters import visible
from hottui.store.connection import PATIENCE, Access, Connection
from hottui.store.errors import StoreCorrupt, StoreError, StoreFull, StoreReadOnly
from hottui.store.prepare import create, prepare, prepare_read_only, too_new
from hottui.store.private_files import make_private, set_aside
from hottui.store.recovery import Tables, readable, restore, salvage
from hottui.store.schema import SCHEMA_VERSION, version_of
from hottui.store.sqlite_errors import fault_of, refused

_T = TypeVar("_T")
_Identity = tuple[int, int, bool]
"""Device, inode, and whether the file is empty."""


class Database:
    """The open file. Any thread may use it; every method raises StoreError and nothing else.

    A file that proves damaged is set aside at the next use, which then goes to a new one; a file that another process
    has set aside, or the user has moved away, is left for the one at its place.

    With `later`, nothing is opened before the first use, and each use tries again what failed before.
    """

    def __init__(
        self, path: Path, *, patience: float = PATIENCE, clock: Callable[[], float] = time.time, later: bool = False
    ) -> None:
        self.path = path
        self.mended: tuple[str, ...] = ()
        """Sentences about what was found and mended."""
        self._shown_alone = ""
        self._clock = clock
        self._closing = threading.Event()
        self._writer = Connection(path, patience=patience, closing=self._closing)
        self._reader = Connection(path, patience=patience, closing=self._closing)
        self._opening = threading.RLock()
        self._ready = False
        self._opened: _Identity | None = None
        self._opened_beside: tuple[tuple[int, int] | None, ...] = ()
        self._generation = 0
        self._doubtful = False
        self._refusal: StoreError | None = None
        if later:
            return
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def notices(self) -> tuple[str, ...]:
        """What was mended, and that what is kept can only be shown where the file could not be written."""
        return (*self.mended, self._shown_alone) if self._shown_alone else self.mended

    @property
    def read_only(self) -> bool:
        """Whether the file could not be opened for writing when that was last tried."""
        return self._refusal is not None

    @property
    def generation(self) -> int:
        """How often the file was opened: another number means that another file may lie at its place."""
        return self._generation

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one query."""
        self._settle()
        with self._watched():
            return self._reader.read(query, values)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: kept as a whole when the block ends, else as if it had not begun."""
        self._settle(to_write=True)
        with self._watched(), self._writer.write() as raw:
            if version_of(raw) != SCHEMA_VERSION:  # a newer hottui has been at work since
                raise too_new(self.path)
            yield raw

    def use(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `action` makes of the writing connection outside a transaction."""
        self._settle(to_write=True)
        with self._watched():
            return self._writer.use(action)

    def data_version(self) -> int:
        """A number that differs from the one before when another process has changed the file since."""
        self._settle()
        # Asked of the writing connection: its own commits do not count, those of every other connection do.
        with self._watched():
            ((version,),) = self._writer.read("PRAGMA data_version")
        return (self._generation << 32) + int(version)

    def size(self) -> int:
        """Bytes on disk, the write-ahead log included."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def note(self, *sentences: str) -> None:
        """Add to `mended` those of `sentences` that are not there yet."""
        self.mended += tuple(sentence for sentence in sentences if sentence not in self.mended)

    def close(self) -> None:
        """Close the file; waits for a statement under way, not for other processes."""
        self._closing.set()
        self._writer.close()
        self._reader.close()

    def _settle(self, *, to_write: bool = False) -> None:
        """Open anew when there is a reason to; raise why the file cannot be written when it is to be."""
        with self._opening:
            usable = self._ready and not self._doubtful and self._is_opened()
            if (not usable or (to_write and self.read_only)) and not self._closing.is_set():
                self._reopen()
            if to_write and self._refusal is not None:
                raise type(self._refusal)(self._refusal.sentence, self._refusal.hint)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except StoreCorrupt:
            self._doubtful = True
            raise

    def _is_opened(self) -> bool:
        """Whether what lies at the path, and beside it, is what was opened."""
        if _identity(self.path) != self._opened:
            return False
        # Without the right to write SQLite may do without them, or make them later.
        return self.read_only or _beside(self.path) == self._opened_beside

    def _reopen(self) -> None:
        """Open anew; from a file that was taken away under this process its rows are carried over first."""
        lost, rows = ("", {}) if not self._ready or self._doubtful or self._is_opened() else self._taken_away()
        self._open()
        if rows and not self.read_only:
            with self._writer.write() as raw:
                count = restore(rows, raw)
            if count:
                lost += f" {count:,} of its bookmarks {'was' if count == 1 else 'were'} carried over."
        if lost:
            self.note(lost)

    def _taken_away(self) -> tuple[str, Tables]:
        """A sentence about what has become of the open file, and its rows where these may be nowhere else."""
        store, found = f"The store {visible(str(self.path))}", _identity(self.path)
        if found is not None and found != self._opened and not found[2]:
            self._remove_leftovers()
            return f"{store} was replaced by another file while it was in use; that file is used now.", {}
        rows: Tables = {}
        with suppress(StoreError):  # what cannot be read any more is lost; the sentence says what happened
            rows = self._reader.view(readable)
        if found is None:
            self._remove_leftovers()
            return f"{store} was removed while it was in use; a new one was begun.", rows
        if found[2]:
            return "", rows  # opening the empty file says so
        with suppress(StoreError):
            self._writer.use(lambda raw: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        return f"The write-ahead log of {store[0].lower()}{store[1:]} was removed while it was in use.", rows

    def _remove_leftovers(self) -> None:
        """Remove the log of a database that is gone: SQLite would apply it to the next one."""
        for suffix, opened, lying in zip(("-wal", "-shm"), self._opened_beside, _beside(self.path), strict=False):
            if opened is not None and opened == lying:
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _open(self) -> None:
        self._ready = False
        try:
            self.note(*make_private(self.path, create))
            self._replace_empty()
        except (OSError, sqlite3.Error) as error:
            raise fault_of(error, self.path) from error
        found = _identity(self.path)
        try:
            self._connect()
        except StoreCorrupt:
            self._begin_anew(found)
        except (StoreReadOnly, StoreFull) as error:  # a full disk has no room for what SQLite lays beside the file
            self._connect_read_only(error)
        self._opened = _identity(self.path)
        self._opened_beside = _beside(self.path)
        self._generation += 1
        self._doubtful = False
        self._ready = True

    def _replace_empty(self) -> None:
        """Begin anew in place of a file without content, which somebody or something has emptied.

        SQLite would take it for a new database, and throw the log beside it away.
        """
        if not _is_empty_file(self.path):
            return
        with _folder_lock(self.path.parent):
            if _is_empty_file(self.path):  # asked again: another process may have been faster
                self._reader.close()
                self._writer.close()
                kept = set_aside(self.path, self._clock())
                make_private(self.path, create)
                self.note(
                    f"The store {visible(str(self.path))} was empty (0 bytes). It is kept as {visible(kept.name)}, and "
                    "a new one was begun; `hottui import` brings an export back."
                )

    def _connect(self) -> None:
        self._reader.close()
        if not (self.path.is_file() and os.access(self.path, os.W_OK)):
            raise refused(self.path)
        self._writer.open(Access.WRITE)
        prepare(self._writer, self.path, thorough=self._doubtful)
        self._reader.open(Access.WRITE)
        self._reader.read("SELECT 1 FROM bookmark LIMIT 1")  # SQLite makes the log's files now and not later
        self._refusal = None

    def _connect_read_only(self, reason: StoreError) -> None:
        """Open what cannot be written for reading, or raise `reason`."""
        if not self.path.is_file():
            raise reason
        for access in (Access.READ, Access.FROZEN):
            with suppress(StoreReadOnly, StoreFull):
                self._connect_for_reading(access)
                break
        else:
            raise reason
        self._refusal = reason
        self._shown_alone = f"{reason.sentence} Its bookmarks are shown; changes are not kept until it can be written."

    def _connect_for_reading(self, access: Access) -> None:
        self._writer.open(access)
        prepare_read_only(self._writer, self.path)
        self._reader.open(access)

    def _begin_anew(self, found: _Identity | None) -> None:
        """Set the file that was `found` broken aside and open a new one, unless another process has done so since."""
        try:
            with _folder_lock(self.path.parent):
                if _identity(self.path) == found:
                    self._connect_or_replace()
                    return
                make_private(self.path, create)
        except (OSError, sqlite3.Error) as error:
            raise fault_of(error, self.path) from error
        self._connect()

    def _connect_or_replace(self) -> None:
        """Look a second time, now that nobody else sets the file aside; replace it when it is still broken."""
        try:
            self._connect()
        except StoreCorrupt as error:
            self._writer.close()
            kept = set_aside(self.path, self._clock())
            make_private(self.path, create)
            self._connect()
            with self._writer.write() as raw:
                saved = salvage(kept, raw)
            carried = f"{saved:,} of its bookmarks were carried over into a new one" if saved else "a new one was begun"
            self.note(f"{error.sentence} It is kept as {visible(kept.name)}, and {carried}.")


def _identity(path: Path) -> _Identity | None:
    """Which file lies at `path`; None when there is none, or none that can be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size == 0


def _beside(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """Which files SQLite's write-ahead log and its index are; None for what is not there."""
    found = (_identity(path.with_name(path.name + suffix)) for suffix in ("-wal", "-shm"))
    return tuple(each and each[:2] for each in found)


def _is_empty_file(path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0 and os.access(path, os.R_OK | os.W_OK)


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    """Keep other processes from setting a file aside in `folder` at the same time."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # Some network file systems lock no folders; the caller's second look at the file must do there.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
