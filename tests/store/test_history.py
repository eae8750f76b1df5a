"""Transitions are saved once, ordered by time and bounded."""

import pytest

from hottui.store.history import HistoryBounds
from hottui.store.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import bookmark, move, observation, ref

DAY = 86_400.0


def states(store: Store) -> list[tuple[float, str, str]]:
    return [(each.at, each.state, each.previous) for each in store.transitions(ref())]


def test_transition_seen_by_two_processes_is_saved_once_at_the_earliest_time(store: Store) -> None:
    store.add(bookmark())
    for at, state in [(1.0, "INIT"), (2.0, "HOT_UPDATING"), (3.0, "HOT_UPDATED")]:
        store.record(observation(at=at, state=state), move(at=at, state=state))
    for at, state in [(1.4, "INIT"), (1.7, "HOT_UPDATING"), (3.3, "HOT_UPDATED")]:
        store.record(observation(at=at, state=state), move(at=at, state=state))
    assert states(store) == [(1.0, "INIT", ""), (1.7, "HOT_UPDATING", "INIT"), (3.0, "HOT_UPDATED", "HOT_UPDATING")]
    assert store.tracked()[0].since == 3.0


def test_returning_state_is_a_new_transition(store: Store) -> None:
    store.add(bookmark())
    for at, state in [(1.0, "HOT_UPDATED"), (2.0, "HOT_UPDATING"), (3.0, "HOT_UPDATED")]:
        store.record(observation(at=at, state=state), move(at=at, state=state))
    assert [state for _, state, _ in states(store)] == ["HOT_UPDATED", "HOT_UPDATING", "HOT_UPDATED"]


def test_history_ends_with_the_current_state_without_a_recorded_transition(store: Store) -> None:
    store.add(bookmark())
    store.record(observation(at=1.0), None)
    store.record(observation(at=2.0), None)
    store.record(observation(at=3.0, state="FAILED"), None)
    assert states(store) == [(1.0, "INIT", ""), (3.0, "FAILED", "INIT")]
    assert store.tracked()[0].since == 3.0


def test_first_transition_keeps_its_previous_state(store: Store) -> None:
    store.add(bookmark())
    store.record(observation(at=1.0, state="FAILED"), move(at=1.0, state="FAILED", previous="INIT"))
    assert states(store) == [(1.0, "FAILED", "INIT")]


@pytest.mark.parametrize("transitions", [1, 3])
def test_number_of_transitions_is_bounded(open_store: OpenStore, transitions: int) -> None:
    store = open_store(bounds=HistoryBounds(transitions=transitions))
    store.add(bookmark())
    now = 2_000_000_000.0
    for number in range(10):
        store.record(observation(at=now + number, state=f"S{number}"), move(at=now + number, state=f"S{number}"))
    assert [state for _, state, _ in states(store)] == [f"S{number}" for number in range(10 - transitions, 10)]


def test_old_transitions_are_pruned_except_the_last(open_store: OpenStore) -> None:
    now = 100 * DAY
    store = open_store(bounds=HistoryBounds(days=10), clock=lambda: now)
    store.add_all([bookmark(), bookmark("done")])
    for at, state in [(1 * DAY, "INIT"), (2 * DAY, "HOT_UPDATED")]:
        store.record(observation("done", at, state), move("done", at, state))
    for at, state in [(80 * DAY, "INIT"), (95 * DAY, "HOT_UPDATING"), (99 * DAY, "HOT_UPDATED")]:
        store.record(observation(at=at, state=state), move(at=at, state=state))
    assert [at for at, *_ in states(store)] == [95 * DAY, 99 * DAY]
    assert [each.state for each in store.transitions(ref("done"))] == ["HOT_UPDATED"]


def test_next_start_prunes_by_age(open_store: OpenStore) -> None:
    now = 20 * DAY
    store = open_store(bounds=HistoryBounds(days=10), clock=lambda: now)
    store.add_all([bookmark(), bookmark("other")])
    for at, state in [(11 * DAY, "INIT"), (12 * DAY, "HOT_UPDATED")]:
        store.record(observation(at=at, state=state), move(at=at, state=state))
    assert len(states(store)) == 2
    now = 50 * DAY
    again = open_store(bounds=HistoryBounds(days=10), clock=lambda: now)
    again.record(observation("other", at=now), None)
    assert [state for _, state, _ in states(again)] == ["HOT_UPDATED"]


def test_vacuum_frees_space_without_losing_data(open_store: OpenStore) -> None:
    store = open_store()
    names = [f"hu-{number}" for number in range(200)]
    store.add_all(bookmark(name) for name in names)
    for name in names:
        store.record(observation(name, answer=f'"{name * 300}"'), move(name))
    for name in names[1:]:
        store.remove(ref(name))
    before, after = store.vacuum()
    assert after < before / 4
    assert [each.ref.id for each in store.tracked()] == ["hu-0"]
    kept = store.answer(ref("hu-0"))
    assert kept is not None
    assert kept.answer == '"' + "hu-0" * 300 + '"'
    assert store.add(bookmark("hu-1"))
    assert store.transitions(ref("hu-1")) == ()


def test_gaps_survive_a_restart_and_the_first_end_counts(open_store: OpenStore) -> None:
    store, now = open_store(clock=lambda: 100 * DAY), 100 * DAY
    assert not store.record_gap(ref(), 100.0, 200.0), "not bookmarked"
    store.add(bookmark())
    old = (now - 91 * DAY, now - 90.5 * DAY)
    for began, ended in ((now - 50, now - 10), (now - 900, now - 800), (now - 50, now - 9), old):
        assert store.record_gap(ref(), began, ended)
    store.vacuum()
    store.close()
    assert open_store().gaps(ref()) == ((now - 900, now - 800), (now - 50, now - 10))
