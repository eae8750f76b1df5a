"""Which transitions are notified, and when."""

from dataclasses import replace

from hottui.analysis.notification import BETWEEN, COLLECTED_FOR, MOST_EVENTS, Notification, PendingEvents, is_live
from hottui.model.notify_settings import SLOW
from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT
from hottui.model.tracking import Summary, Tracked, Transition

START = 1_790_000_000.0
REF = Ref("http://127.0.0.1", "w", "n", "one")
READ = Tracked(REF, summary=Summary(HOT_UPDATING), seen=START + 1)
"""Read since the start."""
BOTH = (FAILED, HOT_UPDATED)


def moved(to: str, *, at: float = START + 10, number: int = 0, previous: str = HOT_UPDATING) -> Transition:
    return Transition(replace(REF, id=f"hu-{number}"), at, to, previous)


def taken(pending: PendingEvents, now: float) -> Notification:
    notification = pending.take(now)
    assert notification is not None
    return notification


def test_only_what_was_read_before_in_this_session_is_live() -> None:
    for transition, before, live in (
        (moved(FAILED), READ, True),
        (moved(FAILED), replace(READ, seen=START - 3_600), False),  # the first read after the start
        (moved(FAILED), replace(READ, seen=None), False),
        (moved(FAILED), None, False),
        (moved(FAILED, previous=""), READ, False),  # found in this state
    ):
        assert is_live(transition, before, START) is live


def test_a_transition_makes_the_next_one_live() -> None:
    """The snapshot with the first one may not be published yet."""
    pending = PendingEvents(BOTH, START)
    pending.add_transition(moved(HOT_UPDATING, previous=""), None)
    assert pending.take(START + 100) is None
    pending.add_transition(moved(FAILED), None)
    assert [event.kind for event in taken(pending, START + 100).events] == [FAILED]


def test_only_chosen_events_are_notified() -> None:
    for on in ((), (FAILED,), (HOT_UPDATED, INIT), (HOT_UPDATING, SLOW)):
        pending = PendingEvents(on, START)
        for number, state in enumerate((INIT, HOT_UPDATING, HOT_UPDATED, FAILED, "ROLLING_BACK")):
            pending.add_transition(moved(state, number=number), READ)
        found = pending.take(START + 100)
        assert {event.kind for event in found.events} if found else not (set(on) - {SLOW})
        assert found is None or set(found.counts) == set(on) - {SLOW}


def test_a_burst_is_one_notification() -> None:
    pending = PendingEvents(BOTH, START)
    at = START + 10
    for number in range(5):
        pending.add_transition(moved(FAILED if number < 3 else HOT_UPDATED, at=at + number / 10, number=number), READ)
    assert pending.take(at + COLLECTED_FOR * 0.9) is None
    found = taken(pending, at + COLLECTED_FOR)
    assert found.counts == {FAILED: 3, HOT_UPDATED: 2}
    assert len(found.events) == 5
    assert pending.take(at + 1_000) is None

    again = at + COLLECTED_FOR + 0.1
    pending.add_transition(moved(FAILED, at=again, number=7), READ)
    assert pending.take(again + COLLECTED_FOR) is None, "so soon after another one"
    assert taken(pending, at + COLLECTED_FOR + BETWEEN).counts == {FAILED: 1}


def test_a_clock_that_is_set_back_delays_nothing() -> None:
    pending = PendingEvents(BOTH, START)
    pending.add_transition(moved(FAILED), READ)
    assert pending.take(START - 86_400) is not None


def test_a_flood_is_bounded_and_still_counted() -> None:
    pending = PendingEvents(BOTH, START)
    for number in range(MOST_EVENTS + 5):
        pending.add_transition(moved(FAILED, number=number), READ)
    found = taken(pending, START + 100)
    assert (len(found.events), found.counts) == (MOST_EVENTS, {FAILED: MOST_EVENTS + 5})


def test_slow_is_notified_once_and_not_when_it_was_slow_at_first() -> None:
    pending = PendingEvents((SLOW,), START)
    late, good = replace(REF, id="late"), replace(REF, id="good")
    pending.add_slow({late: True, good: False}, START + 1)
    assert pending.take(START + 100) is None
    pending.add_slow({late: True, good: True}, START + 2)
    pending.add_slow({late: True, good: True}, START + 3)
    assert [(event.ref, event.kind) for event in taken(pending, START + 100).events] == [(good, SLOW)]
    pending.add_slow({}, START + 200)
    pending.add_slow({good: True}, START + 201)
    assert pending.take(START + 300) is None
