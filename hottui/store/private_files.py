"""The store's files: accessible only to this user, and renamed rather than overwritten when damaged."""

import errno
import fcntl
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hottui.model.control_characters import visible

SIDE_FILES: Final = ("-wal", "-shm", "-journal")
"""Suffixes of the files SQLite may create beside a database; it gives them the mode of the database."""


def make_private(path: Path, make: Callable[[Path], None]) -> tuple[str, ...]:
    """Create `path` and its folder if missing, and restrict them to this user (0600 and 0700), whatever the umask.

    `make` is called if the file is missing; another process may create it at the same time. Returns a message for
    each mode that was too permissive. Raises OSError.
    """
    _make_folder(path.parent)
    if not os.path.lexists(path):
        make(path)
    beside = [path.with_name(path.name + suffix) for suffix in SIDE_FILES]
    _check_kinds(beside)
    messages = [_restrict_mode(each) for each in (path.parent, path, *beside)]
    _match_mode(path, beside)
    return tuple(message for message in messages if message)


@contextmanager
def folder_lock(folder: Path, *, exclusive: bool, timeout: float, cancelled: threading.Event) -> Iterator[None]:
    """Hold a lock on `folder`: shared by those who open the store in it, exclusive for the one who replaces it.

    Where folders cannot be locked (missing or unreadable ones, some network file systems), there is no lock. Raises
    BlockingIOError if other processes hold theirs for longer than `timeout` seconds, or once `cancelled` is set.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        end = time.monotonic() + timeout
        operation = (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB
        while not _try_lock(descriptor, operation):
            if time.monotonic() >= end or cancelled.wait(0.01):
                raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK), str(folder))
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, operation: int) -> bool:
    """Whether the lock was acquired, or cannot exist here."""
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def set_aside(path: Path, now: float) -> Path:
    """Rename `path` and SQLite's files beside it to `NAME.broken-<UTC time>…`; nothing is overwritten.

    Returns the new path. The caller holds the exclusive `folder_lock`: for a moment there is no file at `path`, or one
    without its side files. Raises OSError.
    """
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    target = path.with_name(f"{path.name}.broken-{moment}")
    attempt = 2
    while any(os.path.lexists(f"{target}{suffix}") for suffix in ("", *SIDE_FILES)):
        target = path.with_name(f"{path.name}.broken-{moment}-{attempt}")
        attempt += 1
    # The database last: SQLite would delete a log without its database, or replay it into the next one.
    for suffix in SIDE_FILES:
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(f"{target}{suffix}")
    path.rename(target)
    return target


def _make_folder(folder: Path) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for part in reversed(missing):
        part.mkdir(mode=0o700, exist_ok=True)
        part.chmod(0o700)


def _check_kinds(beside: list[Path]) -> None:
    """Raise OSError for a pipe or device, on which SQLite would block: it opens these files without checking."""
    for path in beside:
        with suppress(FileNotFoundError):
            mode = path.stat().st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # SQLite reports a folder itself
                raise OSError(errno.EEXIST, f"{path.name} is not a regular file", str(path))


def _restrict_mode(path: Path) -> str:
    """Remove other users' access to `path`; returns a message if there was any, else an empty string."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ""
    mode = stat.S_IMODE(found.st_mode)
    if not mode & 0o077 or not _may_restrict(path, found):
        return ""
    restricted = mode & 0o700  # permissions that the owner lacks are not added
    was = f"{visible(str(path))} was accessible to other users (mode {mode:04o})"
    try:
        path.chmod(restricted)
    except OSError:
        return f"{was} and could not be restricted. Ask its owner to set mode {restricted:04o}."
    return f"{was}; its mode is now {restricted:04o}."


def _match_mode(path: Path, beside: list[Path]) -> None:
    """Give side files the mode of the database: SQLite may have created them while it was read-only."""
    for file in beside:
        with suppress(FileNotFoundError, PermissionError):  # a missing permission is reported when the file is used
            mode = path.stat().st_mode & 0o700
            if stat.S_IMODE(file.stat().st_mode) != mode:
                file.chmod(mode)


def _may_restrict(path: Path, found: os.stat_result) -> bool:
    """Whether hottui may restrict `path`: not a shared folder (`/tmp`), nor the home folder itself."""
    return not stat.S_ISDIR(found.st_mode) or not (found.st_mode & stat.S_ISVTX or path == Path.home())
