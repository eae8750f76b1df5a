"""Older files are migrated in one transaction; newer ones are left unchanged."""

import sqlite3
import stat
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest

from hottui.model.ref import JobRef
from hottui.store import prepare, schema
from hottui.store.connection import Access, Connection
from hottui.store.errors import StoreBusy, StoreError, StoreTooNew
from hottui.store.private_files import make_private
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import ENDPOINT, bookmark, insight, move, ref


@pytest.fixture
def version_1(path: Path) -> Path:
    """A store written by the first version."""
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as raw, raw:
        for statement in schema.MIGRATIONS[0]:
            raw.execute(statement)
        raw.execute(
            "INSERT INTO bookmark (id, endpoint, workspace, namespace, hot_update, label, note, added, state, since, "
            "seen) VALUES (7, ?, 'ws', 'default-namespace', 'hu-1', 'orders', '', 1000, 'INIT', 1000, 1001)",
            (ENDPOINT,),
        )
        raw.execute("INSERT INTO transition (bookmark, at, state, previous) VALUES (7, 1000, 'INIT', '')")
        raw.execute("INSERT INTO answer VALUES (7, 1001, 'r', 'plain', CAST('{}' AS BLOB))")
        raw.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        raw.execute("PRAGMA user_version = 1")
    path.chmod(0o600)
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("PRAGMA user_version").fetchone()[0])


def test_migration_from_version_1_keeps_all_data(version_1: Path, open_store: OpenStore) -> None:
    store = open_store()
    (kept,) = store.tracked()
    assert kept.bookmark == bookmark(label="orders")
    assert (kept.state, kept.seen) == ("INIT", 1001.0)
    assert store.transitions(ref()) == (move(),)
    assert store.answer(ref()) is not None
    assert store.remove(ref())
    assert version(version_1) == schema.SCHEMA_VERSION


def test_migration_from_version_2_keeps_all_data(version_1: Path, open_store: OpenStore) -> None:
    with closing(sqlite3.connect(version_1)) as raw, raw:
        for statement in schema.MIGRATIONS[1]:
            raw.execute(statement)
        raw.execute("UPDATE bookmark SET state = 'HOT_UPDATED', job_id = 'job-1'")
        raw.execute("PRAGMA user_version = 2")
    store = open_store()
    (kept,) = store.tracked()
    assert (kept.state, kept.effect, kept.job_name, kept.interruption) == ("HOT_UPDATED", None, "", None)
    assert store.jobs.insight(ref()) is None
    assert store.jobs.record(insight())
    assert store.jobs.record_answer(JobRef.of(ref(), "job-1"), "job", 1.0, {})
    assert store.record_gap(ref(), 1.0, 2.0)
    assert version(version_1) == 4 == schema.SCHEMA_VERSION
    assert version(version_1.with_name("hottui.db.v2.bak")) == 2


def test_migration_leaves_a_backup(version_1: Path, open_store: OpenStore) -> None:
    open_store()
    backup = version_1.with_name("hottui.db.v1.bak")
    assert version(backup) == 1
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT label FROM bookmark").fetchall() == [("orders",)]
    assert not list(version_1.parent.glob("*.tmp"))


def test_failed_migration_leaves_the_file_unchanged(
    version_1: Path, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        steps = (*schema.MIGRATIONS[:1], ("ALTER TABLE bookmark ADD COLUMN extra REAL", "no SQL at all"))
        broken.setattr(schema, "MIGRATIONS", steps)
        with pytest.raises(StoreError):
            open_store()
    with closing(sqlite3.connect(version_1)) as raw:
        assert "extra" not in {row[1] for row in raw.execute("PRAGMA table_info(bookmark)")}
    assert version(version_1) == 1
    assert len(open_store().tracked()) == 1


def test_no_space_for_the_backup_prevents_the_migration(
    version_1: Path, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(path: Path, version: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prepare, "_back_up", no_room)
    with pytest.raises(StoreError, match="No space"):
        open_store()
    assert version(version_1) == 1


def test_newer_file_is_left_unchanged(open_store: OpenStore, path: Path) -> None:
    first = open_store()
    first.add(bookmark())
    first.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreTooNew) as refused:
        open_store()
    assert "newer version of hottui" in refused.value.message
    assert refused.value.hint == "Upgrade hottui to that version or later."
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["hottui.db"]


def test_migration_by_a_newer_hottui_in_use_is_detected(open_store: OpenStore, path: Path) -> None:
    store = open_store()
    store.add(bookmark())
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    with pytest.raises(StoreTooNew):
        store.add(bookmark("another"))
    assert len(store.tracked()) == 1


def test_store_being_created_by_another_process_is_not_foreign(path: Path) -> None:
    make_private(path, Path.touch)
    connection = Connection(path, timeout=1.0, closing=threading.Event())
    connection.open(Access.WRITE)
    tried: list[str] = []

    def make_it_meanwhile(statement: str) -> None:
        if "sqlite_master" in statement and not tried:
            tried.append(statement)
            with suppress(StoreBusy):
                Store.open(path, timeout=0.05).close()

    connection.run(lambda raw: raw.set_trace_callback(make_it_meanwhile))
    kind = connection.read_transaction(schema.kind_of)
    connection.close()
    assert tried
    assert kind in (schema.Kind.EMPTY, schema.Kind.CURRENT)
