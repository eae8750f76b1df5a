"""The simulated hot updates: every case for the dashboard occurs, with the defined lifecycle."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise

from hottui.analysis.answer_summary import summarize
from hottui.demo.job_types import PlanEncoding, Setting
from hottui.demo.lifecycle import MINUTE
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.answer import Answer, read_answer
from hottui.model.control_characters import visible
from hottui.model.masking import looks_secret
from hottui.model.ref import check_name
from hottui.model.state import FAILED, FINAL_STATES, HOT_UPDATED, HOT_UPDATING, INIT, is_final

from .conftest import ENDPOINT, Clock


def answer_about(simulation: Simulation, member: SimulatedUpdate) -> Answer:
    return read_answer(json.dumps({"success": True, "data": simulation.result(*member.key)}))


def answers(simulation: Simulation) -> list[Answer]:
    keys = {(r.workspace, r.namespace, r.id) for r in simulation.refs(ENDPOINT)}
    members = [m for m in simulation.updates if m.key in keys and simulation.result(*m.key) is not None]
    return [answer_about(simulation, member) for member in members]


def member(simulation: Simulation, label: str) -> SimulatedUpdate:
    return next(m for m in simulation.updates if m.spec.label == label)


def states_over_time(simulation: Simulation, clock: Clock, who: SimulatedUpdate, seconds: int) -> list[str | None]:
    seen: list[str | None] = []
    for second in range(seconds):
        clock.now = simulation.started + second
        data = simulation.result(*who.key)
        state = data["status"]["status"] if data else None
        if not seen or seen[-1] != state:
            seen.append(state)
    return seen


def test_about_forty_hot_updates_are_bookmarked_at_the_start(simulation: Simulation) -> None:
    assert len(simulation.refs(ENDPOINT)) == 40
    assert len(set(simulation.refs(ENDPOINT))) == 40


def test_every_state_and_an_undocumented_one_occur(simulation: Simulation) -> None:
    states = Counter(answer.result.state for answer in answers(simulation))
    assert set(states) == {INIT, HOT_UPDATING, HOT_UPDATED, FAILED, "ROLLING_BACK"}
    assert 4 <= sum(states.values()) - states[HOT_UPDATED] - states[FAILED] <= 9


def test_failures_have_both_severities_and_one_has_many_lines(simulation: Simulation) -> None:
    failures = [answer.result.failure for answer in answers(simulation) if answer.result.failure]
    assert {failure.failure_severity for failure in failures} == {"LOW", "CRITICAL"}
    assert any("\n\tat org.apache.flink" in failure.message for failure in failures)


def test_one_failure_contains_escape_sequences(simulation: Simulation) -> None:
    hostile = [a for a in answers(simulation) if a.result.failure and "\x1b[2J" in a.result.failure.message]
    assert len(hostile) == 1
    reason = summarize(hostile[0]).reason
    assert "[bold red]" in reason
    assert "\u202e" in reason
    assert visible(reason).isprintable()


def test_namespaces_modes_and_kinds_of_change_vary(simulation: Simulation) -> None:
    refs = simulation.refs(ENDPOINT)
    assert len({ref.workspace for ref in refs}) >= 3
    assert len({(ref.workspace, ref.namespace) for ref in refs}) >= 5
    summaries = [summarize(answer) for answer in answers(simulation)]
    assert {summary.mode for summary in summaries} == {"EXPERT", "BASIC", ""}
    assert any(answer.result.batch for answer in answers(simulation))
    assert any(summary.change.startswith("parallelism 4 → 10") for summary in summaries)
    assert any(summary.change.endswith("conf keys") for summary in summaries)
    assert any(summary.change == "" for summary in summaries)


def test_configurations_have_ten_to_forty_keys_and_fake_secrets(simulation: Simulation) -> None:
    confs = [answer.result.flink_conf for answer in answers(simulation) if answer.result.flink_conf]
    sizes = sorted(len(conf) for conf in confs)
    assert sizes[0] >= 10
    assert 38 <= sizes[-1] <= 42
    secrets = [value for conf in confs for key, value in conf.items() if looks_secret(key)]
    assert len(secrets) > 10
    assert all("demo-not-a-secret" in value for value in secrets)


def test_ids_and_names_are_valid_on_the_command_line(simulation: Simulation) -> None:
    for ref in simulation.refs(ENDPOINT):
        for name in (ref.id, ref.namespace, ref.workspace):
            assert check_name(name) == name


def test_plans_in_every_encoding_are_decoded_correctly(simulation: Simulation) -> None:
    seen: Counter[PlanEncoding] = Counter()
    sizes: list[int] = []
    for each in simulation.updates:
        if each.spec.job.setting is not Setting.EXPERT or simulation.result(*each.key) is None:
            continue
        reading = answer_about(simulation, each).plan
        encoding = each.spec.job.encoding
        seen[encoding] += 1
        if encoding is PlanEncoding.CUT:
            assert reading.plan is None
            assert reading.error
            assert reading.text
        else:
            assert reading.plan is not None, reading.error
            assert reading.plan.problems == ()
            sizes.append(len(reading.plan.nodes))
    assert set(seen) == set(PlanEncoding)
    assert min(sizes) == 2
    assert 90 <= max(sizes) <= 120


def test_a_doubly_encoded_plan_resembles_the_vendors_example(simulation: Simulation) -> None:
    raw = answer_about(simulation, member(simulation, "smoke")).result.raw_plan
    assert raw.startswith('{\\"ssgProfiles\\"')


def test_two_hot_updates_of_one_job_have_its_plan_before_and_after(simulation: Simulation, clock: Clock) -> None:
    earlier, later = member(simulation, "orders-enrich noon"), member(simulation, "orders-enrich")
    assert earlier.job_id == later.job_id
    assert earlier.id != later.id
    clock.now = simulation.started + 60
    before, after = answer_about(simulation, earlier).plan.plan, answer_about(simulation, later).plan.plan
    assert before is not None
    assert after is not None
    assert before.node_by_id.keys() == after.node_by_id.keys()
    moved = [node for node in after.nodes if before.node_by_id[node.id].parallelism != node.parallelism]
    assert moved
    assert len(moved) < len(after.nodes)


def test_the_first_transitions_occur_within_seconds(simulation: Simulation, clock: Clock) -> None:
    assert states_over_time(simulation, clock, member(simulation, "orders-enrich"), 60) == [HOT_UPDATING, HOT_UPDATED]
    assert states_over_time(simulation, clock, member(simulation, "rescale-friday"), 60) == [INIT, HOT_UPDATING, FAILED]
    clock.now = simulation.started + 12
    moved = [member(simulation, label) for label in ("orders-enrich", "checkout-fix")]
    assert [answer_about(simulation, m).result.state for m in moved] == [HOT_UPDATED, HOT_UPDATED]


def test_one_appears_late_one_disappears_and_one_is_denied(simulation: Simulation, clock: Clock) -> None:
    late, gone, denied = (member(simulation, label) for label in ("inventory ×3", "coupon-test", "ledger"))
    assert states_over_time(simulation, clock, late, 60) == [None, INIT, HOT_UPDATING, HOT_UPDATED]
    assert states_over_time(simulation, clock, gone, 60) == [HOT_UPDATING, None]
    assert [m for m in simulation.updates if simulation.denies(*m.key)] == [denied]


def test_final_states_are_final(simulation: Simulation) -> None:
    for each in simulation.updates:
        states = [state for _, state in each.spec.lifecycle.phases]
        assert not FINAL_STATES & set(states[:-1])
        assert each.spec.lifecycle.phases == tuple(sorted(each.spec.lifecycle.phases))


def test_requested_values_reach_the_target_at_the_end(simulation: Simulation, clock: Clock) -> None:
    rescaled = member(simulation, "orders-enrich")
    assert summarize(answer_about(simulation, rescaled)).change == "parallelism 4 → 10"
    clock.now = simulation.started + 30
    assert summarize(answer_about(simulation, rescaled)).change == "parallelism → 10"


def test_states_change_every_few_seconds_for_half_an_hour(simulation: Simulation, clock: Clock) -> None:
    clock.now = simulation.started + 30 * MINUTE
    times = sorted(t.at - simulation.started for t in simulation.history(ENDPOINT) if t.at >= simulation.started)
    assert len(times) > 240
    assert max(later - sooner for sooner, later in pairwise([0.0, *times, 30 * MINUTE])) < 30
    assert 110 < len(simulation.refs(ENDPOINT)) < 150


def test_history_matches_continuous_polling(simulation: Simulation) -> None:
    history = simulation.history(ENDPOINT)
    assert [t.at for t in history] == sorted(t.at for t in history)
    assert all(t.at <= simulation.clock() for t in history)
    last = {t.ref: t.state for t in history}
    for ref in simulation.refs(ENDPOINT):
        data = simulation.result(ref.workspace, ref.namespace, ref.id)
        if data and not simulation.denies(ref.workspace, ref.namespace, ref.id):
            assert last[ref] == data["status"]["status"]
    chains = {ref: [(t.previous, t.state) for t in history if t.ref == ref] for ref in last}
    assert all(chain[0][0] == "" for chain in chains.values())
    assert all(a[1] == b[0] for chain in chains.values() for a, b in pairwise(chain))


def test_labels_and_notes_in_two_languages_some_missing(simulation: Simulation) -> None:
    bookmarks = simulation.bookmarks(ENDPOINT)
    labels = {bookmark.label for bookmark in bookmarks}
    assert {"orders-enrich", "checkout-fix", "rescale-friday", "城市日报 提频", ""} <= labels
    assert sum(bool(bookmark.note) for bookmark in bookmarks) > 8
    assert all(bookmark.added <= simulation.clock() for bookmark in bookmarks)


def test_the_simulation_is_determined_by_seed_and_clock(clock: Clock) -> None:
    one, other = Simulation(7, clock), Simulation(7, clock)
    for later in (0, 20, 900):
        clock.now += later
        assert one.bookmarks(ENDPOINT) == other.bookmarks(ENDPOINT)
        assert [one.result(*m.key) for m in one.updates] == [other.result(*m.key) for m in other.updates]
    assert not set(Simulation(8, clock).refs(ENDPOINT)) & set(one.refs(ENDPOINT))


def test_a_simulation_of_any_size(clock: Clock) -> None:
    crowd = Simulation(clock=clock, size=200)
    assert len(crowd.refs(ENDPOINT)) == len(crowd.updates) == 200
    assert len({m.id for m in crowd.updates}) == 200
    assert len(Simulation(clock=clock, size=5).refs(ENDPOINT)) == 5
    moving = sum(not is_final(answer.result.state) for answer in answers(crowd))
    assert 15 < moving < 60
    clock.now += 45 * MINUTE
    states = Counter(answer.result.state for answer in answers(crowd))
    assert set(states) == {HOT_UPDATED, FAILED}
    assert states.total() >= 198
    assert len(crowd.refs(ENDPOINT)) == 200


def test_the_simulation_is_cheap_to_import() -> None:
    code = "import sys, hottui.demo.simulation; print({'pydantic', 'httpx', 'textual'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
