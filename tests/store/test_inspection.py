"""The store's file as it is inspected without opening the store."""

import os
from pathlib import Path

from hottui.store.inspection import saved_permissions
from hottui.store.jobs import SavedPermission
from hottui.store.store import Store

DENIED = SavedPermission("demo@host", "ws", "team", "GetJob", granted=False, at=5.0)


def test_reading_the_permissions_leaves_no_files_behind(path: Path) -> None:
    with Store.open(path) as store:
        store.jobs.record_permission(DENIED)
        assert saved_permissions(path) == (DENIED,), "while the store is open"
    before = sorted(path.parent.iterdir())
    assert saved_permissions(path) == (DENIED,)
    assert sorted(path.parent.iterdir()) == before


def test_what_is_no_store_has_no_permissions(tmp_path: Path) -> None:
    pipe, text = tmp_path / "pipe", tmp_path / "text"
    os.mkfifo(pipe)
    text.write_text("not a database")
    for path in (pipe, text, tmp_path, tmp_path / "missing"):
        assert saved_permissions(path) == ()
