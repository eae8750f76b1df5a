"""Transitions, the answer cache, the tracked list, and loop timing."""

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, Freshness
from hottui.model.tracking import Transition, Trouble
from hottui.monitor.answer_cache import AnswerCache
from hottui.monitor.loop_timing import SUSPENDED_AFTER, PollRate, SuspendDetector
from hottui.monitor.tracked_list import RecentlyRemoved, TrackedList
from hottui.monitor.transitions import observed, restored, unread
from tests.monitor.samples import observation, ref, tracked


def test_the_first_observation_is_a_transition_from_nothing() -> None:
    now, move = observed(tracked("one"), observation("one", HOT_UPDATING, 7.0))
    assert move == Transition(ref("one"), 7.0, HOT_UPDATING, "")
    assert (now.freshness, now.since, now.seen) == (Freshness.LIVE, 7.0, 7.0)


def test_the_same_state_is_no_transition_and_keeps_since() -> None:
    before = tracked("one", HOT_UPDATING, since=5.0, seen=6.0, viewed=True)
    now, move = observed(before, observation("one", HOT_UPDATING, 7.0))
    assert move is None
    assert (now.since, now.seen, now.viewed) == (5.0, 7.0, True)


def test_a_transition_resets_viewed() -> None:
    now, _ = observed(tracked("one", HOT_UPDATING, since=5.0, viewed=True), observation("one", FAILED, 7.0))
    assert now.needs_attention


def test_a_failed_read_keeps_the_last_answer() -> None:
    trouble = Trouble(8.0, "No answer.")
    before = tracked("one", HOT_UPDATING, since=5.0, seen=6.0)
    now = unread(before, Freshness.STALE, trouble)
    assert (now.summary, now.since, now.seen, now.trouble) == (before.summary, 5.0, 6.0, trouble)
    again, _ = observed(now, observation("one", HOT_UPDATING, 9.0))
    assert again.trouble is None


def test_only_confirmed_refs_are_live_initially() -> None:
    assert restored(tracked("one", HOT_UPDATED, since=5.0, seen=6.0)).freshness is Freshness.LIVE
    assert restored(tracked("one", HOT_UPDATED, since=5.0, seen=5.0)).freshness is Freshness.WAITING
    assert restored(tracked("one", HOT_UPDATING, since=5.0, seen=6.0)).freshness is Freshness.WAITING


def test_the_least_recently_used_answers_are_evicted() -> None:
    answers = AnswerCache(capacity=100)
    for name in "abc":
        answers.put(observation(name, FAILED, 1.0, "x" * 40))
        answers.get(ref("a"))
    assert [bool(answers.get(ref(name))) for name in "abc"] == [True, False, True]
    answers.put(observation("big", FAILED, 1.0, "x" * 500))
    assert [bool(answers.get(ref(name))) for name in ("a", "c", "big")] == [False, False, True]


def test_replacing_an_answer_frees_its_space() -> None:
    answers = AnswerCache(capacity=100)
    answers.put(observation("other", FAILED, 1.0, "x" * 40))
    for _ in range(10):
        answers.put(observation("one", FAILED, 1.0, "x" * 60))
    assert answers.get(ref("other"))
    answers.drop(ref("one"))
    assert answers.get(ref("one")) is None


def test_the_interval_is_measured_between_answers_about_the_same_ref() -> None:
    assert PollRate().seconds(0.0, 2.0) is None
    period = PollRate()
    for number in range(10):
        period.answered(ref("a"), 3.0 * number, in_progress=True)
        period.answered(ref("b"), 3.0 * number + 1, in_progress=True)
    assert period.seconds(28.0, 2.0) == 3.0
    period.forget(ref("a"))
    period.answered(ref("a"), 28.5, in_progress=True)
    assert period.seconds(29.0, 2.0) == 3.0
    assert period.seconds(58.0, 2.0) == 29.8, "what is overdue counts with the time it has waited"
    period.answered(ref("a"), 30.0, in_progress=False)
    period.answered(ref("b"), 30.0, in_progress=False)
    assert period.seconds(30.0, 2.0) is None


def test_the_first_round_is_not_measured() -> None:
    period = PollRate()
    for name, times in {"a": (0.0, 4.0), "b": (0.1, 4.1)}.items():
        for now in times:
            period.answered(ref(name), now, in_progress=True)
    assert period.seconds(4.1, 2.0) == 4.0
    period.answered(ref("a"), 6.0, in_progress=True)
    period.answered(ref("b"), 6.1, in_progress=True)
    assert period.seconds(6.1, 2.0) == 2.0


def test_suspend_detection() -> None:
    pulse = SuspendDetector()
    pulse.expect(10.0)
    assert not pulse.check(9.0, 1009.0)
    assert not pulse.check(10.0 + SUSPENDED_AFTER, 1010.0 + SUSPENDED_AFTER)
    assert pulse.check(10.1 + SUSPENDED_AFTER, 1010.1 + SUSPENDED_AFTER), "stopped"
    assert not pulse.check(10.2 + SUSPENDED_AFTER, 1010.2 + SUSPENDED_AFTER), "told once"
    pulse.expect(None)
    assert not pulse.check(5000.0, 6000.0), "nothing was to be done meanwhile"
    assert pulse.check(5001.0, 9000.0), "suspended"
    assert not pulse.check(5002.0, 9001.0)


def test_recently_removed_refs_are_restored_and_bounded() -> None:
    attic = RecentlyRemoved()
    one = tracked("one", FAILED, since=1.0, seen=2.0, label="l")
    assert attic.add(one) is None
    assert attic.pop(ref("one")) == tracked("one", FAILED, since=1.0, seen=2.0)
    assert attic.pop(ref("one")) == tracked("one")
    crowded_out = [attic.add(tracked(str(number))) for number in range(40)]
    assert [found.id for found in crowded_out if found] == [str(number) for number in range(8)]


def test_the_tracked_list_sorts_lazily_and_detects_equal_updates() -> None:
    roster = TrackedList()
    assert roster.update(tracked("one", HOT_UPDATED, since=1.0))
    assert not roster.update(tracked("one", HOT_UPDATED, since=1.0))
    roster.update(tracked("two", HOT_UPDATING, since=0.5))
    order = roster.in_order()
    assert [each.ref.id for each in order] == ["two", "one"]
    assert roster.in_order() is order
    roster.remove(ref("two"))
    assert ref("two") not in roster
    assert len(roster.in_order()) == 1
