"""Large answers are masked beside the journal: neither the user's changes nor the exit wait for that."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hottui.model.state import HOT_UPDATED, HOT_UPDATING
from hottui.model.tracking import Bookmark, Observation, Transition
from hottui.monitor.history import History
from hottui.monitor.journal import Write
from hottui.monitor.store_journal import StoreJournal
from hottui.runtime.garbage_collection import LARGE_ANSWER
from hottui.store import writes
from hottui.store.store import Store
from tests.monitor.bench import until
from tests.monitor.samples import observation, ref

LARGE = json.dumps({"data": {"password": "hunter2", "conf": "x" * LARGE_ANSWER}})
AT = time.time()
MOVE = Transition(ref("one"), AT, HOT_UPDATED, HOT_UPDATING)


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Masking blocks until this is called, or the test ends."""
    released, mask = threading.Event(), writes.masked

    def slow(seen: Observation) -> writes.MaskedObservation:
        if len(seen.answer) >= LARGE_ANSWER:
            released.wait(120)
        return mask(seen)

    monkeypatch.setattr(writes, "masked", slow)
    yield released.set
    released.set()


async def test_the_exit_drops_an_answer_that_is_being_masked(store: Store, release: Callable[[], None]) -> None:
    store.add(Bookmark(ref("one")))
    store.record(observation("one", HOT_UPDATING, AT - 9))
    journal = StoreJournal(store, on_change=lambda rows, reopened: None, on_trouble=lambda: None)
    journal.start()
    History(journal).record(observation("one", HOT_UPDATED, AT, LARGE), MOVE, bookmarked=True)
    journal.write(Write(lambda opened: opened.add(Bookmark(ref("two"))), (ref("two"),), description="bookmark two"))
    await journal.close(within=60)
    assert journal.ended
    assert journal.ended.done()
    assert [(row.ref.id, row.state) for row in store.tracked()] == [("one", HOT_UPDATING), ("two", "")]
    assert [move.state for move in store.transitions(ref("one"))] == [HOT_UPDATING, HOT_UPDATED]
    saved = store.answer(ref("one"))
    assert saved
    assert saved.answer == "{}"
    assert not journal.unsaved


async def test_a_large_answer_is_saved_masked(store: Store, journal: StoreJournal, release: Callable[[], None]) -> None:
    store.add(Bookmark(ref("one")))
    History(journal).record(observation("one", HOT_UPDATED, AT, LARGE), MOVE, bookmarked=True)
    journal.write(Write(lambda opened: opened.annotate(ref("one"), "label", "")))
    await until(lambda: [row.bookmark.label for row in store.tracked() if row.bookmark] == ["label"])
    assert store.answer(ref("one")) is None
    release()
    await journal.wait_until_prepared(120)
    await until(lambda: store.answer(ref("one")))
    saved: Any = store.answer(ref("one"))
    assert "hunter2" not in saved.answer
    assert [move.state for move in store.transitions(ref("one"))] == [HOT_UPDATED]


async def test_an_error_in_the_preparation_is_reported(journal: StoreJournal) -> None:
    reported: list[dict[str, Any]] = []
    done: list[bool] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    journal.write_prepared("bad", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    journal.write_prepared("good", lambda: Write(lambda _: done.append(True)))
    await until(lambda: done and reported)
    assert isinstance(reported[0]["exception"], ZeroDivisionError)
