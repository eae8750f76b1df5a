"""The SQLite file: opened, reopened when it was replaced, renamed when damaged, read-only when it cannot be written.

There are two connections, so that a read never waits for a write of this process. In WAL mode, `synchronous=NORMAL`
means that committed data survives the death of the process at any moment (`kill -9`). A power failure may lose the
last transactions but never corrupts the file.
"""

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from hottui.model.control_characters import visible
from hottui.store.connection import BUSY_TIMEOUT, Access, Connection
from hottui.store.errors import StoreCorrupt, StoreError, StoreFull, StoreReadOnly
from hottui.store.prepare import create, prepare, prepare_read_only, too_new
from hottui.store.private_files import folder_lock, make_private, set_aside
from hottui.store.recovery import Tables, readable_rows, restore, salvage
from hottui.store.schema import SCHEMA_VERSION, version_of
from hottui.store.sqlite_errors import not_accessible, store_error

_T = TypeVar("_T")
_Identity = tuple[int, int, bool]
"""Device, inode, and whether the file is empty."""

_ATTEMPTS: Final = 5
"""How often to open the file when another process replaces it meanwhile."""


class Database:
    """The open file. Thread-safe; methods raise only StoreError.

    A file found damaged is set aside (renamed) at the next use and replaced by a new one. When another process has
    set the file aside, or the user has moved it, the file that is now at the path is used instead.

    With `lazy`, the file is opened at the first use, and each use retries an open that failed.
    """

    def __init__(
        self, path: Path, *, timeout: float = BUSY_TIMEOUT, clock: Callable[[], float] = time.time, lazy: bool = False
    ) -> None:
        self.path = path
        self.repairs: tuple[str, ...] = ()
        """Messages about what was found and repaired."""
        self._read_only_notice = ""
        self._clock = clock
        self._timeout = timeout
        self._closing = threading.Event()
        self._writer = Connection(path, timeout=timeout, closing=self._closing)
        self._reader = Connection(path, timeout=timeout, closing=self._closing)
        self._opening = threading.RLock()
        self._ready = False
        self._opened: _Identity | None = None
        self._opened_side_files: tuple[tuple[int, int] | None, ...] = ()
        self._generation = 0
        self._suspect = False
        self._read_only_error: StoreError | None = None
        if lazy:
            return
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def notices(self) -> tuple[str, ...]:
        """Return `repairs`, and a message when the file is read-only."""
        return (*self.repairs, self._read_only_notice) if self._read_only_notice else self.repairs

    @property
    def read_only(self) -> bool:
        """Whether the last attempt to open the file for writing failed."""
        return self._read_only_error is not None

    @property
    def generation(self) -> int:
        """How often the file was opened. A different number means that it may be a different file."""
        return self._generation

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of one query."""
        self._ensure_open()
        with self._noting_corruption():
            return self._reader.read(query, values)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        self._ensure_open(to_write=True)
        with self._noting_corruption(), self._writer.write() as raw:
            if version_of(raw) != SCHEMA_VERSION:  # migrated by a newer hottui since it was opened
                raise too_new(self.path)
            yield raw

    def run(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        """Return the result of `action`, run on the write connection outside a transaction."""
        self._ensure_open(to_write=True)
        with self._noting_corruption():
            return self._writer.run(action)

    def data_version(self) -> int:
        """Return a number that changes whenever another process has changed the file."""
        self._ensure_open()
        # Queried on the write connection: its own commits do not change the number, those of all others do.
        with self._noting_corruption():
            ((version,),) = self._writer.read("PRAGMA data_version")
        return (self._generation << 32) + int(version)

    def size(self) -> int:
        """Return the bytes on disk, including the write-ahead log."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def add_repairs(self, *messages: str) -> None:
        """Add to `repairs` those of `messages` that are not listed yet."""
        self.repairs += tuple(message for message in messages if message not in self.repairs)

    def close(self) -> None:
        """Close the file. Waits for a running statement, not for other processes."""
        self._closing.set()
        self._writer.close()
        self._reader.close()

    def _ensure_open(self, *, to_write: bool = False) -> None:
        """Reopen the file if needed. Raises StoreError if it cannot be written although `to_write`."""
        with self._opening:
            usable = self._ready and not self._suspect and self._is_opened()
            if (not usable or (to_write and self.read_only)) and not self._closing.is_set():
                self._reopen()
            if to_write and self._read_only_error is not None:
                raise type(self._read_only_error)(self._read_only_error.message, self._read_only_error.hint)

    @contextmanager
    def _noting_corruption(self) -> Iterator[None]:
        try:
            yield
        except StoreCorrupt:
            self._suspect = True
            raise

    def _is_opened(self) -> bool:
        """Whether the file at the path, and SQLite's side files, are those that were opened."""
        if _identity(self.path) != self._opened:
            return False
        # On a read-only file SQLite may work without side files, or create them later.
        return self.read_only or _side_files(self.path) == self._opened_side_files

    def _reopen(self) -> None:
        """Reopen the file. If it was removed while open, its rows are copied into the new one."""
        lost, rows = "", Tables()
        if self._ready and not self._suspect:
            with self._folder_lock(exclusive=False):
                if not self._is_opened():
                    lost, rows = self._rescue_rows()
        self._open()
        if rows and not self.read_only:
            with self._writer.write() as raw:
                count = restore(rows, raw)
            if count:
                lost += f" {count:,} {'bookmark was' if count == 1 else 'bookmarks were'} recovered."
        if lost:
            self.add_repairs(lost)

    def _rescue_rows(self) -> tuple[str, Tables]:
        """Return a message about what happened to the open file, and its rows if they may be lost otherwise."""
        store, found = f"The store {visible(str(self.path))}", _identity(self.path)
        if found is not None and found != self._opened and not found[2]:
            self._remove_leftovers()
            return f"{store} was replaced by another file while in use; hottui now uses the new file.", {}
        rows: Tables = {}
        with suppress(StoreError):  # unreadable rows are lost; the message says what happened
            rows = self._reader.read_transaction(readable_rows)
        if found is None:
            self._remove_leftovers()
            return f"{store} was removed while in use; a new one was created.", rows
        if found[2]:
            return "", rows  # opening the empty file adds the message
        with suppress(StoreError):
            self._writer.run(lambda raw: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        return f"The write-ahead log of {store[0].lower()}{store[1:]} was removed while in use.", rows

    def _remove_leftovers(self) -> None:
        """Delete the log of a removed database: SQLite would apply it to the next one."""
        for suffix, opened, lying in zip(
            ("-wal", "-shm"), self._opened_side_files, _side_files(self.path), strict=False
        ):
            if opened is not None and opened == lying:
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _open(self) -> None:
        """Open the file at the path: a new one if it is missing, empty or damaged."""
        self._ready = False
        try:
            with self._folder_lock(exclusive=False):
                self._open_file()
        except StoreCorrupt:
            with self._folder_lock(exclusive=True):
                self._open_or_replace()
        self._opened_side_files = _side_files(self.path)
        self._generation += 1
        self._suspect = False
        self._ready = True

    @contextmanager
    def _folder_lock(self, *, exclusive: bool) -> Iterator[None]:
        """Lock the folder: shared while the file is opened, exclusive while it is replaced."""
        try:
            with folder_lock(self.path.parent, exclusive=exclusive, timeout=self._timeout, cancelled=self._closing):
                yield
        except (OSError, sqlite3.Error) as error:
            raise store_error(error, self.path) from error

    def _open_file(self) -> None:
        """Open the file at the path, created if missing. Raises StoreCorrupt if it is empty or damaged.

        Retries when the file at the path is no longer the one that was opened, or could not be opened: its user may
        replace it, and so may another process where folders cannot be locked.
        """
        notice = self._read_only_notice
        for _ in range(_ATTEMPTS):
            failure: Exception | None = None
            self._opened, self._read_only_notice = None, notice
            try:
                self.add_repairs(*make_private(self.path, create))
                self._opened = _identity(self.path)
                self._connect_to_any()
            except (OSError, sqlite3.Error, StoreError) as error:
                failure = error
            if self._opened is not None and _identity(self.path) == self._opened:
                break
        if failure is not None:
            raise failure

    def _connect_to_any(self) -> None:
        """Connect to the file that is now at the path, for reading only if it cannot be written."""
        if _is_empty_file(self.path):
            # SQLite would take a file truncated to 0 bytes for a new database and delete the write-ahead log.
            raise StoreCorrupt(f"The store {visible(str(self.path))} was empty (0 bytes).")
        try:
            self._connect()
        except (StoreReadOnly, StoreFull) as error:  # on a full disk SQLite cannot create its side files
            self._connect_read_only(error)

    def _connect(self) -> None:
        self._reader.close()
        if not (self.path.is_file() and os.access(self.path, os.W_OK)):
            raise not_accessible(self.path)
        self._writer.open(Access.WRITE)
        prepare(self._writer, self.path, thorough=self._suspect)
        self._reader.open(Access.WRITE)
        self._reader.read("SELECT 1 FROM bookmark LIMIT 1")  # SQLite makes the log's files now and not later
        self._read_only_error = None

    def _connect_read_only(self, reason: StoreError) -> None:
        """Open a file that cannot be written for reading, or raise `reason`."""
        if not self.path.is_file():
            raise reason
        for access in (Access.READ, Access.FROZEN):
            with suppress(StoreReadOnly, StoreFull):
                self._connect_for_reading(access)
                break
        else:
            raise reason
        self._read_only_error = reason
        self._read_only_notice = (
            f"{reason.message} Bookmarks are shown, but changes are not saved until it is writable."
        )

    def _connect_for_reading(self, access: Access) -> None:
        self._writer.open(access)
        prepare_read_only(self._writer, self.path)
        self._reader.open(access)

    def _open_or_replace(self) -> None:
        """Try again, since another process may have replaced the file; replace it if it is still damaged.

        The caller holds the exclusive lock.
        """
        try:
            self._open_file()
        except StoreCorrupt as error:
            empty = _is_empty_file(self.path)
            self._reader.close()
            self._writer.close()
            kept = set_aside(self.path, self._clock())
            self._open_file()
            saved = 0
            if not empty:  # SQLite would delete the log that was kept beside an empty file
                with self._writer.write() as raw:
                    saved = salvage(kept, raw)
            result = f"{saved:,} of its bookmarks were recovered into a new one." if saved else "a new one was created."
            advice = "" if saved else " Restore an export with `hottui import`."
            self.add_repairs(f"{error.message} It was renamed to {visible(kept.name)}; {result}{advice}")


def _identity(path: Path) -> _Identity | None:
    """Return what identifies the file at `path`; None if there is none or it is inaccessible."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size == 0


def _side_files(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """Return what identifies SQLite's write-ahead log and its index; None for a missing file."""
    found = (_identity(path.with_name(path.name + suffix)) for suffix in ("-wal", "-shm"))
    return tuple(each and each[:2] for each in found)


def _is_empty_file(path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0 and os.access(path, os.R_OK | os.W_OK)
