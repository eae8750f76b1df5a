"""Making a file ready: is it ours, is it whole, how is it journalled, is it of this version."""

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
    """Make a new store at `path`, whole or not at all; one that another process has made meanwhile is left alone.

    So a file without content is never a store in the making. Raises OSError and sqlite3.Error.
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
        except OSError:  # a file system without links
            unfinished.rename(path)
    finally:
        for suffix in ("", "-journal"):
            unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)


def prepare(connection: Connection, path: Path, *, thorough: bool) -> None:
    """Make the file open for writing ready for use: checked, journalled, brought to the present version.

    `thorough` reads every page of it. Raises StoreError; a newer file is left as it is.
    """
    kind = _check(connection, path, thorough)
    connection.use(_wal if wal_is_safe(path) else _rollback_journal)
    if kind is Kind.CURRENT:
        return
    with connection.write() as raw:
        if kind_of(raw) is Kind.OLDER:  # asked again: another process may have been faster
            _back_up(path, version_of(raw))
        migrate(raw)


def prepare_read_only(connection: Connection, path: Path) -> None:
    """See that the file, which cannot be written, can be read as it is. Raises StoreError."""
    if _check(connection, path, thorough=False) is not Kind.CURRENT:
        raise StoreReadOnly(f"The store {visible(str(path))} must be written before it can be read.")


def too_new(path: Path) -> StoreTooNew:
    """The error for a file whose version is not known here."""
    return StoreTooNew(
        f"The store {visible(str(path))} was written by a newer hottui; nothing in it was changed.",
        "Install that version or a later one.",
    )


def _check(connection: Connection, path: Path, thorough: bool) -> Kind:
    """What the file is. Raises StoreTooNew, and StoreCorrupt when it is foreign or damaged.

    The bookmarks, which every start reads, are checked each time; the rest when there is a reason.
    """
    kind = connection.view(kind_of)
    if kind is Kind.NEWER:
        raise too_new(path)
    if kind is Kind.FOREIGN:
        raise StoreCorrupt(f"The store {visible(str(path))} is a database of another program.")
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
    # With a rollback journal a spilling cache needs the file for itself in the midst of a transaction.
    raw.execute("PRAGMA cache_spill = OFF")


def _back_up(path: Path, version: int) -> None:
    """Copy the file as it is to `NAME.v<version>.bak`, whole or not at all."""
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
    """Begin a file that only this user can read, whatever the umask; what an ended process left there goes."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # a umask such as 0777 takes even the owner's rights
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
    """Whether `path` lies on a file system of this machine, as the mount table `mounts` (default: the real one) tells.

    Where there is no mount table to read, the disk is taken for local.
    """
    kind = filesystem_type(os.path.realpath(path), _mount_table() if mounts is None else mounts)
    return not (kind in _SHARED or kind.startswith("fuse."))


def filesystem_type(path: str, mounts: str) -> str:
    """The type of the file system that holds the absolute `path`; empty when `mounts` does not tell.

    `mounts` has the form of `/proc/self/mounts`: device, mount point (blanks as `\\040`), type, options. The longest
    mount point wins, among equals the last, which covers the others.
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
