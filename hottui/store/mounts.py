"""Whether SQLite's write-ahead log can be trusted where a file lies.

WAL needs memory that all processes using the file share. Network and user-space file systems do not give it, at least
not between machines (https://www.sqlite.org/wal.html), and there the rollback journal is used.
"""

import os
import re
from pathlib import Path
from typing import Final

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
