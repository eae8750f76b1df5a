"""Eight concurrent processes, and processes killed while writing.

`HOTTUI_TEST_CROWD_SECONDS` and `HOTTUI_TEST_KILLS` make both last longer; `python -m tests.benchmarks.store` does so.
"""

import os
import random
import sqlite3
import time
from pathlib import Path
from threading import Event, Thread

import pytest

from hottui.store import connection, prepare
from hottui.store.connection import Access, connect
from hottui.store.errors import StoreBusy
from hottui.store.private_files import folder_lock
from hottui.store.store import Store
from tests.store.concurrent_worker import disagreements, gather, kill_in_the_midst, missing_after_kill, start
from tests.store.samples import bookmark

SECONDS = float(os.environ.get("HOTTUI_TEST_CROWD_SECONDS", "2"))
KILLS = int(os.environ.get("HOTTUI_TEST_KILLS", "8"))


def test_eight_processes_lose_nothing_and_get_no_error(path: Path) -> None:
    ledgers = gather(path, 8, SECONDS)
    assert disagreements(path, ledgers) == []
    assert [ledger.notices for ledger in ledgers] == [[]] * 8
    assert all(ledger.writes > 0 for ledger in ledgers), "no process starves"
    assert all(ledger.noticed > 0 for ledger in ledgers), "each process notices the others"


def test_eight_processes_on_a_network_file_system(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mounts"
    table.write_text("filer:/x / nfs4 rw 0 0\n")
    monkeypatch.setenv("HOTTUI_TEST_MOUNTS", str(table))
    ledgers = gather(path, 8, SECONDS)
    monkeypatch.setattr(prepare, "_MOUNTS", table)
    assert disagreements(path, ledgers) == []
    assert [file.name for file in path.parent.iterdir()] == ["hottui.db"]


def test_committed_data_survives_kill_9(path: Path) -> None:
    rng, first = random.Random(9), 0
    for _ in range(KILLS):
        last = kill_in_the_midst(path, first, rng)
        assert missing_after_kill(path, last) == []
        first = last + 1


def test_interrupted_creation_is_completed_at_the_next_start(tmp_path: Path) -> None:
    rng = random.Random(4)
    for attempt in range(KILLS):
        path = tmp_path / str(attempt) / "hottui.db"
        with start("until-killed", path, 0) as process:
            while not path.exists():
                assert process.poll() is None
                time.sleep(0.0005)
            time.sleep(rng.random() / 200)
            process.kill()
        with Store.open(path) as store:
            assert store.notices == ()
            assert store.add(bookmark())


def test_concurrent_processes_replace_a_damaged_file_once(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"not a database, but long enough to be looked at as one" * 100)
    path.chmod(0o600)
    ledgers = gather(path, 6, 0.2)
    assert disagreements(path, ledgers) == []
    notices = [notice for ledger in ledgers for notice in ledger.notices]
    assert len(notices) == 1, "one process set it aside"
    assert len([file for file in path.parent.iterdir() if file.name.endswith("Z")]) == 1


def test_opening_waits_while_another_process_replaces_the_file(path: Path) -> None:
    with Store.open(path) as store:
        store.add(bookmark())
    found: list[tuple[int, tuple[str, ...]]] = []

    def look() -> None:
        with Store.open(path, timeout=60.0) as store:
            found.append((len(store.tracked()), store.notices))

    with folder_lock(path.parent, exclusive=True, timeout=60.0, cancelled=Event()):
        path.rename(path.with_suffix(".aside"))
        with pytest.raises(StoreBusy):
            Store.open(path, timeout=0.05)
        opening = Thread(target=look)
        opening.start()
        opening.join(0.3)
        path.with_suffix(".aside").rename(path)
    opening.join(60.0)
    assert found == [(1, ())]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_file_replaced_while_it_is_opened(path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """As on a network file system, where no lock prevents this."""
    other = path.with_name("other.db")
    for each, name in ((path, "old"), (other, "new")):
        with Store.open(each) as store:
            store.add(bookmark(name))
    replacements = [other]

    def connect_late(path: Path, access: Access) -> sqlite3.Connection:
        if not replacements:
            return connect(path, access)
        if moment == "before":
            path.rename(path.with_suffix(".aside"))
        try:
            return connect(path, access)
        finally:
            replacements.pop().rename(path)

    monkeypatch.setattr(connection, "connect", connect_late)
    with Store.open(path) as store:
        assert [each.ref.id for each in store.tracked()] == ["new"]
        assert store.add(bookmark("later"))
        assert store.notices == ()
    with Store.open(path) as store:
        assert sorted(each.ref.id for each in store.tracked()) == ["later", "new"]
