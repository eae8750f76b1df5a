"""One connection to the SQLite file, shared by threads and patient with other processes."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from hottui.store.faults import fault_of, is_busy

_TURN: Final = 0.2
"""Seconds that one wait inside SQLite lasts: short, so that closing the store never waits for another process."""

_T = TypeVar("_T")


class Connection:
    """One SQLite connection for all threads, one at a time, that waits its turn among processes."""

    def __init__(self, path: Path, *, patience: float, closing: threading.Event) -> None:
        self._path = path
        self._patience = patience
        self._closing = closing
        self._lock = threading.RLock()
        with self._translated():
            self._raw = sqlite3.connect(path, timeout=_TURN, isolation_level=None, check_same_thread=False)

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one query. Raises StoreError."""
        with self._lock, self._translated():
            return self._patiently(lambda: self._raw.execute(query, values).fetchall())

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: kept as a whole when the block ends, else as if it had not begun. Raises StoreError."""
        with self._lock, self._translated():
            self._patiently(lambda: self._raw.execute("BEGIN IMMEDIATE"))
            try:
                yield self._raw
                self._patiently(lambda: self._raw.execute("COMMIT"))
            finally:
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK")

    def raw(self, use: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `use` makes of the connection, tried again while others are in the way. Raises StoreError."""
        with self._lock, self._translated():
            return self._patiently(lambda: use(self._raw))

    def close(self) -> None:
        """Close; what is under way in another thread is waited for."""
        with self._lock:
            self._raw.close()

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
