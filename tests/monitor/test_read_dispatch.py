"""Schedule, budgets and holds together, over simulated hours."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.model.ref import Ref
from hottui.model.state import FAILED, HOT_UPDATED, HOT_UPDATING, is_final
from hottui.monitor import schedule
from hottui.monitor.rate_budget import BURST
from hottui.monitor.schedule import NEVER, PollState
from tests.monitor.samples import ref, refs, tracked
from tests.monitor.simulation import Simulation, most_in_a_second

OUTCOMES = [HOT_UPDATING, HOT_UPDATED, FAILED, "ROLLING_BACK", "failed", "missing", "throttled", "interrupted"]
REFUSALS = ["refused", "forbidden"]


def steady(_ref: Ref, _now: float) -> str:
    return HOT_UPDATING


def test_in_progress_refs_are_read_every_two_seconds() -> None:
    simulation = Simulation(refs(5), steady)
    simulation.run(100.0)
    for each in refs(5):
        times = simulation.of(each)
        gaps = [b - a for a, b in pairwise(times)]
        assert 1.75 <= min(gaps) <= max(gaps) <= 2.35  # a tenth of jitter, and the spacing between requests
        assert sum(gaps) / len(gaps) == pytest.approx(2.0, abs=0.15)


def test_hundreds_of_refs_take_longer_and_none_starves() -> None:
    simulation = Simulation(refs(300), steady)
    simulation.run(120.0)
    for each in refs(300):
        times = simulation.of(each)
        assert len(times) == pytest.approx(4, abs=1)
        assert max(b - a for a, b in pairwise(times)) < 33.0
    assert len(simulation.reads) == pytest.approx(1200, abs=5)
    assert most_in_a_second(simulation.reads) <= 10


def test_one_read_of_a_thousand_due_ones_looks_at_all_of_them_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = Simulation(refs(1000), steady)
    simulation.run(10.0)
    looked_at: list[PollState] = []
    ready_at = schedule.ready_at

    def counted(poll: PollState, *, paused: bool = False) -> float:
        looked_at.append(poll)
        return ready_at(poll, paused=paused)

    monkeypatch.setattr(schedule, "ready_at", counted)
    reads = len(simulation.reads)
    simulation.run(10.0)
    assert len(looked_at) < 1_100 * (len(simulation.reads) - reads)
    looked_at.clear()
    one = refs(1)[0]
    for _ in range(10):
        simulation.dispatch.spare.opens_at(simulation.dispatch.account_of(one), one, simulation.now)
    assert len(looked_at) < 100


def test_finished_refs_are_confirmed_and_then_never_due() -> None:
    simulation = Simulation(refs(20), lambda ref, now: HOT_UPDATED)
    simulation.run(3600.0)
    assert len(simulation.reads) == 40
    assert simulation.dispatch.next_turn() == NEVER


def test_in_progress_refs_precede_finished_ones_and_none_starves() -> None:
    moving, ended = refs(60), refs(300, namespace="ended")
    simulation = Simulation([], lambda ref, now: HOT_UPDATED if ref.namespace == "ended" else HOT_UPDATING)
    for each in (*ended, *moving):
        state = HOT_UPDATED if each in ended else HOT_UPDATING
        simulation.dispatch.track(replace(tracked(state=state, since=5.0, seen=5.0), ref=each))
    simulation.run(9.0)
    assert {read.ref for read in simulation.reads} >= set(moving)
    simulation.run(111.0)
    assert {read.ref for read in simulation.reads} == {*moving, *ended}
    assert len(simulation.reads) == pytest.approx(1200, abs=5)


def test_the_start_has_a_burst_but_no_second_exceeds_the_rate() -> None:
    simulation = Simulation(refs(40), steady)
    simulation.run(0.01)
    assert len(simulation.reads) == BURST
    simulation.run(4.0)
    assert {read.ref for read in simulation.reads} == set(refs(40))
    assert most_in_a_second(simulation.reads) == 10


def test_a_throttled_account_is_shown_until_the_next_answer() -> None:
    throttled = {"on": True}
    simulation = Simulation(refs(5), lambda ref, now: "throttled" if throttled["on"] else HOT_UPDATING)
    simulation.run(5.0)
    (slow,) = simulation.dispatch.slowed
    assert slow.since < 1.0
    assert slow.until > 4.0
    throttled["on"] = False
    simulation.run(60.0)
    assert simulation.dispatch.slowed == ()


def test_held_refs_are_read_soon_after_the_hold_ends() -> None:
    key = {"good": True}
    simulation = Simulation(refs(30), lambda ref, now: "missing" if key["good"] else "refused")
    simulation.run(7200.0)  # after this time, each missing ID is polled about once an hour
    key["good"] = False
    simulation.dispatch.force([ref("id-0003")], simulation.now)
    simulation.run(10.0)
    assert simulation.dispatch.holds.shown()
    key["good"] = True
    before = len(simulation.reads)
    simulation.run(70.0)
    assert {read.ref for read in simulation.reads[before:]} == set(refs(30))
    assert most_in_a_second(simulation.reads) <= 10


def test_two_accounts_have_a_budget_each() -> None:
    here, there = refs(400, endpoint="http://here"), refs(400, endpoint="http://there")
    simulation = Simulation([*here, *there], steady)
    simulation.run(100.0)
    assert len(simulation.reads) == pytest.approx(2000, abs=5)
    assert most_in_a_second(simulation.reads) <= 10


def test_a_hanging_account_leaves_slots_for_others() -> None:
    here, there = refs(100, endpoint="http://here"), refs(5, endpoint="http://there")
    latencies: dict[str, float] = {}
    simulation = Simulation([*here, *there], steady, latency=lambda ref: latencies.get("all", 0.05))
    simulation.run(30.0)
    assert len([read for read in simulation.reads if read.account == "http://there"]) > 50
    latencies["all"] = 15.0
    simulation.run(300.0)
    assert len([read for read in simulation.reads if read.account == "http://there"]) > 70


def test_throttling_slows_the_account_not_the_ref() -> None:
    throttled = {"on": False}
    simulation = Simulation(refs(50), lambda ref, now: "throttled" if throttled["on"] else HOT_UPDATING)
    simulation.run(20.0)
    before = len(simulation.reads)
    throttled["on"] = True
    simulation.run(20.0)
    during = len(simulation.reads)
    assert during - before < 30
    throttled["on"] = False
    simulation.run(200.0)
    times = [read.at for read in simulation.reads[during:]]
    assert len([at for at in times if at > 220.0]) == pytest.approx(200, abs=5)
    assert most_in_a_second(simulation.reads) <= 10


def test_a_rejected_account_is_probed_with_single_reads() -> None:
    simulation = Simulation(refs(100), lambda ref, now: "refused")
    simulation.run(600.0)
    assert len(simulation.dispatch.holds.shown()) == 1
    assert len(simulation.reads) <= BURST + 2 + 600 / 60
    assert len({read.ref for read in simulation.reads}) > 5  # not the same ref each time


def test_a_rejected_account_resumes_after_the_rejection_ends() -> None:
    key = {"good": False}
    simulation = Simulation(refs(10), lambda ref, now: HOT_UPDATING if key["good"] else "refused")
    simulation.run(30.0)
    key["good"] = True
    simulation.run(65.0)
    assert simulation.dispatch.holds.shown() == ()
    assert {read.ref for read in simulation.reads if read.at > 60.0} == set(refs(10))


def test_refresh_probes_a_held_account_immediately() -> None:
    simulation = Simulation(refs(10), lambda ref, now: "refused")
    simulation.run(20.0)
    simulation.outcome = steady
    simulation.dispatch.force([refs(10)[7]], simulation.now)
    simulation.run(0.5)
    assert simulation.dispatch.holds.shown() == ()


def test_one_rejection_ends_a_refresh_of_all() -> None:
    simulation = Simulation(refs(10), lambda ref, now: "refused")
    simulation.run(20.0)
    simulation.dispatch.pause(True)
    before = len(simulation.reads)
    simulation.dispatch.force(refs(10), simulation.now)
    simulation.run(3600.0)
    assert len(simulation.reads) == before + 1


def test_a_denied_namespace_does_not_affect_others() -> None:
    closed, open_ = refs(10, namespace="closed"), refs(10, namespace="open")
    simulation = Simulation(
        [*closed, *open_], lambda ref, now: "forbidden" if ref.namespace == "closed" else HOT_UPDATING
    )
    simulation.run(600.0)
    assert len(simulation.dispatch.holds.shown()) == 1
    assert len([read for read in simulation.reads if read.ref.namespace == "closed"]) < 20
    assert all(len(simulation.of(each)) > 250 for each in open_)


def test_a_denied_permission_proves_the_key_valid() -> None:
    answers = iter(["refused", "forbidden"])
    simulation = Simulation([ref()], lambda ref, now: next(answers, "forbidden"))
    simulation.run(8.0)
    assert len(simulation.dispatch.holds.shown()) == 1
    assert not simulation.dispatch.holds.scopes_of(ref().endpoint, ref("two", namespace="open"))


def test_one_answer_ends_an_outage_for_all() -> None:
    network = {"up": False}
    simulation = Simulation(refs(40), lambda ref, now: HOT_UPDATING if network["up"] else "failed")
    simulation.run(3600.0)
    outage = len(simulation.reads)
    assert outage < 40 * 3600 / 25  # each backs off up to a minute, half of it on average
    network["up"] = True
    simulation.run(60.0)
    back = simulation.reads[outage:]
    first = {each: next(read.at for read in back if read.ref == each) for each in refs(40)}
    assert max(first.values()) - min(first.values()) < 12.0  # proven refs precede the others
    assert most_in_a_second(simulation.reads) <= 10


def test_no_burst_after_a_suspend() -> None:
    simulation = Simulation(refs(200), steady)
    simulation.run(30.0)
    simulation.now += 3600.0
    simulation.dispatch.resume(simulation.now)
    simulation.run(30.0)
    assert most_in_a_second(simulation.reads) <= 10


def test_only_forced_reads_begin_while_paused() -> None:
    simulation = Simulation(refs(5), steady)
    simulation.run(10.0)
    simulation.dispatch.pause(True)
    simulation.run(1.0)
    before = len(simulation.reads)
    simulation.run(3600.0)
    assert simulation.dispatch.next_turn() == NEVER
    simulation.dispatch.force([ref("id-0003")], simulation.now)
    simulation.run(3600.0)
    assert [read.ref for read in simulation.reads[before:]] == [ref("id-0003")]
    simulation.dispatch.pause(False)
    simulation.run(3.0)
    assert {read.ref for read in simulation.reads[before + 1 :]} == set(refs(5))


def test_forcing_all_reads_finished_refs_again() -> None:
    simulation = Simulation(refs(5), lambda ref, now: HOT_UPDATED)
    simulation.run(100.0)
    simulation.dispatch.force(refs(5), simulation.now)
    simulation.run(100.0)
    assert len(simulation.reads) == 15


def test_untracking_during_a_read_leaves_no_state() -> None:
    simulation = Simulation(refs(3), steady, latency=lambda ref: 5.0)
    simulation.run(1.0)
    for each in refs(3):
        simulation.untrack(each)
    simulation.run(100.0)
    assert simulation.dispatch.in_flight == 0
    assert len(simulation.reads) == 3


def test_a_hold_is_removed_with_its_last_ref() -> None:
    simulation = Simulation(refs(2), lambda ref, now: "refused")
    simulation.run(2.0)
    simulation.untrack(refs(2)[0])
    assert len(simulation.dispatch.holds.shown()) == 1
    simulation.untrack(refs(2)[1])
    assert simulation.dispatch.holds.shown() == ()


@given(
    seed=st.integers(),
    number=st.integers(1, 40),
    accounts=st.integers(1, 3),
    kinds=st.lists(st.sampled_from(OUTCOMES + REFUSALS), min_size=1, max_size=6, unique=True),
    slow=st.floats(0.0, 12.0),
    interval=st.floats(0.5, 10.0),
)
@settings(max_examples=40, deadline=None)
def test_any_sequence_of_outcomes_keeps_all_rules_and_recovers(
    seed: int, number: int, accounts: int, kinds: list[str], slow: float, interval: float
) -> None:
    """The simulation checks after each step: one read per ref, eight per account, and no busy loop."""
    rng = Random(seed)
    all_refs = [ref(f"{each}", endpoint=f"http://{each % accounts}") for each in range(number)]
    simulation = Simulation(
        all_refs,
        lambda ref, now: rng.choice(kinds),
        latency=lambda ref: rng.uniform(0, slow),
        interval=interval,
        seed=seed,
    )
    for _ in range(10):
        simulation.run(rng.uniform(0, 15))
        match rng.randrange(8):
            case 0:
                simulation.dispatch.force(rng.sample(all_refs, rng.randint(1, number)), simulation.now)
            case 1:
                simulation.dispatch.pause(not simulation.dispatch.paused)
            case 2:
                simulation.now += 3600.0
                simulation.dispatch.resume(simulation.now)
            case 3:
                simulation.dispatch.set_interval(rng.uniform(0.5, 10.0), simulation.now)
            case 4:
                simulation.untrack(rng.choice(all_refs))
    assert most_in_a_second(simulation.reads) <= 10

    tracked = [each for each in all_refs if each in simulation.dispatch]
    simulation.outcome = lambda ref, now: HOT_UPDATED
    simulation.dispatch.pause(False)
    simulation.dispatch.force(tracked, simulation.now)
    quiet_from = simulation.now
    simulation.run(7200.0)
    assert simulation.dispatch.next_turn() == NEVER
    assert simulation.dispatch.in_flight == 0
    assert simulation.dispatch.holds.shown() == ()
    for each in tracked:
        assert simulation.answers[each][-1][0] >= quiet_from


@given(seed=st.integers(), number=st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_a_finished_ref_has_at_most_one_confirming_read(seed: int, number: int) -> None:
    rng = Random(seed)
    ends = {each: rng.uniform(0, 60) for each in refs(number)}

    def outcome(ref: Ref, now: float) -> str:
        if rng.random() < 0.2:
            return rng.choice(["failed", "throttled", "interrupted"])
        return HOT_UPDATED if now >= ends[ref] else HOT_UPDATING

    simulation = Simulation(refs(number), outcome, seed=seed)
    simulation.run(900.0)
    for each in refs(number):
        finals = [at for at, state in simulation.answers[each] if is_final(state)]
        assert len(finals) == 2


@given(seed=st.integers(), dead=st.integers(0, 80), alive=st.integers(1, 80))
@settings(max_examples=25, deadline=None)
def test_refs_that_always_fail_do_not_starve_the_others(seed: int, dead: int, alive: int) -> None:
    bad, good = refs(dead, namespace="bad"), refs(alive, namespace="good")
    simulation = Simulation(
        [*bad, *good], lambda ref, now: "failed" if ref.namespace == "bad" else HOT_UPDATING, seed=seed
    )
    simulation.run(120.0)
    longest = 2.5 + (dead + alive) / 10 * 1.5
    for each in good:
        times = [0.0, *simulation.of(each), simulation.now]
        assert max(b - a for a, b in pairwise(times)) <= longest
