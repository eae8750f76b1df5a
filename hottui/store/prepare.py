"""Preparing the file when it is opened: creation, integrity check, journal mode, backup and migration."""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from hottui.model.control_characters import visible
from hottui.store.connection import Access, Connection, connect
from hottui.store.errors import StoreCorrupt, StoreReadOnly, StoreTooNew
from hottui.store.schema import Kind, kind_of, migrate, version_of


def create(path: Path) -> None:
    """Create a new store at `path` atomically; does nothing if another process has created one meanwhile.

    So an empty file is never a store that is being created. Raises OSError and sqlite3.Error.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    _empty_file(unfinished)
    try:
        with closing(connect(unfinished, Access.WRITE)) as raw:
            raw.execute("BEGIN IMMEDIATE")
            migrate(raw)
            raw.execute("COMMIT")
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass
        except OSError:  # the file system has no hard links
            unfinished.rename(path)
    finally:
        for suffix in ("", "-journal"):
            unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)


def prepare(connection: Connection, path: Path, *, thorough: bool) -> None:
    """Check a file that is open for writing, set its journal mode and migrate it to the current version.

    `thorough` checks every page. Raises StoreError; a file of a newer version is left unchanged.
    """
    kind = _check(connection, path, thorough)
    connection.run(_wal if wal_is_safe(path) else _rollback_journal)
    if kind is Kind.CURRENT:
        return
    with connection.write() as raw:
        if kind_of(raw) is Kind.OLDER:  # checked again: another process may have migrated it
            _back_up(path, version_of(raw))
        migrate(raw)


def prepare_read_only(connection: Connection, path: Path) -> None:
    """Check that a read-only file is readable without a migration. Raises StoreError."""
    if _check(connection, path, thorough=False) is not Kind.CURRENT:
        raise StoreReadOnly(
            f"The store {visible(str(path))} must be upgraded before it can be read, but it is read-only."
        )


def too_new(path: Path) -> StoreTooNew:
    """Return the error for a file of a newer version."""
    return StoreTooNew(
        f"The store {visible(str(path))} was created by a newer version of hottui; it was not changed.",
        "Upgrade hottui to that version or later.",
    )


def _check(connection: Connection, path: Path, thorough: bool) -> Kind:
    """Return the kind of file. Raises StoreTooNew, and StoreCorrupt if it is foreign or damaged.

    The bookmark table, which every start reads, is checked each time; the rest only if `thorough`.
    """
    kind = connection.read_transaction(kind_of)
    if kind is Kind.NEWER:
        raise too_new(path)
    if kind is Kind.FOREIGN:
        raise StoreCorrupt(f"The store {visible(str(path))} is another program's database.")
    if kind is not Kind.EMPTY:
        check = "PRAGMA integrity_check(1)" if thorough else "PRAGMA quick_check(bookmark)"
        if connection.read(check) != [("ok",)]:
            raise StoreCorrupt(f"The store {visible(str(path))} is damaged.")
    return kind


def _wal(raw: sqlite3.Connection) -> None:
    _journal(raw, "wal")
    raw.execute("PRAGMA synchronous = NORMAL")


def _rollback_journal(raw: sqlite3.Connection) -> None:
    _journal(raw, "delete")
    raw.execute("PRAGMA synchronous = FULL")


def _journal(raw: sqlite3.Connection, mode: str) -> None:
    (found,) = raw.execute("PRAGMA journal_mode").fetchone()
    if found != mode:
        raw.execute(f"PRAGMA journal_mode = {mode}").fetchone()
    raw.execute("PRAGMA foreign_keys = ON")
    # With a rollback journal, a cache spill needs an exclusive lock in the middle of a transaction.
    raw.execute("PRAGMA cache_spill = OFF")


def _back_up(path: Path, version: int) -> None:
    """Copy the file to `NAME.v<version>.bak` atomically."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    _empty_file(unfinished)
    try:
        with (
            closing(connect(path, Access.READ)) as source,
            closing(connect(unfinished, Access.WRITE)) as target,
        ):
            source.backup(target)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(path.with_name(f"{path.name}.v{version}.bak"))
    finally:
        unfinished.unlink(missing_ok=True)


def _empty_file(path: Path) -> None:
    """Create an empty file with mode 0600, whatever the umask, replacing a leftover of an earlier process."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # a umask such as 0777 removes even the owner's permissions
    finally:
        os.close(descriptor)


_MOUNTS = Path("/proc/self/mounts")
_SHARED: Final = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "9p", "ceph", "lustre", "gpfs", "beegfs"),
        *("glusterfs", "orangefs", "pvfs2", "panfs", "ocfs2", "gfs2", "acfs", "vxfs", "virtiofs", "drvfs", "vboxsf"),
        *("vmhgfs", "prl_fs", "fuse"),
    }
)
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def wal_is_safe(path: Path, mounts: str | None = None) -> bool:
    """Whether `path` is on a local file system, where WAL's shared memory works.

    `mounts` is the mount table (default: this system's). Without one, the file system is assumed to be local.
    """
    kind = filesystem_type(os.path.realpath(path), _mount_table() if mounts is None else mounts)
    return not (kind in _SHARED or kind.startswith("fuse."))


def filesystem_type(path: str, mounts: str) -> str:
    """Return the type of the file system that contains the absolute `path`; empty if `mounts` does not list it.

    `mounts` has the form of `/proc/self/mounts`: device, mount point (spaces as `\\040`), type, options. The longest
    mount point wins; among equals the last, which is mounted over the others.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[1])
        if len(point) >= best and (path == point or path.startswith(point.rstrip("/") + "/")):
            best, kind = len(point), fields[2]
    return kind


def _mount_table() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
