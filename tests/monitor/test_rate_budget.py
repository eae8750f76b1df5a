"""Request rate and concurrency of one account."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.monitor.rate_budget import (
    BURST,
    HIGHEST_RATE,
    IN_FLIGHT,
    LONGEST_RETRY_AFTER,
    LOWEST_RATE,
    RATE,
    RateBudget,
)

RNG = Random(1)


def started(budget: RateBudget, until: float, now: float = 0.0) -> tuple[RateBudget, list[float]]:
    """Begin requests as soon as possible, each with an immediate answer; return the times at which they began."""
    times = []
    while now < until:
        while budget.may_start(now):
            budget = budget.started(now).ended(now, now)
            times.append(now)
        now = round(now + 0.01, 2)
    return budget, times


def test_the_burst_starts_together_and_later_requests_wait() -> None:
    _, times = started(RateBudget(), 3.0)
    assert times[:BURST] == [0.0] * BURST
    assert times[BURST : BURST + 3] == pytest.approx([0.8, 0.9, 1.0], abs=0.02)
    assert len(times) == 30


@given(first=st.integers(1, 10), then=st.floats(0.0, 1.5), rate=st.sampled_from([2.0, 10.0, 80.0]))
def test_no_second_exceeds_the_rate_whenever_the_burst_starts(first: int, then: float, rate: float) -> None:
    budget = RateBudget(limit=rate)
    times = []
    for _ in range(first):
        if budget.may_start(0.0):
            budget = budget.started(0.0).ended(0.0, 0.0)
            times.append(0.0)
    _, later = started(budget, then + 3.0, then)
    times += later
    assert all(sum(begin <= at < begin + 0.999 for at in times) <= max(rate, BURST) for begin in times)


def arrivals(late: list[float], latency: float, until: float) -> list[float]:
    """Return the arrival times at a service with slow first connections; each request is answered after `latency`."""
    budget, now, under_way, times = RateBudget(), 0.0, list[tuple[float, float]](), list[float]()
    while now < until:
        for begun, answered in [one for one in under_way if one[1] <= now]:
            under_way.remove((begun, answered))
            budget = budget.ended(begun, now)
        while budget.may_start(now):
            budget = budget.started(now)
            comes = now + (late[len(times)] if len(times) < len(late) else 0.0)
            times.append(comes)
            under_way.append((now, comes + latency))
        now = round(now + 0.005, 3)
    return times


@given(connecting=st.floats(0.0, 3.0), latency=st.floats(0.0, 1.0))
def test_slow_connections_do_not_cause_a_rate_above_the_limit(connecting: float, latency: float) -> None:
    times = arrivals([connecting] * BURST, latency, 6.0)
    assert all(sum(begin <= at < begin + 0.999 for at in times) <= RATE for begin in times)


def test_one_slow_connection_does_not_delay_others() -> None:
    prompt = len(arrivals([0.05] * BURST, 0.05, 5.0))
    assert len(arrivals([0.05] * (BURST - 1) + [3.0], 0.05, 5.0)) >= prompt - 1


def test_throttling_ends_the_initial_burst() -> None:
    budget = RateBudget().started(1.0).throttled(1.0, 1.05, 0.0, RNG)
    assert not budget.ended(1.0, 1.05).started(1.1).may_start(1.15)


def test_requests_are_spaced_evenly_without_catching_up() -> None:
    budget = RateBudget(burst=0).started(1000.0)
    assert not budget.may_start(1000.05)
    assert budget.may_start(1000.1)
    later = budget.ended(1000.0, 1000.1).started(5000.0)
    assert not later.may_start(5000.05)


def test_at_most_eight_requests_are_in_flight() -> None:
    budget = RateBudget()
    for second in range(IN_FLIGHT):
        assert budget.may_start(float(second))
        budget = budget.started(float(second))
    assert not budget.may_start(100.0)
    assert budget.ended(7.0, 99.0).may_start(100.0)


def test_the_rate_never_exceeds_the_services_limit() -> None:
    assert RateBudget(limit=1000.0).rate(0.0) == HIGHEST_RATE


def test_throttling_halves_the_rate_which_recovers_slowly() -> None:
    cut = RateBudget().throttled(10.0, 10.0, None, RNG)
    assert cut.rate(10.0) == RATE / 2
    assert cut.rate(20.0) == pytest.approx(6.0)
    assert cut.rate(1000.0) == RATE


def test_requests_throttled_together_halve_the_rate_once() -> None:
    budget = RateBudget(in_flight=8)
    for late in range(8):
        budget = budget.throttled(9.0 + late / 100, 10.0, None, RNG)
    assert budget.rate(10.0) == RATE / 2


def test_repeated_throttling_keeps_the_rate_above_the_minimum() -> None:
    budget, now = RateBudget(), 0.0
    for _ in range(50):
        now = budget.opens_at
        budget = budget.started(now).ended(now, now).throttled(now, now, 0.0, RNG)
        assert budget.rate(now) >= LOWEST_RATE
    assert budget.rate(now) < 1.0


@given(st.floats(-10, 1e6))
def test_retry_after_is_limited_to_a_minute(hint: float) -> None:
    opens_at = RateBudget().throttled(100.0, 100.0, hint, RNG).opens_at
    assert opens_at == pytest.approx(100.0 + min(max(hint, 0.0), LONGEST_RETRY_AFTER))


def test_the_longest_retry_after_applies() -> None:
    budget = RateBudget().throttled(99.0, 100.0, 30.0, RNG).throttled(99.0, 100.0, 5.0, RNG)
    assert budget.opens_at == 130.0
    assert RateBudget().throttled(99.0, 100.0, 5.0, RNG).throttled(99.0, 100.0, 30.0, RNG).opens_at == 130.0


def test_an_answer_resets_the_throttling_count() -> None:
    budget = RateBudget().throttled(1.0, 1.0, None, RNG)
    assert budget.throttled_in_a_row == 1
    assert budget.answered().throttled_in_a_row == 0


def test_a_request_beside_the_polling_reopens_the_budget_when_its_start_does() -> None:
    slowed = RateBudget(burst=0, opens_at=3.0, in_flight=2, cut_rate=2.0, cut_at=1.0)
    for budget in (RateBudget(), RateBudget().started(1.0), RateBudget(burst=0), slowed):
        for now in (1.0, 1.05, 4.0, 90.0):
            assert budget.reopens_beside(now) == budget.started_beside(now).opens_at
