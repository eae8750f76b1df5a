"""A damaged or foreign file is set aside unchanged, and its readable rows are recovered."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hottui.store.errors import StoreBusy, StoreCorrupt
from hottui.store.schema import APPLICATION_ID
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark, move, observation, ref

MANY = 300


def garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def text(path: Path) -> None:
    path.write_text("label: orders\n" * 100)


def no_header(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


def header_alone(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def other_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE moz_places (url)")


def ours_without_tables(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        raw.execute("PRAGMA user_version = 1")


def leaves(content: bytes, size: int, page: int) -> list[int]:
    """Return the leaf pages of the b-tree rooted at `page` (not 1), see https://www.sqlite.org/fileformat.html."""
    own = content[(page - 1) * size : page * size]
    if own[0] in (0x0D, 0x0A):
        return [page]
    cells = [int.from_bytes(own[at : at + 2]) for at in range(12, 12 + 2 * int.from_bytes(own[3:5]), 2)]
    children = [int.from_bytes(own[cell : cell + 4]) for cell in cells] + [int.from_bytes(own[8:12])]
    return [leaf for child in children for leaf in leaves(content, size, child)]


def zero_pages_of(path: Path, table: str, *, every: int) -> None:
    """Overwrite each `every`-th leaf page of a table or index with zeros."""
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18])
    with closing(sqlite3.connect(path)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    for page in leaves(bytes(content), size, root)[every // 2 :: every]:
        content[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(content)


def filled(path: Path) -> None:
    with Store.open(path, clock=lambda: 10_000.0) as store:
        names = [f"hu-{number:03}" for number in range(MANY)]
        store.add_all(bookmark(name, label="label " * 10) for name in names)
        for name in names:
            store.record(observation(name, answer='"' + name * 100 + '"'), move(name))


def broken_files(path: Path) -> list[Path]:
    return [
        file for file in path.parent.iterdir() if ".broken-" in file.name and not file.name.endswith(("-wal", "-shm"))
    ]


@pytest.mark.parametrize("damage", [garbage, text, no_header, header_alone, half, other_program, ours_without_tables])
def test_damaged_file_is_set_aside_and_replaced(
    path: Path, open_store: OpenStore, damage: Callable[[Path], None]
) -> None:
    filled(path)
    damage(path)
    content = path.read_bytes()
    store = open_store()
    (kept,) = broken_files(path)
    assert kept.read_bytes() == content
    *_, notice = store.notices  # the damage may include the file's permissions
    assert str(path) in notice
    assert kept.name in notice
    assert store.add(bookmark("new"))
    again = open_store()
    assert again.notices == ()
    assert ref("new") in {each.ref for each in again.tracked()}


def test_bookmarks_before_and_after_the_damage_are_recovered(path: Path, open_store: OpenStore) -> None:
    filled(path)
    zero_pages_of(path, "bookmark", every=5)
    store = open_store()
    saved = len(store.tracked())
    assert MANY / 4 < saved < MANY
    assert f"{saved:,} of its bookmarks were recovered into a new one." in store.notices[0]
    first, last = store.tracked()[0].ref, store.tracked()[-1].ref
    assert (first.id, last.id) == ("hu-000", f"hu-{MANY - 1:03}")
    for each in (first, last):
        assert store.transitions(each) == (move(each.id),)
        assert store.answer(each) == observation(each.id, answer='"' + each.id * 100 + '"')


@pytest.mark.parametrize("table", ["transition", "transition_in_time"])
def test_damage_found_in_use_is_reported_once_and_repaired(path: Path, open_store: OpenStore, table: str) -> None:
    filled(path)
    zero_pages_of(path, table, every=1)
    store = open_store(clock=lambda: 10_000.0)
    before = store.notices
    assert before == ()
    later = observation("hu-150", 2000.0, "FAILED")
    with pytest.raises(StoreCorrupt):
        store.record(later, move("hu-150", 2000.0, "FAILED"))
    assert store.record(later, move("hu-150", 2000.0, "FAILED"))
    assert len(store.tracked()) == MANY
    assert len(store.notices) == 1
    assert len(broken_files(path)) == 1


def test_another_process_switches_to_the_new_file(path: Path, open_store: OpenStore) -> None:
    filled(path)
    zero_pages_of(path, "transition_in_time", every=1)
    one, other = open_store(clock=lambda: 10_000.0), open_store()
    seen = other.data_version()
    with pytest.raises(StoreCorrupt):
        one.record(observation("hu-150", 2000.0, "FAILED"), move("hu-150", 2000.0, "FAILED"))
    assert one.add(bookmark("by one"))
    assert other.data_version() != seen
    assert ref("by one") in {each.ref for each in other.tracked()}
    assert other.add(bookmark("by other"))
    assert ref("by other") in {each.ref for each in one.tracked()}
    assert len(broken_files(path)) == 1


def test_locked_file_is_not_set_aside(path: Path, open_store: OpenStore) -> None:
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE bookmark SET note = 'x'")
        with pytest.raises(StoreBusy):
            open_store(timeout=0.05)
        other.execute("ROLLBACK")
    assert not broken_files(path)
    assert len(open_store().tracked()) == MANY


@pytest.mark.parametrize("size", [10, 10_000], ids=["as it came", "compressed"])
def test_damaged_answer_is_the_only_loss(path: Path, open_store: OpenStore, size: int) -> None:
    """SQLite does not interpret values, so its own check finds nothing wrong."""
    with Store.open(path) as store:
        store.add_all([bookmark("hu-1", label="orders"), bookmark("hu-2")])
        for name in ("hu-1", "hu-2"):
            store.record(observation(name, answer='"' + name * size + '"'), move(name))
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(
            "UPDATE answer SET body = CAST(substr(body, 1, 5) || x'ff' || substr(body, 7) AS BLOB) WHERE bookmark = 1"
        )
    store = open_store()
    assert store.answer(ref("hu-1")) is None
    assert store.answer(ref("hu-2")) == observation("hu-2", answer='"' + "hu-2" * size + '"')
    assert store.transitions(ref("hu-1")) == (move("hu-1"),)
    document: Any = store.export()
    one, other = document["bookmarks"]
    assert (one["label"], one["answer"]) == ("orders", None)
    assert other["answer"] is not None
    assert not broken_files(path)
