"""When each ref is read next."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, INIT
from hottui.monitor import schedule
from hottui.monitor.schedule import (
    CONFIRM_AFTER,
    IMMEDIATELY,
    LONGEST_NOT_FOUND_WAIT,
    NEVER,
    NOT_FOUND_GRACE,
    Pace,
    PollState,
    answered,
    initial,
)
from tests.monitor.samples import tracked

PACE = Pace(2.0, Random(1))


def watching(state: str = HOT_UPDATING, due: float = 0.0) -> PollState:
    return PollState(due=due, state=state)


def test_unread_refs_are_due() -> None:
    assert initial(tracked()).due == IMMEDIATELY


def test_refs_in_progress_in_an_earlier_run_are_due() -> None:
    assert initial(tracked(state=HOT_UPDATING, since=5.0, seen=9.0)).due == IMMEDIATELY


def test_refs_confirmed_by_an_earlier_run_are_not_read() -> None:
    assert initial(tracked(state=FAILED, since=5.0, seen=9.0)).done


def test_refs_finished_but_not_confirmed_by_an_earlier_run_are_due() -> None:
    watch = initial(tracked(state=FAILED, since=9.0, seen=9.0))
    assert watch.due == IMMEDIATELY
    assert answered(watch, FAILED, 0.0, 0.1, PACE).done


@given(st.sampled_from([INIT, HOT_UPDATING, "", "ROLLING_BACK"]), st.floats(0.5, 3600), st.integers())
def test_in_progress_and_unknown_states_are_read_every_interval(state: str, interval: float, seed: int) -> None:
    watch = answered(watching(state), state, 100.0, 100.0, Pace(interval, Random(seed)))
    assert 0.9 * interval <= watch.due - 100.0 <= 1.1 * interval


def test_slow_answers_do_not_lengthen_the_interval() -> None:
    assert answered(watching(), HOT_UPDATING, 100.0, 100.5, PACE).due == pytest.approx(102.0, abs=0.2)
    assert answered(watching(), HOT_UPDATING, 100.0, 110.0, PACE).due == pytest.approx(111.0, abs=0.1)


def test_a_finished_ref_is_confirmed_once() -> None:
    ended = answered(watching(), HOT_UPDATED, 100.0, 100.0, PACE)
    assert ended.due == 100.0 + CONFIRM_AFTER
    assert answered(ended, HOT_UPDATED, 110.0, 110.0, PACE).due == NEVER


def test_polling_resumes_if_a_state_changes_back() -> None:
    ended = answered(watching(), HOT_UPDATED, 100.0, 100.0, PACE)
    assert answered(ended, HOT_UPDATING, 110.0, 110.0, PACE).due == pytest.approx(112.0, abs=0.2)


def test_a_failed_confirming_read_is_repeated() -> None:
    ended = answered(watching(), HOT_UPDATED, 100.0, 100.0, PACE)
    again = schedule.failed(ended, 110.0, PACE.rng)
    assert 112.0 <= again.due <= 114.0
    assert answered(again, HOT_UPDATED, 113.0, 113.0, PACE).done


def test_failures_accumulate_until_a_good_answer() -> None:
    watch = watching()
    for failures in range(1, 20):
        watch = schedule.failed(watch, 100.0, PACE.rng)
        assert watch.failures == failures
        assert 102.0 <= watch.due <= 160.0
    assert answered(watch, HOT_UPDATING, 200.0, 200.0, PACE).failures == 0


def test_a_missing_id_is_polled_at_growing_intervals() -> None:
    watch, now, asked = PollState(), 0.0, []
    while now < 24 * 3600:
        watch = schedule.missing(watch, now, PACE)
        now = watch.due
        asked.append(now)
    early = [at for at in asked if at <= NOT_FOUND_GRACE]
    late = [at for at in asked if at > NOT_FOUND_GRACE + 3]
    assert 26 <= len(early) <= 34
    assert len(late) < 36
    assert max(b - a for a, b in pairwise(late)) == pytest.approx(LONGEST_NOT_FOUND_WAIT)


def test_a_late_id_is_polled_like_any_other() -> None:
    watch = schedule.missing(schedule.missing(PollState(), 0.0, PACE), 2.0, PACE)
    found = answered(watch, INIT, 4.0, 4.0, PACE)
    assert found == PollState(due=found.due, state=INIT)
    assert found.due == pytest.approx(6.0, abs=0.2)


def test_finished_refs_that_are_gone_are_not_read_again() -> None:
    assert schedule.missing(watching(FAILED), 100.0, PACE).done


def test_a_forced_read_is_immediate_first_and_single() -> None:
    forced = schedule.forced(PollState(due=NEVER, state=FAILED))
    assert schedule.ready_at(forced) == IMMEDIATELY
    assert sorted([watching(due=1.0), PollState(), forced], key=schedule.rank) == [
        forced,
        PollState(),
        watching(due=1.0),
    ]
    assert answered(forced, FAILED, 10.0, 10.0, PACE).done


def test_paused_only_forced_reads_are_ready() -> None:
    assert schedule.ready_at(watching(), paused=True) == NEVER
    assert schedule.ready_at(schedule.forced(watching()), paused=True) == IMMEDIATELY
    assert schedule.ready_at(watching(due=7.0)) == 7.0


def test_a_shorter_interval_applies_immediately_a_longer_one_at_the_next_read() -> None:
    assert schedule.change_interval(watching(due=160.0), 100.0, PACE).due == pytest.approx(102.0, abs=0.2)
    assert schedule.change_interval(watching(due=101.0), 100.0, Pace(60.0, Random(1))).due == 101.0


def test_a_new_interval_keeps_backoffs_and_finished_refs() -> None:
    ill = schedule.failed(watching(), 100.0, PACE.rng)
    for watch in (ill, watching(FAILED, due=NEVER), schedule.missing(PollState(), 0.0, PACE)):
        assert schedule.change_interval(watch, 100.0, Pace(0.5, Random(1))) == watch
