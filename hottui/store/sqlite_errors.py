"""The mapping of errors of SQLite and the system to those of the store.

Apart from `hottui.store.errors`, because the first frame needs the classes and not the module sqlite3.
"""

import errno
import os
import sqlite3
from pathlib import Path
from typing import Final

from hottui.model.control_characters import visible
from hottui.store.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreReadOnly

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_NO_ACCESS: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN})
_NO_SPACE: Final = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN})
"""SQLite reports FULL only for ENOSPC in the file itself; an exceeded quota, a size limit, and no space for its side
files are reported as these."""

_ERRNO_NO_ACCESS: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.EEXIST})
_ERRNO_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_busy(error: sqlite3.Error) -> bool:
    """Whether a retry of the same statement may succeed."""
    return _primary(error) in _BUSY


def store_error(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """Return the StoreError for `error`, raised while using the store at `path`. SQLite's own texts are never shown."""
    shown = visible(str(path))
    if isinstance(error, OSError) and not isinstance(error, BlockingIOError):
        return _os_error(error, shown)
    if isinstance(error, BlockingIOError) or is_busy(error):
        return StoreBusy(
            f"The store {shown} is locked by another process.",
            "hottui keeps unsaved changes and retries. If it persists, look for a suspended hottui (`jobs`, `ps`).",
        )
    primary, code = _primary(error), _code(error)
    if primary == sqlite3.SQLITE_FULL or code in _NO_SPACE:
        return _full(shown)
    if primary in _NO_ACCESS:
        return not_accessible(path)
    if primary in _CORRUPT:
        return StoreCorrupt(
            f"The store {shown} is damaged.", "It will be renamed, not overwritten, at the next use of the store."
        )
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreError(f"The store {shown} could not be used ({name}).", "Check the disk it is on.")


def not_accessible(path: Path) -> StoreReadOnly:
    """Return the error for a file that this user cannot write or read."""
    shown = visible(str(path))
    if path.exists() and not path.is_file():
        kind = "folder" if path.is_dir() else "pipe" if path.is_fifo() else "device or socket"
        return StoreReadOnly(f"The store {shown} is a {kind}, not a file.", f"Move or rename the {kind}.")
    verb = "written" if not path.exists() or os.access(path, os.R_OK) else "read"
    return StoreReadOnly(f"The store {shown} cannot be {verb}.", "Check the permissions of the file and its folder.")


def _primary(error: sqlite3.Error) -> int:
    return _code(error) & 0xFF


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's extended result code; errors raised by Python's sqlite3 module itself have none."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR))


def _os_error(error: OSError, shown: str) -> StoreError:
    if error.errno in _ERRNO_NO_SPACE:
        return _full(shown)
    if error.errno in _ERRNO_NO_ACCESS:
        return StoreReadOnly(
            f"The store {shown} cannot be opened ({error.strerror or error.errno}).",
            "Check the permissions of the file and its folder.",
        )
    return StoreError(f"The store {shown} could not be used ({error.strerror or error.errno}).", "")


def _full(shown: str) -> StoreFull:
    return StoreFull(f"No space left to write the store {shown}.", "Free disk space, or raise the quota.")
