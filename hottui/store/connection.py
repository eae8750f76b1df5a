"""One connection to the SQLite file, shared by threads, with retries while other processes hold locks."""

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
from hottui.store.sqlite_errors import is_busy, store_error

BUSY_TIMEOUT: Final = 10.0
"""Seconds to wait for locks of other processes before raising StoreBusy."""

_WAIT: Final = 0.2
"""Seconds of one wait inside SQLite: short, so that closing the store never waits for another process."""

_TEXT: Final = partial(str, encoding="utf-8", errors="replace")
"""Decodes text columns. By default, text that is not UTF-8 fails the whole query."""

_T = TypeVar("_T")


class Access(StrEnum):
    """How to open a file, as the query part of an SQLite file URI. None of them creates a file."""

    WRITE = "mode=rw"
    READ = "mode=ro"
    FROZEN = "immutable=1"
    """Without locks, side files or the write-ahead log: the only way to read a WAL database in a read-only folder."""


def connect(path: Path, access: Access) -> sqlite3.Connection:
    """Return a plain connection in autocommit mode. Raises sqlite3.Error."""
    uri = f"{path.absolute().as_uri()}?{access}"
    raw = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    raw.text_factory = _TEXT
    return raw


class Connection:
    """A connection that threads use one at a time and that retries while other processes hold locks.

    Methods raise only StoreError.
    """

    def __init__(self, path: Path, *, timeout: float, closing: threading.Event) -> None:
        self._path = path
        self._timeout = timeout
        self._closing = closing
        self._lock = threading.RLock()
        self._raw: sqlite3.Connection | None = None

    def open(self, access: Access) -> None:
        """Close the connection if it is open, and open the file that is now at the path."""
        self.close()
        with self._lock, self._translating_errors():
            self._raw = connect(self._path, access)

    def close(self) -> None:
        """Close the connection after a statement that runs in another thread has finished."""
        with self._lock:
            if self._raw is not None:
                self._raw.close()
            self._raw = None

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of one query."""
        return self.run(lambda raw: raw.execute(query, values).fetchall())

    def run(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        """Return the result of `action`, which is retried while other processes hold locks."""
        with self._lock, self._translating_errors():
            raw = self._require_open()
            return self._retrying(lambda: action(raw))

    def read_transaction(self, action: Callable[[sqlite3.Connection], _T]) -> _T:
        """Return the result of `action`, run in a read transaction: it sees one consistent state of the file."""

        def attempt(raw: sqlite3.Connection) -> _T:
            raw.execute("BEGIN")
            try:
                return action(raw)
            finally:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")

        return self.run(attempt)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self._lock, self._translating_errors():
            raw = self._require_open()
            self._retrying(lambda: raw.execute("BEGIN IMMEDIATE"))
            try:
                yield raw
                self._retrying(lambda: raw.execute("COMMIT"))
            finally:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")

    def _require_open(self) -> sqlite3.Connection:
        if self._raw is None:
            raise StoreError("The store is closed.")
        return self._raw

    def _retrying(self, attempt: Callable[[], _T]) -> _T:
        end = time.monotonic() + self._timeout
        while True:
            try:
                return attempt()
            except sqlite3.Error as error:
                if not is_busy(error) or time.monotonic() >= end or self._closing.wait(0.01):
                    raise

    @contextmanager
    def _translating_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise store_error(error, self._path) from error
