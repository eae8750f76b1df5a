"""One verdict on a hot update from what the job ran with, what was asked for and what runs now."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hottui.analysis import values_before
from hottui.analysis.effect import effect_of
from hottui.analysis.values_before import HotUpdate, before_of, observed_before
from hottui.model.effect import Before, BeforeSource, Effect, Verdict, effect_from_json, effect_to_json
from hottui.model.flink_rest import CheckpointConfig, FlinkJob
from hottui.model.job import Deployment, Job
from hottui.model.job_reading import JobReading
from hottui.model.plan import Plan, PlanReading, read_plan
from hottui.model.result import HotUpdateJobResult
from tests.analysis.jobs import flink_of, job_of, other_update, reading_of, result_of
from tests.model.json_values import checkpoint_configs, flink_jobs, jobs, results

TRACE = "a.BException: x\n\tat java\nCaused by: java.io.IOException: password=abc123secret"
INTERVAL = "execution.checkpointing.interval"


def before(parallelism: int = 4, *vertices: int, conf: dict[str, Any] | None = None) -> Before:
    """What the job ran with, as observed."""
    by_id = {f"v{place}": number for place, number in enumerate(vertices, start=1)}
    return Before(BeforeSource.OBSERVED, parallelism, conf if conf is not None else {}, by_id)


def plan_of(*members: tuple[str, dict[str, Any]], vertex: str = "v1", edges: list[Any] | None = None) -> Plan:
    """A plan whose one vertex chains the operators given by their name and profile."""
    nodes = [{"id": i, "desc": desc, "profile": profile} for i, (desc, profile) in enumerate(members)]
    read = read_plan({"nodes": nodes, "vertices": {vertex: list(range(len(members)))}, "edges": edges or []}).plan
    assert read is not None
    return read


def stale_target() -> dict[str, Any]:
    """A target that still holds values from before: parallelism 4, one vertex with 4 and one with 8."""
    nodes = [{"id": n, "profile": {"parallelism": n}} for n in (4, 8)]
    expert = {"resourcePlan": {"nodes": nodes, "vertices": {"v1": [4], "v2": [8]}}}
    basic = {"parallelism": 4}
    return {"streamingResourceSetting": {"basicResourceSetting": basic, "expertResourceSetting": expert}}


def whys(effect: Effect) -> dict[str, str]:
    return {item.key: item.why for item in effect.exceptions}


def test_applied_where_everything_asked_for_runs() -> None:
    asked = result_of(parallelism=10, conf={INTERVAL: "1 min", "a.size": "4 GiB"})
    running = reading_of(
        job_of(10, flinkConf={INTERVAL: "60000", "a.size": "4096m"}),
        flink_of(10, 10),
        checkpoint_config={"interval": 60_000},
    )
    effect = effect_of(asked, running, before=before(4, 4, 4, conf={INTERVAL: "3 min"}))
    assert effect.verdict is Verdict.APPLIED
    assert [item.key for item in effect.items] == ["parallelism", "vertex:v1", "vertex:v2", INTERVAL, "a.size"]
    item = effect.items[3]
    assert (item.before, item.asked, item.running, item.carried) == ("3 min", "1 min", "60000", True)
    assert (effect.items[1].before, effect.items[1].name) == (4, "Vertex 1")


def test_partial_names_each_exception_with_its_reason() -> None:
    flink = flink_of(1, 10, {"parallelism": 8, "maxParallelism": 8}, 4)
    effect = effect_of(result_of(parallelism=10), reading_of(job_of(10), flink), before=before(4, 1, 4, 4, 4))
    assert effect.verdict is Verdict.PARTIAL
    assert whys(effect) == {
        "vertex:v1": "explicit parallelism kept",
        "vertex:v3": "its maxParallelism is 8",
        "vertex:v4": "",
    }
    assert effect.reason.startswith(
        "1 of 4 values run as asked, 1 changed in part: Vertex 1 runs with 1, not 10 (explicit"
    )
    assert effect.items[0].carried
    assert effect.items[0].running == 10


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (plan_of(("Map", {"parallelism": 4}), ("Sink: es", {"maxParallelism": 6})), "chained with Sink: es, whose max"),
        (plan_of(("Map", {"maxParallelism": 6})), "its maxParallelism is 6"),
        (plan_of(("Map", {"minParallelism": 16})), "its minParallelism is 16"),
        (None, "parallelism cannot be changed with unaligned checkpoints"),
    ],
)
def test_reasons_of_the_plan_and_of_the_vendors_rules(plan: Plan | None, why: str) -> None:
    running = reading_of(job_of(4), flink_of(4), checkpoint_config={"unaligned_checkpoints": True})
    effect = effect_of(result_of(parallelism=10), running, before=before(4, 4), plan=plan)
    assert effect.verdict is Verdict.NONE
    assert why in whys(effect)["vertex:v1"]
    assert why in effect.reason


def test_a_global_operator_keeps_one_subtask() -> None:
    nodes = [{"id": 0, "profile": {}}, {"id": 1, "profile": {}}]
    plan = read_plan(
        {
            "nodes": nodes,
            "vertices": {"v1": [0], "v2": [1]},
            "edges": [{"source": 0, "target": 1, "strategy": "GLOBAL"}],
        }
    ).plan
    effect = effect_of(result_of(parallelism=10), reading_of(None, flink_of(10, 1)), plan=plan)
    assert whys(effect) == {"vertex:v2": "explicit parallelism kept: a global operator"}


def test_a_vertex_that_the_plan_keeps_is_no_exception_but_named() -> None:
    nodes = [{"id": n, "profile": {"parallelism": n}} for n in (1, 10)]
    plan = read_plan({"nodes": nodes, "vertices": {"v1": [1], "v2": [10]}}).plan
    effect = effect_of(result_of(parallelism=10), reading_of(None, flink_of(1, 10)), before=before(4, 1, 4), plan=plan)
    assert effect.verdict is Verdict.APPLIED
    assert effect.reason == "Everything asked for is running. 1 vertex keeps its explicit parallelism."
    assert effect.vertices["v1"].why == "explicit parallelism kept"


def test_the_plan_in_the_jobs_setting_is_enough_without_flink() -> None:
    nodes = [{"id": n, "profile": {"parallelism": n}} for n in (4, 10)]
    expert = {"resourcePlan": {"nodes": nodes, "vertices": {"v1": [4], "v2": [10]}}}
    job = Job.read({"streamingResourceSetting": {"resourceSettingMode": "EXPERT", "expertResourceSetting": expert}})
    effect = effect_of(result_of(parallelism=10), reading_of(job), before=before(4, 4, 4))
    assert effect.verdict is Verdict.PARTIAL
    assert {vertex: item.running for vertex, item in effect.vertices.items()} == {"v1": 4, "v2": 10}


def test_none_where_only_the_setting_moved_because_flink_counts() -> None:
    effect = effect_of(result_of(parallelism=10), reading_of(job_of(10), flink_of(4, 4)), before=before(4, 4, 4))
    assert effect.verdict is Verdict.NONE
    assert effect.items[0].running == 4
    assert effect.items[0].why == "GetJob's setting is 10, Flink runs 4"


def test_checkpointing_by_flink_counts_before_the_setting() -> None:
    asked = result_of(conf={INTERVAL: "60 s"})
    running = reading_of(job_of(flinkConf={INTERVAL: "60 s"}), checkpoint_config={"interval": 180_000})
    effect = effect_of(asked, running)
    assert effect.verdict is Verdict.NONE
    assert effect.items[0].running == "180000 ms"
    assert effect.items[0].why == "GetJob's setting is 60 s, Flink runs 180000 ms"


def test_one_of_the_two_is_enough_for_what_it_tells() -> None:
    asked = result_of(parallelism=10, conf={INTERVAL: "60 s", "table.x": "y"})
    denied = {"GetJob": "stream:GetJob is not permitted."}
    flink_only = reading_of(None, flink_of(10), checkpoint_config={"interval": 60_000}, errors=denied)
    effect = effect_of(asked, flink_only)
    assert effect.verdict is Verdict.APPLIED
    assert effect.reason == (
        "All known values run as asked. Not known: table.x (GetJob: stream:GetJob is not permitted)."
    )
    job_only = reading_of(job_of(10, flinkConf={INTERVAL: "60 s", "table.x": "y"}))
    assert effect_of(asked, job_only).verdict is Verdict.APPLIED
    assert effect_of(asked, reading_of(errors=denied)).verdict is Verdict.UNKNOWN
    assert effect_of(asked, reading_of(errors=denied)).reason == "GetJob: stream:GetJob is not permitted."


def test_unknown_says_why() -> None:
    running = reading_of(job_of(10))
    for asked, reason in (
        (result_of("HOT_UPDATING", parallelism=10), "The hot update has not ended."),
        (HotUpdateJobResult(), "The hot update was not read yet."),
        (result_of(), "The answer contains no requested value."),
    ):
        effect = effect_of(asked, running)
        assert (effect.verdict, effect.reason) == (Verdict.UNKNOWN, reason)
    assert effect_of(result_of(parallelism=10), reading_of()).reason == "The job was not read yet."


def test_superseded_by_a_later_update_that_asked_for_something_else() -> None:
    asked = result_of(parallelism=10)
    running = reading_of(job_of(12), flink_of(1, 12))
    later = [
        other_update(5, parallelism=12),
        other_update(7, conf={"a": "b"}),
        other_update(9, state="FAILED", parallelism=3),
    ]
    effect = effect_of(asked, running, before=before(4, 1, 4), later=later)
    assert effect.verdict is Verdict.SUPERSEDED
    assert "update-5" in effect.reason
    assert whys(effect)["vertex:v2"] == "hot update update-5 asked for 12 later"
    assert whys(effect)["vertex:v1"] == "explicit parallelism kept"
    still = effect_of(asked, reading_of(job_of(10), flink_of(10, 10)), before=before(4, 4, 4), later=later)
    assert still.verdict is Verdict.APPLIED


def test_drifted_with_whom_and_when() -> None:
    asked = result_of(parallelism=10)
    first = effect_of(asked, reading_of(job_of(10), flink_of(1, 10)), before=before(4, 1, 4))
    deployment = {"modifiedAt": 1769851800000, "modifierName": "alice"}
    running = reading_of(job_of(6), flink_of(1, 6), deployment=deployment)
    drifted = effect_of(asked, running, before=before(4, 1, 4), previous=first, ended_at=1769851000)
    assert drifted.verdict is Verdict.DRIFTED
    assert drifted.reason == "It was applied and changed afterwards by alice at 2026-01-31 09:30:00 UTC."
    assert whys(drifted)["vertex:v1"] == "explicit parallelism kept"
    again = effect_of(asked, running, before=before(4, 1, 4), previous=drifted, ended_at=1769851000)
    assert again == drifted
    back = effect_of(asked, reading_of(job_of(10), flink_of(1, 10)), before=before(4, 1, 4), previous=drifted)
    assert back.verdict is Verdict.PARTIAL


def test_drift_is_found_at_the_first_look_where_the_deployment_was_saved_since() -> None:
    basic = {"resourceSettingMode": "BASIC", "basicResourceSetting": {"parallelism": 6}}
    deployment = {"modifiedAt": 2000, "streamingResourceSetting": basic}
    running = reading_of(job_of(6), deployment=deployment)
    asked = result_of(parallelism=10)
    assert effect_of(asked, running, before=before(4), ended_at=1000).verdict is Verdict.DRIFTED
    assert effect_of(asked, running, before=before(4), ended_at=3000).verdict is Verdict.NONE
    assert effect_of(asked, running, before=before(6), ended_at=1000).verdict is Verdict.NONE


def expert_plan(parallelism: int) -> dict[str, Any]:
    """A setting in EXPERT mode whose plan has one vertex; the basic setting has twice its parallelism."""
    nodes = [{"id": 1, "profile": {"parallelism": parallelism}}]
    return {
        "resourceSettingMode": "EXPERT",
        "basicResourceSetting": {"parallelism": parallelism * 2},
        "expertResourceSetting": {"resourcePlan": {"nodes": nodes, "vertices": {"v1": [1]}}},
    }


def test_an_update_that_was_never_observed_has_drifted_where_the_deployment_was_saved_otherwise_since() -> None:
    asked = result_of(parallelism=10, targetResourceSetting={"streamingResourceSetting": expert_plan(5)})
    deployment = {"modifiedAt": 2000, "modifierName": "li.na", "streamingResourceSetting": expert_plan(6)}
    for start, old, expected in (
        (1000, Before(), Verdict.DRIFTED),
        (1000, before(4, 4), Verdict.DRIFTED),
        (1000, before(12, 6), Verdict.NONE),
        (3000, Before(), Verdict.NONE),
    ):
        running = reading_of(job_of(12, startTime=start), flink_of(6), deployment=deployment)
        effect = effect_of(asked, running, before=old)
        assert effect.verdict is expected
        if expected is Verdict.DRIFTED:
            assert effect.reason == (
                "The job runs with settings of its deployment that were changed afterwards by li.na "
                "at 1970-01-01 00:33:20 UTC."
            )
            assert whys(effect)["vertex:v1"] == "changed afterwards by li.na at 1970-01-01 00:33:20 UTC"
    applied = effect_of(asked, running, before=before(4, 4), ended_at=1500)
    assert applied.reason == "It was applied and changed afterwards by li.na at 1970-01-01 00:33:20 UTC."


def test_the_deployments_plan_is_decoded_at_most_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Any] = []

    def counted(raw: Any) -> PlanReading:
        decoded.append(raw)
        return read_plan(raw)

    monkeypatch.setattr(values_before, "read_plan", counted)
    deployment = {"modifiedAt": 50, "streamingResourceSetting": expert_plan(2)}
    reading = reading_of(job_of(6), flink_of(*[6] * 20), deployment=deployment)
    effect_of(result_of(parallelism=8), reading, before=before(4, *[4] * 20), ended_at=10)
    assert len(decoded) == 1
    effect_of(result_of(parallelism=6), reading, before=before(4, *[4] * 20), ended_at=10)
    assert len(decoded) == 1, "not where everything runs as asked"


def test_what_may_have_been_changed_later_is_unknown() -> None:
    asked = result_of(parallelism=10)
    for reading in (
        reading_of(job_of(6, startTime=1000, modifiedAt=2000, modifierName="li.na"), flink_of(6)),
        reading_of(job_of(6, startTime=1000), flink_of(6), deployment={"modifiedAt": 2000, "modifierName": "li.na"}),
        reading_of(job_of(6), flink_of(6)),
    ):
        effect = effect_of(asked, reading)
        assert effect.verdict is Verdict.UNKNOWN
        assert effect.reason.startswith("It may have been changed later: the ")
        assert effect_of(asked, reading, before=before(6, 6)).verdict is Verdict.NONE


def test_the_rule_of_expert_mode_is_the_reason_only_where_nothing_moved() -> None:
    expert = {"streamingResourceSetting": {"resourceSettingMode": "EXPERT"}}
    asked = result_of(parallelism=10, targetResourceSetting=expert)
    running = reading_of(job_of(4), flink_of(4, 8), deployment={})
    for old, expected in (
        (before(4, 4, 8), "parallelism cannot be changed in EXPERT mode"),
        (before(4, 6, 8), ""),
        (before(4), ""),
    ):
        whys_ = whys(effect_of(asked, running, before=old, ended_at=1.0))
        assert whys_["vertex:v1"] == expected


def test_the_rules_of_the_job_are_the_reason_by_its_own_setting_too() -> None:
    for job, why in (
        (job_of(4, streamingResourceSetting=expert_plan(4)), "parallelism cannot be changed in EXPERT mode"),
        (
            job_of(4, flinkConf={"execution.checkpointing.unaligned": "true"}),
            "parallelism cannot be changed with unaligned checkpoints",
        ),
    ):
        effect = effect_of(result_of(parallelism=10), reading_of(job, flink_of(4)), before=before(4, 4))
        assert whys(effect)["vertex:v1"] == why


def test_an_update_whose_place_in_the_order_is_unknown_may_have_been_superseded() -> None:
    running = reading_of(job_of(12, startTime=1000), flink_of(12), deployment={"modifiedAt": 2000})
    first, second = other_update(1, parallelism=10), other_update(2, parallelism=12)
    effect = effect_of(first.result, running, unordered=[second])
    assert (effect.verdict, effect.reason) == (Verdict.UNKNOWN, "It may have been superseded by update-2.")
    assert effect_of(second.result, running, unordered=[first]).verdict is Verdict.APPLIED
    third = other_update(3, parallelism=6)
    assert "superseded" not in effect_of(first.result, running, unordered=[third]).reason


def test_a_vertex_that_moved_to_its_bound_is_a_part() -> None:
    bound = flink_of({"parallelism": 8, "maxParallelism": 8})
    effect = effect_of(result_of(parallelism=10), reading_of(None, bound), before=before(4, 4))
    assert effect.verdict is Verdict.PARTIAL
    assert effect.reason == (
        "0 of 1 values run as asked, 1 changed in part: Vertex 1 runs with 8, not 10 (its maxParallelism is 8)."
    )
    later = [other_update(5, parallelism=12)]
    further = effect_of(result_of(parallelism=6), reading_of(None, bound), later=later)
    assert further.verdict is Verdict.SUPERSEDED


def test_what_ran_before_as_asked_is_no_evidence() -> None:
    asked = result_of(parallelism=10, conf={"a": "1"})
    running = reading_of(job_of(4, flinkConf={"a": "1"}), flink_of(4, 10))
    assert effect_of(asked, running, before=before(4, 4, 10, conf={"a": "1"})).verdict is Verdict.NONE
    assert effect_of(asked, running, before=before(4, 4, 10, conf={"a": "2"})).verdict is Verdict.PARTIAL
    ran = effect_of(result_of(conf={"a": "1"}), running, before=before(4, conf={"a": "1"}))
    assert (ran.verdict, ran.reason) == (Verdict.APPLIED, "The job ran with everything asked for before.")


def test_a_vertex_at_its_bound_has_that_as_its_reason() -> None:
    bound = flink_of({"parallelism": 8, "maxParallelism": 8}, 10, 10)
    effect = effect_of(result_of(parallelism=10), reading_of(None, bound), before=before(4, 8, 4, 4))
    assert whys(effect) == {"vertex:v1": "its maxParallelism is 8"}


def test_reasons_for_the_whole_job_are_for_one_none_of_whose_vertices_moved() -> None:
    running = reading_of(None, flink_of(10, 4), checkpoint_config={"unaligned_checkpoints": True})
    assert whys(effect_of(result_of(parallelism=10), running, before=before(4, 4, 4))) == {"vertex:v2": ""}


def test_a_job_that_ended_since() -> None:
    asked = result_of(parallelism=10)
    failure = {"currentJobStatus": "FAILED", "failure": {"message": TRACE}}
    failed = effect_of(asked, reading_of(job_of(10, status=failure)))
    assert failed.verdict is Verdict.JOB_FAILED
    assert failed.reason.startswith("The job failed: IOException: password=")
    assert "abc123secret" not in failed.reason
    assert effect_of(asked, reading_of(job_of(10, state="CANCELLED"))).verdict is Verdict.JOB_GONE
    assert effect_of(asked, reading_of(None, flink_of(10, state="CANCELED"))).verdict is Verdict.JOB_GONE
    assert effect_of(asked, reading_of(gone=True)).verdict is Verdict.JOB_GONE
    gone = effect_of(asked, reading_of(job_of(4, state="CANCELLED"), flink_of(4)), before=before(4, 4))
    assert {(item.running, item.carried, item.why) for item in gone.items} == {(None, None, "")}


def test_a_failed_update_has_an_effect_too() -> None:
    asked = result_of("FAILED", parallelism=10)
    none = effect_of(asked, reading_of(job_of(4)), before=before(4))
    assert none.verdict is Verdict.NONE
    assert none.reason.startswith("The hot update failed and nothing of it is running")


def test_secrets_are_compared_and_masked() -> None:
    asked = result_of(conf={"s3.secret-key": "one"})
    for running, verdict in (("one", Verdict.APPLIED), ("two", Verdict.NONE)):
        effect = effect_of(asked, reading_of(job_of(flinkConf={"s3.secret-key": running})))
        assert effect.verdict is verdict
        assert not {"one", "two"} & set(json.dumps(effect_to_json(effect)).split('"'))


def test_resources_are_compared_where_the_target_differs_from_before() -> None:
    def setting(memory: str) -> dict[str, Any]:
        spec = {"taskmanagerResourceSettingSpec": {"cpu": 1, "memory": memory}}
        return {"streamingResourceSetting": {"resourceSettingMode": "BASIC", "basicResourceSetting": spec}}

    asked = result_of(targetResourceSetting=setting("8 GiB"))
    old = Before(BeforeSource.OBSERVED, resources=setting("4096m"))
    for running, verdict in (("8g", Verdict.APPLIED), ("4 GiB", Verdict.NONE)):
        effect = effect_of(asked, JobReading(job=Job.read(setting(running))), before=old)
        assert effect.verdict is verdict
        assert [item.key for item in effect.items] == ["resource:taskmanager memory"]


def test_before_is_the_first_look_else_the_predecessors_target_else_unknown() -> None:
    look = observed_before(reading_of(job_of(4, flinkConf={"a": 1}), flink_of(4, 1)))
    assert look is not None
    assert (look.parallelism, look.conf, look.vertices) == (4, {"a": 1}, {"v1": 4, "v2": 1})
    earlier = [
        other_update(3, parallelism=3),
        other_update(5, parallelism=5),
        other_update(9, state="FAILED", parallelism=9),
    ]
    assert before_of(look, earlier) is look
    predecessor = before_of(None, earlier)
    assert (predecessor.source, predecessor.parallelism, predecessor.at) == (BeforeSource.PREDECESSOR, 5, 5)
    stale = before_of(None, [HotUpdate("u", 1, result_of(parallelism=8, targetResourceSetting=stale_target()))])
    assert (stale.parallelism, stale.vertices) == (8, {"v2": 8})
    nodes = [{"id": n, "profile": {"parallelism": n}} for n in (8, 1)]
    expert = {"resourcePlan": {"nodes": nodes, "vertices": {"v1": [8], "v2": [1]}}}
    written = result_of(
        parallelism=8, targetResourceSetting={"streamingResourceSetting": {"expertResourceSetting": expert}}
    )
    assert before_of(None, [HotUpdate("u", 1, written)]).vertices == {"v1": 8, "v2": 1}
    assert before_of(None, []) == Before()
    assert observed_before(reading_of()) is None


@settings(max_examples=50)
@given(results(), jobs(), flink_jobs, checkpoint_configs)
def test_any_answers_have_an_effect(data: Any, job: Any, flink: Any, config: Any) -> None:
    result = HotUpdateJobResult.read(data)
    reading = JobReading(
        Job.read(job), FlinkJob.read(flink), CheckpointConfig.read(config), deployment=Deployment.read(job)
    )
    plan = read_plan(result.raw_plan).plan
    before = observed_before(reading) or Before()
    effect = effect_of(result, reading, before=before, plan=plan, ended_at=1.0)
    again = effect_of(result, JobReading(job=Job.read(job)), before=before, previous=effect)
    for each in (effect, again):
        assert effect_from_json(json.loads(json.dumps(effect_to_json(each)))) == each


@given(
    st.integers(1, 64), st.lists(st.integers(1, 64), min_size=1, max_size=5), st.lists(st.integers(1, 64), min_size=5)
)
def test_the_verdict_follows_from_the_vertices(asked: int, now: list[int], old: list[int]) -> None:
    old = old[: len(now)]
    effect = effect_of(result_of(parallelism=asked), reading_of(None, flink_of(*now)), before=before(old[0], *old))
    runs = [n == asked for n in now]
    moved = [n == asked for n, o in zip(now, old, strict=True) if o != asked]
    nearer = [o < n < asked or o > n > asked for n, o in zip(now, old, strict=True)]
    some = Verdict.PARTIAL if any(moved) or any(nearer) else Verdict.NONE
    assert effect.verdict is (Verdict.APPLIED if all(runs) else some)
    assert effect.items[0].carried is (all(runs) or any(moved))
