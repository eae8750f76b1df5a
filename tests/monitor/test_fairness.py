"""IDs that hang, fail or answer slowly do not delay others."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest

from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATING
from hottui.monitor.fairness import (
    CONNECTIONS,
    INITIAL_HANG_TIMEOUT,
    SHORTEST_HANG_TIMEOUT,
    TROUBLED_SLOTS,
    UNPROVEN_SLOTS,
    Latency,
    Load,
)
from hottui.monitor.job_dispatch import MAX_IN_FLIGHT
from hottui.monitor.rate_budget import IN_FLIGHT
from hottui.service.connection_pool import MAX_CONNECTIONS, MAX_JOB_CALLS, MAX_RESULT_CALLS
from tests.monitor.samples import refs
from tests.monitor.simulation import Simulation, most_in_a_second

DEADLINE = 15.0
INTERVAL = 2.0
HEALTHY, OTHERS = refs(10, namespace="healthy"), refs(36, namespace="others")


def is_other(ref: Ref) -> bool:
    return ref.namespace == "others"


def hangs(ref: Ref) -> float:
    return DEADLINE if is_other(ref) else 0.1


def fails(ref: Ref, _now: float) -> str:
    return "failed" if is_other(ref) else HOT_UPDATING


def orders() -> list[list[Ref]]:
    mixed = [*HEALTHY, *OTHERS]
    Random(3).shuffle(mixed)
    return [[*OTHERS, *HEALTHY], [*HEALTHY, *OTHERS], mixed]


def longest_wait(simulation: Simulation, ref: Ref, since: float = 0.0) -> float:
    """Return the longest time between two good answers about `ref` after `since`, including the time since the last."""
    times = [at for at, _ in simulation.answers[ref] if at >= since]
    assert times, f"{ref.id} was never read"
    return max(b - a for a, b in pairwise([*times, simulation.now]))


def most_at_once(simulation: Simulation, lasting: Callable[[Ref], float], since: float) -> int:
    """Return the maximum number of concurrent reads of the others after `since`, if none had been cancelled."""
    reads = [read for read in simulation.reads if is_other(read.ref) and read.at >= since]
    return max((sum(o.at <= r.at < o.at + lasting(o.ref) for o in reads) for r in reads), default=0)


@pytest.mark.parametrize("order", range(3))
@pytest.mark.parametrize("interval", [1.0, INTERVAL, 10.0])
def test_hanging_ids_do_not_delay_others(order: int, interval: float) -> None:
    everything = orders()[order]
    simulation = Simulation(everything, fails, latency=hangs, interval=interval)
    simulation.run(25.0)
    assert {read.ref for read in simulation.reads} == set(everything), "each was read within seconds"
    simulation.run(300.0)
    for each in HEALTHY:  # ten reads per second are the whole budget: nothing is left for a first round
        assert longest_wait(simulation, each, since=25.0 if interval == 1.0 else 0.0) <= 2 * interval
    assert most_at_once(simulation, hangs, since=25.0) <= TROUBLED_SLOTS == IN_FLIGHT // 4
    late = {read.ref for read in simulation.reads if read.at > 25.0}
    assert set(OTHERS) - late == set(), "hanging IDs are still retried"


@pytest.mark.parametrize("count", [1, 7, 36])
def test_ids_that_start_to_hang_do_not_delay_others(count: int) -> None:
    hanging = set(OTHERS[:count])
    since = [float("inf")]
    simulation = Simulation(
        [*OTHERS, *HEALTHY],
        lambda ref, now: "failed" if ref in hanging and now >= since[0] else HOT_UPDATING,
        latency=lambda ref: DEADLINE if ref in hanging and simulation.now >= since[0] else 0.1,
        interval=5.0,
    )
    simulation.run(60.0)
    since[0] = 60.0
    simulation.run(300.0)
    for each in {*HEALTHY, *OTHERS} - hanging:
        assert longest_wait(simulation, each, since=50.0) <= 10.0
    since[0] = float("inf")
    simulation.run(90.0)
    for each in hanging:
        assert simulation.answers[each][-1][0] > 430.0, "all recover when it ends"


@pytest.mark.parametrize("outcome", ["failed", "missing", "forbidden"])
@pytest.mark.parametrize("count", [1, 36, 200])
def test_failing_ids_do_not_delay_others(outcome: str, count: int) -> None:
    others = refs(count, namespace="others")
    simulation = Simulation([*others, *HEALTHY], lambda ref, now: outcome if is_other(ref) else HOT_UPDATING)
    simulation.run(10.0 + count / 5)  # the first round
    since = simulation.now
    simulation.run(300.0)
    for each in HEALTHY:
        assert longest_wait(simulation, each, since) <= 2 * INTERVAL
    assert most_in_a_second(simulation.reads) <= 10


def test_slow_ids_do_not_delay_others() -> None:
    simulation = Simulation(
        [*OTHERS, *HEALTHY], lambda ref, now: HOT_UPDATING, latency=lambda ref: 12.0 if is_other(ref) else 0.1
    )
    simulation.run(600.0)
    for each in HEALTHY:
        assert longest_wait(simulation, each) <= 2 * INTERVAL
    for each in OTHERS:
        assert len(simulation.answers[each]) >= 2, "they are still read, rarely"


@pytest.mark.parametrize("probability", [0.1, 0.3, 0.5, 0.9])
def test_occasionally_hanging_ids_do_not_delay_others(probability: float) -> None:
    rng = Random(7)
    ends: dict[Ref, bool] = {}

    def latency(ref: Ref) -> float:
        ends[ref] = is_other(ref) and rng.random() < probability
        return DEADLINE if ends[ref] else 0.1

    simulation = Simulation(
        [*OTHERS, *HEALTHY], lambda ref, now: "failed" if ends[ref] else HOT_UPDATING, latency=latency, interval=5.0
    )
    simulation.run(30.0)
    simulation.run(600.0)
    for each in HEALTHY:
        assert longest_wait(simulation, each, since=30.0) <= 10.0


def test_hanging_accounts_leave_connections_for_others() -> None:
    healthy = refs(10, endpoint="http://healthy")
    down = [ref for number in range(6) for ref in refs(20, namespace="others", endpoint=f"http://down-{number}")]
    simulation = Simulation([*down, *healthy], fails, latency=hangs)
    simulation.run(60.0)
    simulation.run(300.0)
    for each in healthy:
        assert longest_wait(simulation, each, since=60.0) <= 2 * INTERVAL


def test_all_are_read_if_all_answers_are_slow() -> None:
    simulation = Simulation(refs(40), lambda ref, now: HOT_UPDATING, latency=lambda ref: 5.0)
    simulation.run(60.0)
    assert set(simulation.answers) == set(refs(40))
    simulation.run(300.0)
    answers = sum(len(answers) for answers in simulation.answers.values())
    assert answers >= 0.9 * 360.0 * IN_FLIGHT / 5.0, "almost no slot was unused"


def test_a_few_hanging_reads_have_the_full_timeout() -> None:
    simulation = Simulation(refs(IN_FLIGHT), lambda ref, now: HOT_UPDATING, latency=lambda ref: 14.0)
    simulation.run(14.5)
    assert set(simulation.answers) == set(refs(IN_FLIGHT))


def test_proven_refs_are_read_immediately_after_an_outage() -> None:
    down = [False]
    simulation = Simulation(refs(40), lambda ref, now: "failed" if down[0] else HOT_UPDATING)
    simulation.run(60.0)
    down[0] = True
    simulation.run(600.0)
    down[0] = False
    simulation.run(60.0 + 6.0)
    back = min(at for answers in simulation.answers.values() for at, _ in answers if at > 660.0)
    first = [next(at for at, _ in simulation.answers[each] if at > 660.0) for each in refs(40)]
    assert max(first) - back < 6.0


def test_no_request_of_the_monitor_waits_for_a_connection() -> None:
    assert (CONNECTIONS, MAX_IN_FLIGHT) == (MAX_RESULT_CALLS, MAX_JOB_CALLS)
    assert IN_FLIGHT <= CONNECTIONS
    assert MAX_CONNECTIONS == CONNECTIONS + MAX_IN_FLIGHT <= 10


def test_load_admits() -> None:
    full = Load(troubled=TROUBLED_SLOTS, unproven=UNPROVEN_SLOTS)
    assert not full.admits(troubled=True, proven=True, some_are_proven=False)
    assert not full.admits(troubled=False, proven=False, some_are_proven=True)
    assert full.admits(troubled=False, proven=False, some_are_proven=False)
    assert full.admits(troubled=False, proven=True, some_are_proven=True)


def test_the_hang_timeout_follows_the_faster_answers() -> None:
    latency = Latency()
    assert latency.hang_timeout == INITIAL_HANG_TIMEOUT
    for seconds in (0.1, 12.0, 0.2, 12.0, 12.0):
        latency.note(seconds)
    assert latency.hang_timeout == SHORTEST_HANG_TIMEOUT
    for _ in range(40):
        latency.note(3.0)
    assert latency.hang_timeout == 12.0
