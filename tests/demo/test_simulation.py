"""The cast: everything the dashboard has to cope with is in it, and it lives as told."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise

from hottui.analysis.summary import summarise
from hottui.demo.job_types import Encoding, Setting
from hottui.demo.lifecycle import MINUTE
from hottui.demo.simulation import SimulatedUpdate, Simulation
from hottui.model.answer import Answer, read_answer
from hottui.model.control_characters import visible
from hottui.model.masking import looks_secret
from hottui.model.ref import check_name
from hottui.model.state import FAILED, FINAL_STATES, HOT_UPDATED, HOT_UPDATING, INIT, is_final

from .conftest import ENDPOINT, Clock


def answer_about(world: Simulation, member: SimulatedUpdate) -> Answer:
    return read_answer(json.dumps({"success": True, "data": world.result(*member.key)}))


def answers(world: Simulation) -> list[Answer]:
    keys = {(r.workspace, r.namespace, r.id) for r in world.refs(ENDPOINT)}
    members = [m for m in world.members if m.key in keys and world.result(*m.key) is not None]
    return [answer_about(world, member) for member in members]


def member(world: Simulation, label: str) -> SimulatedUpdate:
    return next(m for m in world.members if m.about.label == label)


def states_over_time(world: Simulation, clock: Clock, who: SimulatedUpdate, seconds: int) -> list[str | None]:
    seen: list[str | None] = []
    for second in range(seconds):
        clock.now = world.started + second
        data = world.result(*who.key)
        state = data["status"]["status"] if data else None
        if not seen or seen[-1] != state:
            seen.append(state)
    return seen


def test_some_forty_hot_updates_are_bookmarked_at_the_start(world: Simulation) -> None:
    assert len(world.refs(ENDPOINT)) == 40
    assert len(set(world.refs(ENDPOINT))) == 40


def test_every_state_is_there_and_one_nobody_documented(world: Simulation) -> None:
    states = Counter(answer.result.state for answer in answers(world))
    assert set(states) == {INIT, HOT_UPDATING, HOT_UPDATED, FAILED, "ROLLING_BACK"}
    assert 4 <= sum(states.values()) - states[HOT_UPDATED] - states[FAILED] <= 9


def test_failures_are_low_and_critical_and_one_has_many_lines(world: Simulation) -> None:
    failures = [answer.result.failure for answer in answers(world) if answer.result.failure]
    assert {failure.failure_severity for failure in failures} == {"LOW", "CRITICAL"}
    assert any("\n\tat org.apache.flink" in failure.message for failure in failures)


def test_one_failure_tries_to_take_over_the_terminal(world: Simulation) -> None:
    hostile = [a for a in answers(world) if a.result.failure and "\x1b[2J" in a.result.failure.message]
    assert len(hostile) == 1
    reason = summarise(hostile[0]).reason
    assert "[bold red]" in reason
    assert "\u202e" in reason
    assert visible(reason).isprintable()


def test_places_modes_and_kinds_of_change_vary(world: Simulation) -> None:
    refs = world.refs(ENDPOINT)
    assert len({ref.workspace for ref in refs}) >= 3
    assert len({(ref.workspace, ref.namespace) for ref in refs}) >= 5
    summaries = [summarise(answer) for answer in answers(world)]
    assert {summary.mode for summary in summaries} == {"EXPERT", "BASIC", ""}
    assert any(answer.result.batch for answer in answers(world))
    assert any(summary.change.startswith("parallelism 4 → 10") for summary in summaries)
    assert any(summary.change.endswith("conf keys") for summary in summaries)
    assert any(summary.change == "" for summary in summaries)


def test_configurations_have_ten_to_forty_keys_and_their_secrets_are_plain_fakes(world: Simulation) -> None:
    confs = [answer.result.flink_conf for answer in answers(world) if answer.result.flink_conf]
    sizes = sorted(len(conf) for conf in confs)
    assert sizes[0] >= 10
    assert 38 <= sizes[-1] <= 42
    secrets = [value for conf in confs for key, value in conf.items() if looks_secret(key)]
    assert len(secrets) > 10
    assert all("demo-not-a-secret" in value for value in secrets)


def test_ids_and_names_are_such_as_the_command_line_takes(world: Simulation) -> None:
    for ref in world.refs(ENDPOINT):
        for name in (ref.id, ref.namespace, ref.workspace):
            assert check_name(name) == name


def test_plans_come_in_every_encoding_and_read_as_meant(world: Simulation) -> None:
    seen: Counter[Encoding] = Counter()
    sizes: list[int] = []
    for each in world.members:
        if each.about.job.setting is not Setting.EXPERT or world.result(*each.key) is None:
            continue
        reading = answer_about(world, each).plan
        encoding = each.about.job.encoding
        seen[encoding] += 1
        if encoding is Encoding.CUT:
            assert reading.plan is None
            assert reading.error
            assert reading.text
        else:
            assert reading.plan is not None, reading.error
            assert reading.plan.problems == ()
            sizes.append(len(reading.plan.nodes))
    assert set(seen) == set(Encoding)
    assert min(sizes) == 2
    assert 90 <= max(sizes) <= 120


def test_a_twice_encoded_plan_looks_like_the_vendors_example(world: Simulation) -> None:
    raw = answer_about(world, member(world, "smoke")).result.raw_plan
    assert raw.startswith('{\\"ssgProfiles\\"')


def test_two_hot_updates_of_one_job_show_its_plan_before_and_after(world: Simulation, clock: Clock) -> None:
    earlier, later = member(world, "orders-enrich noon"), member(world, "orders-enrich")
    assert earlier.job_id == later.job_id
    assert earlier.id != later.id
    clock.now = world.started + 60
    before, after = answer_about(world, earlier).plan.plan, answer_about(world, later).plan.plan
    assert before is not None
    assert after is not None
    assert before.node_by_id.keys() == after.node_by_id.keys()
    moved = [node for node in after.nodes if before.node_by_id[node.id].parallelism != node.parallelism]
    assert moved
    assert len(moved) < len(after.nodes)


def test_the_first_ones_move_within_seconds(world: Simulation, clock: Clock) -> None:
    assert states_over_time(world, clock, member(world, "orders-enrich"), 60) == [HOT_UPDATING, HOT_UPDATED]
    assert states_over_time(world, clock, member(world, "rescale-friday"), 60) == [INIT, HOT_UPDATING, FAILED]
    clock.now = world.started + 12
    moved = [member(world, label) for label in ("orders-enrich", "checkout-fix")]
    assert [answer_about(world, m).result.state for m in moved] == [HOT_UPDATED, HOT_UPDATED]


def test_one_comes_late_one_goes_and_one_is_denied(world: Simulation, clock: Clock) -> None:
    late, gone, denied = (member(world, label) for label in ("inventory ×3", "coupon-test", "ledger"))
    assert states_over_time(world, clock, late, 60) == [None, INIT, HOT_UPDATING, HOT_UPDATED]
    assert states_over_time(world, clock, gone, 60) == [HOT_UPDATING, None]
    assert [m for m in world.members if world.denies(*m.key)] == [denied]


def test_no_life_goes_back_from_its_end(world: Simulation) -> None:
    for each in world.members:
        states = [state for _, state in each.about.life.phases]
        assert not FINAL_STATES & set(states[:-1])
        assert each.about.life.phases == tuple(sorted(each.about.life.phases))


def test_what_was_asked_for_reaches_the_target_at_the_end(world: Simulation, clock: Clock) -> None:
    rescaled = member(world, "orders-enrich")
    assert summarise(answer_about(world, rescaled)).change == "parallelism 4 → 10"
    clock.now = world.started + 30
    assert summarise(answer_about(world, rescaled)).change == "parallelism → 10"


def test_something_happens_every_few_seconds_for_half_an_hour(world: Simulation, clock: Clock) -> None:
    clock.now = world.started + 30 * MINUTE
    times = sorted(t.at - world.started for t in world.history(ENDPOINT) if t.at >= world.started)
    assert len(times) > 240
    assert max(later - sooner for sooner, later in pairwise([0.0, *times, 30 * MINUTE])) < 30
    assert 110 < len(world.refs(ENDPOINT)) < 150


def test_history_is_what_a_watcher_would_have_seen(world: Simulation) -> None:
    history = world.history(ENDPOINT)
    assert [t.at for t in history] == sorted(t.at for t in history)
    assert all(t.at <= world.clock() for t in history)
    last = {t.ref: t.state for t in history}
    for ref in world.refs(ENDPOINT):
        data = world.result(ref.workspace, ref.namespace, ref.id)
        if data and not world.denies(ref.workspace, ref.namespace, ref.id):
            assert last[ref] == data["status"]["status"]
    chains = {ref: [(t.previous, t.state) for t in history if t.ref == ref] for ref in last}
    assert all(chain[0][0] == "" for chain in chains.values())
    assert all(a[1] == b[0] for chain in chains.values() for a, b in pairwise(chain))


def test_labels_and_notes_are_in_two_languages_and_some_are_missing(world: Simulation) -> None:
    bookmarks = world.bookmarks(ENDPOINT)
    labels = {bookmark.label for bookmark in bookmarks}
    assert {"orders-enrich", "checkout-fix", "rescale-friday", "城市日报 提频", ""} <= labels
    assert sum(bool(bookmark.note) for bookmark in bookmarks) > 8
    assert all(bookmark.added <= world.clock() for bookmark in bookmarks)


def test_the_same_seed_and_clock_give_the_same_world(clock: Clock) -> None:
    one, other = Simulation(7, clock), Simulation(7, clock)
    for later in (0, 20, 900):
        clock.now += later
        assert one.bookmarks(ENDPOINT) == other.bookmarks(ENDPOINT)
        assert [one.result(*m.key) for m in one.members] == [other.result(*m.key) for m in other.members]
    assert not set(Simulation(8, clock).refs(ENDPOINT)) & set(one.refs(ENDPOINT))


def test_a_world_of_any_size(clock: Clock) -> None:
    crowd = Simulation(clock=clock, size=200)
    assert len(crowd.refs(ENDPOINT)) == len(crowd.members) == 200
    assert len({m.id for m in crowd.members}) == 200
    assert len(Simulation(clock=clock, size=5).refs(ENDPOINT)) == 5
    moving = sum(not is_final(answer.result.state) for answer in answers(crowd))
    assert 15 < moving < 60
    clock.now += 45 * MINUTE
    states = Counter(answer.result.state for answer in answers(crowd))
    assert set(states) == {HOT_UPDATED, FAILED}
    assert states.total() >= 198
    assert len(crowd.refs(ENDPOINT)) == 200


def test_the_world_is_light_to_import() -> None:
    code = "import sys, hottui.demo.simulation; print({'pydantic', 'httpx', 'textual'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
