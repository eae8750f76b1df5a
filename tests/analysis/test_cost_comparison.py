"""Cost before, asked for and running, with the arithmetic and every assumption."""

from typing import Any

from hypothesis import given, settings

from hottui.analysis.cost_comparison import compare_costs, running_cost
from hottui.analysis.effect_items import effect_items
from hottui.analysis.job_setting import setting_of_reading, setting_of_result
from hottui.analysis.requested_parallelism import requested_changes
from hottui.analysis.result_diff import Section, diff
from hottui.analysis.values_before import observed_before
from hottui.model.effect import Before, BeforeSource
from hottui.model.flink_rest import FlinkJob
from hottui.model.job import Job
from hottui.model.job_reading import JobReading
from hottui.model.memory_size import GIB
from hottui.model.plan import read_plan
from hottui.model.result import HotUpdateJobResult
from tests.analysis.jobs import flink_of, job_of, reading_of, result_of
from tests.model.json_values import flink_jobs, jobs, results

SLOTS = "taskmanager.numberOfTaskSlots"


def setting(parallelism: int, cpu: float = 1, memory: str = "4 GiB") -> dict[str, Any]:
    basic = {
        "parallelism": parallelism,
        "jobmanagerResourceSettingSpec": {"cpu": 1, "memory": "4 GiB"},
        "taskmanagerResourceSettingSpec": {"cpu": cpu, "memory": memory},
    }
    return {"resourceSettingMode": "BASIC", "basicResourceSetting": basic}


def target(parallelism: int, **more: Any) -> dict[str, Any]:
    return {"streamingResourceSetting": setting(parallelism, **more), "flinkConf": {SLOTS: 2}}


def test_before_asked_and_running() -> None:
    look = observed_before(reading_of(job_of(4, flinkConf={SLOTS: 2}), flink_of(4, 4)))
    assert look is not None
    asked = result_of(parallelism=10, targetResourceSetting=target(4))
    job = job_of(10, flinkConf={SLOTS: 2}, metric={"totalCpu": 5.5, "totalMemoryByte": 9})
    costs = compare_costs(asked, before=look, reading=reading_of(job, flink_of(1, 8)))
    assert costs.before
    assert costs.asked
    assert costs.running
    assert costs.metric
    assert [c.cores for c in (costs.before, costs.asked, costs.running)] == [3, 6, 5]
    assert costs.asked.memory_bytes == 24 * GIB
    assert costs.asked.cu == 6
    assert costs.metric.total_cpu == 5.5
    assert not costs.asked.at_least
    assert costs.asked.arithmetic == (
        "TaskManagers: 10 subtasks / 2 slots, rounded up = 5 x (1 core, 4 GiB) = 5 cores, 20 GiB",
        "JobManager: 1 core, 4 GiB",
        "total: 6 cores, 24 GiB",
        "CU: max(6 cores, 24 GiB / 4) = 6",
    )
    assert "Parallelism is that of Flink's vertices." in costs.running.assumptions


def test_the_running_job_costs_the_same_in_every_view() -> None:
    """In BASIC mode a job needs as many slots as its largest vertex, whatever most vertices have."""
    reading = reading_of(job_of(4, flinkConf={SLOTS: 1}), flink_of(8, 4, 4))
    running = running_cost(reading)
    assert running
    assert running.cu == 9
    assert compare_costs(result_of(parallelism=4), before=Before(), reading=reading).running == running
    assert setting_of_reading(reading).cost == running
    assert running_cost(reading_of(None, flink_of(8))) is None


def test_what_is_not_known_is_named() -> None:
    asked = result_of(parallelism=10, targetResourceSetting={"streamingResourceSetting": setting(10, memory="huge")})
    costs = compare_costs(asked, before=Before(), reading=reading_of(None, flink_of(10)))
    assert costs.before is None
    assert costs.asked
    assert costs.running
    assert costs.asked.at_least
    assert any("is not known" in each for each in costs.asked.assumptions)
    assert any("lower bound" in each for each in costs.asked.assumptions)
    assert any("target setting" in each for each in costs.running.assumptions)
    assert "? GiB" in costs.asked.arithmetic[0]


