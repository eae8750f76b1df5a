"""WAL mode is used only on local file systems."""

from pathlib import Path

import pytest

from hottui.store import prepare
from hottui.store.prepare import filesystem_type, wal_is_safe
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark

TABLE = r"""
/dev/vda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
filer:/home /home nfs4 rw,vers=4.2 0 0
/dev/vdb /home/li xfs rw 0 0
//nas/x /mnt/team\040share cifs rw 0 0
li@host: /mnt/ssh fuse.sshfs rw 0 0
overlay /cover overlay rw 0 0
filer:/c /cover nfs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind", "safe"),
    [
        ("/root/.local/share/hottui/hottui.db", "ext4", True),
        ("/home/wang/.local/share/hottui/hottui.db", "nfs4", False),
        ("/home/li/.local/share/hottui/hottui.db", "xfs", True),
        ("/home/li2/hottui.db", "nfs4", False),
        ("/homes/li/hottui.db", "ext4", True),
        ("/mnt/team share/hottui.db", "cifs", False),
        ("/mnt/ssh/hottui.db", "fuse.sshfs", False),
        ("/cover/hottui.db", "nfs", False),
        ("/home", "nfs4", False),
    ],
)
def test_longest_mount_point_wins(path: str, kind: str, safe: bool) -> None:
    assert filesystem_type(path, TABLE) == kind
    assert wal_is_safe(Path(path), TABLE) is safe


def test_no_mount_table_means_local() -> None:
    assert wal_is_safe(Path("/home/li/hottui.db"), "")


def test_symlinks_are_resolved(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    table = f"/dev/vda1 / ext4 rw 0 0\nfiler:/x {tmp_path}/real nfs rw 0 0"
    assert not wal_is_safe(tmp_path / "link" / "hottui.db", table)


@pytest.fixture
def on_nfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mounts"
    table.write_text("filer:/x / nfs4 rw 0 0\n")
    monkeypatch.setattr(prepare, "_MOUNTS", table)


@pytest.mark.usefixtures("on_nfs")
def test_network_file_system_uses_a_rollback_journal(open_store: OpenStore, path: Path) -> None:
    store = open_store()
    store.add(bookmark())
    assert [file.name for file in path.parent.iterdir()] == ["hottui.db"]
    assert len(open_store().tracked()) == 1


def test_store_moved_to_a_network_file_system_leaves_wal_mode(
    open_store: OpenStore, path: Path, request: pytest.FixtureRequest
) -> None:
    first = open_store()
    first.add(bookmark())
    first.close()
    request.getfixturevalue("on_nfs")
    assert len(open_store().tracked()) == 1
    assert [file.name for file in path.parent.iterdir()] == ["hottui.db"]
