"""The SQLite file as a whole: opened with care, set aside when broken, the same file for all who use it.

Two connections, so that a read never waits for a write of this process. In WAL mode `synchronous=NORMAL` means: what
was committed outlives the death of the process at any moment (`kill -9`); only a power failure may take the last
moments, and it never takes the file.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from hottui.model.text import visible
from hottui.store.connection import Connection
from hottui.store.errors import StoreCorrupt, StoreTooNew
from hottui.store.faults import fault_of
from hottui.store.files import make_private, set_aside
from hottui.store.mounts import wal_is_safe
from hottui.store.schema import SCHEMA_VERSION, Kind, kind_of, migrate, version_of

PATIENCE: Final = 10.0
"""Seconds to wait for other processes before StoreBusy."""


class Database:
    """The open file. Any thread may use it; every method raises StoreError and nothing else."""

    def __init__(self, path: Path, *, patience: float = PATIENCE, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.notices: tuple[str, ...] = ()
        self._patience = patience
        self._clock = clock
        self._closing = threading.Event()
        self._open()

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one query."""
        return self._reader.read(query, values)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: kept as a whole when the block ends, else as if it had not begun."""
        with self._writer.write() as connection:
            if version_of(connection) != SCHEMA_VERSION:
                raise _too_new(self.path)
            yield connection

    def data_version(self) -> int:
        """A number that differs from the one before when another process has changed the file since."""
        # Asked of the writing connection: its own commits do not count, those of every other connection do.
        ((version,),) = self._writer.read("PRAGMA data_version")
        return int(version)

    def close(self) -> None:
        """Close the file; waits for a write under way, not for other processes."""
        self._closing.set()
        self._writer.close()
        self._reader.close()

    def _open(self) -> None:
        try:
            self._note(*make_private(self.path))
        except OSError as error:
            raise fault_of(error, self.path) from error
        found = _identity(self.path)
        try:
            self._connect()
        except StoreCorrupt:
            self._begin_anew(found)
            self._connect()

    def _connect(self) -> None:
        writer = self._connection()
        try:
            writer.raw(_check)
            kind = writer.raw(kind_of)
            if kind is Kind.NEWER:
                raise _too_new(self.path)
            writer.raw(_wal if wal_is_safe(self.path) else _rollback_journal)
            if kind is not Kind.CURRENT:
                with writer.write() as connection:
                    migrate(connection)
            self._reader = self._connection()
        except BaseException:
            writer.close()
            raise
        self._writer = writer

    def _connection(self) -> Connection:
        return Connection(self.path, patience=self._patience, closing=self._closing)

    def _begin_anew(self, found: tuple[int, int] | None) -> None:
        """Set the broken file aside, unless another process has done so since it was `found`."""
        try:
            with _folder_lock(self.path.parent):
                if found is not None and _identity(self.path) == found:
                    kept = set_aside(self.path, self._clock())
                    self._note(
                        f"The store {visible(str(self.path))} was damaged or no store of hottui. "
                        f"It is kept as {visible(kept.name)}, and a new one was begun."
                    )
                make_private(self.path)
        except OSError as error:
            raise fault_of(error, self.path) from error

    def _note(self, *sentences: str) -> None:
        self.notices += sentences


def _check(connection: sqlite3.Connection) -> None:
    """Raise when the file is no store or the bookmarks, which every start reads, are damaged."""
    kind = kind_of(connection)
    if kind is Kind.FOREIGN:
        raise StoreCorrupt("The store is a database of another program.")
    if kind in (Kind.CURRENT, Kind.OLDER):
        (verdict, *_), *_ = connection.execute("PRAGMA quick_check(bookmark)").fetchall()
        if verdict != "ok":
            raise StoreCorrupt("The bookmarks are damaged.")


def _wal(connection: sqlite3.Connection) -> None:
    _journal(connection, "wal")
    connection.execute("PRAGMA synchronous = NORMAL")


def _rollback_journal(connection: sqlite3.Connection) -> None:
    _journal(connection, "delete")
    connection.execute("PRAGMA synchronous = FULL")


def _journal(connection: sqlite3.Connection, mode: str) -> None:
    (found,) = connection.execute("PRAGMA journal_mode").fetchone()
    if found != mode:
        connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
    connection.execute("PRAGMA foreign_keys = ON")
    # With a rollback journal a spilling cache needs the file for itself in the midst of a transaction.
    connection.execute("PRAGMA cache_spill = OFF")


def _too_new(path: Path) -> StoreTooNew:
    return StoreTooNew(
        f"The store {visible(str(path))} was written by a newer hottui.",
        "Install that version or a later one; nothing was changed.",
    )


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file lies at `path`; None when there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    """Keep other processes from setting a file aside in `folder` at the same time."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
