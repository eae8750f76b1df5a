"""Which StoreError an error of SQLite or of the operating system is. SQLite's own words never reach the user."""

import errno
import os
import sqlite3
from pathlib import Path
from typing import Final

from hottui.model.control_characters import visible
from hottui.store.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreReadOnly

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_REFUSED: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN})
_NO_ROOM: Final = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN})
"""SQLite says FULL for ENOSPC in the file itself alone: a used-up quota, a size limit and no room for what it lays
beside the file come as these."""

_ERRNO_REFUSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.EEXIST})
_ERRNO_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_busy(error: sqlite3.Error) -> bool:
    """Whether the same statement may succeed a moment later."""
    return _primary(error) in _BUSY


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether the content of the file is to blame."""
    return _primary(error) in _CORRUPT


def fault_of(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """The StoreError that says what `error`, met while using the store at `path`, means for the user."""
    shown = visible(str(path))
    if isinstance(error, OSError):
        return _of_errno(error, shown)
    primary, code = _primary(error), _code(error)
    if primary in _BUSY:
        return StoreBusy(
            f"Another process is holding the store {shown}.",
            "Unsaved changes are kept and tried again; look for a stopped hottui (`jobs`, `ps`) if this lasts.",
        )
    if primary == sqlite3.SQLITE_FULL or code in _NO_ROOM:
        return _full(shown)
    if primary in _REFUSED:
        return refused(path)
    if primary in _CORRUPT:
        return StoreCorrupt(
            f"The store {shown} is damaged.", "It is set aside, not overwritten, when the store is used next."
        )
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreError(f"The store {shown} could not be used ({name}).", "Check the disk it lies on.")


def refused(path: Path) -> StoreReadOnly:
    """The error for a file that this user cannot write, or not even read."""
    shown = visible(str(path))
    if path.exists() and not path.is_file():
        kind = "folder" if path.is_dir() else "pipe" if path.is_fifo() else "device or socket"
        return StoreReadOnly(f"The store {shown} is a {kind}, not a file.", f"Move that {kind} out of the way.")
    verb = "written" if not path.exists() or os.access(path, os.R_OK) else "read"
    return StoreReadOnly(
        f"The store {shown} cannot be {verb}.", "Give yourself the right to read and write it and its folder."
    )


def _primary(error: sqlite3.Error) -> int:
    return _code(error) & 0xFF


def _code(error: sqlite3.Error) -> int:
    """SQLite's extended result code; errors of Python's own making carry none."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR))


def _of_errno(error: OSError, shown: str) -> StoreError:
    if error.errno in _ERRNO_NO_ROOM:
        return _full(shown)
    if error.errno in _ERRNO_REFUSED:
        return StoreReadOnly(
            f"The store {shown} cannot be opened ({error.strerror or error.errno}).",
            "Give yourself the right to read and write it and its folder.",
        )
    return StoreError(f"The store {shown} could not be used ({error.strerror or error.errno}).", "")


def _full(shown: str) -> StoreFull:
    return StoreFull(f"There is no room to write the store {shown}.", "Free space on that disk, or ask for more quota.")
