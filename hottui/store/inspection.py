"""Inspect the store's file without changing anything: no repair, no migration, and no side files left behind."""

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hottui.files import check_writable
from hottui.model.control_characters import visible
from hottui.model.times import UNKNOWN, known_time
from hottui.store.connection import Access, connect
from hottui.store.errors import StoreCorrupt, StoreError
from hottui.store.jobs import SavedPermission
from hottui.store.prepare import too_new, wal_is_safe
from hottui.store.schema import Kind, kind_of
from hottui.store.serialization import text_of
from hottui.store.sqlite_errors import not_accessible, store_error

_SELECT_PERMISSIONS: Final = (
    "SELECT account, workspace, namespace, action, granted, at FROM permission "
    "ORDER BY account, workspace, namespace, action"
)


@dataclass(frozen=True, slots=True)
class StoreCondition:
    """What was found at the store's path. `error` is why it cannot be used; the other fields hold what is known."""

    path: Path
    exists: bool = False
    error: StoreError | None = None
    bookmarks: int = 0
    older: bool = False
    """Whether the next start migrates the file."""
    mode: int = 0
    """The permission bits of the file, or of its folder if those are more permissive."""
    local: bool = True
    """Whether the file system is a local one."""
    set_aside: tuple[str, ...] = ()
    """Names of damaged files that were replaced earlier."""


def inspect(path: Path) -> StoreCondition:
    """Return the condition of the store at `path`."""
    folder = path.parent
    error = _access_error(path)
    local = wal_is_safe(path)
    if not os.path.lexists(path) or error is not None:
        return StoreCondition(path, os.path.lexists(path), error, local=local)
    mode = stat.S_IMODE(path.stat().st_mode)
    folder_mode = stat.S_IMODE(folder.stat().st_mode)
    aside = tuple(
        sorted(found.name for found in folder.glob(f"{path.name}.broken-*") if not found.name.endswith("-shm"))
    )
    bookmarks, older = 0, False
    try:
        with closing(connect(path, _access(path))) as raw:
            kind = kind_of(raw)
            older = kind is Kind.OLDER
            error = _kind_error(kind, path) or _damage(raw, kind, path)
            if error is None and kind is not Kind.EMPTY:
                (bookmarks,) = raw.execute(_count(raw)).fetchone()
    except sqlite3.Error as failure:
        error = store_error(failure, path)
    loosest = folder_mode if folder_mode & 0o077 > mode & 0o077 else mode
    return StoreCondition(path, True, error, bookmarks, older, loosest, local, aside)


def saved_permissions(path: Path) -> tuple[SavedPermission, ...]:
    """Return the last outcome of each action, by account, workspace, namespace and action; none if unreadable."""
    if not os.path.isfile(path):  # Path.is_file raises where a folder may not be searched
        return ()
    try:
        with closing(connect(path, _access(path))) as raw:
            return tuple(map(_permission, raw.execute(_SELECT_PERMISSIONS).fetchall()))
    except sqlite3.Error:
        return ()


def _permission(row: tuple[Any, ...]) -> SavedPermission:
    account, workspace, namespace, action = map(text_of, row[:4])
    granted, at = row[4:]
    return SavedPermission(account, workspace, namespace, action, bool(granted), known_time(at) or UNKNOWN)


def _access(path: Path) -> Access:
    """Return how to open the file: a reader of a file that nobody has open would create a log and leave it behind."""
    return Access.READ if path.with_name(f"{path.name}-wal").exists() else Access.FROZEN


def _access_error(path: Path) -> StoreError | None:
    if os.path.lexists(path):
        usable = path.is_file() and os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
        return None if usable else not_accessible(path)
    existing = next(parent for parent in path.parents if parent.exists())
    return None if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK) else not_accessible(path)


def write_error(path: Path) -> StoreError | None:
    """Return why nothing can be written beside the store at `path`, which takes a write to find out; None if it can."""
    try:
        check_writable(path.parent)
    except OSError as error:
        return store_error(error, path)
    return None


def _kind_error(kind: Kind, path: Path) -> StoreError | None:
    match kind:
        case Kind.NEWER:
            return too_new(path)
        case Kind.FOREIGN:
            return StoreCorrupt(
                f"The store {visible(str(path))} is another program's database.",
                "It will be renamed at the next use of the store.",
            )
    return None


def _damage(raw: sqlite3.Connection, kind: Kind, path: Path) -> StoreError | None:
    if kind is Kind.EMPTY or raw.execute("PRAGMA quick_check(bookmark)").fetchall() == [("ok",)]:
        return None
    return StoreCorrupt(
        f"The store {visible(str(path))} is damaged.", "It will be renamed, not overwritten, at its next use."
    )


def _count(raw: sqlite3.Connection) -> str:
    columns = {name for _, name, *_ in raw.execute("PRAGMA table_info(bookmark)")}
    if "removed" not in columns:  # version 1
        return "SELECT count(*) FROM bookmark"
    return "SELECT count(*) FROM bookmark WHERE removed IS NULL"
