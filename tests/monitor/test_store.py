"""The loop with a real store: saved state, changes by other processes, and a blocked store."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATED, HOT_UPDATING, INIT, Freshness
from hottui.model.tracking import Bookmark, Tracked
from hottui.store.store import Store
from tests.monitor.bench import Bench, bench, until
from tests.monitor.samples import observation, ref


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hottui.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(path, timeout=0.1)
    yield opened
    opened.close()


@pytest.fixture
def other(store: Store, path: Path) -> Iterator[Store]:
    """The same store, opened as by another process."""
    opened = Store.open(path)
    yield opened
    opened.close()


def kept(store: Store, ref: Ref) -> Tracked | None:
    return next((row for row in store.tracked() if row.ref == ref), None)


def known(b: Bench, ref: Ref) -> Tracked | None:
    return next((each for each in b.monitor.snapshot().tracked if each.ref == ref), None)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock the store as another process would."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


async def test_bookmarks_and_observations_are_restored_at_the_next_start(store: Store) -> None:
    async with bench(store, clock=time.time) as b:
        moving, done = (*b.script(HOT_UPDATING, "moving"), *b.script(HOT_UPDATED, "done"))
        b.monitor.track([moving, done], bookmark=True, label="ours")
        await until(lambda: len(b.transitions) == 2)
    row = kept(store, moving)
    assert row is not None
    assert (row.state, row.bookmark and row.bookmark.label) == (HOT_UPDATING, "ours")
    assert [move.state for move in store.transitions(done)] == [HOT_UPDATED]
    answer = store.answer(moving)
    assert answer is not None
    assert HOT_UPDATING in answer.answer


async def test_a_transition_between_two_runs_is_published_at_the_next_start(store: Store) -> None:
    async with bench(store, clock=time.time) as b:
        b.monitor.track(b.script(HOT_UPDATING, "one"), bookmark=True)
        await until(lambda: b.transitions)
    async with bench(store, clock=time.time) as b:
        (one,) = b.script(HOT_UPDATED, "one")
        assert b.of("one").state == HOT_UPDATING
        assert b.of("one").freshness is Freshness.WAITING
        await until(lambda: b.transitions)
        assert (b.transitions[0].previous, b.transitions[0].state) == (HOT_UPDATING, HOT_UPDATED)
        assert [move.state for move in b.monitor.transitions(one)] == [HOT_UPDATING, HOT_UPDATED]


async def test_the_time_between_two_runs_is_a_gap_that_later_runs_still_know(store: Store) -> None:
    begin = time.time() - 1800
    store.add(Bookmark(ref("one"), "", "", begin))
    store.record(observation("one", INIT, begin))
    gaps: tuple[tuple[float, float], ...] = ()
    for state in (HOT_UPDATING, HOT_UPDATED):
        async with bench(store, clock=time.time) as b:
            (one,) = b.script(state, "one")
            await until(lambda: b.transitions)
            assert not gaps or gaps == b.monitor.gaps(one), "the second run begins at once"
            gaps = b.monitor.gaps(one)
        assert gaps == store.gaps(one) == ((begin, store.transitions(one)[1].at),)


async def test_confirmed_refs_of_an_earlier_run_are_live_and_not_read(store: Store) -> None:
    one = Ref("http://127.0.0.1", "workspace", "team", "one")
    async with bench(store, clock=time.time) as b:
        b.monitor.track(b.script(HOT_UPDATED, "one"), bookmark=True)
        await until(lambda: b.transitions)
    store.mark_seen(one, time.time() + 1)
    async with bench(store, clock=time.time) as b:
        await asyncio.sleep(0.5)
        assert b.of("one").freshness is Freshness.LIVE
        assert not b.network.times
        observation = b.monitor.observation(one)
        assert observation is not None, "the answer from the store, although nothing was read"


async def test_session_refs_are_saved_with_their_history_once_bookmarked(
    store: Store,
) -> None:
    async with bench(store, clock=time.time, interval=0.5) as b:
        (one,) = b.script(INIT, "one")
        b.monitor.track([one])
        await until(lambda: len(b.transitions) == 1)
        b.script(HOT_UPDATING, "one")
        await until(lambda: len(b.transitions) == 2)
        assert store.tracked() == ()
        b.monitor.bookmark(one, label="now", note="kept")
        await until(lambda: store.answer(one))
        assert [move.state for move in store.transitions(one)] == [INIT, HOT_UPDATING]
        row = kept(store, one)
        assert row is not None
        assert row.bookmark is not None
        assert (row.bookmark.label, row.bookmark.note) == ("now", "kept")


async def test_a_removed_and_restored_bookmark_keeps_its_history(store: Store) -> None:
    async with bench(store, clock=time.time) as b:
        (one,) = b.script(HOT_UPDATED, "one")
        b.monitor.track([one], bookmark=True, label="mine")
        await until(lambda: store.answer(one))
        story = store.transitions(one)
    async with bench(store, clock=time.time) as b:  # nothing of it is in memory any more
        b.script(HOT_UPDATED, "one")
        b.monitor.unbookmark(one)
        await until(lambda: store.tracked() == ())
        await until(lambda: b.monitor.transitions(one) == story)
        assert b.of("one").bookmark is None
        b.monitor.untrack(one)
        b.monitor.track([one])
        b.monitor.bookmark(one, label="mine")
        await until(lambda: store.answer(one))
        assert store.transitions(one) == story


async def test_notes_and_viewed_are_saved(store: Store) -> None:
    async with bench(store, clock=time.time) as b:
        (one,) = b.script("FAILED", "one")
        b.monitor.track([one], bookmark=True)
        await until(lambda: b.transitions)
        b.monitor.annotate(one, "label", "note")
        b.monitor.mark_viewed(one)
    row = kept(store, one)
    assert row is not None
    assert row.bookmark is not None
    assert (row.bookmark.label, row.bookmark.note, row.viewed) == ("label", "note", True)


async def test_changes_just_before_the_exit_are_saved(store: Store) -> None:
    async with bench(store, clock=time.time) as b:
        await asyncio.sleep(0.1)
        b.monitor.track(b.script(HOT_UPDATING, *(f"id{number}" for number in range(50))), bookmark=True)
    assert len(store.tracked()) == 50
    assert b.monitor.snapshot().loop.unsaved == 0


async def test_another_process_adds_labels_and_removes(store: Store, other: Store, path: Path) -> None:
    async with bench(store, clock=time.time) as b:
        (one,) = b.script(HOT_UPDATING, "one")
        await asyncio.sleep(0.2)
        script = (
            "import sys; from pathlib import Path; from hottui.store.store import Store;"
            "from hottui.model.ref import Ref; from hottui.model.tracking import Bookmark;"
            "Store.open(Path(sys.argv[1])).add(Bookmark(Ref('http://127.0.0.1','workspace','team','one'), 'theirs'))"
        )
        added = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(path))
        assert await added.wait() == 0
        await until(lambda: b.transitions, 10)
        assert b.of("one").bookmark == Bookmark(one, "theirs", "", b.of("one").bookmark.added)  # type: ignore[union-attr]
        other.annotate(one, "renamed", "why")
        await until(lambda: b.of("one").bookmark and b.of("one").bookmark.label == "renamed", 10)  # type: ignore[union-attr]
        assert b.of("one").state == HOT_UPDATING
        other.remove(one)
        await until(lambda: known(b, one) is None, 10)
        asked = b.network.by_id["one"]
        await asyncio.sleep(3)
        assert b.network.by_id["one"] == asked


async def test_two_dashboards_publish_each_transition_and_share_one_history(store: Store, other: Store) -> None:
    async with (
        bench(store, clock=time.time, interval=0.5) as a,
        bench(other, clock=time.time, interval=0.5, seed=2) as b,
    ):
        for each in (a, b):
            each.script(INIT, "one")
        (one,) = a.script(INIT, "one")
        a.monitor.track([one], bookmark=True)
        await until(lambda: known(a, one) and known(b, one) and a.of("one").state == b.of("one").state == INIT)
        for state in (HOT_UPDATING, HOT_UPDATED):
            a.script(state, "one")
            b.script(state, "one")
            await until(lambda state=state: a.of("one").state == b.of("one").state == state)  # type: ignore[misc]
        await asyncio.sleep(2)
        for each in (a, b):
            assert [move.state for move in each.transitions if move.previous] == [HOT_UPDATING, HOT_UPDATED]
            assert [move.state for move in each.monitor.transitions(one)] == [INIT, HOT_UPDATING, HOT_UPDATED]
    assert [move.state for move in store.transitions(one)] == [INIT, HOT_UPDATING, HOT_UPDATED]


async def test_a_locked_store_is_reported_and_changes_are_saved_later(store: Store, path: Path) -> None:
    async with bench(store, clock=time.time, interval=0.5) as b:
        (one,) = b.script(INIT, "one")
        await asyncio.sleep(0.2)
        with locked(path):
            b.monitor.track([one], bookmark=True, label="kept")
            await until(lambda: b.last.loop.trouble)
            assert b.last.loop.trouble is not None
            assert b.last.loop.trouble.message
            b.script(HOT_UPDATING, "one")
            await until(lambda: [move.state for move in b.transitions] == [INIT, HOT_UPDATING])
            await until(lambda: b.last.loop.unsaved >= 3)
            await asyncio.sleep(1.5)
            assert b.last.loop.unsaved < 8, "equal answers replace each other"
            assert known(b, one) is not None, "unsaved changes are not undone by the store"
        await until(lambda: b.last.loop.trouble is None)
        assert b.last.loop.unsaved == 0
        assert [move.state for move in store.transitions(one)] == [INIT, HOT_UPDATING]
        assert kept(store, one) is not None


async def test_a_hanging_store_does_not_block_the_exit(path: Path) -> None:
    hanging = Store.open(path, timeout=3600)
    with locked(path):
        started = 0.0
        async with bench(hanging, clock=time.time) as b:
            b.monitor.track(b.script(HOT_UPDATING, "one"), bookmark=True)
            await until(lambda: b.transitions)
            started = time.monotonic()
        assert 1.5 < time.monotonic() - started < 20
        assert b.monitor.snapshot().loop.unsaved >= 2
        hanging.close()


async def test_the_journals_thread_ends(store: Store) -> None:
    before = threading.active_count()
    async with bench(store, clock=time.time):
        await asyncio.sleep(0.2)
        assert threading.active_count() == before + 1
    await until(lambda: threading.active_count() == before)


async def test_an_idle_monitor_does_not_write_to_the_store(store: Store, other: Store) -> None:
    async with bench(store, clock=time.time, interval=0.5) as b:
        b.monitor.track(b.script(HOT_UPDATING, "one", "two"), bookmark=True)
        await until(lambda: len(b.transitions) == 2)
        await asyncio.sleep(1.0)
        version = other.data_version()
        asked = b.network.by_id.total()
        await asyncio.sleep(3)
        assert b.network.by_id.total() > asked
        assert other.data_version() == version


def test_eight_processes_share_one_store_without_losing_bookmarks(store: Store, path: Path) -> None:
    workers = [
        subprocess.Popen([sys.executable, "-m", "tests.monitor.worker", str(path), str(number)]) for number in range(8)
    ]
    assert [worker.wait(120) for worker in workers] == [0] * 8
    labels = {row.bookmark.label for row in store.tracked() if row.bookmark}
    assert labels == {f"worker {number}" for number in range(8)}
    assert len(store.tracked()) == 8 * 10
    assert all(row.state == HOT_UPDATED for row in store.tracked())