def test_large_taskmanagers_are_split() -> None:
    asked = result_of(parallelism=2, targetResourceSetting=target(2, cpu=40, memory="64 GiB"))
    found = compare_costs(asked, before=Before(), reading=reading_of()).asked
    assert found is not None
    assert found.arithmetic[1] == "split into 3 TaskManagers of at most 16 cores and 64 GiB"
    assert found.cores == 41


def test_expert_counts_slots_of_groups_with_the_vertices_that_run() -> None:
    plan = {
        "ssgProfiles": [{"name": "g", "cpu": 0.5, "heap": "1 gb"}],
        "nodes": [{"id": n, "profile": {"group": "g", "parallelism": 4}} for n in (1, 2)],
        "vertices": {"v1": [1], "v2": [2]},
    }
    expert = {"resourceSettingMode": "EXPERT", "expertResourceSetting": {"resourcePlan": plan}}
    asked = result_of(vertices={"v2": 6}, targetResourceSetting={"streamingResourceSetting": expert})
    job = Job.read({"streamingResourceSetting": expert})
    before = Before(BeforeSource.OBSERVED, None, {}, {"v1": 2, "v2": 2}, {"streamingResourceSetting": expert})
    costs = compare_costs(asked, before=before, reading=reading_of(job, flink_of(4, 8)))
    assert costs.before
    assert costs.asked
    assert costs.running
    assert [c.cores for c in (costs.before, costs.asked, costs.running)] == [1, 3, 4]
    assert costs.running.arithmetic[0].startswith("group g: 8 slots x (0.5 cores, 1 GiB)")


def test_the_cost_before_uses_the_parallelism_before_in_the_plan_of_the_target() -> None:
    plan = {
        "ssgProfiles": [{"name": "g", "cpu": 0.5, "heap": "1 gb"}],
        "nodes": [{"id": n, "profile": {"group": "g", "parallelism": 8}} for n in (1, 2)],
        "vertices": {"v1": [1], "v2": [2]},
    }
    expert = {"resourceSettingMode": "EXPERT", "expertResourceSetting": {"resourcePlan": plan}}
    asked = result_of(parallelism=8, targetResourceSetting={"streamingResourceSetting": expert})
    before = Before(BeforeSource.OBSERVED, 4, {}, {}, None)
    costs = compare_costs(asked, before=before, reading=reading_of())
    assert costs.before
    assert costs.asked
    assert [c.cores for c in (costs.before, costs.asked)] == [2, 4]


def test_operators_that_keep_their_parallelism_in_the_plan_of_the_target_agree_in_cost_diff_and_effect() -> None:
    """The target was written with what was asked for: 8 for the agg, 2 for the sink, which may have up to 64."""
    for planned, expected in ((8, {}), (4, {"1": (4, 8), "2": (2, 8)})):
        plan = {
            "ssgProfiles": [{"name": "g", "cpu": 1, "heap": "1 gb"}, {"name": "s", "cpu": 1, "heap": "1 gb"}],
            "nodes": [
                {"id": 1, "profile": {"group": "g", "parallelism": planned, "maxParallelism": 64}},
                {"id": 2, "profile": {"group": "s", "parallelism": 2, "maxParallelism": 64}},
            ],
            "vertices": {"v1": [1], "v2": [2]},
        }
        expert = {"resourceSettingMode": "EXPERT", "expertResourceSetting": {"resourcePlan": plan}}
        asked = result_of(parallelism=8, targetResourceSetting={"streamingResourceSetting": expert})
        found = read_plan(asked.raw_plan).plan
        assert found is not None
        assert requested_changes(found, asked) == expected  # a plan without the 8 is still the one before
        reading = reading_of(job_of(8, streamingResourceSetting=expert), flink_of(8, 2))
        costs = compare_costs(asked, before=Before(), reading=reading)
        assert costs.asked
        assert costs.running
        same = not diff(setting_of_result(asked), setting_of_reading(reading)).of(Section.NODES)
        carried = all(item.carried for item in effect_items(asked, reading, Before(), found))
        assert [same, costs.asked.cores == costs.running.cores, carried] == [planned == 8] * 3


@settings(max_examples=50)
@given(results(), jobs(), flink_jobs)
def test_any_answers_have_a_cost_or_none(data: Any, job: Any, flink: Any) -> None:
    reading = JobReading(Job.read(job), FlinkJob.read(flink))
    compare_costs(HotUpdateJobResult.read(data), before=observed_before(reading) or Before(), reading=reading)
