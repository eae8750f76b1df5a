"""The store's files: for this user's eyes only, and never overwritten when broken."""

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hottui.model.control_characters import visible

SIDE_FILES: Final = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a database; it gives them the mode of the database itself."""


def make_private(path: Path, make: Callable[[Path], None]) -> tuple[str, ...]:
    """See that `path` and its folder exist and are closed to others (0600 and 0700), whatever the umask.

    `make` is called for a file that is not there; it must not mind when another process is faster. Returns a sentence
    for each looser mode that was found. Raises OSError.
    """
    _make_folder(path.parent)
    if not os.path.lexists(path):
        make(path)
    beside = [path.with_name(path.name + suffix) for suffix in SIDE_FILES]
    _check_kinds(beside)
    said = [_tighten(each) for each in (path.parent, path, *beside)]
    _give_mode_of(path, beside)
    return tuple(sentence for sentence in said if sentence)


def set_aside(path: Path, now: float) -> Path:
    """Rename `path` and SQLite's files beside it to `NAME.broken-<UTC time>…`; nothing is overwritten.

    Returns the new name of `path`. The caller keeps other processes from doing the same. Raises OSError.
    """
    time = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    target = path.with_name(f"{path.name}.broken-{time}")
    attempt = 2
    while any(os.path.lexists(f"{target}{suffix}") for suffix in ("", *SIDE_FILES)):
        target = path.with_name(f"{path.name}.broken-{time}-{attempt}")
        attempt += 1
    # The database last: a log without its database would be thrown away, or worse replayed, when the next is begun.
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
    """Refuse what would block SQLite, which opens these files without a look at what they are. Raises OSError."""
    for path in beside:
        with suppress(FileNotFoundError):
            mode = path.stat().st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # SQLite says itself what it makes of a folder
                raise OSError(errno.EEXIST, f"{path.name} is not a regular file", str(path))


def _tighten(path: Path) -> str:
    """Take the rights of others to `path` away; returns what was found and done, or nothing when all was well."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ""
    mode = stat.S_IMODE(found.st_mode)
    if not mode & 0o077 or not _may_be_tightened(path, found):
        return ""
    wanted = mode & 0o700  # what the owner took from himself stays taken
    was = f"{visible(str(path))} was open to other users (mode {mode:04o})"
    try:
        path.chmod(wanted)
    except OSError:
        return f"{was} and could not be closed to them: its owner should set mode {wanted:04o}."
    return f"{was}; its mode is {wanted:04o} now."


def _give_mode_of(path: Path, beside: list[Path]) -> None:
    """Make writable again what SQLite left beside a database that was read-only for a time."""
    mode = path.stat().st_mode & 0o700
    for file in beside:
        with suppress(FileNotFoundError, PermissionError):  # a right that is missing shows when the file is used
            if stat.S_IMODE(file.stat().st_mode) != mode:
                file.chmod(mode)


def _may_be_tightened(path: Path, found: os.stat_result) -> bool:
    """A folder shared on purpose (`/tmp`) and the home folder itself are not hottui's to close."""
    return not stat.S_ISDIR(found.st_mode) or not (found.st_mode & stat.S_ISVTX or path == Path.home())
