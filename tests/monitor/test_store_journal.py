"""Writes on the worker thread, and those of History, with a real store that is really locked."""

import asyncio
import threading
from pathlib import Path

import pytest

from hottui.model.state import HOT_UPDATED, HOT_UPDATING
from hottui.model.tracking import Bookmark, Tracked, Transition
from hottui.monitor.history import History
from hottui.monitor.journal import Write
from hottui.monitor.store_journal import StoreJournal
from hottui.store.store import Store
from tests.monitor.bench import until
from tests.monitor.samples import observation, ref
from tests.monitor.test_store import locked


async def test_a_later_write_replaces_a_pending_one(store: Store, journal: StoreJournal) -> None:
    done: list[int] = []
    with locked(store.path):
        journal.write(Write(lambda opened: opened.add(Bookmark(ref("one")))))
        await until(lambda: journal.trouble)
        for number in range(10):
            journal.write(Write(lambda opened, number=number: done.append(number), key="same"))  # type: ignore[misc]
        assert journal.unsaved == 2
    await until(lambda: done)
    await until(lambda: not journal.trouble)
    assert done == [9]


async def test_writes_are_done_in_order_despite_errors(store: Store, journal: StoreJournal) -> None:
    with locked(store.path):
        for number in range(20):
            journal.write(Write(lambda opened, number=number: opened.add(Bookmark(ref(str(number))))))  # type: ignore[misc]
        await until(lambda: journal.trouble)
    await until(lambda: len(store.tracked()) == 20)
    assert [row.ref.id for row in store.tracked()] == [str(number) for number in range(20)]


async def test_results_of_writes_are_confirmed_on_the_event_loop(journal: StoreJournal) -> None:
    reported: list[object] = []
    journal.write(
        Write(lambda opened: opened.tracked(), on_done=lambda rows: reported.append((rows, asyncio.current_task)))
    )
    await until(lambda: reported)


async def test_an_unexpected_error_ends_the_journal_and_is_raised(store: Store) -> None:
    journal = StoreJournal(store, on_change=lambda rows, reopened: None, on_trouble=lambda: None)
    journal.start()
    journal.write(Write(lambda opened: 1 / 0))
    assert journal.ended
    await until(journal.ended.done)
    with pytest.raises(ZeroDivisionError):
        await journal.close()


async def test_a_second_cancellation_loses_nothing(store: Store) -> None:
    journal = StoreJournal(store, on_change=lambda rows, reopened: None, on_trouble=lambda: None)
    begun, go_on, written = threading.Event(), threading.Event(), []

    def slowly(_: Store) -> None:
        begun.set()
        go_on.wait(30)
        written.append(True)

    journal.start()
    journal.write(Write(slowly))
    await asyncio.to_thread(begun.wait, 30)
    closing = asyncio.create_task(journal.close(within=30.0))
    for _ in range(3):
        await asyncio.sleep(0.01)
        closing.cancel()
    await asyncio.sleep(0.01)
    assert not closing.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert written


async def test_changes_by_other_processes_are_reported_once(store: Store, tmp_path: Path) -> None:
    reported: list[tuple[Tracked, ...]] = []
    journal = StoreJournal(store, on_change=lambda rows, reopened: reported.append(rows), on_trouble=lambda: None)
    journal.start()
    await until(lambda: reported)
    journal.write(Write(lambda opened: opened.add(Bookmark(ref("mine")))))
    await asyncio.sleep(2.0)
    assert len(reported) == 1, "its own writes are not reported"
    other = Store.open(tmp_path / "hottui.db")
    other.add(Bookmark(ref("theirs")))
    await until(lambda: len(reported) == 2)
    assert [row.ref.id for row in reported[1]] == ["mine", "theirs"]
    other.close()
    await journal.close()


async def test_history_before_a_bookmark_is_saved_without_the_answer(store: Store, journal: StoreJournal) -> None:
    history = History(journal, capacity=10)
    move = Transition(ref("one"), 5.0, HOT_UPDATING)
    history.record(observation("one", HOT_UPDATING, 5.0, "x" * 20), move, bookmarked=False)
    history.record(observation("two", HOT_UPDATED, 6.0, "x" * 20), None, bookmarked=False)
    assert history.observation(ref("one")) is None
    unseen = history.add_bookmarks((Bookmark(ref("one")), Bookmark(ref("two"))))
    assert unseen == (ref("one"),)
    history.record(observation("one", HOT_UPDATING, 9.0, "x" * 20), None, bookmarked=True)
    await until(lambda: store.answer(ref("one")) and store.answer(ref("two")))
    assert store.transitions(ref("one")) == (move,)


async def test_unwritten_changes_take_precedence_over_the_store(store: Store, journal: StoreJournal) -> None:
    with locked(store.path):
        journal.write(Write(lambda opened: opened.add(Bookmark(ref("one"))), (ref("one"),)))
        await until(lambda: journal.trouble)
        assert journal.unconfirmed(ref("one"))
        assert not journal.unconfirmed(ref("two"))
    await until(lambda: not journal.unconfirmed(ref("one")))
    assert store.tracked()


async def test_repairs_of_the_store_are_shown_for_a_while(store: Store) -> None:
    now = [1000.0]
    made = StoreJournal(store, on_change=lambda rows, reopened: None, on_trouble=lambda: None, clock=lambda: now[0])
    made.start()
    await until(lambda: made._version is not None)
    store.path.with_name("hottui.db-wal").unlink()
    await until(lambda: made.trouble is not None)
    assert made.trouble is not None
    assert "was removed while in use" in made.trouble.message
    assert made.unsaved == 0
    now[0] += 600.0
    await until(lambda: made.trouble is None)
    await made.close()
