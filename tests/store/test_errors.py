"""Busy, full and read-only stores raise different errors, without SQLite's texts, and recover."""

import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hottui.store.errors import StoreBusy, StoreError, StoreFull, StoreReadOnly
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark
from tests.store.subprocesses import as_plain_user, give_away, run


def test_locked_store_raises_store_busy_until_unlocked(open_store: OpenStore, path: Path) -> None:
    store = open_store(timeout=0.05)
    store.add(bookmark("first"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy) as refused:
            store.add(bookmark())
        assert "database is locked" not in refused.value.message + refused.value.hint
        assert len(store.tracked()) == 1, "a reader does not wait for a writer"
        other.execute("ROLLBACK")
    assert store.add(bookmark())


def test_writer_waits_for_the_lock(open_store: OpenStore, path: Path) -> None:
    store = open_store(timeout=60.0)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = threading.Thread(target=store.add, args=(bookmark(),))
        waiting.start()
        waiting.join(1.0)
        assert waiting.is_alive()
        other.execute("ROLLBACK")
        waiting.join(60.0)
    assert len(store.tracked()) == 1


def test_close_does_not_wait_for_locks(open_store: OpenStore, path: Path) -> None:
    store = open_store(timeout=600.0)
    outcome: list[Exception] = []

    def add() -> None:
        try:
            store.add(bookmark())
        except StoreError as error:
            outcome.append(error)

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = threading.Thread(target=add)
        waiting.start()
        waiting.join(0.5)
        begun = time.monotonic()
        store.close()
        waiting.join(60.0)
        assert time.monotonic() - begun < 30.0
    assert [type(error) for error in outcome] == [StoreBusy]


def test_full_disk_is_reported_and_writing_resumes_with_space(store: Store) -> None:
    store.add(bookmark("first"))
    pages = store._database.run(lambda raw: raw.execute("PRAGMA page_count").fetchone()[0])
    store._database.run(lambda raw: raw.execute(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StoreFull) as refused:
        store.add(bookmark(note="x" * 100_000))
    assert "No space" in refused.value.message
    assert [each.ref.id for each in store.tracked()] == ["first"]
    store._database.run(lambda raw: raw.execute("PRAGMA max_page_count = 1000000"))
    assert store.add(bookmark(note="x" * 100_000))


def test_exceeded_quota_is_reported(path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from hottui.store.errors import StoreError
from hottui.store.store import Store
from tests.store.samples import bookmark
store = Store.open(Path(sys.argv[1]))
store.add(bookmark("first"))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
try:
    store.add(bookmark(note="x" * 100_000))
except StoreError as error:
    print(type(error).__name__, len(store.tracked()))
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(store.add(bookmark(note="x" * 100_000)), len(store.tracked()))
"""
    assert run(program, path).splitlines() == ["StoreFull 1", "True 2"]


def test_no_space_for_a_new_store(path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from hottui.store.errors import StoreError
from hottui.store.store import Store
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
try:
    Store.open(Path(sys.argv[1]))
except StoreError as error:
    print(type(error).__name__)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(Store.open(Path(sys.argv[1])).tracked())
"""
    assert run(program, path).splitlines() == ["StoreFull", "()"]


def test_full_disk_at_start_opens_read_only(path: Path) -> None:
    with Store.open(path) as store:
        store.add(bookmark(label="orders"))
    program = """
import resource, sys
from pathlib import Path
from hottui.store.errors import StoreError
from hottui.store.store import Store
from tests.store.samples import bookmark
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
store = Store.open(Path(sys.argv[1]))
print([each.bookmark.label for each in store.tracked()], *store.notices)
try:
    store.add(bookmark("another"))
except StoreError as error:
    print(type(error).__name__)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(store.add(bookmark("another")), len(store.tracked()), len(store.notices))
"""
    shown, refused, later = run(program, path).splitlines()
    assert shown.startswith(f"['orders'] No space left to write the store {path}. Bookmarks are shown,")
    assert refused == "StoreFull"
    assert later == "True 2 1"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder accessible to every user, unlike pytest's own."""
    outer = Path(tempfile.mkdtemp())
    outer.chmod(0o755)
    inner = outer / "hottui"
    with Store.open(inner / "hottui.db") as store:
        store.add(bookmark(label="orders"))
    give_away(inner)
    yield inner
    inner.chmod(0o700)
    shutil.rmtree(outer)


READ_AND_WRITE = """
from pathlib import Path
from hottui.store.errors import StoreError
from hottui.store.store import Store
from tests.store.samples import bookmark
path = Path(sys.argv[1])
store = Store.open(path)
print(store.read_only, [each.bookmark.label for each in store.tracked()], store.answer(bookmark().ref))
print(*store.notices, sep="\\n")
try:
    store.add(bookmark("another"))
except StoreError as error:
    print(type(error).__name__)
path.parent.chmod(0o700)
path.chmod(0o600)
print(store.add(bookmark("another")), len(store.tracked()), store.read_only)
"""


@pytest.mark.parametrize(
    ("folder_mode", "file_mode"), [(0o500, 0o400), (0o500, 0o600), (0o700, 0o400)], ids=["both", "folder", "file"]
)
def test_read_only_store_is_readable_and_writable_later(folder: Path, folder_mode: int, file_mode: int) -> None:
    path = folder / "hottui.db"
    path.chmod(file_mode)
    folder.chmod(folder_mode)
    shown, notice, refused, later = as_plain_user(READ_AND_WRITE, path).splitlines()
    assert shown == "True ['orders'] None"
    assert notice == (
        f"The store {path} cannot be written. Bookmarks are shown, but changes are not saved until it is writable."
    )
    assert refused == "StoreReadOnly"
    assert later == "True 2 False"


OPEN = """
from pathlib import Path
from hottui.store.errors import StoreError
from hottui.store.store import Store
try:
    Store.open(Path(sys.argv[1]))
except StoreError as error:
    print(type(error).__name__, error.message)
"""


def test_unreadable_file_is_not_set_aside(folder: Path) -> None:
    path = folder / "hottui.db"
    path.chmod(0o000)
    assert as_plain_user(OPEN, path) == f"StoreReadOnly The store {path} cannot be read.\n"
    path.chmod(0o600)
    assert [file.name for file in folder.iterdir()] == ["hottui.db"]
    with Store.open(path) as store:
        assert len(store.tracked()) == 1


def test_folder_that_cannot_be_created_is_reported(folder: Path) -> None:
    folder.chmod(0o500)
    assert as_plain_user(OPEN, folder / "below" / "hottui.db").startswith("StoreReadOnly The store ")


def test_folder_instead_of_the_file_is_reported(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreReadOnly, match="is a folder, not a file"):
        Store.open(path)
    assert path.is_dir()


def test_file_instead_of_the_folder_is_reported(path: Path) -> None:
    path.parent.write_text("not a folder")
    with pytest.raises(StoreReadOnly):
        Store.open(path)
    assert path.parent.read_text() == "not a folder"
