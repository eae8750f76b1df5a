"""One connection to the SQLite file, shared by threads and patient with other processes."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from hottui.store.errors import StoreError
from hottui.store.sqlite_errors import fault_of, is_busy

PATIENCE: Final = 10.0
"""Seconds to wait for other processes before StoreBusy."""

_TURN: Final = 0.2
"""Seconds that one wait inside SQLite lasts: short, so that closing the store never waits for another process."""

_TEXT: Final = partial(str, encoding="utf-8", errors="replace")
"""How a text column is decoded. By default one that is not UTF-8 fails the query, and all its rows with it."""

_T = TypeVar("_T")


class Access(StrEnum):
    """How a file is opened; each is the query part of SQLite's file URI. None of them makes a file."""

    WRITE = "mode=rw"
    READ = "mode=ro"
    FROZEN = "immutable=1"
    """Without locks, side files or the write-ahead log: the only way into a WAL database in a read-only folder."""


def connect(path: Path, access: Access) -> sqlite3.Connection:
    """A bare connection in autocommit mode. Raises sqlite3.Error."""
    uri = f"{path.absolute().as_uri()}?{access}"
    raw = sqlite3.connect(uri, uri=True, timeout=_TURN, isolation_level=None, check_same_thread=False)
    raw.text_factory = _TEXT
    return raw


class Connection:
    """A connection for all threads, one at a time, that waits its turn among processes.

    Its methods raise StoreError and nothing else.
    """

    def __init__(self, path: Path, *, patience: float, closing: threading.Event) -> None:
        self._path = path
        self._patience = patience
        self._closing = closing
        self._lock = threading.RLock()
        self._raw: sqlite3.Connection | None = None

    def open(self, access: Access) -> None:
        """Open the file anew, which may have become another one; what was open is closed first."""
        self.close()
        with self._lock, self._translated():
            self._raw = connect(self._path, access)

    def close(self) -> None:
        """Close; what is under way in another thread is waited for."""
        with self._lock:
            if self._raw is not None:
                self._raw.close()
            self._raw = None

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one query."""
        return self.use(lambda raw: raw.execute(query, values).fetchall())

    def use(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `action` makes of the connection; it is tried again while other processes are in the way."""
        with self._lock, self._translated():
            raw = self._opened()
            return self._patiently(lambda: action(raw))

    def view(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `action` makes of one state of the file, whatever other processes write meanwhile."""

        def attempt(raw: sqlite3.Connection) -> _T:
            raw.execute("BEGIN")
            try:
                return action(raw)
            finally:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")

        return self.use(attempt)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: kept as a whole when the block ends, else as if it had not begun."""
        with self._lock, self._translated():
            raw = self._opened()
            self._patiently(lambda: raw.execute("BEGIN IMMEDIATE"))
            try:
                yield raw
                self._patiently(lambda: raw.execute("COMMIT"))
            finally:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")

    def _opened(self) -> sqlite3.Connection:
        if self._raw is None:
            raise StoreError("The store is closed.")
        return self._raw

    def _patiently(self, attempt: Callable[[], _T]) -> _T:
        end = time.monotonic() + self._patience
        while True:
            try:
                return attempt()
            except sqlite3.Error as error:
                if not is_busy(error) or time.monotonic() >= end or self._closing.wait(0.01):
                    raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise fault_of(error, self._path) from error
