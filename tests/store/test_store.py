"""The public methods of Store."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hottui.model.masking import MASK
from hottui.model.state import Freshness
from hottui.model.tracking import Bookmark, Observation, Summary, Tracked
from hottui.store.errors import StoreError
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark, move, observation, ref


def test_new_store_is_empty_and_has_no_notices(store: Store) -> None:
    assert store.tracked() == ()
    assert store.notices == ()
    assert not store.read_only


def test_bookmark_is_persistent(open_store: OpenStore) -> None:
    first = open_store()
    assert first.add(bookmark(label="orders", note="ask Li"))
    first.close()
    (kept,) = open_store().tracked()
    assert kept == Tracked(ref(), Bookmark(ref(), "orders", "ask Li", 1000.0), freshness=Freshness.WAITING)


def test_bookmarks_are_in_the_order_of_adding(store: Store) -> None:
    assert store.add_all(bookmark(name) for name in ("c", "a", "b")) == (True, True, True)
    assert [each.ref.id for each in store.tracked()] == ["c", "a", "b"]


def test_bookmark_without_a_time_gets_the_current_time(open_store: OpenStore) -> None:
    store = open_store(clock=lambda: 77.0)
    store.add(bookmark(added=0.0))
    (kept,) = store.tracked()
    assert kept.bookmark == bookmark(added=77.0)


@pytest.mark.parametrize(
    ("label", "note", "expected"),
    [("", "", ("old", "note")), ("new", "", ("new", "note")), ("", "new", ("old", "new"))],
)
def test_adding_again_replaces_only_nonempty_values(
    store: Store, label: str, note: str, expected: tuple[str, str]
) -> None:
    store.add(bookmark(label="old", note="note"))
    assert not store.add(bookmark(label=label, note=note, added=5000.0))
    (kept,) = store.tracked()
    assert kept.bookmark == bookmark(label=expected[0], note=expected[1])


def test_same_id_in_another_namespace_is_another_hot_update(store: Store) -> None:
    elsewhere = Bookmark(type(ref())(ref().endpoint, "ws-2", ref().namespace, ref().id))
    assert store.add_all([bookmark(), elsewhere]) == (True, True)
    assert store.remove(ref())
    assert [each.ref for each in store.tracked()] == [elsewhere.ref]


def test_annotate_replaces_label_and_note_of_existing_bookmarks(store: Store) -> None:
    store.add(bookmark(label="old", note="old"))
    assert store.annotate(ref(), "", "new")
    assert not store.annotate(ref("unknown"), "x", "y")
    (kept,) = store.tracked()
    assert kept.bookmark == bookmark(note="new")


def test_removed_bookmark_is_not_listed(store: Store) -> None:
    store.add(bookmark())
    store.record(observation(), move())
    assert store.remove(ref())
    assert not store.remove(ref())
    assert store.tracked() == ()
    assert store.answer(ref()) is None
    assert store.transitions(ref()) == ()
    assert not store.record(observation(at=1001.0), None)
    assert not store.mark_seen(ref(), 1002.0)
    assert not store.mark_viewed(ref(), 1002.0)
    assert not store.annotate(ref(), "x", "y")


def test_removed_bookmark_can_be_restored(store: Store) -> None:
    store.add(bookmark(label="orders"))
    store.record(observation(), move())
    store.remove(ref())
    assert store.add(bookmark(added=2000.0))
    (kept,) = store.tracked()
    assert kept.bookmark == bookmark(label="orders", added=2000.0)
    assert kept.state == "INIT"
    assert store.transitions(ref()) == (move(),)


def test_removed_bookmark_is_deleted_after_a_day(open_store: OpenStore) -> None:
    now = 1_000_000.0
    store = open_store(clock=lambda: now)
    store.add_all([bookmark(label="orders"), bookmark("other")])
    store.remove(ref())
    now += 90_000
    again = open_store(clock=lambda: now)
    again.record(observation("other", at=now), None)
    assert again.add(bookmark())
    assert again.tracked()[-1].bookmark == bookmark()


def test_removed_lists_the_most_recent_first(open_store: OpenStore) -> None:
    now = 1_000_000.0
    store = open_store(clock=lambda: now)
    marks = [Bookmark(ref(f"id{n}"), f"label {n}", f"note {n}", 10.0 + n) for n in range(3)]
    store.add_all(marks)
    assert store.removed() == ()
    for n in (1, 0, 2):
        now += 3_600
        store.remove(ref(f"id{n}"))
    assert [one.bookmark for one in store.removed()] == [marks[2], marks[0], marks[1]]
    store.add(marks[0])
    assert [one.bookmark for one in store.removed()] == [marks[2], marks[1]]
    now += 86_400 - 7_000
    assert [one.bookmark for one in store.removed()] == [marks[2]]
    now += 7_000
    assert store.removed() == ()


def test_observation_is_persistent(open_store: OpenStore) -> None:
    store = open_store()
    store.add(bookmark())
    seen = Observation(ref(), 1000.5, Summary("FAILED", "j", "c", "LOW", "no slots", "EXPERT"), "r", '{"a":"é"}')
    assert store.record(seen, move(at=1000.5, state="FAILED"))
    store.close()
    again = open_store()
    (kept,) = again.tracked()
    assert (kept.summary, kept.seen, kept.since) == (seen.summary, 1000.5, 1000.5)
    assert kept.needs_attention
    assert again.answer(ref()) == seen
    assert again.transitions(ref()) == (move(at=1000.5, state="FAILED"),)


def test_only_bookmarks_are_recorded(store: Store) -> None:
    assert not store.record(observation(), move())
    assert store.answer(ref()) is None


@pytest.mark.parametrize("filler", ["", "x" * 100_000], ids=["small", "large"])
def test_secrets_are_not_written_to_disk(store: Store, path: Path, filler: str) -> None:
    store.add(bookmark())
    answer = f'{{"data":{{"flinkConf":{{"s3.secret-key":"hunter2","plain":"{filler}"}}}}}}'
    summary = Summary("FAILED", "j", "password=hunter2", "LOW", "cannot log in: password=hunter2")
    store.record(Observation(ref(), 1.0, summary, "r", answer), None)
    kept = store.answer(ref())
    assert kept is not None
    assert kept.answer == answer.replace("hunter2", MASK)
    assert kept.summary.reason == f"cannot log in: password={MASK}"
    for file in path.parent.iterdir():
        assert b"hunter2" not in file.read_bytes()


def test_older_answer_does_not_replace_a_later_one(store: Store) -> None:
    store.add(bookmark())
    store.record(observation(at=20.0, state="HOT_UPDATED"), move(at=20.0, state="HOT_UPDATED"))
    store.record(observation(at=10.0, state="HOT_UPDATING"), move(at=10.0, state="HOT_UPDATING"))
    (kept,) = store.tracked()
    assert (kept.state, kept.seen, kept.since) == ("HOT_UPDATED", 20.0, 20.0)
    assert [each.state for each in store.transitions(ref())] == ["HOT_UPDATING", "HOT_UPDATED"]


def test_clock_set_back_does_not_block_new_answers(open_store: OpenStore) -> None:
    open_store(clock=lambda: 9000.0).add(bookmark())
    open_store(clock=lambda: 9000.0).record(observation(at=9000.0), move(at=9000.0))
    store = open_store(clock=lambda: 100.0)
    store.record(observation(at=100.0, state="HOT_UPDATED"), move(at=100.0, state="HOT_UPDATED"))
    (kept,) = store.tracked()
    assert (kept.state, kept.seen, kept.since) == ("HOT_UPDATED", 100.0, 100.0)
    store.mark_seen(ref(), 101.0)
    assert store.tracked()[0].seen == 101.0


def test_mark_seen_never_moves_the_time_back(open_store: OpenStore) -> None:
    store = open_store(clock=lambda: 50.0)
    store.add(bookmark())
    store.record(observation(at=10.0), None)
    assert store.mark_seen(ref(), 20.0)
    assert store.mark_seen(ref(), 15.0)
    (kept,) = store.tracked()
    assert (kept.seen, kept.since) == (20.0, 10.0)


def test_mark_all_seen_updates_many_rows(store: Store) -> None:
    store.add_all([bookmark("a"), bookmark("b")])
    assert store.mark_all_seen({ref("a"): 5.0, ref("b"): 6.0, ref("unknown"): 7.0}) == 2
    assert [each.seen for each in store.tracked()] == [5.0, 6.0]


def test_viewed_is_reset_by_the_next_transition(store: Store) -> None:
    store.add(bookmark())
    store.record(observation(at=10.0, state="FAILED"), None)
    assert not store.tracked()[0].viewed
    assert store.mark_viewed(ref(), 11.0)
    assert store.tracked()[0].viewed
    store.record(observation(at=12.0, state="FAILED"), None)
    assert store.tracked()[0].viewed
    store.record(observation(at=13.0, state="HOT_UPDATING"), move(at=13.0, state="HOT_UPDATING"))
    assert not store.tracked()[0].viewed


def test_lone_surrogates_are_replaced(store: Store) -> None:
    store.add(bookmark(label="caf\udce9", note="nul \0 and 更新"))
    (kept,) = store.tracked()
    assert kept.bookmark == bookmark(label="caf?", note="nul \0 and 更新")


def test_data_version_changes_only_for_other_processes(store: Store, open_store: OpenStore) -> None:
    before = store.data_version()
    store.add(bookmark())
    assert store.data_version() == before
    open_store().add(bookmark("by another"))
    assert store.data_version() != before
    assert len(store.tracked()) == 2


def test_store_is_thread_safe(store: Store) -> None:
    def work(name: str) -> None:
        for number in range(20):
            store.add(bookmark(f"{name}-{number}"))
            store.tracked()

    threads = [threading.Thread(target=work, args=(str(name),)) for name in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.tracked()) == 100


def test_add_all_is_atomic(store: Store) -> None:
    def broken_half_way() -> object:
        yield bookmark("first")
        raise LookupError

    with pytest.raises(LookupError):
        store.add_all(broken_half_way())  # type: ignore[arg-type]
    assert store.tracked() == ()
    assert store.add(bookmark())


def test_closed_store_raises(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.tracked()


def test_reading_bookmarks_does_not_import_heavy_libraries() -> None:
    check = (
        "import sys, hottui.store.store, hottui.paths;"
        "sys.exit(str({name.partition('.')[0] for name in sys.modules} & {'pydantic', 'httpx', 'textual', 'rich'}))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "set()"
