"""Requests beside the polling: as many as the budget leaves, and no read of a hot update is late for them."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.model.ref import Ref
from hottui.model.state import HOT_UPDATED, HOT_UPDATING, INIT
from tests.monitor.samples import ref, refs
from tests.monitor.simulation import Read, Simulation, most_in_a_second

OUTCOMES = [INIT, HOT_UPDATING, HOT_UPDATED, "failed", "missing", "throttled", "refused", "forbidden"]


class Greedy(Simulation):
    """Begins a request beside the polling wherever one may begin, for each of `jobs`."""

    jobs: tuple[Ref, ...] = ()

    def _begin(self) -> None:
        super()._begin()
        for each in self.jobs:
            account = self.dispatch.account_of(each)
            if self.dispatch.spare.opens_at(account, each, self.now) <= self.now:
                self.dispatch.spare.started(account, self.now)
                self.beside.append(Read(self.now, each, self._account_of(each)))

    def next_beside(self) -> float:
        times = (self.dispatch.spare.opens_at(self.dispatch.account_of(each), each, self.now) for each in self.jobs)
        return min(times, default=float("inf"))

    @property
    def requests(self) -> list[Read]:
        return sorted([*self.reads, *self.beside], key=lambda read: read.at)

    @property
    def beside(self) -> list[Read]:
        return self.__dict__.setdefault("_beside", [])  # type: ignore[no-any-return]


def both(
    names: list[Ref], outcome: Callable[[Ref, float], str], seconds: float, *, interval: float = 2.0, slow: float = 0.05
) -> tuple[Greedy, Greedy]:
    """Run the same simulation without requests beside the polling, and with."""
    runs: list[Greedy] = []
    for jobs in ((), tuple(names[:2])):
        simulation = Greedy(
            names, outcome, latency=lambda one: slow if one.id.endswith("7") else 0.05, interval=interval
        )
        simulation.jobs = jobs
        simulation.run(seconds)
        runs.append(simulation)
    return runs[0], runs[1]


def test_reads_begin_at_the_same_times_with_other_requests_beside_them() -> None:
    cases = [(1, 2.0, 0.05), (5, 2.0, 0.05), (12, 2.0, 0.4), (3, 0.5, 0.3), (19, 2.0, 15.0), (40, 2.0, 0.05)]
    for count, interval, slow in cases:
        without, beside = both(refs(count), lambda one, now: HOT_UPDATING, 40.0, interval=interval, slow=slow)
        assert beside.reads == without.reads, (count, interval, slow)
        assert most_in_a_second(beside.requests) <= 10
        wanted = 400 - len(without.reads)
        assert (len(beside.beside) > wanted / 3) or count >= 19, (count, len(beside.beside))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 12), st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=6), st.sampled_from([0.5, 2.0, 7.0])
)
def test_whatever_the_reads_come_to(count: int, outcomes: list[str], interval: float) -> None:
    def outcome(one: Ref, now: float) -> str:
        return outcomes[(int(one.id[-2:]) + int(now / 3)) % len(outcomes)]

    without, beside = both(refs(count), outcome, 30.0, interval=interval)
    assert most_in_a_second(beside.requests) <= 10
    if "failed" not in outcomes and "refused" not in outcomes and "forbidden" not in outcomes:
        assert beside.reads == without.reads


def test_nothing_begins_on_hold_while_throttled_or_for_an_unknown_account() -> None:
    for outcome in ("refused", "throttled"):
        simulation = Greedy(refs(3), lambda one, now, outcome=outcome: outcome)  # type: ignore[misc]
        simulation.jobs = tuple(refs(3))
        simulation.run(30.0)
        assert simulation.beside == []
    assert simulation.dispatch.spare.opens_at("stranger", ref("one"), simulation.now) == float("inf")


def test_ids_that_hang_do_not_block_other_requests() -> None:
    names = [ref(f"hangs-{number}7") for number in range(6)] + refs(2)
    simulation = Greedy(names, lambda one, now: "failed" if "hangs" in one.id else HOT_UPDATED, latency=_hanging)
    simulation.jobs = tuple(refs(1))
    simulation.run(120.0)
    assert len([read for read in simulation.beside if read.at > 60.0]) > 20


def _hanging(one: Ref) -> float:
    return 15.0 if "hangs" in one.id else 0.05
