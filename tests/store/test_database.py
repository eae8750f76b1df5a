"""Files that are removed, truncated or replaced while the store is open, or before: every loss is reported."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hottui.store.errors import StoreError, StoreReadOnly
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark, move, observation, ref
from tests.store.subprocesses import run

KEEP_AND_LOSE = """
import os, signal, sys
from pathlib import Path
from hottui.store.store import Store
from tests.store.samples import bookmark
path = Path(sys.argv[1])
store = Store.open(path)
store.add(bookmark("before"))
for suffix in sys.argv[2:]:
    os.unlink(f"{path}{suffix}")
store.add(bookmark("after"))
print(*store.notices, sep="\\n", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def ids(store: Store) -> list[str]:
    return [each.ref.id for each in store.tracked()]


def filled(store: Store) -> None:
    store.add_all([bookmark("hu-1", label="orders"), bookmark("hu-2")])
    store.record(observation(answer='{"a":1}'), move())


def whole(store: Store) -> bool:
    """Whether everything written by `filled` is in the store."""
    answer = store.answer(ref())
    return (
        ids(store)[:2] == ["hu-1", "hu-2"]
        and store.transitions(ref()) == (move(),)
        and answer == observation(answer='{"a":1}')
    )


@pytest.mark.parametrize("removed", [["-wal"], ["-shm"], ["-wal", "-shm"]], ids=" ".join)
def test_removed_log_is_reported_without_data_loss(path: Path, open_store: OpenStore, removed: list[str]) -> None:
    store = open_store()
    filled(store)
    for suffix in removed:
        os.unlink(f"{path}{suffix}")
    before = store.data_version()
    assert store.notices == (f"The write-ahead log of the store {path} was removed while in use.",)
    assert store.add(bookmark("hu-3"))
    other = open_store()
    assert ids(other) == ["hu-1", "hu-2", "hu-3"]
    assert whole(other)
    assert other.notices == ()
    assert other.add(bookmark("hu-4"))
    assert store.data_version() != before
    assert ids(store) == ["hu-1", "hu-2", "hu-3", "hu-4"]
    assert len(store.notices) == 1


@pytest.mark.parametrize("removed", [["-wal"], ["-shm"], ["-wal", "-shm"], [""], ["", "-wal", "-shm"]], ids=" ".join)
def test_data_added_after_a_removal_survives_kill_9(path: Path, open_store: OpenStore, removed: list[str]) -> None:
    assert "was removed while in use" in run(KEEP_AND_LOSE, path, *removed, signal=9)
    assert ids(open_store()) == ["before", "after"]


def test_log_removed_while_other_processes_write_loses_nothing(path: Path, open_store: OpenStore) -> None:
    one, other = open_store(), open_store()
    one.add(bookmark("hu-1"))
    other.add(bookmark("hu-2"))
    os.unlink(f"{path}-wal")
    for number in range(3, 9):
        assert (one, other)[number % 2].add(bookmark(f"hu-{number}"))
    assert ids(one) == ids(other) == [f"hu-{number}" for number in range(1, 9)]
    assert len(one.notices) == len(other.notices) == 1


@pytest.mark.parametrize("log_too", [False, True])
def test_removed_store_is_recreated_with_its_bookmarks(path: Path, open_store: OpenStore, log_too: bool) -> None:
    store = open_store()
    filled(store)
    for file in path.parent.iterdir():
        if log_too or file == path:
            file.unlink()
    assert whole(store)
    assert store.notices == (
        f"The store {path} was removed while in use; a new one was created. 2 bookmarks were recovered.",
    )
    assert store.add(bookmark("hu-3"))
    store.close()
    again = open_store()
    assert (whole(again), ids(again), again.notices) == (True, ["hu-1", "hu-2", "hu-3"], ())


def test_unreadable_row_is_not_duplicated(path: Path, open_store: OpenStore) -> None:
    store = open_store()
    filled(store)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE bookmark SET workspace = CAST(x'ff41' AS TEXT) WHERE hot_update = 'hu-2'")
    assert ids(store) == ["hu-1"]
    os.unlink(f"{path}-wal")
    assert ids(store) == ["hu-1"]
    assert [notice.split(" of the store")[0] for notice in store.notices] == ["1 row", "The write-ahead log"]


def test_removed_folder_is_recreated(path: Path, open_store: OpenStore) -> None:
    store = open_store()
    filled(store)
    shutil.rmtree(path.parent)
    assert store.add(bookmark("hu-3"))
    assert whole(store)
    assert len(store.notices) == 1


def test_store_truncated_in_use_is_reported_and_set_aside(path: Path, open_store: OpenStore) -> None:
    store = open_store()
    filled(store)
    os.truncate(path, 0)
    assert store.add(bookmark("hu-3"))
    assert "hu-3" in ids(store)
    assert f"The store {path} was empty (0 bytes)." in store.notices[0]
    assert any(file.name.startswith("hottui.db.broken-") for file in path.parent.iterdir())


def test_empty_file_is_reported_and_set_aside_with_its_log(path: Path, open_store: OpenStore) -> None:
    store = open_store()
    filled(store)
    log = path.with_name("hottui.db-wal").read_bytes()
    store.close()
    path.write_bytes(b"")
    path.with_name("hottui.db-wal").write_bytes(log)
    path.with_name("hottui.db-wal").chmod(0o600)
    again = open_store()
    (notice,) = again.notices
    assert notice.startswith(f"The store {path} was empty (0 bytes). It was renamed to hottui.db.broken-")
    (kept,) = path.parent.glob("*.broken-*-wal")
    assert kept.read_bytes() == log
    assert again.add(bookmark())
    again.close()
    assert open_store().notices == ()


def test_store_replaced_in_use_is_reported_and_not_mixed_with_the_old_log(path: Path, open_store: OpenStore) -> None:
    backup = path.parent.parent / "backup.db"
    with Store.open(backup) as other:
        other.add_all([bookmark(f"old-{number}") for number in range(200)])
    store = open_store()
    filled(store)
    backup.replace(path)
    assert ids(store) == [f"old-{number}" for number in range(200)]
    assert store.notices == (
        f"The store {path} was replaced by another file while in use; hottui now uses the new file.",
    )
    assert store.add(bookmark("new"))
    store.close()
    assert len(open_store().tracked()) == 201


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_pipe_instead_of_a_file_raises(path: Path, suffix: str) -> None:
    Store.open(path).close()
    path.with_name(path.name + suffix).unlink(missing_ok=True)
    os.mkfifo(path.with_name(path.name + suffix))
    with pytest.raises(StoreReadOnly if not suffix else StoreError) as refused:
        Store.open(path)
    if not suffix:
        assert refused.value.message == f"The store {path} is a pipe, not a file."
    else:
        assert f"cannot be opened ({path.name}{suffix} is not a regular file)" in refused.value.message
